// What all errors of this package are. It stands alone for who needs no other,
// such as a service worker.

/** What all errors of this package are. */
export class SealbookError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    // A literal here and in those it is extended by: minifiers rename classes.
    this.name = "SealbookError";
    /** @readonly */
    this.code = code;
  }
}
