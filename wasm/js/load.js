// From wherever the core's bytes are to a module that may run.

import { LoadError } from "./errors.js";
import { inspect } from "./module.js";

/** @typedef {import("./index.js").Source} Source */
/** @typedef {string | URL | Response | ArrayBuffer | ArrayBufferView} Readable */
/** @typedef {{ readonly sha256: string, readonly bytes: number }} Pin */

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
  return (options = {}) => {
    const { wasm, integrity } = options;
    const compiled = wasm instanceof WebAssembly.Module;
    // A Response can be read once, a promise is of one call, and bytes may change.
    if (typeof wasm === "object" && wasm !== null && !(wasm instanceof URL) && !compiled) return start(options);
    const key = compiled ? wasm : `${integrity ?? ""} ${wasm ?? ""}`;
    let loading = loads.get(key);
    if (loading === undefined) {
      loading = start(options);
      loads.set(key, loading);
      loading.catch(() => loads.delete(key));
    }
    return loading;
  };
}

/**
 * Reads, checks and compiles a module.
 * @param {Source | PromiseLike<Source>} given
 * @param {string | false | undefined} integrity as in LoadOptions
 * @param {Pin} pin what is expected unless integrity says otherwise
 * @param {import("./module.js").Kind} kind
 * @returns {Promise<{ module: WebAssembly.Module, sha256: string | null, known: boolean }>} known: its bytes were compared
 */
export async function compileFrom(given, integrity, pin, kind) {
  const wanted = integrity === undefined ? pin.sha256 : integrity === false ? null : wantedHash(integrity);
  let source;
  try {
    source = await given;
  } catch (cause) {
    throw new LoadError("FETCH", "what load was given did not arrive", cause);
  }
  if (source instanceof WebAssembly.Module) return inspected(source, kind, null, false);
  const bytes = await read(/** @type {Readable} */ (source));
  const sha256 = await hash(bytes);
  if (wanted !== null && sha256 !== wanted) {
    if (sha256 !== null) throw new LoadError("INTEGRITY", difference(bytes, integrity === undefined ? pin : null));
    // Pages over plain http have no SubtleCrypto. Whoever could alter the core
    // there could alter this script, so only an explicit wish is refused.
    if (integrity !== undefined) throw new LoadError("INTEGRITY", "the hash cannot be checked here: a page needs https for that");
  }
  let module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new LoadError("COMPILE", "the bytes are not a whole WebAssembly module, or this page's policy or runtime compiles none; a Cloudflare Worker imports the module and passes it as wasm", cause);
  }
  return inspected(module, kind, sha256, wanted !== null && sha256 === wanted);
}

/**
 * @param {WebAssembly.Module} module
 * @param {import("./module.js").Kind} kind
 * @param {string | null} sha256
 * @param {boolean} known
 */
function inspected(module, kind, sha256, known) {
  inspect(module, kind);
  return { module, sha256, known };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Pin | null} pin
 */
function difference(bytes, pin) {
  const what = "the bytes are not those of the expected core";
  if (pin === null) return `${what}: their SHA-256 differs`;
  if (bytes.length < pin.bytes) return `${what}: they end after ${bytes.length} of ${pin.bytes} bytes`;
  return `${what}: their SHA-256 differs; integrity: false runs another build`;
}

/**
 * @param {string} integrity
 * @returns {string} hexadecimal
 */
function wantedHash(integrity) {
  if (/^[0-9a-fA-F]{64}$/.test(integrity)) return integrity.toLowerCase();
  const base64 = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(integrity);
  if (base64 === null) throw new LoadError("INTEGRITY", "integrity must be 64 hexadecimal digits or sha256-BASE64");
  return hex(Uint8Array.from(atob(base64[1]), (c) => c.charCodeAt(0)));
}

/**
 * @param {Readable} source
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function read(source) {
  try {
    // Copied, so that nobody can change between the check and the use.
    if (source instanceof ArrayBuffer) return new Uint8Array(source).slice();
    if (ArrayBuffer.isView(source)) {
      return new Uint8Array(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
    }
    if (typeof source === "string" || source instanceof URL) {
      const path = filePath(source);
      if (path !== null) return await readFile(path);
      return await body(await fetch(source));
    }
    // Last, for Node takes 20 ms to find out what a Response is.
    if (typeof Response === "function" && source instanceof Response) return await body(source);
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    throw new LoadError("FETCH", "the core's bytes could not be read", cause);
  }
  throw new LoadError("FETCH", "wasm must be a URL, a Response, bytes or a WebAssembly.Module");
}

/** @param {Response} response */
async function body(response) {
  if (!response.ok) throw new LoadError("FETCH", `the core's bytes could not be read: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * What Node reads as a file: file URLs and paths. Null for what fetch takes.
 * @param {string | URL} source
 * @returns {string | URL | null}
 */
function filePath(source) {
  const text = String(source);
  if (/^file:/i.test(text)) return new URL(text);
  const inNode = typeof process === "object" && typeof process.versions?.node === "string" && typeof document === "undefined";
  return inNode && !/^[a-z][a-z0-9+.-]+:/i.test(text) ? text : null;
}

/**
 * @param {string | URL} path
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function readFile(path) {
  // Not a literal, so that bundlers for browsers do not look for it.
  const name = "node:fs/promises";
  const fs = /** @type {typeof import("node:fs/promises")} */ (await import(/* @vite-ignore */ /* webpackIgnore: true */ name));
  return new Uint8Array(await fs.readFile(path));
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function hash(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? hex(new Uint8Array(await subtle.digest("SHA-256", bytes))) : null;
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
