// Sealbook: see index.d.ts for what there is and README.md for how to use it.

import { Core, KIND } from "./core.js";
import { compileFrom, shared } from "./load.js";
import { start } from "./module.js";
import * as pin from "./pin.js";
import { Sealbook } from "./sealbook.js";

export { InputError, LoadError, NumberError, RecipeError } from "./errors.js";
export { SealbookError } from "./error.js";

// A function's, so that bundlers can leave it out.
export const published = /* @__PURE__ */ (() => Object.freeze({ ...pin.core, abi: KIND.abi, metadataVersion: pin.metadataVersion }))();

export const load = shared(async (options) => {
  const { module, sha256, known } = await checked(options);
  const sealbook = new Sealbook(await started(module), module, sha256);
  // Bytes that were compared need no look at their answers.
  if (!known) sealbook.check();
  return sealbook;
});

/**
 * @param {import("./index.js").LoadOptions} [options]
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(options) {
  const { module, known } = await checked(options ?? {});
  if (!known) await started(module);
  return module;
}

/** @param {import("./index.js").LoadOptions} options */
const checked = (options) => compileFrom(options, () => new URL("./core.wasm", import.meta.url), pin.core);

/** @param {WebAssembly.Module} module */
const started = (module) => start(module, KIND, (/** @type {import("./core.js").Exports} */ exports) => new Core(exports));
