/** auditor.wasm as base64. */
declare const auditor: string;
export default auditor;
