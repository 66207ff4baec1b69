/** The compiled core, where the runtime or bundler imports .wasm files as modules (Cloudflare Workers). */
declare const core: WebAssembly.Module;
export default core;
