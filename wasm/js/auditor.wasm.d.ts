import type { WasmModule } from "./platform.js";

/** The compiled auditor, where the runtime or bundler imports .wasm files as modules. */
declare const auditor: WasmModule;
export default auditor;
