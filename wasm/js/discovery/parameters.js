// What a directory says about itself, in a note that it signed. A client takes
// no parameter that could narrow what it hides: sizes of batches are those of
// the protocol, there is one list for everybody, and the rest has floors.

import { fromBase64url, hex, sha256, utf8 } from "../bytes.js";
import { instant } from "../trust/trust.js";
import { canonical, hasFields, openStatement, readKey } from "./note.js";
import { DirectoryError } from "./problem.js";

/** @typedef {import("./discover.js").Parameters} Parameters */

const FIELDS = ["protocol", "name", "epoch", "public_key", "bucket_bits", "consent", "limits", "scopes", "log", "time"];
const LIMITS = ["batch", "batches", "budget", "refill_per_day", "code_digits", "code_tries", "code_seconds", "sends_per_hour", "block"];
const SCOPES = ["search", "discoverable"];

/** Sizes that batches are filled up to. */
export const SIZES = Object.freeze([8, 64, 256, 1024]);
/** Records that are read together. */
export const BLOCK = 256;

/**
 * What was read, and what a client needs of it: `sha256` as the log's leaves
 * name it, the key of that log, and the note itself.
 * @typedef {{ parameters: Parameters, sha256: string, log: import("../trust/note.js").Verifier, note: string }} Read
 */

/**
 * @param {import("../trust/note.js").Verifier} verifier
 * @param {unknown} note
 * @returns {Promise<Read>}
 * @throws {DirectoryError} NOTE, PROTOCOL
 */
export async function readParameters(verifier, note) {
  const given = await openStatement(verifier, "sealbook directory v2", note, FIELDS);
  const text = String(note);
  if (given.protocol !== 2) throw new DirectoryError("PROTOCOL", "the directory speaks another version of the protocol", { evidence: [text] });
  const publicKey = fromBase64url(given.public_key, 32);
  const { name, epoch, bucket_bits: bits, consent, limits, scopes, time } = given;
  const right =
    name === verifier.name &&
    publicKey !== null &&
    within(epoch, 0, 2 ** 32 - 1) &&
    bits === 0 &&
    hasFields(consent, ["text", "sha256"]) && typeof consent.text === "string" &&
    isTime(time) &&
    Array.isArray(scopes) && scopes.length > 0 && scopes.join() === inOrder(scopes).join() &&
    hasFields(limits, LIMITS) &&
    limits.batch === 1024 && Array.isArray(limits.batches) && limits.batches.join() === SIZES.join() && limits.block === BLOCK &&
    within(limits.budget, 1024, 1 << 20) && within(limits.refill_per_day, 1, 1 << 20) &&
    within(limits.code_digits, 8, 12) && within(limits.code_tries, 1, 10) && within(limits.code_seconds, 60, 3600) && within(limits.sends_per_hour, 1, 60);
  if (!right) throw new DirectoryError("NOTE", "the directory's parameters are malformed, or would hide less than the protocol", { evidence: [text] });
  const hash = hex(await sha256(utf8(consent.text)));
  if (consent.sha256 !== hash) throw new DirectoryError("NOTE", "the directory's consent text is not that of its hash", { evidence: [text] });
  const { time: _, ...lasting } = given;
  return {
    note: text,
    sha256: hex(await sha256(utf8(canonical(lasting)))),
    log: await readKey(given.log, `${name}/v2/log`).catch((cause) => {
      throw cause.code === "CRYPTO" ? cause : new DirectoryError("NOTE", "the key of the directory's log is none", { cause, evidence: [text] });
    }),
    parameters: Object.freeze({
      name, epoch, publicKey, time,
      consent: Object.freeze({ text: consent.text, sha256: hash }),
      scopes: Object.freeze([...scopes]),
      limits: Object.freeze({
        budget: limits.budget,
        refillPerDay: limits.refill_per_day,
        codeDigits: limits.code_digits,
        codeTries: limits.code_tries,
        codeSeconds: limits.code_seconds,
        sendsPerHour: limits.sends_per_hour,
      }),
    }),
  };
}

/**
 * @param {unknown} n
 * @param {number} least
 * @param {number} [most]
 */
export const within = (n, least, most = Number.MAX_SAFE_INTEGER) => Number.isSafeInteger(n) && Number(n) >= least && Number(n) <= most;

/** RFC 3339, UTC, seconds. @param {unknown} time */
export const isTime = (time) => !Number.isNaN(instant(time));

/**
 * Scopes in the order in which notes have them, each once.
 * @param {readonly string[]} scopes
 */
export const inOrder = (scopes) => SCOPES.filter((scope) => scopes.includes(scope));
