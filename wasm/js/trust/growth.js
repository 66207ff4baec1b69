// How a log grew: a proof that a tree of RFC 6962 came out of an older one.

import { equal } from "../bytes.js";
import { nodeHash } from "./tlog.js";
import { need } from "./trust.js";

/** @typedef {import("./tlog.js").Tree} Tree */

/**
 * Throws unless a tree grew out of one that is known.
 * @param {Tree} tree
 * @param {Tree} known of size 0 where none is
 * @param {readonly Uint8Array[]} proof
 * @throws {import("./trust.js").TrustError} ROLLBACK, CONSISTENCY
 */
export async function follow(tree, known, proof) {
  need(tree.size >= known.size, "ROLLBACK", "the log has fewer entries than it had");
  need(await grown(proof, known, tree), "CONSISTENCY", "the log is not the one it was");
}

/**
 * Whether a tree grew out of an older one, RFC 9162 section 2.1.4.2.
 * @param {readonly Uint8Array[]} proof
 * @param {Tree} old
 * @param {Tree} tree not smaller
 */
export async function grown(proof, old, tree) {
  if (old.size === 0 || old.size === tree.size) return proof.length === 0 && (old.size === 0 || equal(old.root, tree.root));
  let [node, last] = [old.size - 1, tree.size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  const hashes = node === 0 ? [old.root, ...proof] : [...proof];
  if (hashes.length === 0) return false;
  let [before, after] = [hashes[0], hashes[0]];
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = await nodeHash(hash, before);
      after = await nodeHash(hash, after);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      after = await nodeHash(after, hash);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(before, old.root) && equal(after, tree.root);
}
