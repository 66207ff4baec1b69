/** The compiled auditor, where the runtime or bundler imports .wasm files as modules. */
declare const auditor: WebAssembly.Module;
export default auditor;
