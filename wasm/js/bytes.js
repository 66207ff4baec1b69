// Bytes to text and back, each in its one canonical form.

import { TextDecoder, TextEncoder } from "./utf8.js";

export { hex } from "./hex.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * @param {string} text
 * @returns {Bytes}
 */
export const utf8 = (text) => encoder.encode(text);

/**
 * @param {Uint8Array} bytes
 * @returns {string} throws a TypeError where they are no UTF-8
 */
export const text = (bytes) => decoder.decode(bytes);

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {number} n 0–2³²-1
 * @returns {Bytes} big-endian
 */
export function u32(n) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes;
}

/**
 * Compares in a time that depends on the lengths alone.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  let binary = "";
  // More arguments than that some engines refuse.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} base64url without padding
 */
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/**
 * @param {unknown} text
 * @returns {Bytes | null} null for what is not the one way to write some bytes
 */
export function fromBase64(text) {
  if (typeof text !== "string") return null;
  let binary;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return base64(bytes) === text ? bytes : null;
}

/**
 * @param {unknown} text base64url without padding
 * @param {number} [length] that the bytes must have
 * @returns {Bytes | null}
 */
export function fromBase64url(text, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding);
  return length === undefined || bytes?.length === length ? bytes : null;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<Bytes>}
 */
export const sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {Bytes} */ (bytes)));

/**
 * @param {number} n 0–2⁵³-1
 * @returns {Bytes} big-endian
 */
export const u64 = (n) => concat(u32(Math.floor(n / 2 ** 32)), u32(n % 2 ** 32));
