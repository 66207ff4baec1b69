// States: all that a directory publishes at one moment, a leaf of its log.
//
//   sealbook state v1
//   epoch 1
//   key AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=      of the OPRF
//   bucket_bits 0
//   version 482
//   people 1000000
//   files iFNS803YvWn/pOfF6j16kDX8KooNhYHySduwqwIjSOI=    files.js
//   changes 6KOT2JFrcAPSmyVzox6BSgCuE0ebs1ZSdelEUkix+Lk=  their chain
//   parameters 8cbfb42a…                                  SHA-256, in hexadecimal
//   consent f4171248…                                     SHA-256 of the terms
//   time 2026-11-28T01:00:00Z

import { equal } from "../bytes.js";
import { hashOf } from "./checkpoint.js";
import { instant, integer, need } from "./trust.js";

const FIELDS = ["epoch", "key", "bucket_bits", "version", "people", "files", "changes", "parameters", "consent", "time"];
/** How old a newest leaf may be, and how far ahead of a clock, milliseconds. */
const AGE = 25 * 3_600_000;
const AHEAD = 5 * 60_000;

/**
 * time: milliseconds. text: the leaf itself.
 * @typedef {{ epoch: number, key: Uint8Array, version: number, people: number, files: Uint8Array, changes: Uint8Array, parameters: string, consent: string, time: number, text: string }} State
 */

/**
 * @param {string} text
 * @returns {State}
 * @throws {import("./trust.js").TrustError} FORMAT; RULES for bits, where all else is well-formed
 */
export function readState(text) {
  const [head, ...lines] = text.split("\n");
  const end = lines.pop();
  const [epoch = "", key, bits = "", version = "", people = "", files, changes, parameters = "", consent = "", time] =
    lines.map((line, i) => (FIELDS[i] !== undefined && line.startsWith(`${FIELDS[i]} `) ? line.slice(FIELDS[i].length + 1) : undefined));
  const state = {
    epoch: integer(epoch), version: integer(version), people: integer(people), time: instant(time),
    key: hashOf(key), files: hashOf(files), changes: hashOf(changes), parameters, consent, text,
  };
  need(head === "sealbook state v1" && end === "" && lines.length === FIELDS.length && integer(bits) >= 0 &&
    state.epoch < 2 ** 32 && state.version >= 0 && state.people >= 0 && !Number.isNaN(state.time) &&
    state.key && state.files && state.changes && [parameters, consent].every((hash) => /^[0-9a-f]{64}$/.test(hash)), "FORMAT", "a malformed state");
  need(bits === "0", "RULES", "a state with bucket bits");
  return /** @type {State} */ (state);
}

/**
 * Throws unless a state may come after another in a log. A directory counts
 * versions one by one; who did not see the leaves between knows that they rise.
 * @param {State} state
 * @param {State} last
 * @throws {import("./trust.js").TrustError} RULES
 */
export function follows(state, last) {
  need(state.epoch >= last.epoch && (state.epoch === last.epoch) === equal(state.key, last.key), "RULES", "the key does not change with the epoch");
  need(state.version > last.version && state.time >= last.time, "RULES", "the version does not rise, or the time falls");
}

/**
 * Throws unless a state may be the newest at a time.
 * @param {State} state
 * @param {number} now milliseconds
 * @throws {import("./trust.js").TrustError} STALE, CLOCK
 */
export function fresh({ time }, now) {
  need(now - time <= AGE, "STALE", "the newest state is more than 25 hours old");
  need(time - now <= AHEAD, "CLOCK", "the newest state is of the future");
}
