// What forms need: see form.d.ts.

import { AsYouType, digitOf } from "./as-you-type.js";
import { InputError, noRegion } from "./errors.js";

/** @typedef {import("./index.js").Sealbook} Sealbook */

/** What people put between digits. */
const PUNCTUATION = /^[-‐-―−ー－／\s\u00ad\u200b\u2060\u3000()（）［］.[\]/~⁓∼～\u200e\u200f\u202a-\u202e]$/;

/** @param {Sealbook} sealbook */
function need(sealbook) {
  if (typeof sealbook?.callingCode !== "function") throw new InputError("TYPE", "not what load answers");
  return sealbook;
}

/**
 * @param {Sealbook} sealbook
 * @param {string} [region]
 */
export function asYouType(sealbook, region = "") {
  const code = need(sealbook).callingCode(region);
  if (region !== "" && code === 0) throw noRegion(region);
  return new AsYouType(code);
}

/**
 * @param {Sealbook} sealbook
 * @param {string} text
 * @param {string} [region]
 * @param {number | null} [caretAt] null as an input's selectionStart may be
 */
export function formatInput(sealbook, text, region, caretAt) {
  const caret = caretAt ?? Infinity;
  if (typeof text !== "string") throw new InputError("TYPE", "a text must be a string");
  if (typeof caret !== "number") throw new InputError("TYPE", "a caret must be a number");
  const typing = asYouType(sealbook, region);
  const unchanged = { text, caret: Math.min(caret, text.length) };
  if (text.length > 250) return unchanged;
  let written = "";
  let taken = 0;
  let at = 0;
  /** @type {string[]} */
  const chars = [];
  for (const char of text) {
    const isDigit = digitOf(char) !== "";
    if (!isDigit && !PUNCTUATION.test(char) && !(chars.length === 0 && /^[+＋]$/.test(char))) return unchanged;
    if (isDigit || !PUNCTUATION.test(char)) {
      chars.push(isDigit ? char : "+");
      if (at < caret) taken = chars.length;
    }
    at += char.length;
  }
  chars.forEach((char, i) => {
    written = i + 1 === taken ? typing.inputDigitAndRememberPosition(char) : typing.inputDigit(char);
  });
  return { text: written, caret: caret >= text.length ? written.length : taken === 0 ? 0 : typing.getRememberedPosition() };
}

/**
 * @param {Sealbook} sealbook
 * @param {string | readonly string[]} [locales]
 */
export function listRegions(sealbook, locales) {
  const { regions } = need(sealbook);
  let names;
  let compare;
  try {
    const wanted = /** @type {string[]} */ (locales ?? []);
    names = new Intl.DisplayNames(wanted, { type: "region", fallback: "code" });
    ({ compare } = new Intl.Collator(wanted));
  } catch {
    throw new InputError("TYPE", "locales are language tags, such as \"de\"");
  }
  return regions
    .map((region) => ({ region, callingCode: sealbook.callingCode(region), name: names.of(region) ?? region }))
    .sort((a, b) => compare(a.name, b.name));
}

/** @type {Readonly<Record<import("./form.js").Problem, string>>} */
export const problems = Object.freeze({
  EMPTY: "Enter a phone number.",
  NOT_A_NUMBER: "This is not a phone number.",
  INVALID_COUNTRY_CODE: "Begin with + and the country's calling code, or choose a country.",
  TOO_SHORT_AFTER_IDD: "The number is too short.",
  TOO_SHORT_NSN: "The number is too short.",
  TOO_SHORT: "The number is too short.",
  TOO_LONG: "The number is too long.",
  INVALID_LENGTH: "The number has a wrong length.",
  IS_POSSIBLE_LOCAL_ONLY: "The area code is missing.",
  INVALID: "There is no such number.",
});

/** @param {import("./index.js").Result} result */
export function problem(result) {
  if (typeof result !== "object" || result === null) throw new InputError("TYPE", "not what tryParse answers");
  if (result.error !== null) return result.error;
  if (result.valid) return null;
  return result.possibility === "IS_POSSIBLE" ? "INVALID" : result.possibility;
}
