// Results and rows of many texts.

import { INFO, RECORD_SIZE, REGION_PER_LINE } from "./core.js";
import { FAILURES, Phone, REGION } from "./numbers.js";
import { pieces } from "./pieces.js";

/** @typedef {import("./core.js").Core} Core */
/** @typedef {import("./index.js").Item} Item */
/** @typedef {import("./index.js").Result} Result */

/**
 * Puts a result for each text into answers.
 * @param {Core} core
 * @param {readonly string[]} texts
 * @param {string | undefined} region
 * @param {Result[]} answers
 */
export function results(core, texts, region, answers) {
  /** @type {[Phone, number][]} */
  const extended = [];
  const { records } = core;
  pieces(core, texts, region, INFO, (from, count) => {
    for (let i = 0, at = 0; i < count; i++, at += RECORD_SIZE) {
      const code = records[at];
      if (code !== 0) {
        answers[from + i] = FAILURES[code];
        continue;
      }
      const phone = new Phone(core, i, texts[from + i], region);
      answers[from + i] = phone;
      if (records[at + 29] !== 0) extended.push([phone, records[at + 29]]);
    }
  }, (i, code) => {
    answers[i] = FAILURES[code];
  });
  for (const [phone, digits] of extended) phone.readExtension(digits);
}

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
  const texts = own ? items.map((item) => line(core, item, region)) : /** @type {readonly string[]} */ (items);
  const mode = own ? INFO | REGION_PER_LINE : INFO;
  const { records } = core;
  /** @type {import("./index.js").Row<I>[]} */
  const answers = new Array(items.length);
  const none = Object.freeze(recipes.map(() => null));
  /** @type {[Phone, number][]} */
  const extended = [];
  /** @type {string[][]} */
  const columns = recipes.map(() => []);
  pieces(core, texts, own ? "" : region, mode, (from, count) => {
    for (let r = 0; r < recipes.length; r++) core.digests(handles.get(recipes[r]), count, columns[r], 0);
    for (let i = 0, at = 0; i < count; i++, at += RECORD_SIZE) {
      const input = items[from + i];
      const code = records[at];
      const index = first + from + i;
      if (code !== 0) {
        answers[from + i] = { index, input, number: FAILURES[code], digests: none };
        continue;
      }
      const phone = typeof input === "string"
        ? new Phone(core, i, input, region)
        : new Phone(core, i, input.text, input.region ?? region);
      if (records[at + 29] !== 0) extended.push([phone, records[at + 29]]);
      answers[from + i] = { index, input, number: phone, digests: validOnly && !phone.valid ? none : columns.map((column) => column[i]) };
    }
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
 */
function line(core, item, region) {
  if (typeof item === "string") return `${region ?? ""}\t${item}`;
  if (typeof item?.text !== "string") return /** @type {never} */ (undefined);
  const own = item.region ?? region ?? "";
  if (typeof own !== "string" || !core.knows(own)) return NO_REGION;
  return `${own}\t${item.text}`;
}
