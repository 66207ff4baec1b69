// The table as a CSV file.

import { nextTurn } from "./serve.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../js/index.js").Sealbook} Sealbook */

const HEADER = ["line", "name", "label", "written", "e164", "region", "type", "valid", "error"];
const PIECE = 4096;

/** What ends what a character begins that gives a text its direction (UAX #9). */
const END = /** @type {Record<string, string>} */ ({
  "\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c",
  "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069",
});

/**
 * A text that ends what it begins: a name with an open right-to-left override
 * would turn round the number beside it.
 * @param {string} text
 */
export function closed(text) {
  /** @type {string[]} */
  const open = [];
  for (const character of text.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? []) {
    if (character in END) open.push(END[character]);
    // An isolate's end ends all that was begun in it.
    else if (character === "\u2069" && open.includes(character)) open.length = open.lastIndexOf(character);
    else if (character === open.at(-1)) open.pop();
  }
  return text + open.reverse().join("");
}

/**
 * A field, quoted where needed. A spreadsheet would run a text that begins
 * with = or @ as a formula, so those, which no number begins with, get an
 * apostrophe before them; + and - stay as they are written in numbers.
 * @param {string} text
 */
export function field(text) {
  const ended = closed(text);
  const safe = /^[=@\t\r]/.test(ended) || /^[+-]/.test(ended) && /[a-z(!]/i.test(ended) ? "'" + ended : ended;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {Sealbook} sealbook
 * @param {readonly Row[]} rows
 * @param {readonly string[]} recipes ids, a column for each
 * @returns {Promise<Blob>} UTF-8 with a mark at its start, without which Excel reads something else
 */
export async function csv(sealbook, rows, recipes) {
  const parts = ["\ufeff" + [...HEADER, ...recipes].map(field).join(",") + "\r\n"];
  for (let at = 0; at < rows.length; at += PIECE) {
    const piece = rows.slice(at, at + PIECE);
    const numbers = piece.filter((row) => row.e164 !== null).map((row) => /** @type {string} */ (row.e164));
    const columns = recipes.map((id) => sealbook.digestAll(numbers, id));
    let n = 0;
    let text = "";
    for (const row of piece) {
      const cells = [String(row.line), row.name, row.label, row.written, row.e164 ?? "", row.region ?? "", row.type ?? "", row.error === null ? String(row.valid) : "", row.error ?? ""];
      for (const column of columns) cells.push(row.e164 === null ? "" : String(column[n]));
      if (row.e164 !== null) n++;
      text += cells.map(field).join(",") + "\r\n";
    }
    parts.push(text);
    await nextTurn();
  }
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}
