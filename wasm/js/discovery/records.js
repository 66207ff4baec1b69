// Records that matches lead to: opened where all are kept, or read by the block
// for one friend, when the person asks.

import { recordKeyOf } from "./derive.js";
import { BLOCK as PER_BLOCK } from "./parameters.js";
import { BLOCK, checkBlock, checkFiles } from "../trust/files.js";
import { rootOf } from "../trust/tlog.js";
import { HEADER, needed } from "./header.js";
import { DirectoryError, trusted } from "./problem.js";
import { RECORD, open } from "./record.js";
import { send } from "./send.js";
import { tagOfOutput, yOf } from "./state.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./state.js").View} View */
/** @typedef {{ handle: Uint8Array, flags: number }} Record */

const HASH = 32;
/** Most people who share a tag that are looked at: by chance there are two, and whoever makes up more gains nothing. */
const SHARED = 16;

/**
 * Where a number is in what is published.
 * @param {View} view
 * @param {import("./state.js").Output} output
 */
export function positions({ tags }, output) {
  const { from, to } = tags.find(tagOfOutput(output));
  return { from, to: Math.min(to, from + SHARED) };
}

/**
 * A view's records by position; null where they are not read.
 * @param {View} view
 */
export const recordOf = ({ records }) =>
  records && ((/** @type {number} */ position) => records.subarray(RECORD * position, RECORD * (position + 1)));

/**
 * The records that open for a number: one, none, or more where others sealed
 * theirs under its tag.
 * @param {View} view
 * @param {import("./state.js").Output} output
 * @param {{ from: number, to: number }} at
 * @param {(position: number) => Uint8Array} record
 * @returns {Promise<Record[]>}
 */
export async function opened({ leaf: { epoch } }, output, { from, to }, record) {
  const key = await recordKeyOf(yOf(output), epoch);
  const all = [];
  for (let at = from; at < to; at++) {
    const one = await open(key, record(at));
    if (one !== null) all.push(one);
  }
  return all;
}

/**
 * Reads the blocks of some records, without a credential: this tells the
 * directory that somebody here looks for one of at most 256 people.
 * @param {Directory} directory
 * @param {View} view
 * @param {{ from: number, to: number }} at
 * @param {import("./send.js").Context} context
 * @returns {Promise<(position: number) => Uint8Array>}
 * @throws {DirectoryError} RECORD, INCLUSION, and as send
 */
export async function readBlocks({ link }, { leaf, tags, update }, { from, to }, context) {
  const blocks = Math.ceil(leaf.people / PER_BLOCK);
  const path = `/v2/states/${leaf.version}`;
  try {
    const { body } = await send(link, { method: "GET", path: `${path}/hashes`, expect: [200], limit: HASH * blocks, public: true }, context);
    needed(body.length === HASH * blocks, "RECORD");
    const hashes = Array.from({ length: blocks }, (_, i) => body.subarray(HASH * i, HASH * (i + 1)));
    await trusted(async () => checkFiles(leaf, tags.write(), await rootOf(hashes)), () => []);
    /** @type {Map<number, Uint8Array>} */
    const read = new Map();
    for (let block = Math.floor(from / PER_BLOCK); block * PER_BLOCK < to; block++) {
      const start = HEADER + BLOCK * block;
      const length = Math.min(BLOCK, RECORD * leaf.people - BLOCK * block);
      const { body } = await send(link, {
        method: "GET", path: `${path}/records`, headers: { range: `bytes=${start}-${start + length - 1}` }, expect: [206], limit: length, public: true,
      }, context);
      await trusted(() => checkBlock(body, hashes[block]), () => []);
      read.set(block, body);
    }
    return (position) => {
      const at = RECORD * (position % PER_BLOCK);
      return /** @type {Uint8Array} */ (read.get(Math.floor(position / PER_BLOCK))).subarray(at, at + RECORD);
    };
  } catch (error) {
    throw error instanceof DirectoryError && ["RECORD", "INCLUSION", "SIZE", "PROBLEM"].includes(error.code) ? error.with([update]) : error;
  }
}
