// Records of matched tags, read in whole blocks among as many decoys.

import { HEADER, readRecordsHeader } from "./buckets.js";
import { base64url } from "./bytes.js";
import { decoyBlocks } from "./decoys.js";
import { DirectoryError } from "./problem.js";
import { RECORD, open } from "./record.js";
import { send } from "./send.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./buckets.js").Tags} Tags */

/** Requests under way at once. */
const LANES = 6;
/** Fewest records that are read together, whatever the directory wishes: one alone would be somebody. */
const BLOCK = 256;

/**
 * A person to look for: where their tag is, and the key of their record.
 * @typedef {{ number: string, positions: { from: number, to: number }, key: Uint8Array }} Match
 *
 * @typedef {{ opened: Map<string, { handle: Uint8Array, flags: number }>, blocks: number, decoys: number }} Reading
 */

/**
 * Reads and opens the records of a bucket's matches.
 * @param {Directory} directory
 * @param {Tags} tags
 * @param {readonly Match[]} matches
 * @param {Uint8Array} seed of the decoys
 * @param {import("./send.js").Context} context
 * @returns {Promise<Reading | null>} null if the file is not, or not any more, that of the tags
 */
export async function readRecords({ link, parameters: { limits } }, tags, matches, seed, context) {
  const size = Math.max(BLOCK, limits.block);
  const blocks = Math.ceil(tags.count / size);
  /** @type {Set<number>} */
  const wanted = new Set();
  for (const { positions: { from, to } } of matches) {
    for (let at = from; at < to; at++) wanted.add(Math.floor(at / size));
  }
  const decoys = await decoyBlocks(seed, tags.place, blocks, wanted);
  /**
   * @param {number} from
   * @param {number} to exclusive
   * @param {import("./transcript.js").Explanation} [explanation]
   */
  const range = (from, to, explanation) => send(link, {
    method: "GET",
    path: `/v1/buckets/${tags.place.bucket}/records`,
    headers: { range: `bytes=${from}-${to - 1}` },
    expect: [206],
    limit: to - from,
    public: explanation === undefined,
  }, { ...context, explanation });

  const head = await range(0, HEADER, {
    decoys: { seed: base64url(seed), wanted: [...wanted].sort((a, b) => a - b), blocks: decoys },
  });
  const { version, count } = readRecordsHeader(head.body, tags.place);
  if (version !== tags.version) return null;
  const etag = head.headers.get("etag");
  if (count !== tags.count || etag === null) throw new DirectoryError("RECORD", "the directory's records do not go with its tags");
  /** @type {Map<number, Uint8Array>} */
  const read = new Map();
  let same = true;
  const all = [...wanted, ...decoys].sort((a, b) => a - b);
  await lanes(all, LANES, async (block) => {
    if (!same) return;
    const from = block * size;
    const to = Math.min(from + size, count);
    const { headers, body } = await range(HEADER + RECORD * from, HEADER + RECORD * to);
    same &&= headers.get("etag") === etag;
    if (same && body.length !== RECORD * (to - from)) throw new DirectoryError("RECORD", "the directory's block of records is malformed");
    read.set(block, body);
  });
  if (!same) return null;
  /** @type {Reading["opened"]} */
  const opened = new Map();
  for (const { number, positions: { from, to }, key } of matches) {
    for (let at = from; at < to && !opened.has(number); at++) {
      const records = /** @type {Uint8Array} */ (read.get(Math.floor(at / size)));
      const start = RECORD * (at % size);
      const record = await open(key, records.subarray(start, start + RECORD));
      if (record !== null) opened.set(number, record);
    }
  }
  return { opened, blocks: wanted.size, decoys: decoys.length };
}

/**
 * Does work for every item, some at a time, and stops at the first failure.
 * @template I
 * @param {readonly I[]} items
 * @param {number} width
 * @param {(item: I) => Promise<void>} work
 */
export async function lanes(items, width, work) {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      try {
        await work(items[next++]);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
