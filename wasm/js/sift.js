// Which of somebody's numbers are worth looking for; package wasm/contacts/sift
// says why, and tests/vectors/sift.json holds both to the same answers.

import { InputError } from "./errors.js";
import { TYPES } from "./numbers.js";

/** @typedef {import("./contacts.js").Reason} Reason */

/** @type {readonly Reason[]} */
export const usualDrop = Object.freeze(/** @type {const} */ (["IMPOSSIBLE", "LOCAL_ONLY", "INVALID", "PREMIUM_RATE", "SHARED_COST", "VOICEMAIL"]));

/** What a caller may choose; the rest is never kept. @type {ReadonlySet<string>} */
const CHOICES = new Set(["IMPOSSIBLE", "LOCAL_ONLY", "INVALID", ...TYPES.slice(1)]);

/**
 * @param {import("./index.js").Sealbook} sealbook
 * @param {(text: string, region: string) => "EMERGENCY" | "SHORT" | null} shortNumber
 * @param {readonly string[]} texts
 * @param {import("./contacts.js").SiftOptions} options
 * @returns {import("./contacts.js").Sifted[]}
 */
export function sift(sealbook, shortNumber, texts, { region = "", drop = usualDrop }) {
  const dropped = new Set(drop);
  for (const reason of dropped) if (!CHOICES.has(reason)) throw new InputError("OPTION", "drop has what is no reason to choose");
  return sealbook.parseAll(texts, { region }).map((number, i) => {
    const text = texts[i];
    const short = region === "" || typeof text !== "string" ? null : shortNumber(text, region);
    if (short !== null) return { text, e164: null, reason: short, number };
    if (number.error !== null) return { text, e164: null, reason: number.error, number };
    const reason = reasonOf(number);
    return { text, e164: number.e164, reason: dropped.has(reason) ? reason : null, number };
  });
}

/** The reason there may be to drop a number. @param {import("./index.js").PhoneNumber} number @returns {Reason} */
function reasonOf({ valid, type, possibility }) {
  if (valid) return /** @type {Reason} */ (type);
  if (possibility === "IS_POSSIBLE") return "INVALID";
  return possibility === "IS_POSSIBLE_LOCAL_ONLY" ? "LOCAL_ONLY" : "IMPOSSIBLE";
}
