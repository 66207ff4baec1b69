// What the page has fetched before it is sealed: WebAssembly modules and the
// sources of workers, each checked by the browser against its hash in the page.

import { WorkError } from "./failure.js";

/** @type {Map<string, Promise<ArrayBuffer>>} */
const bodies = new Map();
/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

for (const [path, response] of globalThis.loads) {
  const body = response.then((whole) => {
    if (!whole.ok) throw new WorkError("LOAD", { file: path, why: whole.status });
    return whole.arrayBuffer();
  }).catch((error) => {
    throw error instanceof WorkError ? error : new WorkError("LOAD", { file: path, why: "fetch" });
  });
  bodies.set(path, body);
  // Not compiled while it comes: of what has a hash in the page a browser hands out
  // nothing before all of it is there, and is the same.
  const module = path.endsWith(".wasm") ? body.then(compile) : null;
  if (module) modules.set(path, module);
  for (const part of [body, module]) part?.catch(() => {}); // told by who needs it
}

/** Settles when all of it is here, or will not come: from then on the page needs no network. */
export const arrived = Promise.allSettled(bodies.values());

/**
 * Settles when a stricter policy stops nothing that is still to come: what workers
 * start from is here, and modules are on their way. What comes by the service worker
 * has to be here, too: Chromium asks the policy again once it has the answer.
 */
export const sealable = navigator.serviceWorker?.controller ? arrived
  : Promise.allSettled([
    document.querySelector("link[data-later]") && globalThis.painted,
    ...Array.from(bodies, ([path, body]) => (path.startsWith("worker/") ? body : null)),
  ]);

/** @param {ArrayBuffer} bytes */
async function compile(bytes) {
  if (typeof WebAssembly !== "object") throw new WorkError("COMPILE");
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
