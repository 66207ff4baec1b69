// The worker behind "How safe is a hash?". Each core of the machine gets one;
// the page hands out ranges of the region's mobile numbers.

import { loadBlind } from "../js/blind.js";
import { loadFormats } from "../js/format.js";
import { regionHints } from "../js/hints.js";
import { load } from "../js/index.js";
import { Refusal, serve } from "./serve.js";

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
/** @type {import("../js/blind.js").Blind} */
let blind;
/** @type {import("../js/format.js").Formats} */
let formats;
/** @type {import("../js/blind.js").Searcher | undefined} */
let searcher;

/** A digest of one byte: one number in 256 has it, so any range holds some. */
const SHORT = "e164_plus/sha256/hex/1";

const STEP = 1024;

/** @param {number} below at most 2⁵³ */
function random(below) {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return Math.floor(((high & 0x1fffff) * 2 ** 32 + low) / 2 ** 53 * below);
}

const work = {
  /** @param {{ core: WebAssembly.Module, blind: WebAssembly.Module, format: WebAssembly.Module }} asked */
  async open(asked) {
    [sealbook, blind, formats] = await Promise.all([load({ wasm: asked.core }), loadBlind({ wasm: asked.blind }), loadFormats({ wasm: asked.format })]);
    return {
      regions: sealbook.regions.map((region) => /** @type {[string, number]} */ ([region, sealbook.callingCode(region)])),
      hint: regionHints(sealbook)[0] ?? null,
    };
  },

  /** How many valid mobile numbers a region has; 0 for none. @param {{ region: string }} asked */
  space({ region }) {
    try {
      return Number(blind.searcher("00", SHORT, region).size);
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === "SPACE") return 0;
      throw error;
    }
  },

  /** A valid mobile number of a region, at random. @param {{ region: string }} asked */
  pick({ region }) {
    const hex = random(256).toString(16).padStart(2, "0");
    const numbers = blind.searcher(hex, SHORT, region);
    const size = Number(numbers.size);
    // From a random place on, the first number with a random byte; a place too
    // near the end may have none after it.
    for (let from = random(size), tries = 0; tries < 8; from = 0, tries++) {
      const number = numbers.run(from, Math.min(20_000, size - from));
      if (number !== null) return formats.international(number);
    }
    throw new Refusal("SPACE");
  },

  /** What a typed number is. @param {{ text: string, region: string }} asked */
  number({ text, region }) {
    const { e164, region: own, type, valid } = sealbook.parse(text, region);
    return { e164, region: own, mobile: valid && (type === "MOBILE" || type === "FIXED_LINE_OR_MOBILE"), valid };
  },

  /** @param {{ e164: string, recipe: import("../js/index.js").RecipeLike }} asked */
  digest({ e164, recipe }) {
    return sealbook.digest(e164, recipe);
  },

  /** Prepares the search; answers how many numbers there are. @param {{ digest: string, recipe: import("../js/index.js").RecipeLike, region: string }} asked */
  begin({ digest, recipe, region }) {
    searcher = blind.searcher(digest, recipe, region);
    return Number(searcher.size);
  },

  /** Tries a range. @param {{ from: number, count: number }} asked */
  run({ from, count }) {
    if (!searcher) throw new Refusal("BROKEN");
    const start = performance.now();
    let found = null;
    let tried = 0;
    // In steps, to know about how many were tried when one is found.
    while (found === null && tried < count) {
      const step = Math.min(STEP, count - tried);
      found = searcher.run(from + tried, step);
      tried += step;
    }
    return { found, tried, milliseconds: performance.now() - start };
  },
};

serve(work);

/** @typedef {typeof work} Search */
