// The core's functions and buffers. Package batch in wasm/batch says what each
// call does and how the bytes lie; the numbers here are those of that package.

import { noRegion, refusal } from "./errors.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

export const INPUT_SIZE = 256 << 10;
export const MAX_ITEMS = 8192;
export const RECORD_SIZE = 32;
const TEXT_SIZE = 512 << 10;
/**
 * Texts of more UTF-16 units are TOO_LONG and stay outside. The limit is 250;
 * those in between the core judges, so that it also holds for a line with a
 * region before the text.
 */
export const MAX_UNITS = 300;

export const INFO = 1;
export const SINGLE = 2;
export const REGION_PER_LINE = 4;
export const EXTENSION = 256;

/**
 * Numbers of the formats that the core writes, already in the bits of a mode.
 * @type {Readonly<Record<import("./index.js").PlainFormat, number>>}
 */
export const FORMATS = { E164: 1 << 4, DIGITS: 5 << 4, DIALLED: 6 << 4, SIGNIFICANT: 8 << 4 };

/** @satisfies {import("./module.js").Kind} */
export const KIND = {
  name: "the core",
  abi: 2,
  functions: ["about", "records", "text", "parse", "recipe", "digest", "hash"],
};

/**
 * The first bytes as text, if they are ASCII. Chromium's TextDecoder takes a
 * microsecond for a short text, this a tenth of it.
 * @param {Uint8Array} b
 * @param {number} length
 * @returns {string | null}
 */
function ascii(b, length) {
  let all = 0;
  for (let i = 0; i < length; i++) all |= b[i];
  if (all > 0x7f) return null;
  let text = "";
  let i = 0;
  for (; length - i >= 16; i += 16) {
    text += chars(b[i], b[i+1], b[i+2], b[i+3], b[i+4], b[i+5], b[i+6], b[i+7],
      b[i+8], b[i+9], b[i+10], b[i+11], b[i+12], b[i+13], b[i+14], b[i+15]);
  }
  for (; i < length; i++) text += chars(b[i]);
  return text;
}

const chars = String.fromCharCode;

/** Bytes of text decoded at once. */
const WINDOW = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * @typedef {import("./module.js").Exports & {
 *   about(): number, records(): number,
 *   parse(length: number, region: number, mode: number): number,
 *   recipe(length: number): number,
 *   digest(recipe: number, first: number): number,
 *   hash(length: number, recipe: number, mode: number): number,
 * }} Exports
 */

/** @typedef {{ metadataVersion: string, callingCodes: Map<string, number>, regions: readonly string[], recipes: readonly import("./index.js").RecipeFacts[] }} About */

export class Core {
  /** @type {About | undefined} */
  #about;
  /** The region packed last; callers mostly repeat it. */
  #region = "";
  #packed = 0;

  /** @param {Exports} exports */
  constructor(exports) {
    this.exports = exports;
    const { buffer } = exports.memory;
    this.input = new Uint8Array(buffer, exports.input(), INPUT_SIZE);
    this.records = new Uint8Array(buffer, exports.records(), MAX_ITEMS * RECORD_SIZE);
    this.text = new Uint8Array(buffer, exports.text(), TEXT_SIZE);
    /** items handled, bytes consumed, bytes written, upper half of a 64-bit answer */
    this.status = new Uint32Array(buffer, exports.status(), 4);
  }

