// What a directory says about itself, in a note that it signed.

import { fromBase64url, hex, utf8 } from "./bytes.js";
import { hasFields } from "./note.js";
import { DirectoryError } from "./problem.js";

/** @typedef {import("./discover.js").Parameters} Parameters */

export const FIELDS = ["protocol", "name", "epoch", "public_key", "bucket_bits", "version", "consent", "limits", "scopes", "time"];
const LIMITS = ["batch", "batches", "budget", "refill_per_day", "code_digits", "code_tries", "code_seconds", "sends_per_hour", "block"];
const SCOPES = ["search", "discoverable"];

/**
 * @param {Record<string, any>} given a verified note's content
 * @param {string} name of the key that verified it
 * @returns {Promise<Parameters>}
 * @throws {DirectoryError} NOTE, PROTOCOL
 */
export async function readParameters(given, name) {
  if (given.protocol !== 1) throw new DirectoryError("PROTOCOL", "the directory speaks another version of the protocol");
  const publicKey = fromBase64url(given.public_key, 32);
  const { epoch, bucket_bits: bucketBits, version, consent, limits, scopes, time } = given;
  const right =
    given.name === name &&
    publicKey !== null &&
    within(epoch, 0, 2 ** 32 - 1) &&
    within(bucketBits, 0, 32) &&
    within(version, 0) &&
    hasFields(consent, ["text", "sha256"]) && typeof consent.text === "string" &&
    isTime(time) &&
    Array.isArray(scopes) && scopes.length > 0 && scopes.join() === inOrder(scopes).join() &&
    hasFields(limits, LIMITS) &&
    within(limits.batch, 1, 1024) &&
    // Sizes that are close together would show how many contacts there are.
    Array.isArray(limits.batches) && limits.batches.length > 0 &&
    limits.batches.every((/** @type {unknown} */ n, /** @type {number} */ i) => within(n, 2 * (limits.batches[i - 1] ?? 4), limits.batch)) &&
    within(limits.block, 1, 1 << 16) &&
    within(limits.budget, 0) && within(limits.refill_per_day, 0) &&
    within(limits.code_digits, 4, 12) && within(limits.code_tries, 1) && within(limits.code_seconds, 1) && within(limits.sends_per_hour, 1);
  if (!right) throw new DirectoryError("NOTE", "the directory's parameters are malformed");
  const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(consent.text))));
  if (consent.sha256 !== hash) throw new DirectoryError("NOTE", "the directory's consent text is not that of its hash");
  return Object.freeze({
    name, epoch, publicKey, bucketBits, version, time,
    consent: Object.freeze({ text: consent.text, sha256: hash }),
    scopes: Object.freeze([...scopes]),
    limits: Object.freeze({
      batch: limits.batch,
      batches: Object.freeze([...limits.batches]),
      budget: limits.budget,
      refillPerDay: limits.refill_per_day,
      codeDigits: limits.code_digits,
      codeTries: limits.code_tries,
      codeSeconds: limits.code_seconds,
      sendsPerHour: limits.sends_per_hour,
      block: limits.block,
    }),
  });
}

/**
 * @param {unknown} n
 * @param {number} least
 * @param {number} [most]
 */
export const within = (n, least, most = Number.MAX_SAFE_INTEGER) => Number.isSafeInteger(n) && Number(n) >= least && Number(n) <= most;

/**
 * RFC 3339, UTC, seconds.
 * @param {unknown} time
 */
export function isTime(time) {
  if (typeof time !== "string" || !/^\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z$/.test(time)) return false;
  const date = new Date(time);
  // The 30th of February is read as a day of March.
  return !Number.isNaN(date.getTime()) && date.toISOString() === time.replace("Z", ".000Z");
}

/**
 * Scopes in the order in which notes have them, each once.
 * @param {readonly string[]} scopes
 */
export const inOrder = (scopes) => SCOPES.filter((scope) => scopes.includes(scope));
