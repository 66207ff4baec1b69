// What makes a directory show the same to everybody: package trust in Go, whose
// codes these are, and whose files have the same names. Nothing here sends
// anything or looks at a clock.

import { SealbookError } from "../error.js";

/**
 * FORMAT: not in the one form that it may have. SIGNATURE: not by the key.
 * WITNESS: too few cosignatures. ROLLBACK: the log has fewer entries than it
 * had. CONSISTENCY: it was forked. INCLUSION: not in the log, or not what it
 * commits to. RULES: a leaf that may not be. STALE, CLOCK: too old, of the
 * future. FILE: a block of records is another.
 * @typedef {"FORMAT" | "SIGNATURE" | "WITNESS" | "ROLLBACK" | "CONSISTENCY" | "INCLUSION" | "RULES" | "STALE" | "CLOCK" | "FILE"} TrustCode
 */

export class TrustError extends SealbookError {
  /**
   * @param {TrustCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(code, message);
    this.name = "TrustError";
    /** @readonly @type {TrustCode} */
    this.code = code;
  }
}

/**
 * Throws unless something holds.
 * @param {unknown} holds
 * @param {TrustCode} code
 * @param {string} message
 * @returns {asserts holds}
 */
export function need(holds, code, message) {
  if (!holds) throw new TrustError(code, message);
}

/** Most that an integer in a text may be: what every client holds exactly. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * @param {string} text
 * @returns {number} NaN for what is not a decimal in its one form
 */
export function integer(text) {
  const n = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  return n <= MOST ? n : NaN;
}

/**
 * RFC 3339, UTC, seconds.
 * @param {unknown} text
 * @returns {number} milliseconds, NaN for another form
 */
export function instant(text) {
  if (typeof text !== "string" || !/^\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z$/.test(text)) return NaN;
  const time = Date.parse(text);
  // Some engines read the 30th of February as a day of March.
  return new Date(time || 0).toISOString() === text.replace("Z", ".000Z") ? time : NaN;
}
