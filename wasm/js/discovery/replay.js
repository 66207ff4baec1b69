// From one version's tags to a later one's, change by change. A version costs
// what it changes, not what there is: lists are made once, at the end.

import { concat, equal, sha256, u64 } from "../bytes.js";
import { SHORT } from "./changes.js";
import { needed } from "./header.js";
import { RECORD } from "./record.js";
import { Tags, lowerBound } from "./tags.js";

/** @typedef {import("./changes.js").Changes} Changes */

/** The chain before an epoch's first version. */
export const START = new Uint8Array(32);

/**
 * The chain over all changes of an epoch: SHA-256(the chain before ‖ version
 * u64 ‖ SHA-256 of the version's file).
 * @param {Uint8Array} before
 * @param {number} version
 * @param {Uint8Array} hash
 */
const chained = (before, version, hash) => sha256(concat(before, u64(version), hash));

export class Replay {
  /** How often a tag that was touched is there. @type {Map<number, number>} */
  #now = new Map();
  /** The record of a touched tag, by what is known of it. @type {Map<number, Uint8Array>} */
  #records = new Map();

  /**
   * @param {Tags} from
   * @param {Uint8Array} chain after its version
   */
  constructor(from, chain) {
    this.from = from;
    this.version = from.version;
    this.chain = chain;
    /** Whether a touched tag was or is that of several, whose order nobody outside knows. */
    this.shared = false;
  }

  /**
   * Applies the next version.
   * @param {Changes} changes
   * @throws {import("./problem.js").DirectoryError} TAGS
   */
  async next({ epoch, version, removed, added, changed, raw }) {
    const { from } = this;
    needed(epoch === from.epoch && version === this.version + 1, "TAGS");
    /** How often each tag must have been there. @type {Map<number, number>} */
    const touched = new Map();
    for (const tag of removed) touched.set(tag, (touched.get(tag) ?? 0) + 1);
    for (const { tag } of changed) touched.set(tag, (touched.get(tag) ?? 0) + 1);
    for (const [tag, n] of touched) needed(n <= this.#count(tag), "TAGS");
    for (const { tag } of added) touched.set(tag, 0);
    for (const tag of touched.keys()) this.shared ||= this.#count(tag) > 1;
    for (const { tag } of changed) this.#now.set(tag, this.#count(tag));
    for (const tag of removed) this.#now.set(tag, this.#count(tag) - 1);
    for (const { tag } of added) this.#now.set(tag, this.#count(tag) + 1);
    for (const tag of touched.keys()) this.shared ||= this.#count(tag) > 1;
    this.version = version;
    this.chain = await chained(this.chain, version, await sha256(raw));
  }

  /** @param {number} tag */
  #count(tag) {
    const now = this.#now.get(tag);
    if (now !== undefined) return now;
    const { from, to } = this.from.find(tag);
    return to - from;
  }

  /** The tags of the version where the replay is. */
  tags() {
    const { epoch, bits, bucket, list } = this.from;
    const { version } = this;
    if (this.#now.size === 0) return new Tags({ epoch, bits, bucket, version }, list);
    const touched = Float64Array.from(this.#now.keys()).sort();
    let length = list.length;
    for (const [tag, n] of this.#now) {
      const { from, to } = this.from.find(tag);
      length += n - (to - from);
    }
    const made = new Float64Array(length);
    let [at, old] = [0, 0];
    for (const tag of touched) {
      const here = lowerBound(list, tag);
      made.set(list.subarray(old, here), at);
      at += here - old;
      for (old = here; old < list.length && list[old] === tag;) old++;
      for (let n = /** @type {number} */ (this.#now.get(tag)); n > 0; n--) made[at++] = tag;
    }
    made.set(list.subarray(old), at);
    return new Tags({ epoch, bits, bucket, version }, made);
  }

  /**
   * Takes over the records of what versions added and changed, 64 bytes each.
   * @param {readonly Changes[]} versions
   * @param {Uint8Array} records of all of them, in their order
   * @throws {import("./problem.js").DirectoryError} RECORD
   */
  async records(versions, records) {
    const entries = entriesOf(versions);
    needed(records.length === RECORD * entries.length, "RECORD");
    const hashes = await Promise.all(entries.map((_, i) => sha256(records.subarray(RECORD * i, RECORD * (i + 1)))));
    entries.forEach(({ tag, hash }, i) => {
      needed(equal(hashes[i].subarray(0, SHORT), hash), "RECORD");
      this.#records.set(tag, records.subarray(RECORD * i, RECORD * (i + 1)));
    });
  }

  /**
   * The records of the tags that `tags` returns, where none is shared.
   * @param {Uint8Array} known those of the tags it came from
   */
  merged(known) {
    const { list } = this.from;
    const touched = Float64Array.from(this.#now.keys()).sort();
    /** @type {Uint8Array[]} */
    const parts = [];
    let old = 0;
    for (const tag of touched) {
      const here = lowerBound(list, tag);
      parts.push(known.subarray(RECORD * old, RECORD * here));
      const was = list[here] === tag ? known.subarray(RECORD * here, RECORD * (here + 1)) : null;
      old = was === null ? here : here + 1;
      if (this.#now.get(tag) === 1) parts.push(this.#records.get(tag) ?? /** @type {Uint8Array} */ (was));
    }
    parts.push(known.subarray(RECORD * old));
    return concat(...parts);
  }
}

/**
 * What the records beside versions' files are of: added and changed entries, version by version.
 * @param {readonly Changes[]} versions
 */
export const entriesOf = (versions) => versions.flatMap(({ added, changed }) => [...added, ...changed]);
