// A module's bytes from wherever a caller has them, and what is said of those that
// are not what they should be. Load.js imports it when it is needed.

import { builtin } from "./builtin.js";
import { LoadError } from "./errors.js";
import { hex } from "./hex.js";
import { hash, isModule, kindOf } from "./load.js";

/** @typedef {import("./index.js").Source} Source */
/** @typedef {import("./load.js").Pin} Pin */
/** @typedef {string | URL | Response | ArrayBuffer | ArrayBufferView} Readable */

/**
 * Most bytes that are taken for a module; the largest of this package has a
 * tenth of it.
 */
const MOST = 8 << 20;
/** Milliseconds in which some byte of a module must arrive. */
const STALL = 30_000;

/**
 * Reads, checks and compiles a module.
 * @param {import("./index.js").LoadOptions} options
 * @param {unknown} given wasm of the options, or the package's own
 * @param {Pin} pin what is expected unless integrity says otherwise
 * @returns {Promise<import("./load.js").Compiled>}
 */
export async function compileSource({ wasm, integrity, signal }, given, pin) {
  const wanted = integrity === undefined ? pin.sha256 : integrity === false ? null : wantedHash(integrity);
  if (wasm === undefined && given === undefined) {
    throw new LoadError("FETCH", "this runtime does not say where the package lies: import the .wasm file of the package and pass it as wasm");
  }
  let source;
  try {
    signal?.throwIfAborted();
    source = isThenable(given) ? await patient(given, signal) : given;
  } catch (cause) {
    throw cause instanceof LoadError ? cause : new LoadError("FETCH", "what load was given did not arrive", cause);
  }
  if (isModule(source)) return { module: source, sha256: null, known: false };
  const { bytes, type } = await read(/** @type {Readable} */ (/** @type {unknown} */ (source)), signal);
  const sha256 = await hash(bytes);
  if (wanted !== null && sha256 !== wanted) {
    const magic = bytes.length < 4 || (bytes[0] === 0 && bytes[1] === 97 && bytes[2] === 115 && bytes[3] === 109);
    if (sha256 !== null && !magic) throw new LoadError("INTEGRITY", notWasm(type));
    if (sha256 !== null) throw new LoadError("INTEGRITY", difference(bytes, integrity === undefined ? pin : null));
    // Pages over plain http have no SubtleCrypto. Whoever could alter the core
    // there could alter this script, so only an explicit wish is refused.
    if (integrity !== undefined) throw new LoadError("INTEGRITY", "the hash cannot be checked here: a page needs https for that");
  }
  let module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new LoadError("COMPILE", `the bytes are not a whole WebAssembly module${type && !/wasm/.test(type) ? ` (got ${type})` : ""}, or this page's policy or runtime compiles none; a Cloudflare Worker imports the module and passes it as wasm`, cause);
  }
  return { module, sha256, known: wanted !== null && sha256 === wanted };
}

/**
 * Why a module does not start.
 * @param {WebAssembly.Module} module
 * @param {import("./module.js").Kind} kind
 * @param {number | undefined} version that it said it has
 * @param {unknown} cause what it threw, if it did
 */
export function refused(module, { name, abi, functions }, version, cause) {
  if (WebAssembly.Module.imports(module).length > 0) return new LoadError("IMPORTS", `the module asks for imports; ${name} has none`);
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (kinds.get("memory") !== "memory" || ["abi", "input", "status", ...functions].some((name) => kinds.get(name) !== "function")) {
    return new LoadError("EXPORTS", `the module is not ${name}: it does not export what that does`);
  }
  if (version === undefined || version === abi) return new LoadError("EXPORTS", "the module does not start", cause);
  return new LoadError("VERSION", `the module has version ${version} of the interface of ${name}; this package needs ${abi}`);
}

/** @param {unknown} value @returns {value is PromiseLike<unknown>} */
const isThenable = (value) => typeof value === "object" && value !== null && "then" in value;

