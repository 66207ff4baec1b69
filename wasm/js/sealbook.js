// The loaded core as callers see it.

import { FORMATS, INFO, MAX_UNITS, RECORD_SIZE, SINGLE } from "./core.js";
import { InputError, LoadError, NumberError, refusal } from "./errors.js";
import { CODES, FAILURES, Phone, TOO_LONG, e164 } from "./numbers.js";
import { hashPieces, pieces } from "./pieces.js";
import { Handles } from "./handles.js";
import { results, rows } from "./rows.js";
import { stream } from "./stream.js";

/** @typedef {import("./index.js").RecipeLike} RecipeLike */
/** @typedef {import("./index.js").RegionOption} RegionOption */
/** @typedef {import("./index.js").Result} Result */
/** @typedef {import("./index.js").Failure} Failure */
/** @typedef {import("./index.js").Sealbook} Public */
/** @typedef {{ metadataVersion: string, callingCodes: Map<string, number>, regions: readonly string[], recipes: readonly import("./index.js").RecipeFacts[] }} About */

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

/** The core behind a Sealbook, for the modules beside this one. @type {(sealbook: Public) => import("./core.js").Core} */
export let coreOf;

/** @implements {Public} */
export class Sealbook {
  static {
    coreOf = (sealbook) => {
      if (!(sealbook instanceof Sealbook)) throw new InputError("TYPE", "not what load answers");
      return sealbook.#core;
    };
  }

  #core;
  #handles;
  /** What is built in; asked for when needed, for loading is to be quick. @type {About | null} */
  #about = null;

  /**
   * @param {import("./core.js").Core} core
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   */
  constructor(core, module, sha256) {
    this.#core = core;
    this.#handles = new Handles(core);
    this.module = module;
    this.sha256 = sha256;
  }

  /** Throws if a module whose bytes nobody knows answers as no core does. */
  check() {
    let answer;
    try {
      answer = this.digest("020 7946 0123", "e164_plus/sha256/hex", "GB");
    } catch (cause) {
      throw new LoadError("CHECK", "the module does not answer as the core does", cause);
    }
    if (answer !== "13745d12e37fafef7863b39f53fe5e43f3861156b0bac7bb322b71efb9414ea9") {
      throw new LoadError("CHECK", "the module does not answer as the core does");
    }
  }

  /** @returns {About} */
  #built() {
    if (this.#about === null) {
      const { metadataVersion, callingCodes, recipes } = this.#core.about();
      this.#about = {
        metadataVersion,
        callingCodes,
        regions: Object.freeze([...callingCodes.keys()]),
        recipes: Object.freeze(recipes),
      };
    }
    return this.#about;
  }

  get metadataVersion() {
    return this.#built().metadataVersion;
  }

  get regions() {
    return this.#built().regions;
  }

  get recipes() {
    return this.#built().recipes;
  }

  get memoryBytes() {
    return this.#core.exports.memory.buffer.byteLength;
  }

  /** @param {string} region */
  callingCode(region) {
    return this.#built().callingCodes.get(region) ?? 0;
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
    const result = this.tryParse(text, region);
    if (result.error !== null) throw new NumberError(result.error);
    return result;
  }

  /**
   * @param {string} text
   * @param {string} [region]
   */
  e164(text, region) {
    const code = this.#single(text, region, 0);
    if (code !== 0) throw new NumberError(CODES[code]);
    return e164(this.#core.records, 0);
  }

  /**
   * Makes a number the core's only one.
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {string | undefined} region
   * @param {number} mode
   */
  #number(number, region, mode) {
    if (number instanceof Phone) return number.load(this.#core, mode);
    // A number that was copied, to a worker or through JSON, has lost its methods.
    const text = typeof number === "object" && number !== null ? number.e164 : number;
    const code = this.#single(text, region, mode);
    if (code !== 0) throw new NumberError(CODES[code]);
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {import("./index.js").PlainFormat} format
   * @param {string} [region]
   */
  format(number, format, region) {
    if (!Object.hasOwn(FORMATS, format)) throw new InputError("FORMAT", "no such format");
    this.#number(number, region, FORMATS[format]);
    return this.#core.line();
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {RecipeLike} recipe
   * @param {string} [region]
   */
  digest(number, recipe, region) {
    const handle = this.#handles.getForNumbers(recipe);
    this.#number(number, region, 0);
    const answer = this.#core.exports.digest(handle, 0);
    if (answer < 0) throw refusal(answer);
    return this.#core.line();
  }

  /**
   * @param {string | import("./index.js").PhoneNumber} number
   * @param {string} [region]
   */
  digests(number, region) {
    this.#number(number, region, 0);
    const core = this.#core;
    const digests = [];
    for (const recipe of this.recipes) {
      if (!recipe.computable || recipe.form === "email") continue;
      const answer = core.exports.digest(this.#handles.get(recipe), 0);
      if (answer < 0) throw refusal(answer);
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
    const length = text.length <= MAX_UNITS ? core.write(text) : core.writeAll(text);
    const answer = core.exports.hash(length, handle, SINGLE);
    if (answer < 0) throw refusal(answer);
    if (answer === 0) throw refusal(-1); // the answer would not fit
    return core.line();
  }

  /** @param {RecipeLike} recipe */
  recipe(recipe) {
    return this.#handles.text(recipe);
  }

  /**
   * @param {readonly string[]} texts
   * @param {RegionOption} [options]
   */
  e164All(texts, { region } = {}) {
    const core = this.#core;
    const { records } = core;
    /** @type {(string | Failure)[]} */
    const answers = new Array(needTexts(texts).length);
    pieces(core, texts, region, 0, (from, count) => {
      for (let i = 0, at = 0; i < count; i++, at += RECORD_SIZE) {
        const code = records[at];
        answers[from + i] = code === 0 ? e164(records, at) : FAILURES[code];
      }
    }, (i, code) => {
      answers[i] = FAILURES[code];
    });
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {RegionOption} [options]
   */
  parseAll(texts, { region } = {}) {
    /** @type {Result[]} */
    const answers = new Array(needTexts(texts).length);
    results(this.#core, texts, region, answers);
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {RecipeLike} recipe
   * @param {RegionOption} [options]
   */
  digestAll(texts, recipe, { region } = {}) {
    const core = this.#core;
    const { records } = core;
    const handle = this.#handles.getForNumbers(recipe);
    /** @type {(string | Failure)[]} */
    const answers = new Array(needTexts(texts).length);
    pieces(core, texts, region, 0, (from, count) => {
      core.digests(handle, count, answers, from);
      for (let i = 0; i < count; i++) {
        const code = records[i * RECORD_SIZE];
        if (code !== 0) answers[from + i] = FAILURES[code];
      }
    }, (i, code) => {
      answers[i] = FAILURES[code];
    });
    return answers;
  }

  /**
   * @param {readonly string[]} texts
   * @param {RecipeLike} recipe
   */
  hashAll(texts, recipe) {
    /** @type {string[]} */
    const answers = new Array(needTexts(texts).length);
    const handle = this.#handles.get(recipe);
    hashPieces(this.#core, texts, handle, answers, (text) => this.hash(text, recipe));
    return answers;
  }

  /**
   * @template {import("./index.js").Item} I
   * @param {Iterable<I> | AsyncIterable<I>} source
   * @param {import("./index.js").BatchOptions} [options]
   */
  batch(source, options = {}) {
    const core = this.#core;
    const handles = this.#handles;
    const { region, recipes = [] } = options;
    core.region(region);
    for (const recipe of recipes) handles.getForNumbers(recipe);
    return stream(source, options, (items, first) => rows(core, handles, items, first, region, recipes));
  }
}
