// Whose digests: which number, and by which recipe.

import { digestAll } from "./digest.js";
import { Refusal, nextTurn } from "./serve.js";

/** @typedef {import("../js/index.js").Sealbook} Sealbook */

const FORMS = ["e164_plus", "digits_cc", "intl_00", "national_0", "national_nsn", "spaced_intl", "rfc3966"];
/** Bytes of each algorithm's digest. */
const LENGTHS = new Map([["md5", 16], ["sha1", 20], ["sha224", 28], ["sha256", 32], ["sha384", 48], ["sha512", 64]]);
/** Fewer bytes than this are shared by too many numbers to say anything. */
const LEAST = 4;
const PIECE = 8192;
/** Most hashes that are compared at once, and numbers that are shown for one. */
export const MOST_HASHES = 100_000;
const MOST_MATCHES = 50;

/**
 * A way to hash that is compared: a name the core knows, how it encodes, and
 * the published recipes that it stands for.
 * @typedef {{ name: string, form: string, algorithm: string, bytes: number, encoding: string, recipes: string[] }} Method
 * @typedef {{ line: number, text: string, readings: string[] }} Hash line: where it stands, from 1; readings: what its letters can mean, in hexadecimal
 * @typedef {{ index: number, form: string, algorithm: string, bytes: number, whole: number, recipes: string[] }} Match index: of the number
 * @typedef {{ hash: Hash, matches: Match[], more: boolean }} Matched
 */

/**
 * The bytes that a text can mean; hexadecimal first, as every text of it is
 * also base64.
 * @param {string} text
 */
export function readings(text) {
  const bare = text.trim().replace(/^["'“”‘’]+|["'“”‘’,;]+$/g, "").replace(/^(?:sha-?\d+|md5)[:=]/i, "").replace(/\s+/g, "");
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
 * The hashes of a text: one a line, or a table's cells that can be one. Of each
 * line the longest counts, so that short words beside it do not.
 *
 * Lines that only together are as long as a digest may be one that was broken
 * over them: then that is looked for as well.
 * @param {string} text
 */
export function hashesIn(text) {
  /** @type {Hash[]} */
  const hashes = [];
  let others = 0;
  let cut = false;
  const lines = text.split(/\r\n|[\n\r]/);
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    /** @type {Hash | null} */
    let best = null;
    for (const cell of line.includes('"') || /[\t,;]/.test(line) ? line.split(/[\t,;]/) : [line]) {
      const found = readings(cell);
      if (found.length > 0 && (best === null || found[0].length > best.readings[0].length)) best = { line: i + 1, text: cell.trim().replace(/^"|"$/g, ""), readings: found };
    }
    if (best === null) others++;
    else if (hashes.length < MOST_HASHES) hashes.push(best);
    else cut = true;
  }
  // The name of the column is a hash of no kind that follows.
  if (hashes.length > 1) {
    const sizes = new Set(hashes.slice(1).flatMap((hash) => hash.readings.map((hex) => hex.length)));
    if (!hashes[0].readings.some((hex) => sizes.has(hex.length))) {
      hashes.shift();
      others++;
    }
  }
  const filled = lines.filter((line) => line.trim() !== "").length;
  const whole = filled > 1 && filled <= 16 ? readings(text) : [];
  const sizes = [...LENGTHS.values()].map((bytes) => 2 * bytes);
  const broken = whole.filter((hex) => sizes.includes(hex.length));
  return { hashes, others, cut, broken: broken.length > 0 ? { line: 1, text: text.replace(/\s+/g, ""), readings: broken } : null };
}

/**
 * All methods to compare with: the grid of forms and algorithms, each with the
 * published recipes that are nothing else, and the published ones that are.
 * @param {Sealbook} sealbook
 * @returns {Method[]}
 */
function methods(sealbook) {
  /** @type {Map<string, Method>} */
  const grid = new Map();
  for (const form of FORMS) {
    for (const [algorithm, bytes] of LENGTHS) {
      const name = `${form}/${algorithm}/hex`;
      grid.set(name, { name, form, algorithm, bytes, encoding: "hex", recipes: [] });
    }
  }
  const sample = "+442079460000"; // kept for fiction; only shows whether two recipes are the same
  /** @type {Method[]} */
  const own = [];
  for (const { id, form, algorithm, encoding, computable } of sealbook.recipes) {
    // A cut digest is the start of a whole one, and found as such.
    if (!computable || form === "email" || encoding === "text") continue;
    const digest = normal(sealbook.digest(sample, id), encoding);
    const plain = grid.get(`${form}/${algorithm}/hex`);
    if (plain && sealbook.digest(sample, plain.name).startsWith(digest)) plain.recipes.push(id);
    else own.push({ name: id, form, algorithm, bytes: digest.length / 2, encoding, recipes: [id] });
  }
  return [...grid.values(), ...own];
}

/**
 * Compares hashes with numbers by every method.
 * @param {Sealbook} sealbook
 * @param {import("../js/format.js").Formats} formats
 * @param {readonly (string | null)[]} numbers E.164, null for rows without one
 * @param {readonly Hash[]} hashes
 * @param {() => boolean} stale whether a newer request has made this one pointless
 * @param {(share: number) => void} progress
 * @returns {Promise<Matched[]>} in the order of the hashes
 */
export async function match(sealbook, formats, numbers, hashes, stale, progress) {
  /** @type {number[]} */
  const indices = [];
  for (const [i, number] of numbers.entries()) if (number !== null) indices.push(i);
  const matched = hashes.map((hash) => ({ hash, matches: /** @type {Match[]} */ ([]), more: false }));
  /** Which hashes begin with some digits, by how many digits. @type {Map<number, Map<string, Matched[]>>} */
  const wanted = new Map();
  for (const one of matched) {
    for (const hex of one.hash.readings) {
      const same = wanted.get(hex.length) ?? new Map();
      const before = same.get(hex);
      if (before) before.push(one);
      else same.set(hex, [one]);
      wanted.set(hex.length, same);
    }
  }
  const all = methods(sealbook);
  for (const [done, { name, form, algorithm, bytes, encoding, recipes }] of all.entries()) {
    const lengths = [...wanted].filter(([length]) => length <= 2 * bytes);
    for (let at = 0; lengths.length > 0 && at < indices.length; at += PIECE) {
      const piece = indices.slice(at, at + PIECE);
      const digests = digestAll(sealbook, formats, piece.map((i) => /** @type {string} */ (numbers[i])), name, form);
      for (const [i, digest] of digests.entries()) {
        if (typeof digest !== "string") continue;
        const hex = normal(digest, encoding);
        for (const [length, same] of lengths) {
          for (const one of same.get(hex.slice(0, length)) ?? []) {
            if (one.matches.length === MOST_MATCHES) one.more = true;
            else one.matches.push({ index: piece[i], form, algorithm, bytes: length / 2, whole: bytes, recipes });
          }
        }
      }
      await nextTurn();
      if (stale()) throw new Refusal("STOPPED");
    }
    progress(done / all.length);
  }
  return matched;
}

/**
 * The published recipes whose digests have the length of what was pasted.
 * @param {Sealbook} sealbook
 * @param {readonly string[]} wanted hexadecimal
 */
export function shapes(sealbook, wanted) {
  return sealbook.recipes
    .filter(({ computable, bytes, form }) => computable && bytes > 0 && form !== "email" && wanted.some((hex) => hex.length === 2 * bytes))
    .map(({ id }) => id);
}