/** @param {string | null} type */
function notWasm(type) {
  return `the bytes are no WebAssembly${type ? ` (got ${type})` : ""}: a server answers another file in place of the module; see "Loading" in the README`;
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
 * @param {unknown} integrity
 * @returns {string} hexadecimal
 */
function wantedHash(integrity) {
  const text = typeof integrity === "string" ? integrity : "";
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  const base64 = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(text);
  if (base64 === null) throw new LoadError("INTEGRITY", "integrity must be 64 hexadecimal digits or sha256-BASE64");
  return hex(Uint8Array.from(atob(base64[1]), (c) => c.charCodeAt(0)));
}

/**
 * What a promise gives, unless nothing comes for too long or the signal does.
 * @template T
 * @param {T | PromiseLike<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
function patient(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    const timer = setTimeout(() => reject(new LoadError("FETCH", `the bytes stalled: nothing arrived for ${STALL / 1000} seconds`)), STALL);
    signal?.addEventListener("abort", abort);
    Promise.resolve(promise).then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
    if (signal?.aborted) abort();
  });
}

/**
 * @param {Readable} source
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, type: string | null }>} the type that a server gave them
 */
async function read(source, signal) {
  try {
    const kind = kindOf(source);
    // Copied, so that nobody can change between the check and the use.
    if (kind === "ArrayBuffer") return { bytes: limited(new Uint8Array(/** @type {ArrayBuffer} */ (source))).slice(), type: null };
    if (ArrayBuffer.isView(source)) {
      return { bytes: new Uint8Array(limited(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))), type: null };
    }
    if (typeof source === "string" || kind === "URL") {
      const place = /** @type {string | URL} */ (source);
      const path = filePath(String(place));
      if (path !== null) return { bytes: new Uint8Array(limited(await readFile(path))), type: null };
      return await body(await patient(fetch(place, { signal: signal ?? null }), signal), signal);
    }
    if (kind === "Response") return await body(/** @type {Response} */ (source), signal);
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    throw new LoadError("FETCH", "the core's bytes could not be read", cause);
  }
  throw new LoadError("FETCH", "wasm must be a URL, a Response, bytes or a WebAssembly.Module");
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
function limited(bytes) {
  if (bytes.length > MOST) throw new LoadError("FETCH", `more than ${MOST} bytes: no module of this package has as many`);
  return bytes;
}

/**
 * The bytes of a response, as they come, and no more than a module has.
 * @param {Response} response
 * @param {AbortSignal | undefined} signal
 */
async function body(response, signal) {
  const type = response.headers.get("content-type");
  if (!response.ok) throw new LoadError("FETCH", `the core's bytes could not be read: the server answered ${response.status}`);
  const reader = response.body?.getReader();
  if (reader === undefined) return { bytes: new Uint8Array(limited(new Uint8Array(await patient(response.arrayBuffer(), signal)))), type };
  let bytes = new Uint8Array(128 << 10);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await patient(reader.read(), signal);
      if (done) return { bytes: bytes.slice(0, length), type };
      if (length + value.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + value.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(value, length);
      length += value.length;
      if (length > MOST) limited(bytes);
    }
  } catch (cause) {
    reader.cancel().catch(() => {});
    throw cause;
  }
}

/**
 * What Node reads as a file: file URLs and paths. Null for what fetch takes.
 * @param {string} text
 * @returns {string | null}
 */
function filePath(text) {
  if (/^file:/i.test(text)) return text;
  // Not "no document": test runners lay one over Node.
  const inNode = typeof globalThis.process?.versions?.node === "string"; // as a property: some bundlers would bring a process along
  return inNode && !/^[a-z][a-z0-9+.-]+:/i.test(text) ? text : null;
}

/**
 * @param {string} place
 * @returns {Promise<Uint8Array>}
 */
async function readFile(place) {
  const { readFile } = /** @type {typeof import("node:fs/promises")} */ (await builtin("node:fs/promises"));
  if (!/^file:/i.test(place)) return readFile(place);
  const { fileURLToPath } = /** @type {typeof import("node:url")} */ (await builtin("node:url"));
  return readFile(fileURLToPath(place));
}
