// Formatting while somebody types: libphonenumber's AsYouTypeFormatter, method by
// method under the same names, so that it can be held against it. What it needs
// of a calling code is a line of plans.js, read when that code is typed.

import { InputError } from "./errors.js";
import { plans } from "./plans.js";

/**
 * @typedef {object} Format
 * @property {RegExp} whole the pattern of a whole national number
 * @property {string} pattern
 * @property {string} text with $1, $2 …
 * @property {number} flags as gen/plans.mjs has them
 * @property {RegExp[]} leading the more digits there are, the later one counts
 *
 * @typedef {object} Plan
 * @property {string} code calling code, "" for a region that is none
 * @property {RegExp} idd what numbers of another country begin with
 * @property {RegExp | null} prefix for parsing
 * @property {readonly Format[]} national
 * @property {readonly Format[]} international
 */

const SPACE = " ";
/** Stands for a digit in a template: a space as wide as one. */
const PLACEHOLDER = "\u2008";
const LONGEST = "999999999999999";

/** Lines of plans.js by calling code. @type {Map<string, string>} */
let lines;
/** Those that were read. @type {Map<string, Plan>} */
const known = new Map();

/** @param {string} text */
const digits = (text) => text.replaceAll("d", "\\d");

/** @param {string} text @returns {Format[]} */
const formats = (text) => (text === "" ? [] : text.split("~").map((format) => {
  const [pattern, written, flags, ...leading] = format.split("@");
  return {
    pattern, text: written, flags: Number(flags), whole: new RegExp(`^(?:${digits(pattern)})$`),
    leading: leading.map((start) => new RegExp(`^(?:${digits(start)})`)),
  };
}));

/** @param {string} code @returns {Plan} */
function planOf(code) {
  let plan = known.get(code);
  if (plan === undefined) {
    lines ??= new Map(plans.split("\n").map((line) => [line.slice(0, line.indexOf("!")), line]));
    const [, idd = "", prefix = "", national = "", international = ""] = (lines.get(code) ?? "").split("!");
    plan = {
      code, idd: new RegExp(`^(?:\\+|${digits(idd) || "NA"})`), prefix: prefix === "" ? null : new RegExp(`^(?:${digits(prefix)})`),
      national: formats(national), international: formats(international),
    };
    known.set(code, plan);
  }
  return plan;
}

/** The calling code that digits begin with, "" for none. @param {string} number */
function codeOf(number) {
  planOf("");
  for (let n = 1; n <= 3; n++) if (number[0] !== "0" && n <= number.length && lines.has(number.slice(0, n))) return number.slice(0, n);
  return "";
}

/** The value of a decimal digit of any script, "" for anything else. @param {string} char */
export function digitOf(char) {
  if (/^[0-9]$/.test(char)) return char;
  if (!/^\p{Nd}$/u.test(char)) return "";
  // Each script has its ten in a row.
  let value = 0;
  const point = /** @type {number} */ (char.codePointAt(0));
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(point - value - 1))) value++;
  return String(value % 10);
}

export class AsYouType {
  #home;
  #plan;
  #currentOutput = "";
  #template = "";
  #pattern = "";
  #accrued = "";
  /** Without formatting: digits and a leading plus. */
  #plain = "";
  #able = true;
  #hasFormatting = false;
  /** Not only the digits that are dialled within an area. */
  #complete = false;
  #expectingCode = false;
  /** @type {Format[]} */
  #possible = [];
  #lastMatch = 0;
  #original = 0;
  #remembered = 0;
  #before = "";
  #spaceAfterPrefix = false;
  #extracted = "";
  #national = "";

  /** @param {number} callingCode of the region in which is typed, 0 for none */
  constructor(callingCode) {
    this.#home = this.#plan = planOf(callingCode ? String(callingCode) : "");
  }

  clear() {
    this.#currentOutput = this.#template = this.#pattern = this.#accrued = this.#plain = "";
    this.#before = this.#extracted = this.#national = "";
    this.#able = true;
    this.#hasFormatting = this.#complete = this.#expectingCode = this.#spaceAfterPrefix = false;
    this.#possible = [];
    this.#lastMatch = this.#original = this.#remembered = 0;
    this.#plan = this.#home;
  }

