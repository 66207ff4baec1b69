/** The compiled reader of format, where the runtime or bundler imports .wasm files as modules. */
declare const format: WebAssembly.Module;
export default format;
