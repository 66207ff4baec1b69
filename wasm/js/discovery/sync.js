// What a directory publishes, read and checked as everybody reads it: its
// parameters, its log, tags and records. Nothing here knows a contact or a
// match: which requests are made depends on what is published, on when it was
// read last, and on how many bytes of records the caller allows.

import { equal } from "../bytes.js";
import { recordsRoot, checkFiles } from "../trust/files.js";
import { readHour } from "./changes.js";
import { HEADER, needed, readHeader } from "./header.js";
import { differs, update } from "./log.js";
import { DirectoryError, isGone, trusted } from "./problem.js";
import { RECORD } from "./record.js";
import { Replay, entriesOf } from "./replay.js";
import { send } from "./send.js";
import { Tags, mostBytes } from "./tags.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./send.js").Context} Context */
/** @typedef {import("./state.js").View} View */
/** @typedef {import("./changes.js").Changes} Changes */

/** How often it begins again because the directory moved on meanwhile. */
const TRIES = 3;
const HOUR = 3_600_000;
/** How long changes are kept. */
const KEPT = 8 * 24 * HOUR;
/** How long the changes of all hours of a sync may be, bytes: those of 10⁷ people are a tenth of it. */
const MOST_CHANGES = 40 << 20;
const ROOT = 32;
/** What says nothing about the directory. */
const WAYS = new Set(["NETWORK", "SLOW", "CANCELLED"]);

/** That a version's files are gone: there is a newer one, perhaps. */
class Gone extends Error {}

/**
 * What was read. versions: what changed since what was known, null where the
 * whole file of tags was read instead.
 * @typedef {{ view: View, versions: Changes[] | null }} Synced
 */

/**
 * Reads what is published now.
 * @param {Directory} directory
 * @param {View | null} known
 * @param {number} limit bytes of records
 * @param {(phase: "tags" | "records") => void} onPhase
 * @param {Context} context
 * @returns {Promise<Synced>}
 * @throws {DirectoryError}
 */
export async function sync(directory, known, limit, onPhase, context) {
  /** @type {DirectoryError | undefined} */
  let last;
  for (let tries = 0; tries <= TRIES; tries++) {
    await directory.read(context);
    const seen = await update(directory, known, context);
    last = differs(directory, seen);
    if (last !== undefined) continue;
    onPhase("tags");
    try {
      const reading = new Reading(directory, known, seen, context);
      const tags = await reading.tags();
      const wanted = RECORD * seen.leaf.people <= limit;
      if (wanted) onPhase("records");
      const records = wanted ? await reading.records(tags) : null;
      return { view: { ...seen, tags, records }, versions: reading.versions };
    } catch (error) {
      if (error instanceof Gone) last = new DirectoryError("TAGS", "the directory does not serve what it logged", { cause: error.cause, evidence: [seen.update] });
      else throw error instanceof DirectoryError && !WAYS.has(error.code) ? error.with([seen.update]) : error;
    }
  }
  throw last;
}

/** One reading of the files of a state. */
class Reading {
  /** @type {Replay | null} */
  #replay = null;
  /** Hours with changes: their path, and what is new in them, from which entry on. @type {{ path: string, running: boolean, versions: Changes[], skipped: number }[]} */
  #hours = [];
  /** @type {Changes[] | null} */
  versions = null;
  /** @type {Uint8Array} */
  #root = new Uint8Array(ROOT);

  /**
   * @param {Directory} directory
   * @param {View | null} known
   * @param {Omit<View, "tags" | "records">} seen
   * @param {Context} context
   */
  constructor({ link }, known, seen, context) {
    this.link = link;
    this.known = known;
    this.seen = seen;
    this.leaf = seen.leaf;
    this.context = context;
  }

