// The loaded core as callers see it.

import { FORMATS, INFO, MAX_ITEMS, MAX_UNITS, SINGLE } from "./core.js";
import { InputError, LoadError, NumberError, accepted, noRegion, refusal } from "./errors.js";
import { CODES, FAILURES, INVALID, Phone, TOO_LONG, VALID, e164 } from "./numbers.js";
import { hashPieces, pieces } from "./pieces.js";
import { Handles, name, notForNumbers } from "./handles.js";

/** @typedef {import("./index.js").RecipeLike} RecipeLike */
/** @typedef {import("./index.js").DigestOptions} DigestOptions */
/** @typedef {import("./index.js").Result} Result */
/** @typedef {import("./index.js").Failure} Failure */
/** @typedef {import("./index.js").Sealbook} Public */

/**
 * @param {unknown} text
 * @returns {asserts text is string}
 */
function needText(text) {
  if (typeof text !== "string") throw new InputError("TYPE", "a text must be a string");
}

/** @param {readonly string[]} texts */
function needTexts(texts) {
  if (!Array.isArray(texts)) throw new InputError("TYPE", "texts must be an array of strings");
  return texts;
}

/**
 * Options, for which a region alone is easily mistaken.
 * @template {object} O
 * @param {O | undefined} options
 * @returns {O | {}}
 */
function needOptions(options) {
  if (options !== undefined && (typeof options !== "object" || options === null)) throw new InputError("TYPE", "options are an object, such as { region: \"GB\" }");
  return options ?? {};
}

/** The mode of parsing for a digest. @param {DigestOptions} [options] */
const mode = (options) => (/** @type {DigestOptions} */ (needOptions(options)).validOnly ? INFO : 0);

/** The core behind each Sealbook. @type {WeakMap<Public, import("./core.js").Core>} */
const cores = new WeakMap();

/** The core behind a Sealbook, for the modules beside this one. @param {Public} sealbook */
export function coreOf(sealbook) {
  const core = cores.get(sealbook);
  if (core === undefined) throw new InputError("TYPE", "not what load answers");
  return core;
}

/** @implements {Public} */
export class Sealbook {
  #core;
  #handles;
  /** The region that was looked at last; callers mostly repeat it. @type {string | undefined} */
  #lastHome;

  /**
   * @param {import("./core.js").Core} core
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   */
  constructor(core, module, sha256) {
    this.#core = core;
    cores.set(this, core);
    this.#handles = new Handles(core);
    this.module = module;
    this.sha256 = sha256;
  }

  /** Throws if a module whose bytes nobody knows answers as no core does. */
  check() {
    let answer;
    let cause;
    try {
      answer = this.digest("020 7946 0123", "e164_plus/sha256/hex/10", "GB");
    } catch (error) {
      cause = error;
    }
    if (answer !== "13745d12e37fafef7863") throw new LoadError("CHECK", "the module does not answer as the core does", cause);
  }

  get metadataVersion() {
    return this.#core.built().metadataVersion;
  }

  get regions() {
    return this.#core.built().regions;
  }

  get recipes() {
    return this.#core.built().recipes;
  }

  get memoryBytes() {
    return this.#core.exports.memory.buffer.byteLength;
  }

  /** @param {string} region */
  callingCode(region) {
    return this.#core.built().callingCodes.get(region) ?? 0;
  }

