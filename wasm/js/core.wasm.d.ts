import type { WasmModule } from "./platform.js";

/** The compiled core, where the runtime or bundler imports .wasm files as modules (Cloudflare Workers). */
declare const core: WasmModule;
export default core;
