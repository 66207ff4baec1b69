import type { WasmModule } from "./platform.js";

/** The compiled format.wasm, where the runtime or bundler imports .wasm files as modules. */
declare const format: WasmModule;
export default format;
