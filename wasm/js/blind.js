// Blind.wasm: see blind.d.ts for what there is. Package batch in wasm/batch says
// what each call does and how the bytes lie.

import { packRegion } from "./core.js";
import { InputError, accepted, refusal } from "./errors.js";
import { name } from "./handles.js";
import { compileFrom, shared } from "./load.js";
import { start } from "./module.js";
import { Oprf } from "./oprf.js";
import * as pin from "./pin.js";
import { TextEncoder } from "./utf8.js";

export { OprfError } from "./oprf.js";

/** @typedef {import("./blind.js").Blind} Public */

const INPUT_SIZE = 256 << 10;
const TEXT_SIZE = 64 << 10;

/**
 * @typedef {import("./module.js").Exports & {
 *   oprf(step: number, n: number, length: number): number,
 *   search_begin(length: number, region: number, named: number): number,
 *   search(from: bigint, count: number): number,
 * }} Exports
 */

/** @satisfies {import("./module.js").Kind} */
const KIND = {
  name: "blind.wasm",
  abi: 1,
  functions: ["text", "oprf", "search_begin", "search"],
};

const encoder = new TextEncoder();

export const loadBlind = shared(async (options) => {
  const { module, sha256 } = await compileFrom(options, () => new URL("./blind.wasm", import.meta.url), pin.blind);
  return start(module, KIND, (/** @type {Exports} */ exports) => new Blind(exports, module, sha256));
});

/** @implements {Public} */
export class Blind {
  /** The searcher that the module is set to. @type {object | null} */
  #searching = null;

  /**
   * @param {Exports} exports
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   */
  constructor(exports, module, sha256) {
    const { buffer } = exports.memory;
    this.exports = exports;
    this.input = new Uint8Array(buffer, exports.input(), INPUT_SIZE);
    this.text = new Uint8Array(buffer, exports.text(), TEXT_SIZE);
    /** items handled, bytes consumed, bytes written, upper half of a 64-bit answer */
    this.status = new Uint32Array(buffer, exports.status(), 4);
    this.module = module;
    this.sha256 = sha256;
    this.oprf = new Oprf(this);
  }

  get memoryBytes() {
    return this.exports.memory.buffer.byteLength;
  }

  /**
   * @param {string} digest
   * @param {import("./index.js").RecipeLike} recipe
   * @param {string} region
   */
  searcher(digest, recipe, region) {
    if (typeof digest !== "string") throw new InputError("TYPE", "a digest must be a string");
    const { exports, input, status, text } = this;
    const named = encoder.encode(name(recipe));
    const bytes = encoder.encode(digest);
    const length = named.length + bytes.length;
    if (length > INPUT_SIZE) throw refusal(-1);
    const packed = packRegion(region);
    const me = {};
    const begin = () => {
      input.set(named);
      input.set(bytes, named.length);
      const answer = exports.search_begin(length, packed, named.length);
      input.fill(0, 0, length); // a recipe may hold a key
      this.#searching = answer < 0 ? null : me;
      if (answer === -7) throw new InputError("DIGEST", "not a digest that this recipe could give");
      if (answer === -8) throw new InputError("SPACE", "no such region, or one without mobile numbers");
      accepted(answer);
    };
    begin();
    const size = BigInt(status[2]) | (BigInt(status[3]) << 32n);
    return Object.freeze({
      size,
      /**
       * @param {bigint | number} from
       * @param {number} count
       */
      run: (from, count) => {
        const first = BigInt(from);
        if (first < 0n || first >= 1n << 63n || !Number.isInteger(count) || count < 0 || count > 0x7fffffff) {
          throw new InputError("RANGE", "from must be 0–2⁶³-1 and count 0–2³¹-1");
        }
        if (this.#searching !== me) begin();
        return exports.search(first, count) === 1 ? String.fromCharCode(...text.subarray(0, status[2])) : null;
      },
    });
  }
}
