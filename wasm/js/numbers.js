// The core's records as what callers see: PhoneNumber and Failure.

import { EXTENSION, FORMATS, SINGLE } from "./core.js";

/** @typedef {import("./core.js").Core} Core */
/** @typedef {import("./index.js").NumberErrorCode} NumberErrorCode */
/** @typedef {import("./index.js").PhoneNumber} PhoneNumber */

/** By number.Code. @type {readonly NumberErrorCode[]} */
export const CODES = [
  /** @type {never} */ ("OK"), "INVALID_COUNTRY_CODE", "NOT_A_NUMBER", "TOO_SHORT_AFTER_IDD", "TOO_SHORT_NSN", "TOO_LONG",
];

/** By number.Type. @type {readonly import("./index.js").NumberType[]} */
export const TYPES = [
  "UNKNOWN", "FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE", "TOLL_FREE", "PREMIUM_RATE",
  "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL",
];

/** By number.Possibility. @type {readonly import("./index.js").Possibility[]} */
const POSSIBILITIES = [
  "IS_POSSIBLE", "IS_POSSIBLE_LOCAL_ONLY", "INVALID_COUNTRY_CODE", "TOO_SHORT", "INVALID_LENGTH", "TOO_LONG",
];

/**
 * One frozen object for each code: a batch of bad lines makes no garbage.
 * @type {readonly import("./index.js").Failure[]}
 */
export const FAILURES = CODES.map((error) => failure(error));

/** For validOnly. */
export const INVALID = failure("INVALID");
/** For an item of a batch whose own region is none. */
export const REGION = failure("REGION");

/** @template {string} E @param {E} error @returns {Omit<import("./index.js").Failure, "error"> & { readonly error: E }} */
function failure(error) {
  return Object.freeze({
    error, e164: null, callingCode: null, extension: null, region: null, type: null,
    valid: /** @type {const} */ (false), possible: /** @type {const} */ (false), possibility: null,
  });
}

/** The bit of a record that says that its number is valid. */
export const VALID = 1;

export const TOO_LONG = CODES.indexOf("TOO_LONG");

const chars = String.fromCharCode;

/**
 * The E.164 text of the record at r[at]. For the usual lengths one call with
 * all characters makes a flat string in a fraction of what TextDecoder takes,
 * and the string keeps nothing else alive.
 * @param {Uint8Array} r
 * @param {number} at
 */
export function e164(r, at) {
  const p = at + 8;
  switch (r[at + 7]) {
    case 10: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9]);
    case 11: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9], r[p+10]);
    case 12: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9], r[p+10], r[p+11]);
    case 13: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9], r[p+10], r[p+11], r[p+12]);
    case 14: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9], r[p+10], r[p+11], r[p+12], r[p+13]);
    case 15: return chars(43, r[p+1], r[p+2], r[p+3], r[p+4], r[p+5], r[p+6], r[p+7], r[p+8], r[p+9], r[p+10], r[p+11], r[p+12], r[p+13], r[p+14]);
    default: return chars.apply(null, /** @type {number[]} */ (/** @type {unknown} */ (r.subarray(p, p + r[at + 7]))));
  }
}

/** Region letters by their three bytes. @type {Map<number, string>} */
const regions = new Map();

/**
 * @param {Uint8Array} r
 * @param {number} at
 */
function region(r, at) {
  const packed = r[at + 4] | (r[at + 5] << 8) | (r[at + 6] << 16);
  let letters = regions.get(packed);
  if (letters === undefined) {
    letters = chars(r[at + 4], r[at + 5], r[at + 6]).replace("\0", "");
    regions.set(packed, letters);
  }
  return letters;
}

/** @implements {PhoneNumber} */
export class Phone {
  // Digests are worked out from what was read, not from E.164: reading E.164
  // again can give another number where a text was odd.
  #core;
  #text;
  #home;
  /** @readonly @type {null} */
  error = null;

  /**
   * @param {Core} core whose record was made with INFO
   * @param {number} at where it begins
   * @param {string} text
   * @param {string | undefined} home its default region
   */
  constructor(core, at, text, home) {
    const r = core.records;
    this.#core = core;
    this.#text = text;
    this.#home = home;
    const flags = r[at + 1];
    this.e164 = e164(r, at);
    this.callingCode = r[at + 30] | (r[at + 31] << 8);
    this.extension = "";
    this.region = flags & 4 ? region(r, at) : null;
    this.type = TYPES[r[at + 2]];
    this.valid = (flags & VALID) !== 0;
    this.possible = r[at + 3] <= 1;
    this.possibility = POSSIBILITIES[r[at + 3]];
  }

  /**
   * Fills in the extension, which records do not hold. It calls the core, so
   * it comes after all records of a batch were read.
   * @param {number} digits
   */
  readExtension(digits) {
    reparse(this.#core, this.#text, this.#home, FORMATS.E164 | EXTENSION);
    this.extension = this.#core.line().slice(-digits);
  }

  /**
   * Makes it the core's only number.
   * @param {Core} core
   * @param {number} mode
   */
  load(core, mode) {
    reparse(core, this.#text, this.#home, mode);
  }

  toString() {
    return this.e164;
  }
}

/**
 * @param {Core} core
 * @param {string} text
 * @param {string | undefined} home
 * @param {number} mode
 */
function reparse(core, text, home, mode) {
  core.exports.parse(core.write(text), core.region(home), mode | SINGLE);
}