  /**
   * Writes a text of at most {@link MAX_UNITS} units, which always fits, and
   * answers its length in bytes. Most are short and ASCII: for those a loop is
   * quicker than encodeInto.
   * @param {string} text
   */
  write(text) {
    const { input } = this;
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return encoder.encodeInto(text, input).written;
      input[i] = unit;
    }
    return length;
  }

  /**
   * Writes a text of any length.
   * @param {string} text
   * @throws {InputError} if it does not fit
   */
  writeAll(text) {
    const { read, written } = encoder.encodeInto(text, this.input);
    if (read < text.length) throw refusal(-1);
    return written;
  }

  /**
   * Writes texts as lines; a text may hold line feeds of its own, which the
   * caller notices by the number of lines. Answers -1 if they do not fit.
   * @param {readonly string[]} texts
   */
  writeLines(texts) {
    const joined = texts.join("\n");
    const { read, written } = encoder.encodeInto(joined, this.input);
    if (read < joined.length || written === INPUT_SIZE) return -1;
    this.input[written] = 10; // so that an empty last text is a line too
    return written + 1;
  }

  /**
   * The text that the core wrote, from byte `from` to byte `to`.
   * @param {number} from
   * @param {number} to
   */
  read(from, to) {
    return decoder.decode(this.text.subarray(from, to));
  }

  /**
   * Digests of the first `count` records of the last parse, to answers[to…];
   * "" where a record has an error.
   * @param {number} handle
   * @param {number} count
   * @param {unknown[]} answers
   * @param {number} to
   */
  digests(handle, count, answers, to) {
    for (let first = 0; first < count; ) {
      const done = this.exports.digest(handle, first);
      if (done <= 0) throw refusal(done);
      this.lines(answers, to + first);
      first += done;
    }
  }

  /**
   * Puts the lines that the core wrote into answers[to…]. Strings cut from a
   * larger one keep it alive, so they are cut from windows of some kilobytes:
   * one digest that a caller keeps must not keep half a megabyte.
   * @param {unknown[]} answers
   * @param {number} to
   */
  lines(answers, to) {
    const { text } = this;
    const written = this.status[2];
    for (let from = 0; from < written; ) {
      let end = Math.min(from + WINDOW, written);
      while (text[end - 1] !== 10 && end < written) end++;
      const window = this.read(from, end);
      for (let at = 0; at < window.length; to++) {
        const next = window.indexOf("\n", at);
        answers[to] = window.slice(at, next);
        at = next + 1;
      }
      from = end;
    }
  }

  /** The line written by a call for a single item. */
  line() {
    const length = this.status[2] - 1;
    return (length <= 128 ? ascii(this.text, length) : null) ?? this.read(0, length);
  }

  /**
   * A region as the core takes it: its letters, the first in the lowest byte.
   * @param {string | undefined} region
   */
  region(region) {
    if (region !== this.#region) {
      this.#packed = packRegion(region);
      this.#region = region ?? "";
    }
    return this.#packed;
  }

  /**
   * Reports whether a text names a region, if only one of which no number is
   * known: Antarctica and those that stand for none. The core says it by reading
   * digits there, which loses the last parse, and is quicker than listing all.
   * @param {string} region
   */
  knows(region) {
    if (!/^[A-Z]{2}$/.test(region)) return region === "" || region === "001";
    this.exports.parse(this.write("22"), this.region(region), SINGLE);
    return this.records[0] !== 1 || /AQ|XX|ZZ/.test(region); // 1 is INVALID_COUNTRY_CODE
  }

  /** What is built in; asked for when needed, for loading is to be quick. It overwrites the text. */
  built() {
    return (this.#about ??= this.#read());
  }

  /** @returns {About} */
  #read() {
    this.exports.about();
    let metadataVersion = "";
    /** @type {Map<string, number>} */
    const callingCodes = new Map();
    /** @type {import("./index.js").RecipeFacts[]} */
    const recipes = [];
    for (const line of this.read(0, this.status[2]).split("\n")) {
      const [key, value, next, algorithm, encoding, bytes] = line.split("\t");
      if (key === "metadata") metadataVersion = value;
      else if (key === "region") callingCodes.set(value, Number(next));
      else if (key === "recipe") recipes.push(Object.freeze({
        id: value, form: /** @type {import("./index.js").Form} */ (next), algorithm, encoding,
        bytes: Number(bytes), computable: algorithm !== "unsupported",
      }));
    }
    return { metadataVersion, callingCodes, regions: Object.freeze([...callingCodes.keys()]), recipes: Object.freeze(recipes) };
  }
}

/**
 * @param {string | undefined} region
 * @throws {InputError}
 */
export function packRegion(region) {
  if (region === undefined || region === "" || region === null) return 0;
  if (typeof region !== "string" || !/^(?:[A-Z]{2}|[0-9]{3})$/.test(region)) throw noRegion(region);
  let packed = 0;
  for (let i = region.length - 1; i >= 0; i--) packed = (packed << 8) | region.charCodeAt(i);
  return packed;
}
