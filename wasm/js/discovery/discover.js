// Finding contacts in a directory without showing it the address book; see
// discover.d.ts for what there is.

import { decoyBuckets } from "./decoys.js";
import { bucketOf, recordKeyOf, tagOf } from "./derive.js";
import { bearer } from "./directory.js";
import { InputError } from "../errors.js";
import { batches, evaluate } from "./evaluate.js";
import { lanes, readRecords } from "./records.js";
import { numbersOf } from "./book.js";
import { DirectoryError } from "./problem.js";
import { State } from "./state.js";
import { turn } from "../stream.js";
import { currentTags } from "./sync.js";

export { Directory } from "./directory.js";
export { DirectoryError } from "./problem.js";

/** Requests for buckets under way at once. */
const LANES = 6;
/** Most bits that a caller can accept: then a country of 10⁸ has 95 numbers a bucket. */
const MOST_BITS = 20;
/** Hashes under way at once. */
const HASHES = 64;
/** How often records are read again because somebody came or went meanwhile. */
const TRIES = 8;

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./discover.js").DiscoverOptions} Options */
/** @typedef {import("./discover.js").Discovered} Discovered */

/**
 * @param {Options} options
 * @returns {Promise<Discovered>}
 */
export async function discover({ directory: given, contacts, region, credential, bucketBits = 0, state: store, onProgress = () => {}, signal, transcript }) {
  const directory = /** @type {Directory} */ (/** @type {unknown} */ (given));
  bearer(credential);
  const { owners, counts: book } = numbersOf(directory.sealbook, contacts, region);
  const { epoch, bucketBits: bits, publicKey } = directory.parameters;
  // Else a directory could ask for so many that a bucket is as good as a number.
  if (!Number.isInteger(bucketBits) || bucketBits < 0 || bucketBits > MOST_BITS) throw new InputError("RANGE", `bucketBits must be 0–${MOST_BITS}`);
  if (bits > bucketBits) throw new DirectoryError("BUCKETS", `the directory would see in which of 2^${bits} parts of all numbers each contact is`);
  // What fails or is cancelled takes the requests beside it along.
  const halt = new AbortController();
  const cancel = () => halt.abort(signal?.reason);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel);
  const context = { signal: halt.signal, transcript };
  try {
    const state = await State.load(store, { key: directory.key, epoch, publicKey, bits });
    const paid = await payFor(directory, credential, state, [...owners.keys()], onProgress, context);
    const lookup = new Lookup(directory, state, context);
    const { found, ...read } = await lookup.run([...owners.keys()], onProgress);
    await state.save();
    return {
      found: [...owners].flatMap(([number, positions]) => {
        const record = found.get(number);
        return record === undefined ? [] : positions.map((at) => ({ contact: contacts[at], index: at, number, ...record }));
      }).sort((a, b) => a.index - b.index),
      counts: { ...book, ...paid, ...read },
    };
  } finally {
    signal?.removeEventListener("abort", cancel);
    halt.abort();
  }
}

/**
 * Evaluates the numbers that the state does not know yet. After each batch the
 * state is saved: what was charged is never charged again.
 * @param {Directory} directory
 * @param {string} credential
 * @param {State} state
 * @param {readonly string[]} numbers
 * @param {NonNullable<Options["onProgress"]>} onProgress
 * @param {import("./send.js").Context} context
 */
async function payFor(directory, credential, state, numbers, onProgress, context) {
  const { limits } = directory.parameters;
  const fresh = numbers.filter((number) => !state.outputs.has(number));
  const payable = limits.batches.filter((size) => size <= limits.budget);
  const counts = { known: numbers.length - fresh.length, evaluated: 0, charged: 0, budget: /** @type {number | null} */ (null) };
  for (const { numbers: count, size } of batches(fresh.length, payable.length > 0 ? payable : limits.batches)) {
    await turn();
    const batch = fresh.slice(counts.evaluated, counts.evaluated + count);
    const { outputs, left } = await evaluate(directory, credential, batch, size, context);
    batch.forEach((number, i) => state.outputs.set(number, outputs[i]));
    await state.save();
    counts.evaluated += count;
    counts.charged += size;
    counts.budget = left;
    onProgress({ phase: "evaluate", done: counts.evaluated, total: fresh.length });
  }
  return counts;
}

