// Files of changes, "SBC2": what one version changed. Header to bucket, version
// u64 16–23, then how many tags were removed, added and changed (another record
// under the same tag), u32 each; the removed tags, 5 bytes each; the added and
// the changed ones, 15 each: tag ‖ first 10 bytes of SHA-256(record). Each list
// is sorted by its bytes. An hour's file is those of its versions, in order.

import { TAG, tagAt } from "./tags.js";
import { MOST, needed, readHeader } from "./header.js";

const HEAD = 36;
/** Bytes of an entry, and of the hash in it. */
const ENTRY = 15;
export const SHORT = ENTRY - TAG;

/** @typedef {{ tag: number, hash: Uint8Array }} Entry hash: of the record, its first bytes */
/**
 * raw: the file itself.
 * @typedef {{ epoch: number, version: number, removed: number[], added: Entry[], changed: Entry[], raw: Uint8Array }} Changes
 */

/**
 * Reads one version's file, or the first of several.
 * @param {Uint8Array} file
 * @param {boolean} [more] whether others may follow
 * @returns {Changes}
 * @throws {import("./problem.js").DirectoryError} TAGS
 */
export function readChanges(file, more = false) {
  const { view, epoch, bits, version, count: removed } = readHeader(file, "SBC2");
  needed(file.length >= HEAD && bits === 0 && version > 0, "TAGS");
  const [added, changed] = [view.getUint32(28), view.getUint32(32)];
  const length = HEAD + TAG * removed + ENTRY * (added + changed);
  needed(added <= MOST && changed <= MOST && (more ? file.length >= length : file.length === length), "TAGS");
  let at = HEAD;
  /** @param {number} n @param {number} size @returns {number[]} where the entries of a list are */
  const list = (n, size) => {
    const starts = Array.from({ length: n }, (_, i) => at + size * i);
    starts.forEach((start, i) => i === 0 || needed(compare(file, start - size, start, size) <= 0, "TAGS"));
    at += size * n;
    return starts;
  };
  /** @param {number} start @returns {Entry} */
  const entry = (start) => ({ tag: tagAt(file, start), hash: file.subarray(start + TAG, start + ENTRY) });
  return {
    epoch, version,
    removed: list(removed, TAG).map((start) => tagAt(file, start)),
    added: list(added, ENTRY).map(entry),
    changed: list(changed, ENTRY).map(entry),
    raw: file.subarray(0, length),
  };
}

/**
 * Reads an hour's file: versions of one epoch that follow one another.
 * @param {Uint8Array} file not empty
 * @returns {Changes[]}
 * @throws {import("./problem.js").DirectoryError} TAGS
 */
export function readHour(file) {
  const hour = [readChanges(file, true)];
  for (let at = hour[0].raw.length; at < file.length;) {
    const next = readChanges(file.subarray(at), true);
    needed(next.epoch === hour[0].epoch && next.version === hour[0].version + hour.length, "TAGS");
    hour.push(next);
    at += next.raw.length;
  }
  return hour;
}

/** @param {Uint8Array} bytes @param {number} a @param {number} b @param {number} size */
function compare(bytes, a, b, size) {
  for (let i = 0; i < size; i++) if (bytes[a + i] !== bytes[b + i]) return bytes[a + i] - bytes[b + i];
  return 0;
}
