// What can go wrong between a client and a directory.

import { text } from "../bytes.js";
import { SealbookError } from "../error.js";
import { TrustError } from "../trust/trust.js";

/** @typedef {import("./discover.js").DirectoryErrorCode} Code */
/** @typedef {import("./discover.js").Problem} Problem */
/** @typedef {{ cause?: unknown, problem?: Problem, retryAt?: Date, account?: import("./discover.js").Account, renewal?: import("./discover.js").Registration, evidence?: readonly string[] }} More */

export class DirectoryError extends SealbookError {
  /**
   * @param {Code} code
   * @param {string} message
   * @param {More} [more]
   */
  constructor(code, message, { cause, problem, retryAt, account, renewal, evidence } = {}) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.name = "DirectoryError";
    /** @readonly @type {Code} */
    this.code = code;
    /** @readonly */
    this.problem = problem ?? null;
    /** @readonly */
    this.retryAt = retryAt ?? null;
    /** @readonly */
    this.account = account ?? null;
    /** @readonly */
    this.renewal = renewal ?? null;
    /** @readonly */
    this.evidence = Object.freeze([...evidence ?? []]);
  }

  /**
   * The same error with evidence, unless it has some.
   * @param {readonly string[]} evidence
   */
  with(evidence) {
    if (this.evidence.length > 0) return this;
    const { code, message, cause, problem, retryAt, account, renewal } = this;
    return new DirectoryError(code, message, { cause, problem: problem ?? undefined, retryAt: retryAt ?? undefined, account: account ?? undefined, renewal: renewal ?? undefined, evidence });
  }
}

/**
 * Codes of package trust, as callers of a client get them.
 * @type {Readonly<Record<import("../trust/trust.js").TrustCode, Code>>}
 */
export const CODES = Object.freeze({
  FORMAT: "NOTE", SIGNATURE: "NOTE", WITNESS: "NOTE", ROLLBACK: "ROLLBACK", CONSISTENCY: "CONSISTENCY",
  INCLUSION: "INCLUSION", RULES: "RULES", STALE: "STALE", CLOCK: "CLOCK", FILE: "RECORD",
});

/**
 * Runs a check of package trust; what it throws is a client's error.
 * @template T
 * @param {() => T | PromiseLike<T>} check
 * @param {(code: Code) => readonly string[]} evidence
 * @returns {Promise<T>}
 */
export async function trusted(check, evidence) {
  try {
    return await check();
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    const code = CODES[cause.code];
    throw new DirectoryError(code, `the directory's log: ${cause.message}`, { cause, evidence: evidence(code) });
  }
}

/**
 * The error for an answer that is not the one hoped for. The directory's own
 * words are left out: nobody knows what it writes into them.
 * @param {number} status
 * @param {Headers} headers
 * @param {Uint8Array} body
 */
export function refused(status, headers, body) {
  const problem = read(status, body);
  const retryAt = retry(headers.get("retry-after"));
  const when = retryAt === undefined ? "" : `; try again at ${retryAt.toISOString()}`;
  if (problem.code === "budget_exceeded") {
    return new DirectoryError("BUDGET", `the directory evaluates no more for this account for now${when}`, { problem, retryAt });
  }
  const why = problem.code === null ? "" : ` (${problem.code})`;
  return new DirectoryError("PROBLEM", `the directory answered ${status}${why}${when}`, { problem, retryAt });
}

/** Whether a version's files are not there, or not any more. @param {unknown} error */
export const isGone = (error) => error instanceof DirectoryError && error.code === "PROBLEM" && [404, 410].includes(error.problem?.status ?? 0);

/**
 * @param {number} status
 * @param {Uint8Array} body
 * @returns {Problem}
 */
function read(status, body) {
  let given;
  try {
    given = JSON.parse(text(body));
  } catch {
    // A gateway in between may answer with a page.
  }
  const { code, index, available, tries_left } = typeof given === "object" && given !== null ? given : {};
  return {
    status,
    code: typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? code : null,
    ...count("index", index),
    ...count("available", available),
    ...count("triesLeft", tries_left),
  };
}

/**
 * @param {string} name
 * @param {unknown} value
 */
const count = (name, value) => (Number.isSafeInteger(value) ? { [name]: value } : {});

/** @param {string | null} header seconds, or a date */
function retry(header) {
  if (header === null) return undefined;
  const time = /^\d{1,9}$/.test(header) ? Date.now() + 1000 * Number(header) : Date.parse(header);
  return Number.isNaN(time) ? undefined : new Date(time);
}
