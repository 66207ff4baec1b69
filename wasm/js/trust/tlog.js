// Merkle trees of RFC 6962 with SHA-256. A tree is { size, root }; hashes are 32
// bytes. Sizes go beyond 2³², so they are divided, not shifted.

import { concat, equal, sha256 } from "../bytes.js";

/** @typedef {import("../bytes.js").Bytes} Bytes */
/** @typedef {{ size: number, root: Uint8Array }} Tree */

/** @param {Uint8Array} data */
export const leafHash = (data) => sha256(concat(Uint8Array.of(0), data));

/** @param {Uint8Array} left @param {Uint8Array} right */
export const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/**
 * The root over hashes of leaves.
 * @param {readonly Uint8Array[]} hashes
 * @returns {Promise<Uint8Array>}
 */
export async function rootOf(hashes) {
  if (hashes.length === 0) return sha256(new Uint8Array(0));
  let level = hashes;
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? nodeHash(level[i], level[i + 1]) : level[i]);
    level = await Promise.all(above);
  }
  return level[0];
}

/**
 * Whether an entry is in a tree, RFC 9162 section 2.1.3.2.
 * @param {readonly Uint8Array[]} proof
 * @param {number} index
 * @param {Uint8Array} leaf its hash
 * @param {Tree} tree
 */
export async function included(proof, index, leaf, { size, root }) {
  if (!(index < size)) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(hash, root);
}
