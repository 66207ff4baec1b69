// The rows of the table: what was written, and what it was read as.

import { nextTurn } from "./serve.js";

/** @typedef {import("../js/index.js").Sealbook} Sealbook */
/** @typedef {import("./reader.js").Entry} Entry */
/** @typedef {import("../js/contacts.js").Contacts} Contacts */
/** @typedef {Pick<import("../js/contacts.js").RegionGuess, "region" | "decided" | "habit">} Guess */

/**
 * @typedef {{
 *   index: number, line: number, name: string, label: string, written: string,
 *   e164: string | null, region: string | null, type: string | null, valid: boolean,
 *   error: string | null, reason: string | null, repairs: readonly string[],
 * }} Row
 * @typedef {{ rows: number, numbers: number, valid: number, askable: number, errors: number, people: number, named: boolean, guess: Guess | null }} Sum
 */

/** Most rows that a page holds: some 200 MB of memory. */
export const MOST = 500_000;

/** What is read at once, so that a worker looks up some hundred times a second. */
const PIECE = 4096;

/** @type {import("../js/contacts.js").Reason[]} */
const NOT_VALID = ["IMPOSSIBLE", "LOCAL_ONLY", "INVALID"];

/**
 * The entries of a text: a line each, blank ones left out.
 * @param {string} text
 * @returns {Entry[]}
 */
export function typed(text) {
  /** @type {Entry[]} */
  const entries = [];
  let line = 0;
  for (const written of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    line++;
    if (written.trim() === "") continue;
    entries.push({ line, person: 0, label: "", name: "", written: written.trim(), country: "" });
    if (entries.length === MOST) break;
  }
  return entries;
}

/**
 * Reads the entries' numbers: a row for each, and one for an entry that has none. Of those that are none "error" tells why, of
 * those that are not valid "reason".
 * @param {Sealbook} sealbook
 * @param {Contacts} contacts
 * @param {readonly Entry[]} entries
 * @param {string} region for those without a calling code
 * @param {import("../js/contacts.js").Habit} habit how most of them are written
 * @param {(share: number) => void} progress
 * @returns {Promise<Row[]>}
 */
export async function readNumbers(sealbook, contacts, entries, region, habit, progress) {
  /** @type {Row[]} */
  const rows = [];
  for (let at = 0; at < entries.length; at += PIECE) {
    const piece = entries.slice(at, at + PIECE);
    const sifted = contacts.sift(sealbook, piece.map(({ written, country }) => ({ text: written, country })), { region, habit, drop: NOT_VALID });
    for (const { index, e164, reason, number, repairs } of sifted) {
      const { line, name, label, written } = piece[index];
      const error = e164 === null ? reason : null;
      rows.push({
        index: rows.length, line, name, label, written, e164, error, reason: error === null ? reason : null,
        region: error === null ? number.region : null, type: error === null ? number.type : null, valid: error === null && number.valid, repairs,
      });
    }
    progress((at + piece.length) / entries.length);
    await nextTurn();
  }
  return rows;
}

/** Types of numbers where no code reaches a person: nobody can have registered one. */
const SERVICES = new Set(["PREMIUM_RATE", "SHARED_COST", "VOICEMAIL"]);

/** Whether a directory is asked about a row's number. @param {Row} row */
export const isAskable = ({ valid, type }) => valid && !SERVICES.has(type ?? "");

/**
 * @param {readonly Row[]} rows
 * @param {number} people
 * @param {Guess | null} guess
 * @returns {Sum}
 */
export function sum(rows, people, guess) {
  let numbers = 0;
  let valid = 0;
  let named = false;
  /** Each number once. @type {Set<string | null>} */
  const askable = new Set();
  for (const row of rows) {
    if (row.name) named = true;
    if (row.error !== null) continue;
    numbers++;
    if (row.valid) valid++;
    if (isAskable(row)) askable.add(row.e164);
  }
  return { rows: rows.length, numbers, valid, askable: askable.size, errors: rows.length - numbers, people, named, guess };
}

/** @typedef {"line" | "name" | "written" | "e164" | "region" | "type" | "valid"} Column */
/** @typedef {{ text: string, kind: "all" | "valid" | "invalid" | "error", column: Column, down: boolean }} View */

/**
 * The rows that a view shows, in its order.
 * @param {readonly Row[]} rows
 * @param {View} view
 */
export function select(rows, { text, kind, column, down }) {
  const wanted = text.trim().toLowerCase();
  const digits = /^[\d\s()+./-]+$/.test(wanted) ? wanted.replace(/\D/g, "") : "";
  const shown = rows.filter((row) => {
    if (kind === "valid" ? !row.valid : kind === "invalid" ? row.error !== null || row.valid : kind === "error" && row.error === null) return false;
    if (wanted === "") return true;
    if (digits !== "" && (row.e164?.includes(digits) || row.written.replace(/\D/g, "").includes(digits))) return true;
    return row.name.toLowerCase().includes(wanted) || row.written.toLowerCase().includes(wanted) || row.region?.toLowerCase() === wanted;
  });
  const sign = down ? -1 : 1;
  if (column === "line") {
    return down ? shown.reverse() : shown;
  }
  if (column === "valid") {
    const rank = (/** @type {Row} */ row) => (row.valid ? 0 : row.error === null ? 1 : 2);
    return shown.sort((a, b) => sign * (rank(a) - rank(b)) || a.index - b.index);
  }
  const collator = column === "name" || column === "written" ? new Intl.Collator(undefined, { numeric: true }) : null;
  return shown.sort((a, b) => {
    const x = a[column] ?? "";
    const y = b[column] ?? "";
    if (x === "" || y === "") return x === y ? a.index - b.index : x === "" ? 1 : -1; // blanks stay last
    const order = collator ? collator.compare(x, y) : x < y ? -1 : x > y ? 1 : 0;
    return sign * order || a.index - b.index;
  });
}
