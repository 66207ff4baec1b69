// Proofs that an entry is in a log, C2SP tlog-proof, with the entry itself as
// extra data:
//
//   c2sp.org/tlog-proof@v1
//   extra c2VhbGJvb2sg…
//   index 2
//   O5DuiJWR…                one hash a line
//
//   sealbook.example/log …   the signed checkpoint

import { fromBase64 } from "../bytes.js";
import { hashOf, openCheckpoint } from "./checkpoint.js";
import { included, leafHash } from "./tlog.js";
import { integer, need } from "./trust.js";

/** @typedef {{ entry: Uint8Array, index: number, hashes: Uint8Array[], checkpoint: string }} Proof checkpoint: signed */

/**
 * Nothing is checked but the form.
 * @param {string} text
 * @returns {Proof}
 * @throws {import("./trust.js").TrustError} FORMAT
 */
export function readProof(text) {
  const cut = text.indexOf("\n\n");
  const [first, extra = "", index = "", ...lines] = text.slice(0, cut).split("\n");
  const entry = extra.startsWith("extra ") ? fromBase64(extra.slice(6)) : null;
  const hashes = lines.map(hashOf);
  need(cut > 0 && first === "c2sp.org/tlog-proof@v1" && entry && index.startsWith("index ") && integer(index.slice(6)) >= 0 && hashes.every((h) => h !== null), "FORMAT", "a malformed proof");
  return { entry, index: integer(index.slice(6)), hashes, checkpoint: text.slice(cut + 2) };
}

/**
 * Checks a proof's checkpoint, and that the entry is in the log.
 * @param {Proof} proof
 * @param {import("./note.js").Verifier} log
 * @throws {import("./trust.js").TrustError} FORMAT, SIGNATURE, INCLUSION
 */
export async function openProof(proof, log) {
  const tree = await openCheckpoint(proof.checkpoint, log);
  await inLog(proof, tree);
  return tree;
}

/**
 * @param {Proof} proof
 * @param {import("./tlog.js").Tree} tree
 */
export async function inLog({ entry, index, hashes }, tree) {
  need(await included(hashes, index, await leafHash(entry), tree), "INCLUSION", "an entry that is not in the log");
}
