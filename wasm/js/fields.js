// Fields and the guess of a region, in contacts.wasm; the package comment of
// wasm/reader says how. What only the tables of numbers know it asks the core, and
// this carries questions and records between the two.

import { INFO, INPUT_SIZE, MAX_ITEMS, RECORD_SIZE, REGION_PER_LINE } from "./core.js";
import { InputError, LoadError } from "./errors.js";
import { FIELD_CODES, REPAIRS } from "./repairs.js";
import { coreOf } from "./sealbook.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

/** @typedef {import("./contacts.js").FieldNumber} FieldNumber */
/** @typedef {import("./contacts.js").FieldOptions} FieldOptions */
/** @typedef {import("./contacts.js").FieldResult} FieldResult */

/**
 * @typedef {{
 *   exports: {
 *     field_ask(region: number, habit: number, length: number): number, field_choose(count: number): number,
 *     guess_begin(): void, guess_ask(length: number): number, guess_take(count: number): number, guess_best(length: number): number,
 *   },
 *   input: Uint8Array, output: Uint8Array, status: Uint32Array,
 * }} Session as in contacts.js; its views are taken anew after each call
 */

const HABITS = /** @type {const} */ (["ANY", "NATIONAL", "CODE_WITHOUT_PLUS"]);
/** Most UTF-16 units of a field. */
const MOST = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * @param {Session} session
 * @param {import("./index.js").Sealbook} sealbook
 * @param {string} text
 * @param {FieldOptions} options
 * @returns {FieldResult}
 */
export function readField(session, sealbook, text, { region = "", country = "", habit = "ANY" } = {}) {
  if (typeof text !== "string" || typeof country !== "string") throw new InputError("TYPE", "a field and a country are strings");
  const core = coreOf(sealbook);
  const packed = core.region(region);
  const way = HABITS.indexOf(habit);
  if (way < 0) throw new InputError("OPTION", "no such habit");
  if (text.length > MOST) return failure("TOO_LONG");
  const asked = session.exports.field_ask(packed, way, writeField(session, text, country));
  const code = session.exports.field_choose(carry(session, core, asked));
  if (code !== 0) return failure(FIELD_CODES[code]);
  const bytes = encoder.encode(text);
  const numbers = read(session).map(([e164, from, to, repairs]) => ({
    e164,
    text: decoder.decode(bytes.subarray(Number(from), Number(to))),
    repairs: REPAIRS.filter((_, bit) => Math.floor(Number(repairs) / 2 ** bit) % 2 === 1),
  }));
  return { numbers, error: null };
}

/** @param {string | undefined} code @returns {FieldResult} */
function failure(code) {
  if (code === undefined) throw new LoadError("CHECK", "the reader of fields does not go on");
  return { numbers: [], error: /** @type {import("./contacts.js").FieldErrorCode} */ (code) };
}

/**
 * @param {Session} session
 * @param {import("./index.js").Sealbook} sealbook
 * @param {Iterable<string | { text: string, country?: string }>} fields
 * @param {readonly (string | null | undefined)[]} hints
 * @returns {import("./contacts.js").RegionGuess}
 */
export function guessRegion(session, sealbook, fields, hints) {
  const core = coreOf(sealbook);
  const { exports } = session;
  exports.guess_begin();
  for (const field of fields) {
    const { text, country = "" } = typeof field === "string" ? { text: field } : field ?? {};
    if (typeof text !== "string" || typeof country !== "string" || text.length > MOST) continue;
    const asked = exports.guess_ask(writeField(session, text, country));
    if (asked !== 0) exports.guess_take(carry(session, core, asked));
  }
  const list = hints.filter((hint) => typeof hint === "string").join("\n");
  exports.guess_best(encoder.encodeInto(list, session.input).written);
  const [[region, habit, decided, national, known], ...rows] = read(session);
  return {
    region: region === "" ? null : region,
    habit: HABITS[Number(habit)],
    decided: /** @type {import("./contacts.js").Decided} */ (decided),
    contenders: rows.map(([id, fit, international]) => ({ region: id, fit: Number(fit), international: Number(international) })),
    national: Number(national),
    known: Number(known),
  };
}

/**
 * Puts a field and its row's country into the input. A tab in the country would
 * end it, and it then names none.
 * @param {Session} session
 * @param {string} text
 * @param {string} country
 */
function writeField({ input }, text, country) {
  return encoder.encodeInto(`${country.replaceAll("\t", " ")}\t${text}`, input).written;
}

/**
 * Has the core answer the questions in the output, and puts its records into the
 * input. Answers how many there are.
 * @param {Session} session
 * @param {import("./core.js").Core} core
 * @param {number} asked
 */
function carry(session, core, asked) {
  if (asked === 0) return 0;
  const lines = session.output.subarray(0, session.status[2]);
  if (asked < 0 || asked > MAX_ITEMS || lines.length > INPUT_SIZE) throw new LoadError("CHECK", "the reader of fields does not go on");
  core.input.set(lines);
  if (core.exports.parse(lines.length, 0, INFO | REGION_PER_LINE) !== asked) throw new LoadError("CHECK", "the core does not answer all that was asked");
  session.input.set(core.records.subarray(0, asked * RECORD_SIZE));
  return asked;
}

/** The rows in the output, each its fields. @param {Session} session */
function read(session) {
  const text = decoder.decode(session.output.subarray(0, session.status[2]));
  return text === "" ? [] : text.slice(0, -1).split("\n").map((row) => row.split("\t"));
}