  /** @param {string} char */
  inputDigit(char) {
    return (this.#currentOutput = this.#input(char, false));
  }

  /** @param {string} char */
  inputDigitAndRememberPosition(char) {
    return (this.#currentOutput = this.#input(char, true));
  }

  getRememberedPosition() {
    if (!this.#able) return this.#original;
    let taken = 0;
    let at = 0;
    for (; taken < this.#remembered && at < this.#currentOutput.length; at++) if (this.#plain[taken] === this.#currentOutput[at]) taken++;
    return at;
  }

  /**
   * @param {string} char
   * @param {boolean} remember
   */
  #input(char, remember) {
    if (typeof char !== "string") throw new InputError("TYPE", "a character must be a string");
    this.#accrued += char;
    if (remember) this.#original = this.#accrued.length;
    const first = this.#accrued.length === char.length;
    let digit = digitOf(char);
    if (digit === "" && !(first && char === "+")) {
      this.#able = false;
      this.#hasFormatting = true;
    } else {
      if (digit === "") digit = "+";
      else this.#national += digit;
      this.#plain += digit;
      if (remember) this.#remembered = this.#plain.length;
    }
    if (!this.#able) {
      if (this.#hasFormatting) return this.#accrued;
      if (this.#attemptToExtractIdd()) {
        if (this.#attemptToExtractCallingCode()) return this.#choosePatternWithPrefixExtracted();
      } else if (this.#ableToExtractLongerPrefix()) {
        this.#before += SPACE;
        return this.#choosePatternWithPrefixExtracted();
      }
      return this.#accrued;
    }
    if (this.#plain.length < 3) return this.#accrued;
    if (this.#plain.length === 3) {
      if (this.#attemptToExtractIdd()) this.#expectingCode = true;
      else {
        this.#extracted = this.#removeNationalPrefix();
        return this.#chooseFormattingPattern();
      }
    }
    if (this.#expectingCode) {
      if (this.#attemptToExtractCallingCode()) this.#expectingCode = false;
      return this.#before + this.#national;
    }
    if (this.#possible.length === 0) return this.#chooseFormattingPattern();
    const national = this.#inputHelper(digit);
    const formatted = this.#formatAccruedDigits();
    if (formatted !== "") return formatted;
    this.#narrowDown(this.#national);
    if (this.#createNewTemplate()) return this.#inputAccruedNationalNumber();
    return this.#able ? this.#append(national) : this.#accrued;
  }

  #choosePatternWithPrefixExtracted() {
    this.#able = true;
    this.#expectingCode = false;
    this.#possible = [];
    this.#lastMatch = 0;
    this.#template = this.#pattern = "";
    return this.#chooseFormattingPattern();
  }

  /** Some prefixes are several, the longer to be known only by later digits. */
  #ableToExtractLongerPrefix() {
    if (this.#extracted !== "") {
      this.#national = this.#extracted + this.#national;
      this.#before = this.#before.slice(0, this.#before.lastIndexOf(this.#extracted));
    }
    return this.#extracted !== this.#removeNationalPrefix();
  }

  /** A whole number formatted, if no digit gets lost or comes in. */
  #formatAccruedDigits() {
    for (const { whole, text, flags } of this.#possible) {
      if (!whole.test(this.#national)) continue;
      this.#spaceAfterPrefix = (flags & 4) !== 0;
      const full = this.#append(this.#national.replace(whole, text));
      if (full.replace(/[^0-9+*#]/g, "") === this.#plain) return full;
    }
    return "";
  }

  /** @param {string} national */
  #append(national) {
    const gap = this.#spaceAfterPrefix && this.#before !== "" && !this.#before.endsWith(SPACE) ? SPACE : "";
    return this.#before + gap + national;
  }

  #chooseFormattingPattern() {
    if (this.#national.length < 3) return this.#append(this.#national);
    const { national, international } = this.#plan;
    const abroad = this.#complete && this.#extracted === "" && international.length > 0;
    this.#possible = (abroad ? international : national).filter(({ flags }) =>
      this.#extracted !== "" ? !(flags & 1) : this.#complete || !(flags & 2));
    this.#narrowDown(this.#national);
    const formatted = this.#formatAccruedDigits();
    if (formatted !== "") return formatted;
    return this.#createNewTemplate() ? this.#inputAccruedNationalNumber() : this.#accrued;
  }

  /** @param {string} start */
  #narrowDown(start) {
    const index = start.length - 3;
    this.#possible = this.#possible.filter(({ leading }) => leading.length === 0 || leading[Math.min(index, leading.length - 1)].test(start));
  }

  #createNewTemplate() {
    while (this.#possible.length > 0) {
      const [{ pattern, text, flags }] = this.#possible;
      if (this.#pattern === pattern) return false;
      const nines = new RegExp(digits(pattern)).exec(LONGEST)?.[0] ?? "";
      this.#template = nines.length < this.#national.length ? "" : nines.replace(new RegExp(digits(pattern)), text).replaceAll("9", PLACEHOLDER);
      if (this.#template !== "") {
        this.#pattern = pattern;
        this.#spaceAfterPrefix = (flags & 4) !== 0;
        this.#lastMatch = 0;
        return true;
      }
      this.#possible = this.#possible.slice(1);
    }
    this.#able = false;
    return false;
  }

  #inputAccruedNationalNumber() {
    if (this.#national === "") return this.#before;
    let text = "";
    for (const digit of this.#national) text = this.#inputHelper(digit);
    return this.#able ? this.#append(text) : this.#accrued;
  }

  /** Puts a digit into the template. @param {string} digit */
  #inputHelper(digit) {
    const at = this.#template.indexOf(PLACEHOLDER, this.#lastMatch);
    if (at >= 0) {
      this.#template = this.#template.slice(0, at) + digit + this.#template.slice(at + 1);
      this.#lastMatch = at;
      return this.#template.slice(0, at + 1);
    }
    // More digits than the template has; another may have room.
    if (this.#possible.length === 1) this.#able = false;
    this.#pattern = "";
    return this.#accrued;
  }

  #removeNationalPrefix() {
    let end = 0;
    if (this.#plan.code === "1" && /^1[^01]/.test(this.#national)) {
      end = 1;
      this.#before += `1${SPACE}`;
      this.#complete = true;
    } else if (this.#plan.prefix !== null) {
      end = this.#plan.prefix.exec(this.#national)?.[0].length ?? 0;
      if (end > 0) {
        this.#complete = true;
        this.#before += this.#national.slice(0, end);
      }
    }
    const prefix = this.#national.slice(0, end);
    this.#national = this.#national.slice(end);
    return prefix;
  }

  #attemptToExtractIdd() {
    const idd = this.#plan.idd.exec(this.#plain)?.[0];
    if (idd === undefined) return false;
    this.#complete = true;
    this.#national = this.#plain.slice(idd.length);
    this.#before = idd + (this.#plain[0] === "+" ? "" : SPACE);
    return true;
  }

  #attemptToExtractCallingCode() {
    const code = codeOf(this.#national);
    if (code === "") return false;
    this.#national = this.#national.slice(code.length);
    if (code !== this.#home.code) this.#plan = planOf(code);
    this.#before += code + SPACE;
    this.#extracted = "";
    return true;
  }
}
