/** The compiled reader of blind, where the runtime or bundler imports .wasm files as modules. */
declare const blind: WebAssembly.Module;
export default blind;
