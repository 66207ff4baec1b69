// Which recipe, and which of the numbers, gives a digest.

import { digestAll } from "./digest.js";
import { Refusal, breath } from "./serve.js";

/** @typedef {import("../js/index.js").Sealbook} Sealbook */
/** @typedef {import("../js/index.js").RecipeInfo} RecipeInfo */

const FORMS = ["e164_plus", "digits_cc", "intl_00", "national_0", "national_nsn", "spaced_intl", "rfc3966"];
/** Bytes of each algorithm's digest. */
const LENGTHS = new Map([["md5", 16], ["sha1", 20], ["sha224", 28], ["sha256", 32], ["sha384", 48], ["sha512", 64]]);
/** Fewer bytes than this are shared by too many numbers to say anything. */
const LEAST = 4;
const PIECE = 8192;

/**
 * A way to hash that was compared: a name the core knows, how it encodes, and
 * the published recipes that it stands for.
 * @typedef {{ name: string, form: string, algorithm: string, bytes: number, encoding: string, recipes: string[] }} Way
 * @typedef {{ index: number, form: string, algorithm: string, bytes: number, whole: number, recipes: string[] }} Match
 * @typedef {{ bytes: number, matches: Match[], more: boolean, shapes: string[], compared: number }} Found
 */

/**
 * The bytes that a pasted text can mean; hexadecimal first, as every text of
 * it is also base64.
 * @param {string} text
 */
export function readings(text) {
  const bare = text.trim().replace(/^(?:sha-?\d+|md5)[:=]/i, "").replace(/^["'“”‘’]+|["'“”‘’,;]+$/g, "").replace(/\s+/g, "");
  /** @type {string[]} */
  const hex = [];
  if (/^(?:0x)?(?:[0-9a-f]{2})+$/i.test(bare)) hex.push(bare.replace(/^0x/i, "").toLowerCase());
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) {
    const unpadded = bare.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
    if (unpadded.length % 4 !== 1) hex.push(toHex(unpadded));
  }
  return hex.filter((digits) => digits.length >= 2 * LEAST && digits.length <= 128);
}

/** @param {string} base64 */
function toHex(base64) {
  return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** @param {string} digest @param {string} encoding */
function normal(digest, encoding) {
  return encoding === "hex" ? digest.toLowerCase() : toHex(digest.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/"));
}

/**
 * All ways to compare with: the grid of forms and algorithms, each with the
 * published recipes that are nothing else, and the published ones that are.
 * @param {Sealbook} sealbook
 * @returns {Way[]}
 */
export function ways(sealbook) {
  /** @type {Map<string, Way>} */
  const grid = new Map();
  for (const form of FORMS) {
    for (const [algorithm, bytes] of LENGTHS) {
      const name = `${form}/${algorithm}/hex`;
      grid.set(name, { name, form, algorithm, bytes, encoding: "hex", recipes: [] });
    }
  }
  const sample = "+442079460000"; // kept for fiction; only shows whether two recipes are the same
  /** @type {Way[]} */
  const own = [];
  for (const { id, form, algorithm, encoding, computable } of sealbook.recipes) {
    if (!computable || form === "email" || encoding === "text") continue;
    const digest = normal(sealbook.digest(sample, id), encoding);
    const plain = grid.get(`${form}/${algorithm}/hex`);
    // A cut digest is the start of a whole one, and found as such.
    if (plain && sealbook.digest(sample, plain.name).startsWith(digest)) plain.recipes.push(id);
    else own.push({ name: id, form, algorithm, bytes: digest.length / 2, encoding, recipes: [id] });
  }
  return [...grid.values(), ...own];
}

/**
 * @param {Sealbook} sealbook
 * @param {import("../js/format.js").Formats} formats
 * @param {readonly (string | null)[]} numbers E.164, null for rows without one
 * @param {string} text
 * @param {() => boolean} stale whether a newer request has made this one pointless
 * @param {(share: number) => void} progress
 * @returns {Promise<Found>}
 */
export async function lookup(sealbook, formats, numbers, text, stale, progress) {
  const wanted = readings(text);
  if (wanted.length === 0) throw new Refusal("NOT_A_HASH");
  /** @type {number[]} */
  const indices = [];
  for (const [i, number] of numbers.entries()) if (number !== null) indices.push(i);
  const all = ways(sealbook);
  /** @type {Found} */
  const found = { bytes: wanted[0].length / 2, matches: [], more: false, shapes: shapes(sealbook, wanted), compared: indices.length };
  for (const [done, way] of all.entries()) {
    const candidates = wanted.filter((hex) => hex.length <= 2 * way.bytes);
    if (candidates.length === 0) continue;
    for (let at = 0; at < indices.length; at += PIECE) {
      const piece = indices.slice(at, at + PIECE);
      const digests = digestAll(sealbook, formats, piece.map((i) => /** @type {string} */ (numbers[i])), way.name, way.form);
      for (const [i, digest] of digests.entries()) {
        if (typeof digest !== "string") continue;
        const hex = normal(digest, way.encoding);
        const match = candidates.find((candidate) => hex.startsWith(candidate));
        if (match === undefined) continue;
        if (found.matches.length === 50) {
          found.more = true;
          continue;
        }
        found.bytes = match.length / 2;
        found.matches.push({ index: piece[i], form: way.form, algorithm: way.algorithm, bytes: match.length / 2, whole: way.bytes, recipes: way.recipes });
      }
      await breath();
      if (stale()) throw new Refusal("STOPPED");
    }
    progress(done / all.length);
  }
  return found;
}

/**
 * The published recipes whose digests have the length of what was pasted.
 * @param {Sealbook} sealbook
 * @param {string[]} wanted
 */
function shapes(sealbook, wanted) {
  return sealbook.recipes
    .filter(({ computable, bytes, form }) => computable && bytes > 0 && form !== "email" && wanted.some((hex) => hex.length === 2 * bytes))
    .map(({ id }) => id);
}
