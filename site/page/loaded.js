// What the page has fetched before it is sealed: WebAssembly modules and the
// sources of workers, each checked by the browser against its hash in the page.

import { WorkError } from "./failure.js";

/** @type {Map<string, Promise<ArrayBuffer>>} */
const bodies = new Map();
/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

for (const [path, response] of globalThis.loads) {
  // Compiled while it comes, where the host says that it is WebAssembly.
  const copy = path.endsWith(".wasm") ? response.then((whole) => whole.clone()) : null;
  const body = Promise.all([response, copy]).then(([{ ok, status }]) => {
    if (!ok) throw new WorkError("LOAD", { file: path, why: status });
    return response.then((whole) => whole.arrayBuffer());
  }).catch((error) => {
    throw error instanceof WorkError ? error : new WorkError("LOAD", { file: path, why: "fetch" });
  });
  bodies.set(path, body);
  if (copy) modules.set(path, compile(copy, body));
  body.catch(() => {});
}
for (const module of modules.values()) module.catch(() => {}); // told by who needs it

/** Settles when all of it is here, or will not come: from then on the page needs no network. */
export const arrived = Promise.allSettled([...bodies.values(), ...modules.values()]);

/**
 * @param {Promise<Response>} response
 * @param {Promise<ArrayBuffer>} body the same, whole
 */
async function compile(response, body) {
  if (typeof WebAssembly !== "object") throw new WorkError("COMPILE");
  try {
    return await WebAssembly.compileStreaming(response);
  } catch {
    // Of another type, or an engine without it; or it is no module, which the next line finds.
  }
  const bytes = await body;
  return WebAssembly.compile(bytes).catch(() => { throw new WorkError("COMPILE"); });
}

/**
 * @template T
 * @param {ReadonlyMap<string, Promise<T>>} all
 * @param {string} path
 */
function of(all, path) {
  return all.get(path) ?? Promise.reject(new WorkError("LOAD", { file: path, why: "page" }));
}

/** A module, compiled. @param {string} path such as "core.wasm" */
export const wasm = (path) => of(modules, path);

/**
 * Some modules, compiled, by their names.
 * @template {string} N
 * @param {N[]} names such as "core"
 * @returns {Promise<Record<N, WebAssembly.Module>>}
 */
export async function wasms(...names) {
  const all = await Promise.all(names.map(async (name) => [name, await wasm(`${name}.wasm`)]));
  return Object.fromEntries(all);
}

/** The bytes as they came. @param {string} path */
export const bytes = (path) => of(bodies, path);

/** SHA-256 in hexadecimal; null where the browser has no WebCrypto, as on plain http. @param {ArrayBuffer} data */
export async function sha256(data) {
  if (!globalThis.crypto?.subtle) return null;
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join("");
}
