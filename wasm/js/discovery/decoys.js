// Which blocks of records are read without being wanted.
//
// A decoy is a fixed point of a file, drawn from a seed that never leaves the
// device. As the file grows, its block moves just as the block of a wanted tag
// does, so whoever compares two runs cannot tell the two kinds apart; decoys
// drawn anew each time would leave the wanted ones as what stays the same.

import { concat, u32, utf8 } from "./bytes.js";
import { hmac } from "./derive.js";

/** @typedef {import("./buckets.js").Place} Place */

/**
 * As many decoys as wanted ones. Without a wanted one there are two, so that
 * one match cannot be told from none.
 * @param {number} wanted
 * @param {number} all
 */
const howMany = (wanted, all) => Math.min(Math.max(wanted, 2 - wanted), all - wanted);

/**
 * Blocks of a file to read beside the wanted ones.
 * @param {Uint8Array} seed 32 bytes
 * @param {Place} place
 * @param {number} blocks of the file
 * @param {ReadonlySet<number>} wanted
 * @returns {Promise<number[]>} ascending
 */
export async function decoyBlocks(seed, { epoch, bucket }, blocks, wanted) {
  const want = howMany(wanted.size, blocks);
  /** @type {Set<number>} */
  const decoys = new Set();
  for (let i = 0; decoys.size < want; i++) {
    const point = await hmac("SHA-256", seed, concat(utf8("sealbook/1 decoy\0"), u32(epoch), u32(bucket), u32(i)));
    const block = Number((new DataView(point.buffer).getBigUint64(0) * BigInt(blocks)) >> 64n);
    if (!wanted.has(block)) decoys.add(block);
  }
  return [...decoys].sort((a, b) => a - b);
}

/**
 * Buckets without a match to read records of, where a directory has several.
 * @param {Uint8Array} seed
 * @param {{ epoch: number, bits: number }} directory
 * @param {readonly number[]} buckets those of the client's own numbers, ascending
 * @param {ReadonlySet<number>} matched
 * @returns {Promise<number[]>}
 */
export async function decoyBuckets(seed, { epoch, bits }, buckets, matched) {
  const want = howMany(matched.size, buckets.length);
  /** @type {Set<number>} */
  const decoys = new Set();
  for (let i = 0; decoys.size < want && i < 64 * buckets.length; i++) {
    const point = await hmac("SHA-256", seed, concat(utf8("sealbook/1 decoy bucket\0"), u32(epoch), u32(i)));
    const from = new DataView(point.buffer).getUint32(0) >>> (32 - bits);
    const bucket = buckets.find((bucket) => bucket >= from) ?? buckets[0];
    if (!matched.has(bucket)) decoys.add(bucket);
  }
  // A bucket close behind another is hit by hardly any point.
  for (let i = 0; decoys.size < want; i++) if (!matched.has(buckets[i])) decoys.add(buckets[i]);
  return [...decoys].sort((a, b) => a - b);
}
