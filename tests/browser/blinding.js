// RFC 9497's Blind, computed by another library than the one under test.

import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

const { Point } = ristretto255;
const DST = new TextEncoder().encode("HashToGroup-OPRFV1-\x01-ristretto255-SHA512");

/**
 * The blinded element of an input, section 3.3.1.
 * @param {Uint8Array} input
 * @param {Uint8Array} blind 32 bytes, little-endian
 */
export function blindedElement(input, blind) {
  const scalar = BigInt("0x" + Buffer.from(blind).reverse().toString("hex"));
  return Buffer.from(ristretto255_hasher.hashToCurve(input, { DST }).multiply(scalar).toBytes());
}

/** Throws unless 32 bytes are the one encoding of an element, and not of the identity. @param {Uint8Array} bytes */
export function needElement(bytes) {
  if (Point.fromBytes(bytes).equals(Point.ZERO)) throw new Error("the identity");
}

/**
 * The input and the blind of a line that the page or a transcript writes.
 * @param {{ number?: string, padding?: string, blind: string }} item
 */
export function itemOf({ number, padding, blind }) {
  const bytes = (/** @type {string} */ text) => Buffer.from(text, "base64url");
  return { input: number === undefined ? bytes(padding ?? "") : Buffer.from(number), blind: bytes(blind) };
}
