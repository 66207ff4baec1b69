// From the bytes that a script carries, or a compiled module, to a module that may
// run. What else may be asked, and what is said where something is wrong, is in
// source.js, which is imported then: most pages never need it.

import { hex } from "./hex.js";
import { source as elsewhere } from "./module.js";
import { TextEncoder } from "./utf8.js";

/** @typedef {import("./index.js").Source} Source */
/** @typedef {{ readonly sha256: string, readonly bytes: number }} Pin */
/** @typedef {{ module: WebAssembly.Module, sha256: string | null, known: boolean }} Compiled known: its bytes were compared */

/**
 * What kind of built-in object a value is, whichever realm made it: frames, the
 * sandboxes of test runners and edge runtimes each have an ArrayBuffer of their own.
 * @param {unknown} value
 */
export const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** @param {unknown} value @returns {value is WebAssembly.Module} */
export const isModule = (value) => kindOf(value) === "WebAssembly.Module";

/**
 * A loader whose calls with the same options share one load and one result;
 * after a failure the next call tries again.
 * @template T
 * @param {(options: import("./index.js").LoadOptions) => Promise<T>} start
 * @returns {(options?: import("./index.js").LoadOptions) => Promise<T>}
 */
export function shared(start) {
  /** By what names a source; the package's own is under "". @type {Map<string | WebAssembly.Module, Promise<T>>} */
  const loads = new Map();
  return (options) => {
    const { wasm, integrity = "", signal } = options ?? {};
    const named = wasm === undefined || typeof wasm === "string" || kindOf(wasm) === "URL";
    // A Response can be read once, a promise is of one call, bytes may change, and a signal is its caller's.
    if (signal !== undefined || !(named || isModule(wasm)) || (typeof integrity !== "string" && integrity !== false)) return start(options ?? {});
    const key = named ? `${integrity} ${wasm ?? ""}` : /** @type {WebAssembly.Module} */ (wasm);
    let loading = loads.get(key);
    if (loading === undefined) {
      loading = start(options ?? {});
      loads.set(key, loading);
      loading.catch(() => loads.delete(key));
    }
    return loading;
  };
}

/**
 * Reads, checks and compiles a module.
 * @param {import("./index.js").LoadOptions} options
 * @param {() => Source | undefined} own where the package's own is
 * @param {Pin} pin what is expected unless integrity says otherwise
 * @returns {Promise<Compiled>}
 */
export async function compileFrom(options, own, pin) {
  const { wasm, integrity, signal } = options;
  /** @type {any} */
  let source = wasm;
  try {
    if (wasm === undefined) source = own();
  } catch {
    // It has no place here: source.js says so.
  }
  if (integrity === undefined && signal === undefined) {
    if (isModule(source)) return { module: source, sha256: null, known: false };
    if (wasm === undefined && source instanceof Uint8Array) {
      // Where this fails, source.js fails too, and says why.
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (source);
      const [module, sha256] = await Promise.all([WebAssembly.compile(bytes), hash(bytes)]).catch(() => []);
      if (module && (sha256 === null || sha256 === pin.sha256)) return { module, sha256, known: sha256 !== null };
    }
  }
  Promise.resolve(source).catch(() => {}); // it may fail before anybody waits for it
  return (await elsewhere()).compileSource(options, source, pin);
}

/**
 * A module that is part of a script: two letters for a byte, as gen/publish.mjs writes
 * them. The loop runs once, uncompiled, and takes more time than all else but
 * SubtleCrypto: so it has nothing to call.
 * @param {string} letters
 */
export function fromLetters(letters) {
  const from = new TextEncoder().encode(letters);
  const bytes = new Uint8Array(from.length / 2);
  for (let i = 0, at = 0; at < from.length; ) bytes[i++] = (from[at++] & 15) | (from[at++] << 4);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function hash(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? hex(new Uint8Array(await subtle.digest("SHA-256", bytes))) : null;
}
