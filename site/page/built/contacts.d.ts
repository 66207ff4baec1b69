/** contacts.wasm as base64. */
declare const contacts: string;
export default contacts;
