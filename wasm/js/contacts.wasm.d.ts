import type { WasmModule } from "./platform.js";

/** The compiled reader of contacts, where the runtime or bundler imports .wasm files as modules. */
declare const contacts: WasmModule;
export default contacts;
