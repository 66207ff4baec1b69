// The table as a CSV file.

import { breath } from "./serve.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../js/index.js").Sealbook} Sealbook */

const HEADER = ["line", "name", "label", "written", "e164", "region", "type", "valid", "error"];
const PIECE = 4096;

/**
 * A field, quoted where needed. A spreadsheet would run a text that begins
 * with = or @ as a formula, so those, which no number begins with, get an
 * apostrophe before them; + and - stay as they are written in numbers.
 * @param {string} text
 */
export function field(text) {
  const safe = /^[=@\t\r]/.test(text) || /^[+-]/.test(text) && /[a-z(!]/i.test(text) ? "'" + text : text;
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
    await breath();
  }
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}
