// What can go wrong between a client and a directory.

import { text } from "./bytes.js";
import { SealbookError } from "../errors.js";

/** @typedef {import("./discover.js").DirectoryErrorCode} Code */
/** @typedef {import("./discover.js").Problem} Problem */

export class DirectoryError extends SealbookError {
  /**
   * @param {Code} code
   * @param {string} message
   * @param {{ cause?: unknown, problem?: Problem, retryAt?: Date, confirmed?: import("./discover.js").Confirmed }} [more]
   */
  constructor(code, message, { cause, problem, retryAt, confirmed } = {}) {
    super(code, message, cause === undefined ? undefined : { cause });
    /** @readonly @type {Code} */
    this.code = code;
    /** @readonly */
    this.problem = problem ?? null;
    /** @readonly */
    this.retryAt = retryAt ?? null;
    /** @readonly */
    this.confirmed = confirmed ?? null;
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
