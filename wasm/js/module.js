// A module of this package on its way to being used: what is looked at before
// anything of it runs, and how it starts. Their memory never grows, so views of
// it are made once.

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
 * @property {readonly string[]} functions that it exports
 */

/**
 * Says what is wrong with a compiled module, before anything of it runs.
 * @param {WebAssembly.Module} module
 * @param {Kind} kind
 */
export function inspect(module, { name, functions }) {
  if (WebAssembly.Module.imports(module).length > 0) {
    throw new LoadError("IMPORTS", `the module asks for imports; ${name} has none`);
  }
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (kinds.get("memory") !== "memory" || functions.some((name) => kinds.get(name) !== "function")) {
    throw new LoadError("EXPORTS", `the module is not ${name}: it does not export what that does`);
  }
}

/**
 * @template {Exports} E
 * @template T
 * @param {WebAssembly.Module} module one that was inspected
 * @param {Kind} kind
 * @param {(exports: E) => T} make views its buffers
 * @returns {Promise<T>}
 */
export async function start(module, { name, abi }, make) {
  try {
    // Asynchronous, because browsers refuse the other way on a page.
    const instance = await WebAssembly.instantiate(module);
    const exports = /** @type {E} */ (/** @type {unknown} */ (instance.exports));
    exports._initialize?.();
    const version = exports.abi();
    if (version !== abi) throw new LoadError("VERSION", `the module has version ${version} of the interface of ${name}; this package needs ${abi}`);
    return make(exports);
  } catch (cause) {
    throw cause instanceof LoadError ? cause : new LoadError("EXPORTS", "the module does not start", cause);
  }
}
