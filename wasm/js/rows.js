// Rows of many items, each with a number and its digests.

import { INFO, RECORD_SIZE, REGION_PER_LINE } from "./core.js";
import { FAILURES, Phone, REGION } from "./numbers.js";
import { pieces } from "./pieces.js";

/** @typedef {import("./core.js").Core} Core */
/** @typedef {import("./index.js").Item} Item */

/**
 * @template {Item} I
 * @param {Core} core
 * @param {import("./handles.js").Handles} handles
 * @param {readonly I[]} items
 * @param {number} first index of the first item
 * @param {string | undefined} region
 * @param {readonly import("./index.js").RecipeLike[]} recipes
 * @param {boolean} validOnly
 * @returns {import("./index.js").Row<I>[]}
 */
export function rows(core, handles, items, first, region, recipes, validOnly) {
  const own = items.some((item) => typeof item === "object" && item !== null);
  const known = new Map();
  const texts = own ? items.map((item) => line(core, item, region, known)) : /** @type {readonly string[]} */ (items);
  const mode = own ? INFO | REGION_PER_LINE : INFO;
  const { records } = core;
  /** @type {import("./index.js").Row<I>[]} */
  const answers = new Array(items.length);
  const none = Object.freeze(recipes.map(() => null));
  /** @type {[Phone, number][]} */
  const extended = [];
  /** @type {string[][]} */
  const columns = recipes.map(() => []);
  pieces(core, texts, own ? "" : region, mode, answers, (i, at) => {
    const input = items[i];
    const phone = typeof input === "string"
      ? new Phone(core, at, input, region)
      : new Phone(core, at, input.text, input.region ?? region);
    if (records[at + 29] !== 0) extended.push([phone, records[at + 29]]);
    answers[i] = { index: first + i, input, number: phone, digests: validOnly && !phone.valid ? none : columns.map((column) => column[at / RECORD_SIZE]) };
  }, (_, count) => {
    for (let r = 0; r < recipes.length; r++) core.digests(handles.get(recipes[r]), count, columns[r], 0);
  }, (i, code) => {
    answers[i] = { index: first + i, input: items[i], number: texts[i] === NO_REGION ? REGION : FAILURES[code], digests: none };
  });
  for (const [phone, digits] of extended) phone.readExtension(digits);
  return answers;
}

/** What an item is given as whose own region is none: it keeps its place. */
const NO_REGION = /** @type {never} */ (null);

/**
 * An item as the core takes it with REGION_PER_LINE.
 * @param {Core} core
 * @param {Item} item
 * @param {string | undefined} region
 * @param {Map<string, boolean>} known what the core said of regions
 */
function line(core, item, region, known) {
  if (typeof item === "string") return `${region ?? ""}\t${item}`;
  if (typeof item?.text !== "string") return /** @type {never} */ (undefined);
  const own = item.region ?? region ?? "";
  if (typeof own !== "string") return NO_REGION;
  let is = known.get(own);
  if (is === undefined) known.set(own, is = core.knows(own));
  return is ? `${own}\t${item.text}` : NO_REGION;
}
