// The errors of this package. A code is stable and the same in Go, in the core
// and here; a message is for people and never shows a number, digest or key.

import { SealbookError } from "./error.js";

const numberMessages = {
  INVALID_COUNTRY_CODE: "no country calling code: the text has no + and no region was given, or there is no such code",
  NOT_A_NUMBER: "not a phone number",
  TOO_SHORT_AFTER_IDD: "too short after the international prefix",
  TOO_SHORT_NSN: "too short for a phone number",
  TOO_LONG: "too long for a phone number",
  INVALID: "in no range of numbers that is in use",
};

export class NumberError extends SealbookError {
  /** @param {import("./index.js").NumberErrorCode | "INVALID"} code */
  constructor(code) {
    super(code, numberMessages[code]);
    this.name = "NumberError";
    /** @readonly @type {import("./index.js").NumberErrorCode | "INVALID"} */
    this.code = code;
  }
}

const recipeMessages = {
  RECIPE: "no such recipe; sealbook.recipes lists them",
  NOT_COMPUTABLE: "the recipe is known, but its algorithm is not computed here",
  SPEC: "malformed recipe",
  FORM: "the recipe's form has spaces: write the number with sealbook/format and hash that text",
};

export class RecipeError extends SealbookError {
  /**
   * @param {import("./index.js").RecipeErrorCode} code
   * @param {string} [message]
   */
  constructor(code, message) {
    super(code, message ?? recipeMessages[code]);
    this.name = "RecipeError";
    /** @readonly @type {import("./index.js").RecipeErrorCode} */
    this.code = code;
  }
}

export class InputError extends SealbookError {
  /**
   * @param {import("./index.js").InputErrorCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(code, message);
    this.name = "InputError";
    /** @readonly @type {import("./index.js").InputErrorCode} */
    this.code = code;
  }
}

export class LoadError extends SealbookError {
  /**
   * @param {import("./index.js").LoadErrorCode} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.name = "LoadError";
    /** @readonly @type {import("./index.js").LoadErrorCode} */
    this.code = code;
  }
}

/** Names of batch.Failure, by its negative; the last is of this package alone. */
const failures = ["", "LENGTH", "MODE", "REGION", "RECIPE", "NOT_COMPUTABLE", "SPEC", "DIGEST", "SPACE", "STATE", "REFUSED", "FORM", "TEXT"];

const inputMessages = {
  LENGTH: "more text than the core takes at once (256 KiB)",
  REGION: "no such region: it is two capital letters as in ISO 3166-1",
  TEXT: "the text is not written as the recipe hashes numbers: digest reads a number first, a recipe of the grid hashes any text",
};

/** Abbreviations that are in use and not in the list. @type {Readonly<Record<string, string>>} */
const OTHER_NAMES = { UK: "GB", EL: "GR" };

/**
 * The error for what is no region. It shows nothing of it: it might be a number.
 * @param {unknown} region
 */
export function noRegion(region) {
  const letters = typeof region === "string" && /^[A-Za-z]{2}$/.test(region) ? region.toUpperCase() : "";
  const hint = OTHER_NAMES[letters] ?? (letters !== region ? letters : "");
  return new InputError("REGION", inputMessages.REGION + (hint && `; did you mean "${hint}"?`));
}

/**
 * An answer of the core, unless it is negative: then it refused the call.
 * @param {number} answer
 */
export function accepted(answer) {
  if (answer < 0) throw refusal(answer);
  return answer;
}

/**
 * The error for a negative answer of the core.
 * @param {number} answer
 * @returns {SealbookError}
 */
export function refusal(answer) {
  const code = failures[-answer] ?? "UNKNOWN";
  if (code in recipeMessages) {
    return new RecipeError(/** @type {import("./index.js").RecipeErrorCode} */ (code));
  }
  if (code in inputMessages) {
    const known = /** @type {keyof typeof inputMessages} */ (code);
    return new InputError(known, inputMessages[known]);
  }
  return new SealbookError(code, `the core refused the call: ${code}`);
}
