// The files that a directory publishes about the people of a bucket. All
// numbers are big-endian.
//
//   tags     "SBT1" epoch u32, bits u8, 3 zero bytes, bucket u32, version u64,
//            count u32; then the tags, 5 bytes each, sorted; equal ones may be
//   records  the same with "SBR1"; then the records, 64 bytes each, in the
//            order of the tags
//   delta    "SBD1" epoch u32, bits u8, 3 zero bytes, bucket u32, from u64,
//            to u64, added u32, removed u32; then added and removed tags, each
//            sorted

import { TAG } from "./derive.js";
import { DirectoryError } from "./problem.js";

export const HEADER = 28;
const DELTA = 40;
/** Most people of a bucket: 80 MiB of tags. */
const MOST = 1 << 24;

/** Bytes of the longest file of tags, or delta. */
export const MOST_BYTES = DELTA + TAG * MOST;

/** What is wrong if a file is. @param {string} magic */
const codeOf = (magic) => (magic === "SBR1" ? "RECORD" : "TAGS");

/** @typedef {{ epoch: number, bits: number, bucket: number }} Place which bucket, and of when */

/** The tags of one bucket at one version. */
export class Tags {
  /**
   * @param {Place} place
   * @param {number} version
   * @param {Uint8Array} bytes sorted
   * @param {string | null} etag of the file; null for what was put together from deltas
   */
  constructor(place, version, bytes, etag) {
    this.place = place;
    this.version = version;
    this.bytes = bytes;
    this.etag = etag;
  }

  /**
   * @param {Uint8Array} file
   * @param {Place} place that it must be of
   * @param {string | null} etag
   */
  static read(file, place, etag) {
    const { version, count } = header("SBT1", file, place);
    const bytes = file.subarray(HEADER);
    if (bytes.length !== TAG * count) throw malformed("TAGS");
    sorted(bytes);
    return new Tags(place, version, bytes, etag);
  }

  get count() {
    return this.bytes.length / TAG;
  }

  /**
   * Where a tag is: those people are tried, for others may have it too.
   * @param {Uint8Array} tag
   * @returns {{ from: number, to: number }} positions, to exclusive
   */
  find(tag) {
    const wanted = valueAt(tag, 0);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (valueAt(this.bytes, TAG * middle) < wanted) low = middle + 1;
      else high = middle;
    }
    let to = low;
    while (to < this.count && valueAt(this.bytes, TAG * to) === wanted) to++;
    return { from: low, to };
  }

  /**
   * @param {Uint8Array} file a delta
   * @returns {Tags | null} null where it does not go with these tags: what is in hand is of another history
   */
  apply(file) {
    const view = open("SBD1", file, this.place, DELTA);
    const [from, to] = [versionAt(view, 16), versionAt(view, 24)];
    const [added, removed] = [view.getUint32(32), view.getUint32(36)];
    if (file.length !== DELTA + TAG * (added + removed) || to < from) throw malformed("TAGS");
    const gained = file.subarray(DELTA, DELTA + TAG * added);
    const lost = file.subarray(DELTA + TAG * added);
    sorted(gained);
    sorted(lost);
    if (from !== this.version) return null;
    if (to === from && added + removed === 0) return this;
    const bytes = merge(this.bytes, gained, lost);
    return bytes && new Tags(this.place, to, bytes, null);
  }
}

/**
 * @param {Uint8Array} file the head of a file of records
 * @param {Place} place
 */
export const readRecordsHeader = (file, place) => header("SBR1", file, place);

/**
 * @param {string} magic
 * @param {Uint8Array} file
 * @param {Place} place
 */
function header(magic, file, place) {
  const view = open(magic, file, place, HEADER);
  const count = view.getUint32(24);
  if (count > MOST) throw malformed(codeOf(magic));
  return { version: versionAt(view, 16), count };
}

/**
 * Checks what all files begin with.
 * @param {string} magic
 * @param {Uint8Array} file
 * @param {Place} place
 * @param {number} least bytes
 */
function open(magic, file, { epoch, bits, bucket }, least) {
  const code = codeOf(magic);
  if (file.length < least || String.fromCharCode(...file.subarray(0, 4)) !== magic) throw malformed(code);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(4) !== epoch) throw new DirectoryError("EPOCH", "the directory has moved to another epoch: open it again");
  if (view.getUint32(8) !== bits * 2 ** 24 || view.getUint32(12) !== bucket) throw malformed(code);
  return view;
}

/**
 * @param {DataView} view
 * @param {number} at
 */
function versionAt(view, at) {
  const version = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  if (!Number.isSafeInteger(version)) throw malformed("TAGS");
  return version;
}

/**
 * A tag as a number, to compare.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
const valueAt = (bytes, at) =>
  bytes[at] * 2 ** 32 + (((bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]) >>> 0);

/** @param {Uint8Array} tags */
function sorted(tags) {
  for (let at = TAG; at < tags.length; at += TAG) {
    if (valueAt(tags, at - TAG) > valueAt(tags, at)) throw malformed("TAGS");
  }
}

/**
 * tags + gained − lost, all sorted, each tag as often as it is.
 * @param {Uint8Array} tags
 * @param {Uint8Array} gained
 * @param {Uint8Array} lost
 * @returns {Uint8Array | null} null where a lost tag is not there
 */
function merge(tags, gained, lost) {
  const length = tags.length + gained.length - lost.length;
  if (length < 0) return null;
  const merged = new Uint8Array(length);
  let [a, b, l, at] = [0, 0, 0, 0];
  while (a < tags.length || b < gained.length) {
    const old = b === gained.length || (a < tags.length && valueAt(tags, a) <= valueAt(gained, b));
    const from = old ? tags : gained;
    const start = old ? a : b;
    if (old) a += TAG;
    else b += TAG;
    if (l < lost.length && valueAt(lost, l) === valueAt(from, start)) {
      l += TAG;
      continue;
    }
    if (at === length) return null;
    merged.set(from.subarray(start, start + TAG), at);
    at += TAG;
  }
  return l === lost.length ? merged : null;
}

/** @param {"TAGS" | "RECORD"} code */
const malformed = (code) => new DirectoryError(code, `the directory's file of ${code === "TAGS" ? "tags" : "records"} is malformed`);
