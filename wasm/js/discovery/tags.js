// The file of tags, "SBT2": header, then the tags sorted, equal ones kept, as
// integers of 40 bits; each difference to the one before (the first: to 0) in
// Golomb–Rice code. A difference is a quotient by 2^k in unary (ones, then a
// zero) and k low bits, most significant bit first; zeros fill the last byte.
// A tag is a number here, which holds 40 bits exactly.

import { HEADER, needed, readHeader, writeHeader } from "./header.js";

/** Bytes of a tag. */
export const TAG = 5;
const LIMIT = 2 ** 40;

/** @param {number} count k of so many tags */
const rice = (count) => (count === 0 ? 0 : 40 - (32 - Math.clz32(count)));

/** Bytes of the longest file of so many tags. @param {number} count */
export const mostBytes = (count) => HEADER + Math.ceil((count * (rice(count) + 3)) / 8);

/** The tags of one version. */
export class Tags {
  /**
   * @param {{ epoch: number, bits: number, bucket: number, version: number }} of
   * @param {Float64Array} list sorted
   */
  constructor({ epoch, bits, bucket, version }, list) {
    this.epoch = epoch;
    this.bits = bits;
    this.bucket = bucket;
    this.version = version;
    this.list = list;
  }

  /**
   * Reads what `write` writes, and nothing else.
   * @param {Uint8Array} file
   * @returns {Tags}
   * @throws {import("./problem.js").DirectoryError} TAGS
   */
  static read(file) {
    const header = readHeader(file, "SBT2");
    const { count, k } = header;
    const bits = 8 * (file.length - HEADER);
    // Before any memory is taken: each tag has k + 1 bits at least.
    needed(k === rice(count) && bits >= count * (k + 1), "TAGS");
    return new Tags(header, decode(file, count, k));
  }

  get count() {
    return this.list.length;
  }

  /** The file of these tags. */
  write() {
    const { epoch, bits, bucket, version, count, list } = this;
    const k = rice(count);
    const file = new Uint8Array(mostBytes(count));
    writeHeader({ epoch, bits, bucket, version, count, k }, "SBT2", file);
    return file.subarray(0, encode(list, k, file));
  }

  /**
   * Where a tag is: positions from ≤ i < to.
   * @param {number} tag
   */
  find(tag) {
    const from = lowerBound(this.list, tag);
    let to = from;
    while (to < this.count && this.list[to] === tag) to++;
    return { from, to };
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} [at]
 * @returns {number}
 */
export const tagAt = (bytes, at = 0) =>
  bytes[at] * 2 ** 32 + (((bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]) >>> 0);

/**
 * The first position whose tag is not below one.
 * @param {Float64Array} list
 * @param {number} tag
 */
export function lowerBound(list, tag) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < tag) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {Uint8Array} file
 * @param {number} count
 * @param {number} k
 */
function decode(file, count, k) {
  // Zeros behind the end, so that looking ahead needs no check.
  const bytes = new Uint8Array(file.length + 8);
  bytes.set(file);
  const end = 8 * file.length;
  /** The 32 bits from a place on. @param {number} at */
  const peek = (at) => {
    const [i, shift] = [at >>> 3, at & 7];
    const word = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
    return shift === 0 ? word : (word << shift) | (bytes[i + 4] >>> (8 - shift));
  };
  const list = new Float64Array(count);
  const step = 2 ** k;
  const high = Math.max(0, k - 24);
  const low = k - high;
  let at = 8 * HEADER;
  let tag = 0;
  for (let n = 0; n < count; n++) {
    let word = peek(at);
    let ones = Math.clz32(~word);
    if (ones + 1 + k <= 32 && k > 0) {
      // Nearly always: both parts are in one word.
      tag += ones * step + ((word << (ones + 1)) >>> (32 - k));
      at += ones + 1 + k;
      needed(tag < LIMIT && at <= end, "TAGS");
      list[n] = tag;
      continue;
    }
    while (ones === 32) {
      tag += 32 * step;
      at += 32;
      needed(tag < LIMIT && at <= end, "TAGS");
      word = peek(at);
      ones = Math.clz32(~word);
    }
    tag += ones * step;
    at += ones + 1;
    needed(tag < LIMIT, "TAGS");
    if (high > 0) {
      tag += (peek(at) >>> (32 - high)) * 2 ** low;
      at += high;
    }
    if (low > 0) tag += peek(at) >>> (32 - low);
    at += low;
    needed(tag < LIMIT && at <= end, "TAGS");
    list[n] = tag;
  }
  const left = end - at;
  needed(left < 8 && (left === 0 || (file[file.length - 1] & ((1 << left) - 1)) === 0), "TAGS");
  return list;
}

/**
 * @param {Float64Array} list
 * @param {number} k
 * @param {Uint8Array} file
 * @returns {number} where it ends
 */
function encode(list, k, file) {
  const step = 2 ** k;
  const low = Math.min(k, 24);
  const base = 2 ** low;
  let [at, bits, held, last] = [HEADER, 0, 0, 0];
  /** @param {number} value @param {number} n 0–24 */
  const put = (value, n) => {
    held = (held << n) | value;
    bits += n;
    while (bits >= 8) {
      bits -= 8;
      file[at++] = held >>> bits;
    }
    held &= (1 << bits) - 1;
  };
  for (const tag of list) {
    const difference = tag - last;
    last = tag;
    let ones = Math.floor(difference / step);
    let rest = difference - ones * step;
    if (ones + 1 + k <= 24) {
      put((2 ** (ones + 1) - 2) * step + rest, ones + 1 + k);
      continue;
    }
    for (; ones > 16; ones -= 16) put(0xffff, 16);
    put(2 ** (ones + 1) - 2, ones + 1);
    if (k > 24) {
      const top = Math.floor(rest / base);
      put(top, k - 24);
      rest -= top * base;
    }
    put(rest, low);
  }
  if (bits > 0) file[at++] = held << (8 - bits);
  return at;
}
