// Format.wasm: see format.d.ts for what there is. Package batch in wasm/batch
// says what the call does and how the bytes lie.

import { InputError, NumberError } from "./errors.js";
import { compileFrom, shared } from "./load.js";
import { start } from "./module.js";
import * as pin from "./pin.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

/** @typedef {import("./format.js").Format} Format */
/** @typedef {import("./format.js").Writable} Writable */

const INPUT_SIZE = 256 << 10;
const TEXT_SIZE = 512 << 10;
/** Numbers a call: their texts fit into both buffers. */
const PIECE = 4096;

/** Numbers of the formats, as the module takes them. @type {Readonly<Record<Format, number>>} */
const FORMATS = { E164: 0, INTERNATIONAL: 1, NATIONAL: 2, RFC3966: 3, DIGITS: 4, DIALLED: 5, NATIONAL_DIGITS: 6, SIGNIFICANT: 7 };

/** @satisfies {import("./module.js").Kind} */
const KIND = { name: "format.wasm", abi: 1, functions: ["text", "format"] };

/** E.164, and perhaps an extension, as the module reads it. */
const NUMBER = /^\+[0-9]{3,20}(?:;ext=[0-9]{1,20})?$/;

/** @typedef {import("./module.js").Exports & { format(length: number, format: number): number }} Exports */

export const loadFormats = shared(async (options) => {
  const { module, sha256 } = await compileFrom(options, () => new URL("./format.wasm", import.meta.url), pin.format);
  return start(module, KIND, (/** @type {Exports} */ exports) => new Formats(exports, module, sha256));
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @implements {import("./format.js").Formats} */
class Formats {
  #exports;
  #input;
  #text;
  #status;

  /**
   * @param {Exports} exports
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   */
  constructor(exports, module, sha256) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.#input = new Uint8Array(buffer, exports.input(), INPUT_SIZE);
    this.#text = new Uint8Array(buffer, exports.text(), TEXT_SIZE);
    this.#status = new Uint32Array(buffer, exports.status(), 4);
    this.module = module;
    this.sha256 = sha256;
  }

  /**
   * @param {Writable} number
   * @param {Format} format
   */
  format(number, format) {
    return this.formatAll([number], format)[0];
  }

  /**
   * @param {readonly Writable[]} numbers
   * @param {Format} format
   */
  formatAll(numbers, format) {
    if (typeof format !== "string" || !Object.hasOwn(FORMATS, format)) throw new InputError("FORMAT", "no such format");
    if (!Array.isArray(numbers)) throw new InputError("TYPE", "numbers must be an array");
    /** @type {string[]} */
    const texts = [];
    for (let from = 0; from < numbers.length; from += PIECE) {
      const lines = numbers.slice(from, from + PIECE).map(written).join("\n");
      const { written: length } = encoder.encodeInto(lines + "\n", this.#input);
      this.#exports.format(length, FORMATS[format]);
      const answer = decoder.decode(this.#text.subarray(0, this.#status[2])).slice(0, -1).split("\n");
      // A text in the shape of E.164 may have no calling code, or too few digits.
      if (answer.includes("")) throw new NumberError("NOT_A_NUMBER");
      texts.push(...answer);
    }
    return texts;
  }

  /** @param {Writable} number */
  international(number) {
    return this.format(number, "INTERNATIONAL");
  }

  /** @param {Writable} number */
  national(number) {
    return this.format(number, "NATIONAL");
  }

  /** @param {Writable} number */
  rfc3966(number) {
    return this.format(number, "RFC3966");
  }
}

/** A number as the module reads it. @param {Writable} number */
function written(number) {
  const text = typeof number === "string" ? number
    : typeof number === "object" && number !== null && typeof number.e164 === "string"
      ? number.extension ? `${number.e164};ext=${number.extension}` : number.e164
      : "";
  if (!NUMBER.test(text)) throw new NumberError("NOT_A_NUMBER");
  return text;
}
