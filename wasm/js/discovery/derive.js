// What is derived from a number, and from its evaluation y (64 bytes, the
// OPRF's output): see "Cryptography" in the protocol.

import { concat, u32, utf8 } from "../bytes.js";
import { TAG } from "./tags.js";

/** @typedef {import("../bytes.js").Bytes} Bytes */

/**
 * @param {"SHA-256" | "SHA-512"} hash
 * @param {Uint8Array} key
 * @param {Bytes} message
 * @returns {Promise<Bytes>}
 */
export async function hmac(hash, key, message) {
  const { subtle } = crypto;
  const imported = await subtle.importKey("raw", new Uint8Array(key), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, message));
}

/**
 * K(label) = HMAC-SHA-512(y, "sealbook/2 " ‖ label ‖ 0x00 ‖ epoch).
 * @param {Uint8Array} y
 * @param {"tag" | "record" | "account"} label
 * @param {number} epoch
 */
const derived = (y, label, epoch) => hmac("SHA-512", y, concat(utf8(`sealbook/2 ${label}\0`), u32(epoch)));

/**
 * @param {Uint8Array} y
 * @param {number} epoch
 */
export const tagOf = async (y, epoch) => (await derived(y, "tag", epoch)).slice(0, TAG);

/**
 * @param {Uint8Array} y
 * @param {number} epoch
 */
export const recordKeyOf = async (y, epoch) => (await derived(y, "record", epoch)).slice(0, 32);

/**
 * @param {Uint8Array} y
 * @param {number} epoch
 */
export const accountOf = async (y, epoch) => (await derived(y, "account", epoch)).slice(0, 16);
