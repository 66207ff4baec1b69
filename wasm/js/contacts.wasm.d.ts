/** The compiled reader of contacts, where the runtime or bundler imports .wasm files as modules. */
declare const contacts: WebAssembly.Module;
export default contacts;
