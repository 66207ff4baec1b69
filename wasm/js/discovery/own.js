// Watching the own entry. A directory evaluates everybody's number, so it could
// publish a record of its own making under a tag, or leave the tag out. What it
// publishes is in the log and the same for everybody: the person's own client
// sees it.

import { fromBase64url, hex, sha256 } from "../bytes.js";
import { SHORT } from "./changes.js";
import { RECORD } from "./record.js";
import { TAG, tagAt } from "./tags.js";

/** How long a directory may take to publish what it was given, milliseconds. */
const PATIENCE = 10 * 60_000;

/** @typedef {import("./state.js").Seen} Seen */

/** A record as changes name it, in hexadecimal. @param {Uint8Array} record */
export const shortHash = async (record) => hex((await sha256(record)).subarray(0, SHORT));

/**
 * Looks through what was read for the own tag.
 * @param {import("./discover.js").Account} account
 * @param {Seen | null} before
 * @param {import("./sync.js").Synced} synced
 * @param {import("./discover.js").Held} held
 * @returns {Promise<Seen | null>} null for an account that is not published
 */
export async function watch(account, before, { view: { tags, records, leaf, tree }, versions }, held) {
  const { receipt } = account;
  const tag = fromBase64url(receipt.tag, TAG);
  if (tag === null || receipt.epoch !== leaf.epoch) return null;
  const own = tagAt(tag);
  /** @type {Seen} */
  const seen = before?.receipt === receipt.note ? { ...before } : { receipt: receipt.note, seen: -1, other: false, there: false, alarm: null };
  const alarm = (/** @type {Seen["alarm"]} */ what) => { seen.alarm ??= what; };
  const put = account.records.map(({ hash }) => hash);
  const published = (/** @type {string} */ hash) => {
    const at = put.lastIndexOf(hash);
    // Until the first own record is there, a random one stands in its place.
    seen.other = at < 0 && seen.seen < 0;
    if (at < seen.seen || at < 0 && seen.seen >= 0) alarm("record");
    else if (at >= 0) seen.seen = at;
  };
  // A leaf is one version. What was before the receipt was of another registration.
  const since = leaf.version - (tree.size - receipt.logSize);
  for (const { version, removed, added, changed } of versions ?? []) {
    if (version <= since) continue;
    const came = added.filter((entry) => entry.tag === own);
    if (seen.there && (came.length > 0 || removed.includes(own))) alarm("tag");
    for (const { hash } of [...came, ...changed.filter((entry) => entry.tag === own)]) published(hex(hash));
    seen.there ||= came.length > 0;
  }
  const { from, to } = tags.find(own);
  const late = (/** @type {string} */ time) => leaf.time > Date.parse(time) + PATIENCE;
  // The state after the receipt may have been under way, the one behind it was not.
  if (to - from > 1 || (to === from && (seen.there || leaf.version >= since + 2)) || held.tag !== receipt.tag) alarm("tag");
  const last = account.records.at(-1);
  const record = fromBase64url(held.record, RECORD);
  if (last !== undefined && (record === null || await shortHash(record) !== last.hash)) alarm("record");
  if (to - from !== 1) return seen;
  seen.there = true;
  if (records !== null) published(await shortHash(records.subarray(RECORD * from, RECORD * to)));
  // What was put must be published in the end.
  if (last !== undefined && (seen.other || seen.seen >= 0) && seen.seen < put.length - 1 && late(last.time)) alarm("record");
  return seen;
}
