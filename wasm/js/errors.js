// The errors of this package. A code is stable and the same in Go, in the core
// and here; a message is for people and never shows a number, digest or key.

/** What all errors of this package are. */
export class SealbookError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = new.target.name;
    /** @readonly */
    this.code = code;
  }
}

const numberMessages = {
  INVALID_COUNTRY_CODE: "no country calling code: the text has no + and no region was given, or there is no such code",
  NOT_A_NUMBER: "not a phone number",
  TOO_SHORT_AFTER_IDD: "too short after the international prefix",
  TOO_SHORT_NSN: "too short for a phone number",
  TOO_LONG: "too long for a phone number",
};

export class NumberError extends SealbookError {
  /** @param {import("./index.js").NumberErrorCode} code */
  constructor(code) {
    super(code, numberMessages[code]);
    /** @readonly @type {import("./index.js").NumberErrorCode} */
    this.code = code;
  }
}

const recipeMessages = {
  RECIPE: "no such recipe",
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
    /** @readonly @type {import("./index.js").LoadErrorCode} */
    this.code = code;
  }
}

/** Names of batch.Failure, by its negative. */
const failures = ["", "LENGTH", "MODE", "REGION", "RECIPE", "NOT_COMPUTABLE", "SPEC", "DIGEST", "SPACE", "STATE", "REFUSED", "FORM"];

const inputMessages = {
  LENGTH: "more text than the core takes at once (256 KiB)",
  REGION: "a region is two capital letters as in ISO 3166-1, or 001",
  DIGEST: "not a digest that this recipe could give",
  SPACE: "no such region, or one without mobile numbers",
};

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
