/** core.wasm as base64. */
declare const core: string;
export default core;
