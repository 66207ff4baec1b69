// Sealbook: see index.d.ts for what there is and README.md for how to use it.

import { ABI, Core, inspect } from "./core.js";
import { LoadError } from "./errors.js";
import { compileFrom } from "./load.js";
import * as pin from "./pin.js";
import { Sealbook } from "./sealbook.js";

export { InputError, LoadError, NumberError, OprfError, RecipeError, SealbookError } from "./errors.js";

export const published = Object.freeze({ ...pin.core, abi: ABI, metadataVersion: pin.metadataVersion });

/** Loads under way and done, by their source; the package's own is under "". @type {Map<string, Promise<Sealbook>>} */
const loads = new Map();
/** @type {WeakMap<object, Promise<Sealbook>>} */
const loadsByObject = new WeakMap();

/**
 * @param {import("./index.js").LoadOptions} [options]
 * @returns {Promise<Sealbook>}
 */
export function load(options = {}) {
  const { wasm, integrity } = options;
  // A Response can be read once, and a promise is of one call.
  const once = typeof wasm === "object" && wasm !== null && !(wasm instanceof URL) && !(wasm instanceof WebAssembly.Module);
  if (once) return start(options);
  const [map, key] = wasm instanceof WebAssembly.Module
    ? [loadsByObject, wasm]
    : [loads, `${integrity ?? ""} ${wasm ?? ""}`];
  const known = /** @type {Map<unknown, Promise<Sealbook>>} */ (map).get(key);
  if (known !== undefined) return known;
  const loading = start(options);
  /** @type {Map<unknown, Promise<Sealbook>>} */ (map).set(key, loading);
  loading.catch(() => map.delete(/** @type {never} */ (key)));
  return loading;
}

/**
 * @param {import("./index.js").LoadOptions} [options]
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(options = {}) {
  return (await checked(options)).module;
}

/** @param {import("./index.js").LoadOptions} options */
async function checked({ wasm, integrity }) {
  const compiled = await compileFrom(wasm ?? ownCore(), integrity, pin.core);
  inspect(compiled.module);
  return compiled;
}

/** The core beside this file. */
function ownCore() {
  try {
    return new URL("./core.wasm", import.meta.url);
  } catch (cause) {
    throw new LoadError("FETCH", 'this runtime does not say where the package lies: import "sealbook/core.wasm" and pass it as wasm', cause);
  }
}

/** @param {import("./index.js").LoadOptions} options */
async function start(options) {
  const { module, sha256, known } = await checked(options);
  const sealbook = new Sealbook(await Core.start(module), module, sha256);
  // Bytes that were compared need no look at their answers.
  if (!known) sealbook.check();
  return sealbook;
}
