// Which of somebody's numbers are worth looking for; package wasm/contacts/sift
// says why, and tests/vectors/sift.json holds both to the same answers.

import { InputError } from "./errors.js";
import { readField } from "./fields.js";
import { TYPES } from "./numbers.js";

/** @typedef {import("./contacts.js").Reason} Reason */

/** @type {readonly Reason[]} */
export const usualDrop = Object.freeze(/** @type {const} */ (["IMPOSSIBLE", "LOCAL_ONLY", "INVALID", "PREMIUM_RATE", "SHARED_COST", "VOICEMAIL"]));

/** What a caller may choose; the rest is never kept. @type {ReadonlySet<string>} */
const CHOICES = new Set(["IMPOSSIBLE", "LOCAL_ONLY", "INVALID", ...TYPES.slice(1)]);

/**
 * A field that is written as numbers should be: there is nothing to weigh. Package
 * field in Go takes the same way.
 */
const PLAIN = /^(?:\+[1-9]|0[1-9])[0-9 ]{3,22}$/;

/**
 * @param {import("./fields.js").Session & { short(text: string, region: string): "EMERGENCY" | "SHORT" | null }} session
 * @param {import("./index.js").Sealbook} sealbook
 * @param {readonly (string | { text: string, country?: string })[]} fields
 * @param {import("./contacts.js").SiftOptions} options
 * @returns {import("./contacts.js").Sifted[]}
 */
export function sift(session, sealbook, fields, { region = "", habit = "ANY", drop = usualDrop }) {
  const dropped = new Set(drop);
  for (const reason of dropped) if (!CHOICES.has(reason)) throw new InputError("OPTION", "drop has what is no reason to choose");
  const texts = Array.isArray(fields) ? fields.map((field) => (typeof field === "object" && field !== null ? field.text : field)) : fields;
  /** @type {import("./contacts.js").Sifted[]} */
  const out = [];
  for (const [index, number] of sealbook.parseAll(/** @type {string[]} */ (texts), { region }).entries()) {
    const text = texts[index];
    /** @type {(n: import("./index.js").PhoneNumber, repairs?: readonly import("./contacts.js").Repair[]) => void} */
    const take = (n, repairs = []) => {
      const reason = reasonOf(n);
      out.push({ text, index, e164: n.e164, reason: dropped.has(reason) ? reason : null, number: n, repairs });
    };
    if (typeof text !== "string") {
      out.push({ text, index, e164: null, reason: "NOT_A_NUMBER", number, repairs: [] });
      continue;
    }
    const short = region === "" ? null : session.short(text, region);
    if (short !== null) {
      out.push({ text, index, e164: null, reason: short, number, repairs: [] });
      continue;
    }
    const country = /** @type {{ country?: string }} */ (fields[index]).country ?? "";
    if (number.error === null && number.valid && PLAIN.test(text) && (country === "" || country === region) && !doubled(number)) {
      take(number);
      continue;
    }
    const { numbers, error } = readField(session, sealbook, text, { region, country, habit });
    if (error !== null) out.push({ text, index, e164: null, reason: error, number: number.error === null ? sealbook.tryParse("") : number, repairs: [] });
    for (const { e164, repairs } of numbers) {
      const found = sealbook.tryParse(e164);
      if (found.error === null) take(found, repairs);
    }
  }
  return out;
}

/** Whether the calling code may stand there twice. @param {import("./index.js").PhoneNumber} number */
const doubled = ({ e164, callingCode }) => e164.startsWith(`+${callingCode}${callingCode}`) || e164.startsWith("+8");

/** The reason there may be to drop a number. @param {import("./index.js").PhoneNumber} number @returns {Reason} */
function reasonOf({ valid, type, possibility }) {
  if (valid) return /** @type {Reason} */ (type);
  if (possibility === "IS_POSSIBLE") return "INVALID";
  return possibility === "IS_POSSIBLE_LOCAL_ONLY" ? "LOCAL_ONLY" : "IMPOSSIBLE";
}
