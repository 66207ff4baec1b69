// Numbers that were evaluated, looked for in what was published. All of it is
// on the device by now: nothing here sends anything.

import { equal } from "../bytes.js";
import { opened, positions, recordOf } from "./records.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./discover.js").Handle} Handle */
/** @typedef {Omit<import("./discover.js").Found, "contact" | "index" | "number">} Who */

/** Calls of SubtleCrypto under way at once. */
export const AT_ONCE = 64;

/**
 * @param {State} state
 * @param {readonly string[]} numbers
 * @param {import("./discover.js").Warning[]} warnings
 * @returns {Promise<{ found: Map<string, Who>, unopened: number }>}
 */
export async function lookUp(state, numbers, warnings) {
  const view = /** @type {import("./state.js").View} */ (state.view);
  /** @type {Map<string, Who>} */
  const found = new Map();
  let unopened = 0;
  await concurrently(numbers, AT_ONCE, async (number) => {
    const output = state.outputs.get(number);
    if (output === undefined) return;
    const at = positions(view, output);
    if (at.from === at.to) return;
    const record = recordOf(view);
    if (record === null) return void found.set(number, { handle: null, flags: null, first: state.handles.get(number) ?? null });
    const all = await opened(view, output, at, record);
    if (all.length === 0) return void unopened++;
    if (all.length > 1) warnings.push({ code: "TWICE", number, evidence: [view.update] });
    const who = pin(state, number, all);
    if (!equal(who.handle, who.first)) warnings.push({ code: "HANDLE", number, evidence: [view.update] });
    found.set(number, who);
  });
  return { found, unopened };
}

/**
 * Keeps the handle that is seen first for a number. Of several records that open
 * the one that has it is shown, if any does.
 * @param {State} state
 * @param {string} number
 * @param {readonly import("./records.js").Record[]} records one at least
 * @returns {Handle}
 */
export function pin(state, number, records) {
  const first = state.handles.get(number) ?? records[0].handle;
  const { handle, flags } = records.find((record) => equal(record.handle, first)) ?? records[0];
  state.handles.set(number, first);
  return { handle, flags, first };
}

/**
 * Does work for every item, some at a time.
 * @template I
 * @param {readonly I[]} items
 * @param {number} width
 * @param {(item: I) => Promise<void>} work
 */
export async function concurrently(items, width, work) {
  let next = 0;
  const one = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, one));
}