/** Numbers that were evaluated, looked for in what the directory publishes. */
class Lookup {
  #directory;
  #state;
  #context;

  /**
   * @param {Directory} directory
   * @param {State} state
   * @param {import("./send.js").Context} context
   */
  constructor(directory, state, context) {
    this.#directory = directory;
    this.#state = state;
    this.#context = context;
  }

  /**
   * @param {readonly string[]} numbers
   * @param {NonNullable<Options["onProgress"]>} onProgress
   */
  async run(numbers, onProgress) {
    const { epoch, bucketBits: bits } = this.#directory.parameters;
    /** The client's own buckets, and who is in them. @type {Map<number, { number: string, tag: Uint8Array }[]>} */
    const people = new Map();
    await lanes(numbers, HASHES, async (number) => {
      const bucket = await bucketOf(number, bits);
      const tag = await tagOf(/** @type {Uint8Array} */ (this.#state.outputs.get(number)), epoch);
      const there = people.get(bucket);
      if (there === undefined) people.set(bucket, [{ number, tag }]);
      else there.push({ number, tag });
    });
    const buckets = [...people.keys()].sort((a, b) => a - b);
    let done = 0;
    await lanes(buckets, LANES, async (bucket) => {
      await this.#sync(bucket);
      onProgress({ phase: "tags", done: ++done, total: buckets.length });
    });
    await this.#state.save();

    const matched = new Set(buckets.filter((bucket) => this.#matches(bucket, people).length > 0));
    const decoys = await decoyBuckets(this.#state.seed, { epoch, bits }, buckets, matched);
    const reads = [...matched, ...decoys].sort((a, b) => a - b);
    /** @type {Map<string, { handle: Uint8Array, flags: number }>} */
    const found = new Map();
    const counts = { buckets: buckets.length, blocks: 0, decoys: 0, unopened: 0 };
    done = 0;
    await lanes(reads, 1, async (bucket) => {
      const { opened, blocks, decoys, matches } = await this.#read(bucket, people);
      for (const [number, record] of opened) found.set(number, record);
      counts.blocks += blocks;
      counts.decoys += decoys;
      counts.unopened += matches - opened.size;
      onProgress({ phase: "records", done: ++done, total: reads.length });
    });
    return { found, ...counts };
  }

  /** @param {number} bucket */
  async #sync(bucket) {
    const { tags } = this.#state;
    const current = await currentTags(this.#directory, bucket, tags.get(bucket), this.#context);
    tags.set(bucket, current);
    return current;
  }

  /**
   * @param {number} bucket
   * @param {Map<number, { number: string, tag: Uint8Array }[]>} people
   */
  #matches(bucket, people) {
    const tags = /** @type {import("./buckets.js").Tags} */ (this.#state.tags.get(bucket));
    return (people.get(bucket) ?? [])
      .map(({ number, tag }) => ({ number, positions: tags.find(tag) }))
      .filter(({ positions: { from, to } }) => from < to);
  }

  /**
   * @param {number} bucket
   * @param {Map<number, { number: string, tag: Uint8Array }[]>} people
   */
  async #read(bucket, people) {
    const { epoch } = this.#directory.parameters;
    const { outputs, seed, tags } = this.#state;
    for (let tries = 0; tries < TRIES; tries++) {
      const matches = [];
      for (const match of this.#matches(bucket, people)) {
        matches.push({ ...match, key: await recordKeyOf(/** @type {Uint8Array} */ (outputs.get(match.number)), epoch) });
      }
      const current = /** @type {import("./buckets.js").Tags} */ (tags.get(bucket));
      try {
        const reading = await readRecords(this.#directory, current, matches, seed, this.#context);
        if (reading !== null) return { ...reading, matches: matches.length };
      } catch (error) {
        // Tags put together from deltas may have gone astray; the whole file has not.
        const astray = error instanceof DirectoryError && error.code === "RECORD" && current.etag === null;
        if (!astray) throw error;
        tags.delete(bucket);
      }
      await this.#sync(bucket);
    }
    throw new DirectoryError("TAGS", "the directory's tags and records are never of the same version");
  }
}
