// The WebAssembly modules' bytes, out of the script modules that carry them.

import contacts from "./built/contacts.js";
import core from "./built/core.js";

/** @param {string} text base64 */
function decode(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export const coreBytes = () => decode(core);
export const contactsBytes = () => decode(contacts);

/** SHA-256 in hexadecimal; null where the browser has no WebCrypto, as on plain http. @param {Uint8Array<ArrayBuffer>} bytes */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join("");
}
