// Records: what a person shows to whoever has their number. 12-byte nonce,
// then handle and flags under AES-256-GCM.

import { concat, u32 } from "../bytes.js";

export const RECORD = 64;
const NONCE = 12;
export const HANDLE = 32;

/** @param {Uint8Array} key 32 bytes */
const aes = (key) => crypto.subtle.importKey("raw", new Uint8Array(key), "AES-GCM", false, ["encrypt", "decrypt"]);

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} handle
 * @param {number} flags
 * @param {Uint8Array} nonce
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function seal(key, handle, flags, nonce) {
  const iv = new Uint8Array(nonce);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await aes(key), concat(handle, u32(flags)));
  return concat(iv, new Uint8Array(sealed));
}

/** A nonce for one record. */
export const newNonce = () => crypto.getRandomValues(new Uint8Array(NONCE));

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} record
 * @returns {Promise<{ handle: Uint8Array, flags: number } | null>} null for a record that is not of this key
 */
export async function open(key, record) {
  const bytes = new Uint8Array(record);
  let plain;
  try {
    plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.subarray(0, NONCE) }, await aes(key), bytes.subarray(NONCE));
  } catch {
    return null;
  }
  return { handle: new Uint8Array(plain, 0, HANDLE), flags: new DataView(plain).getUint32(HANDLE) };
}