  /**
   * Makes a text the core's only number and answers its code.
   * @param {string} text
   * @param {string | undefined} region
   * @param {number} mode
   */
  #single(text, region, mode) {
    needText(text);
    const core = this.#core;
    const packed = core.region(region);
    if (text.length > MAX_UNITS) return TOO_LONG;
    core.exports.parse(core.write(text), packed, mode | SINGLE);
    return core.records[0];
  }

  /**
   * What throws for a number also throws for a region that is none; what gives a
   * result for each text takes it for no region.
   * @param {string | undefined} region
   */
  #home(region) {
    if (region === this.#lastHome) return;
    if (typeof region === "string" && !this.#core.knows(region)) throw noRegion(region);
    this.#lastHome = region;
  }

  /**
   * @param {string} text
   * @param {string} [region]
   */
  tryParse(text, region) {
    const code = this.#single(text, region, INFO);
    if (code !== 0) return FAILURES[code];
    const core = this.#core;
    const phone = new Phone(core, 0, text, region);
    const digits = core.records[29];
    if (digits !== 0) phone.readExtension(digits);
    return phone;
  }

  /**
   * @param {string} text
   * @param {string} [region]
   */
  parse(text, region) {
    this.#home(region);
    const result = this.tryParse(text, region);
    if (result.error !== null) throw new NumberError(result.error);
    return result;
  }

  /**
   * @param {string} text
   * @param {string} [region]
   */
  e164(text, region) {
    this.#home(region);
    const code = this.#single(text, region, 0);
    if (code !== 0) throw new NumberError(CODES[code]);
    return e164(this.#core.records, 0);
  }

  /**
   * Makes a number the core's only one; with INFO it has to be valid.
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {string | undefined} region
   * @param {number} mode
   */
  #number(number, region, mode) {
    this.#home(region);
    if (number instanceof Phone) {
      if (mode & INFO && !number.valid) throw new NumberError("INVALID");
      return number.load(this.#core, mode);
    }
    // A number that was copied, to a worker or through JSON, has lost its methods.
    const text = typeof number === "object" && number !== null ? number.e164 : number;
    const code = this.#single(text, region, mode);
    if (code !== 0) throw new NumberError(CODES[code]);
    if (mode & INFO && !(this.#core.records[1] & VALID)) throw new NumberError("INVALID");
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {import("./index.js").PlainFormat} format
   * @param {string} [region]
   */
  format(number, format, region) {
    if (typeof format !== "string" || !Object.hasOwn(FORMATS, format)) throw new InputError("FORMAT", "no such format");
    this.#number(number, region, FORMATS[format]);
    return this.#core.line();
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {RecipeLike} recipe
   * @param {string} [region]
   * @param {DigestOptions} [options]
   */
  digest(number, recipe, region, options) {
    const handle = this.#handles.get(recipe);
    this.#number(number, region, mode(options));
    accepted(this.#core.exports.digest(handle, 0));
    const text = this.#core.line();
    if (text === "") throw notForNumbers();
    return text;
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {string} [region]
   * @param {DigestOptions} [options]
   */
  digests(number, region, options) {
    this.#number(number, region, mode(options));
    const core = this.#core;
    const digests = [];
    for (const recipe of this.recipes) {
      if (!recipe.computable || recipe.form === "email") continue;
      accepted(core.exports.digest(this.#handles.get(recipe), 0));
      digests.push({ recipe, digest: core.line() });
    }
    return digests;
  }

  /**
   * @param {string} text
   * @param {RecipeLike} recipe
   */
  hash(text, recipe) {
    needText(text);
    const core = this.#core;
    const handle = this.#handles.get(recipe);
    if (text.length <= MAX_UNITS && !this.#fits(text, recipe)) throw refusal(-12);
    const length = text.length <= MAX_UNITS ? core.write(text) : core.writeAll(text);
    if (accepted(core.exports.hash(length, handle, SINGLE)) === 0) throw refusal(-1); // the answer would not fit
    return core.line();
  }

  /**
   * Reports whether a text is what a recipe hashes. For a published one for
   * numbers it has to be written in the recipe's form: the digest of anything
   * else would match nothing, and nobody would notice.
   * @param {string} text
   * @param {RecipeLike} recipe
   */
  #fits(text, recipe) {
    const id = name(recipe);
    const form = this.#handles.form(id);
    if (form === undefined || form === "email") return true;
    if (form === "e164_plus") return /^\+[1-9]\d{1,19}$/.test(text);
    // Criteo's own example has a national number too.
    if (form === "digits_cc" && id !== "criteo-onetag") return /^[1-9]\d{1,19}$/.test(text);
    return form === "spaced_intl" || form === "rfc3966" || /^\d{2,20}$/.test(text);
  }

  /** @param {RecipeLike} recipe */
  recipe(recipe) {
    return this.#handles.text(recipe);
  }

  /**
   * @param {readonly string[]} texts
   * @param {import("./index.js").RegionOption<any>} [options]
   */
  e164All(texts, options) {
    const { region } = /** @type {{ region?: string }} */ (needOptions(options));
    const core = this.#core;
    const { records } = core;
    /** @type {(string | Failure)[]} */
    const answers = new Array(needTexts(texts).length);
    pieces(core, texts, region, 0, answers, (i, at) => {
      answers[i] = e164(records, at);
    });
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {import("./index.js").RegionOption<any>} [options]
   */
  parseAll(texts, options) {
    const { region } = /** @type {{ region?: string }} */ (needOptions(options));
    /** @type {Result[]} */
    const answers = new Array(needTexts(texts).length);
    /** @type {[Phone, number][]} */
    const extended = [];
    const core = this.#core;
    const { records } = core;
    pieces(core, texts, region, INFO, answers, (i, at) => {
      const phone = answers[i] = new Phone(core, at, texts[i], region);
      if (records[at + 29] !== 0) extended.push([phone, records[at + 29]]);
    });
    for (const [phone, digits] of extended) phone.readExtension(digits);
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {RecipeLike} recipe
   * @param {import("./index.js").RegionOption<any> & DigestOptions} [options]
   */
  digestAll(texts, recipe, options) {
    const { region, validOnly } = /** @type {{ region?: string, validOnly?: boolean }} */ (needOptions(options));
    const core = this.#core;
    const { records } = core;
    const handle = this.#handles.getForNumbers(recipe);
    /** @type {(string | Failure | import("./index.js").Refused<"INVALID">)[]} */
    const answers = new Array(needTexts(texts).length);
    pieces(core, texts, region, mode({ validOnly }), answers, (i, at) => {
      if (validOnly && !(records[at + 1] & VALID)) answers[i] = INVALID;
    }, (from, count) => core.digests(handle, count, answers, from));
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {RecipeLike} recipe
   */
  hashAll(texts, recipe) {
    /** @type {string[]} */
    const answers = new Array(needTexts(texts).length);
    if (texts.some((text) => typeof text === "string" && text.length <= MAX_UNITS && !this.#fits(text, recipe))) throw refusal(-12);
    const handle = this.#handles.get(recipe);
    hashPieces(this.#core, texts, handle, answers, (text) => this.hash(text, recipe));
    return answers;
  }

  /**
   * @template {import("./index.js").Item} I
   * @param {Iterable<I> | AsyncIterable<I>} source
   * @param {import("./index.js").BatchOptions<any, any>} [options]
   */
  batch(source, options) {
    const { region, recipes = [], rows = 4096, patience = 50, validOnly = false, signal, onProgress } = /** @type {import("./index.js").BatchOptions<any, any>} */ (needOptions(options));
    if (!Array.isArray(recipes)) throw new InputError("TYPE", "recipes must be an array");
    this.#core.region(region);
    for (const recipe of recipes) this.#handles.getForNumbers(recipe);
    if (!Number.isInteger(rows) || rows < 1 || rows > MAX_ITEMS) throw new InputError("RANGE", `rows must be 1–${MAX_ITEMS}`);
    if (!(patience >= 0)) throw new InputError("RANGE", "patience must be milliseconds, 0 or more");
    // A string is an iterable too, of characters, and surely not meant so.
    if (typeof source !== "object" || source === null || !(Symbol.asyncIterator in source || Symbol.iterator in source)) {
      throw new InputError("TYPE", "a source is an array, another iterable or an async iterable");
    }
    return this.#rows(source, { region, recipes: [...recipes], rows, patience, validOnly, signal, onProgress });
  }

  /**
   * @template {import("./index.js").Item} I
   * @param {Iterable<I> | AsyncIterable<I>} source
   * @param {import("./stream.js").Settings} settings
   * @returns {AsyncGenerator<import("./index.js").Row<I>[], void, void>}
   */
  async *#rows(source, settings) {
    const { stream } = await import("./stream.js");
    yield* stream(this.#core, this.#handles, source, settings);
  }
}
