// How a module of this package starts. Their memory never grows, so views of it are
// made once. Why one does not start is for source.js to say: few pages need that.

import { LoadError } from "./errors.js";

/**
 * What all modules export.
 * @typedef {{
 *   memory: WebAssembly.Memory, _initialize?: () => void,
 *   abi(): number, input(): number, text(): number, status(): number,
 * }} Exports
 */

/**
 * @typedef {object} Kind
 * @property {string} name "the core"
 * @property {number} abi version of the interface
 * @property {readonly string[]} functions that it exports beside abi, input and status
 */

/**
 * @template {Exports} E
 * @template T
 * @param {WebAssembly.Module} module
 * @param {Kind} kind
 * @param {(exports: E) => T} make views its buffers
 * @returns {Promise<T>}
 */
export async function start(module, kind, make) {
  let version;
  let cause;
  try {
    // Asynchronous, because browsers refuse the other way on a page.
    const instance = await WebAssembly.instantiate(module);
    const exports = /** @type {E} */ (/** @type {unknown} */ (instance.exports));
    if (exports.memory.buffer && kind.functions.every((name) => name in exports)) {
      exports._initialize?.();
      version = exports.abi();
      if (version === kind.abi) return make(exports);
    }
  } catch (error) {
    cause = error;
  }
  throw (await source()).refused(module, kind, version, cause);
}

/** What is needed where something is wrong, or comes from elsewhere. */
export async function source() {
  try {
    return await import("./source.js");
  } catch (cause) {
    throw new LoadError("FETCH", "source.js of the package did not arrive", cause);
  }
}
