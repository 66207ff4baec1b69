import type { WasmModule } from "./platform.js";

/** The compiled blind.wasm, where the runtime or bundler imports .wasm files as modules. */
declare const blind: WasmModule;
export default blind;