  /**
   * @param {string} path
   * @param {number} limit
   * @param {boolean} [atVersion] whether it may go because a newer version came
   */
  async #get(path, limit, atVersion = true) {
    try {
      return (await send(this.link, { method: "GET", path, expect: [200], limit, public: limit > ROOT }, this.context)).body;
    } catch (error) {
      throw atVersion && isGone(error) ? new Gone("gone", { cause: error }) : error;
    }
  }

  /** The tags, of which the log says that they are the state's. */
  async tags() {
    const { leaf, known } = this;
    if (known !== null && known.leaf.version === leaf.version) {
      this.versions = [];
      return known.tags;
    }
    this.#root = await this.#get(`/v2/states/${leaf.version}/root`, ROOT);
    needed(this.#root.length === ROOT, "TAGS");
    const lasting = known !== null && known.leaf.epoch === leaf.epoch && Math.max(Date.now(), leaf.time) - known.leaf.time <= KEPT;
    const tags = lasting ? await this.#replayed(known) : await this.#whole();
    needed(tags.count === leaf.people, "TAGS");
    return tags;
  }

  async #whole() {
    const { leaf } = this;
    const file = await this.#get(`/v2/states/${leaf.version}/tags`, mostBytes(leaf.people));
    const tags = Tags.read(file);
    needed(tags.epoch === leaf.epoch && tags.bits === 0 && tags.version === leaf.version, "TAGS");
    await trusted(() => checkFiles(leaf, file, this.#root), () => []);
    return tags;
  }

  /** What changed, version by version, until the leaf's chain comes out. @param {View} known */
  async #replayed(known) {
    const { leaf } = this;
    const replay = new Replay(known.tags, known.leaf.changes);
    this.#replay = replay;
    this.versions = [];
    const [from, to] = [hourOf(known.leaf.time), hourOf(leaf.time)];
    let left = MOST_CHANGES;
    for (let hour = from; hour <= to; hour++) {
      const running = hour === to;
      const path = running ? `/v2/changes/${hour}/${leaf.version}` : `/v2/changes/${hour}`;
      const file = await this.#get(path, left, running);
      left -= file.length;
      if (file.length === 0) continue; // nothing was published in that hour
      const all = readHour(file);
      const versions = all.filter(({ version }) => version > known.leaf.version);
      const skipped = entriesOf(all.slice(0, all.length - versions.length)).length;
      for (const changes of versions) await replay.next(changes);
      this.versions.push(...versions);
      if (entriesOf(versions).length > 0) this.#hours.push({ path: `${path}/records`, running, versions, skipped });
    }
    needed(replay.version === leaf.version && equal(replay.chain, leaf.changes), "TAGS");
    const tags = replay.tags();
    await trusted(() => checkFiles(leaf, tags.write(), this.#root), () => []);
    return tags;
  }

  /**
   * The records of the tags: what changed, or all of them at first and where
   * the order of those that share a tag is not known.
   * @param {Tags} tags
   */
  async records(tags) {
    const { leaf, known } = this;
    if (known?.records && known.leaf.version === leaf.version) return known.records;
    const replay = this.#replay;
    const merged = replay !== null && known?.records && !replay.shared;
    if (known?.leaf.version === leaf.version) this.#root = await this.#get(`/v2/states/${leaf.version}/root`, ROOT);
    const records = merged ? await this.#merged(replay, /** @type {Uint8Array} */ (known.records)) : await this.#all(tags.count);
    if (!equal(await recordsRoot(records), this.#root)) throw new DirectoryError("RECORD", "the directory's records are not those that it logged");
    return records;
  }

  /** @param {number} count */
  async #all(count) {
    const { leaf } = this;
    const file = await this.#get(`/v2/states/${leaf.version}/records`, HEADER + RECORD * count);
    const header = readHeader(file, "SBR2");
    needed(header.epoch === leaf.epoch && header.bits === 0 && header.version === leaf.version, "TAGS");
    needed(header.count === count && file.length === HEADER + RECORD * count, "RECORD");
    return file.subarray(HEADER);
  }

  /** @param {Replay} replay @param {Uint8Array} records */
  async #merged(replay, records) {
    for (const { path, running, versions, skipped } of this.#hours) {
      const from = RECORD * skipped;
      const length = from + RECORD * entriesOf(versions).length;
      const file = await this.#get(path, length, running);
      needed(file.length === length, "RECORD");
      await replay.records(versions, file.subarray(from));
    }
    return replay.merged(records);
  }
}

/** @param {number} time milliseconds */
const hourOf = (time) => Math.floor(time / HOUR);
