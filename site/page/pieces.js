// The table of a page, a piece at a time: which rows stand in it, which of all
// they are, and which one is chosen.

import { find } from "./dom.js";
import { t } from "./language.js";

/** Rows in a piece. */
export const PAGE = 50;

const rows = () => find("rows", HTMLTableSectionElement);

/**
 * Shows a piece.
 * @template R
 * @param {{ from: number, total: number, rows: readonly R[] }} page
 * @param {(row: R) => HTMLTableRowElement} draw
 */
export function showPiece({ from, total, rows: some }, draw) {
  rows().replaceChildren(...some.map(draw));
  find("rows-none", HTMLParagraphElement).hidden = total > 0;
  find("where", HTMLSpanElement).textContent = total === 0 ? "" : t("results.where", { from: from + 1, to: from + some.length, of: total });
  find("back", HTMLButtonElement).disabled = from === 0;
  find("next", HTMLButtonElement).disabled = from + PAGE >= total;
}

/** Marks the row with an index, and no other. @param {number} index */
export function markRow(index) {
  for (const row of rows().rows) {
    const chosen = Number(row.dataset.index) === index;
    row.toggleAttribute("data-chosen", chosen);
    row.querySelector("button")?.setAttribute("aria-pressed", String(chosen));
  }
}
