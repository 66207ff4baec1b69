// What could not be done.

/** A request that a worker refused, a worker that broke down, or a part of the page that did not arrive. */
export class WorkError extends Error {
  /**
   * @param {string} code stable, such as "NOT_TEXT"
   * @param {Record<string, any>} [values] for its words; evidence: what a directory signed
   */
  constructor(code, values = {}) {
    super(code);
    this.name = "WorkError";
    this.code = code;
    this.values = values;
  }
}
