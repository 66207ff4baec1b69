// What a person shows to friends: 32 bytes. A text fills them with zeros at
// its end; whatever is not such a text is a key, shown in hexadecimal.

import { Refusal } from "./serve.js";

const LENGTH = 32;

/**
 * @param {string} given a text, or a key of 32 bytes in hexadecimal or base64
 * @returns {Uint8Array}
 */
export function toHandle(given) {
  const text = given.trim().normalize("NFC");
  const key = keyOf(text);
  if (key) return key;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LENGTH) throw new Refusal("handle_long", { bytes: bytes.length });
  const handle = new Uint8Array(LENGTH);
  handle.set(bytes);
  return handle;
}

/** @param {string} text */
function keyOf(text) {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Uint8Array.from({ length: LENGTH }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  return Uint8Array.from(atob(text.replace(/=$/, "").replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

/** @param {Uint8Array} handle @returns {string} "" for an empty one */
export function fromHandle(handle) {
  const end = handle.findLastIndex((byte) => byte !== 0) + 1;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(handle.subarray(0, end));
    // Anything that is not seen as what it is, such as a change of direction,
    // could make one name look like another.
    if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text;
  } catch {
    // not a text
  }
  return Array.from(handle, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
