// An update brings a client from the log that it knows to the newest leaf: a
// line "old N", the hashes that prove consistency, an empty line, and the proof
// (proof.js) of the log's last leaf.

import { text as decoded } from "../bytes.js";
import { hashOf, openCheckpoint } from "./checkpoint.js";
import { follow } from "./growth.js";
import { inLog, readProof } from "./proof.js";
import { readState } from "./state.js";
import { need } from "./trust.js";

/** @typedef {import("./tlog.js").Tree} Tree */

/** Longest update, bytes. */
export const MOST_UPDATE = 64 << 10;

/**
 * Whether the new leaf may come after the one known is for `follows` to say.
 * @param {string} text
 * @param {Tree} known of size 0 where none is
 * @param {import("./note.js").Verifier} log
 * @returns {Promise<{ state: import("./state.js").State, tree: Tree, checkpoint: string }>} checkpoint: signed
 * @throws {import("./trust.js").TrustError} FORMAT, SIGNATURE, ROLLBACK, CONSISTENCY, INCLUSION, RULES
 */
export async function openUpdate(text, known, log) {
  const cut = text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, cut).split("\n");
  const hashes = lines.map(hashOf);
  need(text.length <= MOST_UPDATE && cut > 0 && first === `old ${known.size}` && hashes.every((h) => h !== null), "FORMAT", "a malformed update");
  const proof = readProof(text.slice(cut + 2));
  const tree = await openCheckpoint(proof.checkpoint, log);
  await follow(tree, known, hashes);
  need(proof.index === tree.size - 1, "INCLUSION", "not the last leaf");
  await inLog(proof, tree);
  return { state: readState(leafText(proof.entry)), tree, checkpoint: proof.checkpoint };
}

/** @param {Uint8Array} entry */
function leafText(entry) {
  try {
    return decoded(entry);
  } catch {
    return "";
  }
}
