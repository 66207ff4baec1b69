// What a device remembers between syncs: evaluations that were paid for, what
// was published and proved last, the handles that were seen first, and what was
// seen of the own entry. As private as the address book: it holds its numbers.
//
// A line of JSON, the file of tags and the records that it announces, and the
// SHA-256 of all before it, so that a damaged state is seen instead of quietly
// finding nobody.

import { base64url, concat, equal, fromBase64url, sha256, text, utf8 } from "../bytes.js";
import { readState } from "../trust/state.js";
import { DirectoryError } from "./problem.js";
import { TAG, Tags, tagAt } from "./tags.js";

/** Bytes of an evaluation. */
const OUTPUT = 64;

/** Bytes of the hash at the end. */
const SUM = 32;
const LINE_FEED = 10;

/** @typedef {import("./discover.js").StateStore} StateStore */
/** A number's evaluation, with its tag behind it, which is derived once. @typedef {Uint8Array} Output */

/**
 * What was published at one moment, proved by the log.
 * @typedef {object} View
 * @property {import("../trust/tlog.js").Tree} tree
 * @property {import("../trust/state.js").State} leaf
 * @property {string} update that proved it: signed, and kept as evidence
 * @property {string} note the parameters, signed
 * @property {string} log its key
 * @property {Tags} tags
 * @property {Uint8Array | null} records in the order of the tags; null where they are not read
 */

/**
 * What was seen of the own entry under a receipt: the latest of the own records,
 * by its position among them, or -1; whether another stood there before the
 * first; whether the tag was there; and what was not as it should be.
 * @typedef {{ receipt: string, seen: number, other: boolean, there: boolean, alarm: "tag" | "record" | null }} Seen
 */

export class State {
  #store;
  #key;
  /** Whether something is to be saved. */
  changed = false;
  /** @type {View | null} */
  view = null;
  /** When an epoch was seen to begin, milliseconds; 0 if none was. */
  began = 0;
  /** Of the evaluations; null before the first. @type {number | null} */
  epoch = null;
  /** By number. @type {Map<string, Output>} */
  outputs = new Map();
  /** The handle that was seen first, by number. @type {Map<string, Uint8Array>} */
  handles = new Map();
  /** @type {Seen | null} */
  own = null;

  /**
   * @param {StateStore | undefined} store
   * @param {string} key the directory's
   */
  constructor(store, key) {
    this.#store = store;
    this.#key = key;
  }

  /**
   * @param {StateStore | undefined} store
   * @param {string} key
   * @returns {Promise<State>}
   * @throws {DirectoryError} STATE
   */
  static async load(store, key) {
    const state = new State(store, key);
    let bytes;
    try {
      bytes = await store?.load();
    } catch (cause) {
      throw new DirectoryError("STATE", "the state could not be loaded", { cause });
    }
    if (bytes !== null && bytes !== undefined && bytes.length > 0) await state.#read(bytes);
    return state;
  }

  /** @throws {DirectoryError} STATE */
  async save() {
    if (this.#store === undefined || !this.changed) return;
    const { view } = this;
    const tags = view?.tags.write() ?? new Uint8Array(0);
    const records = view?.records ?? null;
    const json = JSON.stringify({
      sealbook: "state",
      version: 2,
      key: this.#key,
      began: this.began,
      epoch: this.epoch,
      outputs: written(this.outputs),
      handles: written(this.handles),
      own: this.own,
      view: view && {
        log_size: view.tree.size, log_root: base64url(view.tree.root), leaf: view.leaf.text, update: view.update, note: view.note, log: view.log,
        tags: tags.length, records: records?.length ?? null,
      },
    });
    const body = concat(utf8(`${json}\n`), tags, records ?? new Uint8Array(0));
    try {
      await this.#store.save(concat(body, await sha256(body)));
    } catch (cause) {
      throw new DirectoryError("STATE", "the state could not be saved", { cause });
    }
    this.changed = false;
  }

  /** @param {Uint8Array} bytes */
  async #read(bytes) {
    const body = bytes.subarray(0, -SUM);
    if (bytes.length <= SUM || !equal(await sha256(body), bytes.subarray(-SUM))) throw damaged();
    const at = body.indexOf(LINE_FEED) + 1;
    let given;
    try {
      given = JSON.parse(text(body.subarray(0, at)));
    } catch {
      throw damaged();
    }
    if (given?.sealbook !== "state" || given.version !== 2) throw new DirectoryError("STATE", "the state is of another version");
    if (given.key !== this.#key) throw new DirectoryError("STATE", "the state is of another directory");
    this.began = given.began;
    this.epoch = given.epoch;
    this.own = given.own;
    for (const [number, output] of Object.entries(given.outputs)) this.outputs.set(number, fromBase64url(output, OUTPUT + TAG) ?? fail());
    for (const [number, handle] of Object.entries(given.handles)) this.handles.set(number, fromBase64url(handle, 32) ?? fail());
    if (given.view === null) return;
    const { log_size: size, log_root: root, leaf, update, note, log, tags, records } = given.view;
    this.view = {
      tree: { size, root: fromBase64url(root, 32) ?? fail() },
      leaf: readState(leaf), update, note, log,
      tags: Tags.read(body.subarray(at, at + tags)),
      records: records === null ? null : body.slice(at + tags, at + tags + records),
    };
  }
}

/** @param {Output} output */
export const yOf = (output) => output.subarray(0, OUTPUT);

/** @param {Output} output */
export const tagOfOutput = (output) => tagAt(output, OUTPUT);

/** @param {Map<string, Uint8Array>} map */
const written = (map) => Object.fromEntries([...map].map(([number, bytes]) => [number, base64url(bytes)]));

const damaged = () => new DirectoryError("STATE", "the state is damaged; without it the contacts are evaluated and charged again");

/** @returns {never} */
function fail() {
  throw damaged();
}
