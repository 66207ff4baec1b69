// Checkpoints of a log, C2SP tlog-checkpoint v1.0.0 without extension lines:
//
//   directory.example/v2/log
//   482
//   mH1V8JajlWBwSZT8fw3Fcct37HTWeEuIrqzRzDJtetE=
//
//   — directory.example/v2/log 6C8jAbTm…

import { fromBase64 } from "../bytes.js";
import { openNote } from "./note.js";
import { integer, need } from "./trust.js";

/** @typedef {import("./note.js").Verifier} Verifier */
/** @typedef {import("./tlog.js").Tree} Tree */

/**
 * @param {string} text signed
 * @param {Verifier} log whose name is the log's origin
 * @param {{ keys: readonly Verifier[], quorum: number }} [witnesses]
 * @returns {Promise<Tree>}
 * @throws {import("./trust.js").TrustError} FORMAT, SIGNATURE, WITNESS
 */
export async function openCheckpoint(text, log, { keys, quorum } = { keys: [], quorum: 0 }) {
  const { text: body, signers } = await openNote(text, [log, ...keys]);
  need(signers.delete(log), "SIGNATURE", "a checkpoint that is not by this log's key");
  const [origin, size, root, end, ...more] = body.split("\n");
  const hash = hashOf(root);
  need(origin === log.name && integer(size) >= 0 && hash && end === "" && more.length === 0, "FORMAT", "a malformed checkpoint");
  need(signers.size >= quorum, "WITNESS", "too few cosignatures");
  return { size: integer(size), root: hash };
}

/**
 * @param {string | undefined} text
 * @returns {Uint8Array | null} 32 bytes
 */
export function hashOf(text) {
  const hash = fromBase64(text);
  return hash?.length === 32 ? hash : null;
}
