// What a device remembers between runs: evaluations that were paid for, tags
// that were read, and the seed of the decoys. As private as the address book
// itself: it holds its numbers.
//
// A line of JSON, the tags that it counts, as bytes, and the SHA-256 of all
// before it, so that a damaged state is seen instead of quietly finding nobody.

import { base64url, concat, equal, fromBase64url, text, utf8 } from "./bytes.js";
import { Tags } from "./buckets.js";
import { TAG } from "./derive.js";
import { DirectoryError } from "./problem.js";

/** Bytes of the hash at the end. */
const SUM = 32;
const LINE_FEED = 10;

/** @typedef {import("./discover.js").StateStore} StateStore */
/** @typedef {{ key: string, epoch: number, publicKey: Uint8Array, bits: number }} Of */

export class State {
  #store;
  #of;

  /**
   * @param {StateStore | undefined} store
   * @param {Of} of
   */
  constructor(store, of) {
    this.#store = store;
    this.#of = of;
    this.seed = crypto.getRandomValues(new Uint8Array(32));
    /** Outputs by number, of this epoch. @type {Map<string, Uint8Array>} */
    this.outputs = new Map();
    /** Tags by bucket. @type {Map<number, Tags>} */
    this.tags = new Map();
  }

  /**
   * @param {StateStore | undefined} store
   * @param {Of} of
   * @returns {Promise<State>}
   * @throws {DirectoryError} STATE, EPOCH, KEY
   */
  static async load(store, of) {
    const state = new State(store, of);
    let bytes;
    try {
      bytes = await store?.load();
    } catch (cause) {
      throw new DirectoryError("STATE", "the state could not be loaded", { cause });
    }
    if (bytes !== null && bytes !== undefined && bytes.length > 0) await state.#read(bytes);
    return state;
  }

  async save() {
    if (this.#store === undefined) return;
    const { key, epoch, publicKey } = this.#of;
    const json = JSON.stringify({
      sealbook: "state",
      version: 1,
      key,
      epoch,
      public_key: base64url(publicKey),
      seed: base64url(this.seed),
      outputs: Object.fromEntries([...this.outputs].map(([number, output]) => [number, base64url(output)])),
      tags: [...this.tags.values()].map(({ place: { bits, bucket }, version, etag, count }) => ({ bits, bucket, version, etag, count })),
    });
    const body = concat(utf8(`${json}\n`), ...[...this.tags.values()].map(({ bytes }) => bytes));
    try {
      await this.#store.save(concat(body, await sum(body)));
    } catch (cause) {
      throw new DirectoryError("STATE", "the state could not be saved", { cause });
    }
  }

  /** @param {Uint8Array} bytes */
  async #read(bytes) {
    const of = this.#of;
    const body = new Uint8Array(bytes.subarray(0, -SUM));
    if (bytes.length <= SUM || !equal(await sum(body), bytes.subarray(-SUM))) throw damaged();
    let at = body.indexOf(LINE_FEED) + 1;
    let given;
    try {
      given = JSON.parse(text(body.subarray(0, at)));
    } catch {
      throw damaged();
    }
    if (given?.sealbook !== "state" || given.version !== 1) throw new DirectoryError("STATE", "the state is of another version");
    if (given.key !== of.key) throw new DirectoryError("STATE", "the state is of another directory");
    this.seed = fromBase64url(given.seed, 32) ?? fail();
    if (given.epoch > of.epoch) throw new DirectoryError("EPOCH", "the directory went back to an earlier epoch");
    // Of an epoch that is over nothing is of use any more.
    if (given.epoch < of.epoch) return;
    if (given.public_key !== base64url(of.publicKey)) throw new DirectoryError("KEY", "the directory shows another public key than before for the same epoch");
    for (const [number, output] of Object.entries(given.outputs)) this.outputs.set(number, fromBase64url(output, 64) ?? fail());
    for (const { bits, bucket, version, etag, count } of given.tags) {
      const tags = body.subarray(at, (at += TAG * count));
      // Refined buckets are others.
      if (bits === of.bits) this.tags.set(bucket, new Tags({ epoch: of.epoch, bits, bucket }, version, tags, etag));
    }
  }
}

/** @param {Uint8Array<ArrayBuffer>} body */
const sum = async (body) => new Uint8Array(await crypto.subtle.digest("SHA-256", body));

const damaged = () => new DirectoryError("STATE", "the state is damaged; without it the contacts are evaluated and charged again");

/** @returns {never} */
function fail() {
  throw damaged();
}
