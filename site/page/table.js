// The table of numbers. The worker holds them; here is one page of them.

import { find, make, settled } from "./dom.js";
import { drawn, has, t } from "./language.js";
import { PAGE, markRow, showPiece } from "./pieces.js";
import { recipes } from "../js/recipes.js";
import { regionName } from "./regions.js";
import { save } from "./save.js";

/** @typedef {import("../worker/rows.js").Row} Row */
/** @typedef {import("../worker/rows.js").Sum} Sum */
/** @typedef {import("../worker/rows.js").View} View */

export class Table {
  #section = find("results", HTMLElement);
  #filter = find("filter", HTMLInputElement);
  #kind = find("kind", HTMLSelectElement);
  #rows = find("rows", HTMLTableSectionElement);
  #recipe = find("export-recipe", HTMLSelectElement);
  #from = 0;
  #asked = 0;
  /** @type {number | null} */
  #chosen = null;
  /** @type {Sum | null} */
  #sum = null;
  /** @type {Pick<View, "column" | "down">} */
  #order = { column: "line", down: false };

  /**
   * @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book
   * @param {(index: number) => void} choose
   */
  constructor(book, choose) {
    this.book = book;
    this.choose = choose;
    this.#filter.addEventListener("input", settled(120, () => this.#turn(0)));
    this.#kind.addEventListener("change", () => this.#turn(0));
    find("back", HTMLButtonElement).addEventListener("click", () => this.#turn(this.#from - PAGE));
    find("next", HTMLButtonElement).addEventListener("click", () => this.#turn(this.#from + PAGE));
    find("export", HTMLButtonElement).addEventListener("click", () => void this.#export());
    this.#rows.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("tr") : null;
      // Whoever marks a number to copy it does not want to open it.
      if (row?.dataset.index && row.querySelector("button") && String(getSelection()) === "") this.#select(Number(row.dataset.index));
    });
    drawn(() => this.#drawTools());
    drawn(() => { if (this.#sum) this.replace(this.#sum); });
  }

  /** Other rows are there now. @param {Sum} sum */
  replace(sum) {
    if (sum !== this.#sum) this.#chosen = null;
    this.#sum = sum;
    this.#section.hidden = sum.rows === 0;
    find("results-sum", HTMLParagraphElement).textContent = this.summary(sum);
    this.#drawHead();
    this.#turn(0);
  }

  /** What was read, in a line. @param {Sum} sum */
  summary(sum) {
    const parts = [t("results.numbers", { n: sum.numbers }), t("results.valid", { n: sum.valid })];
    if (sum.people > 0) parts.unshift(t("results.people", { n: sum.people }));
    if (sum.errors > 0) parts.push(t("results.errors", { n: sum.errors }));
    return parts.join(" · ");
  }

  /** @returns {View} */
  #view() {
    const kind = /** @type {View["kind"]} */ (this.#kind.value || "all");
    return { text: this.#filter.value, kind, ...this.#order };
  }

  /** Shows the rows from one on. @param {number} from */
  async #turn(from) {
    const asked = ++this.#asked;
    const page = await this.book.ask("view", { view: this.#view(), from: Math.max(0, from), count: PAGE });
    if (asked !== this.#asked) return;
    this.#from = page.from;
    showPiece(page, (row) => this.#row(row));
  }

  /** @param {Row} row */
  #row(row) {
    const { index, line, name, written, e164, region, type, valid, error, reason, repairs } = row;
    const chosen = index === this.#chosen;
    const cells = [make("td", { class: "wide" },
      e164 === null
        ? make("span", { class: "faint" }, "–")
        : make("button", { type: "button", class: "link", "aria-pressed": String(chosen) }, e164))];
    if (this.#sum?.named) cells.push(make("td", { class: "free" }, make("bdi", {}, name)));
    // Only what is longer than any number is broken within a word.
    cells.push(make("td", { class: /\S{17}/.test(written) ? "faint free" : "faint" }, make("bdi", {}, written),
      ...(repairs.length === 0 ? [] : [make("small", { class: "faint" }, ` ${t("file.mended", { what: repairs.map(repaired).join(", ") })}`)])));
    if (error !== null) {
      cells.push(make("td", { colspan: 3, class: "wide" },
        make("span", { class: "chip bad" }, error), " ", make("span", { class: "faint" }, `${t("file.line", { n: line })} ${t("error." + error)}`)));
    } else {
      cells.push(
        make("td", {}, region === null ? "–" : regionName(region)),
        make("td", {}, t("type." + type)),
        make("td", { class: "tight" }, make("span", { class: valid ? "chip good" : "chip warn" }, t(valid ? "valid.yes" : "reason." + reason))),
      );
    }
    return make("tr", { "data-index": index, "data-chosen": chosen }, ...cells);
  }

  /** @param {number} index */
  #select(index) {
    this.#chosen = index;
    markRow(index);
    this.choose(index);
  }

  #drawHead() {
    /** @type {View["column"][]} */
    const columns = ["e164", ...(this.#sum?.named ? /** @type {const} */ (["name"]) : []), "written", "region", "type", "valid"];
    find("columns", HTMLTableRowElement).replaceChildren(...columns.map((column) => {
      const here = this.#order.column === column;
      return make("th", { scope: "col", "aria-sort": here ? (this.#order.down ? "descending" : "ascending") : undefined },
        make("button", { type: "button", onclick: () => this.#sort(column), "data-column": column }, t("column." + column)));
    }));
  }

  /** First up, then down, then as they came. @param {View["column"]} column */
  #sort(column) {
    const { column: before, down } = this.#order;
    this.#order = before !== column ? { column, down: false } : down ? { column: "line", down: false } : { column, down: true };
    this.#drawHead();
    /** @type {HTMLButtonElement | null} */ (document.querySelector(`#columns button[data-column="${column}"]`))?.focus();
    this.#turn(0);
  }

  #drawTools() {
    const kind = this.#kind.value || "all";
    this.#kind.replaceChildren(...["all", "valid", "invalid", "error"].map((value) => make("option", { value }, t("results.kind." + value))));
    this.#kind.value = kind;
    const recipe = this.#recipe.value;
    this.#recipe.replaceChildren(
      make("option", { value: "" }, t("export.none")),
      make("option", { value: "*" }, t("export.all")),
      ...recipes.filter(({ computable, form }) => computable && form !== "email").map(({ id, name }) => make("option", { value: id }, name)),
    );
    this.#recipe.value = recipe;
  }

  /** Hands the rows shown, on all pages, to the browser as a file. */
  async #export() {
    const { value } = this.#recipe;
    const chosen = value === "*" ? recipes.filter(({ computable, form }) => computable && form !== "email").map(({ id }) => id) : value ? [value] : [];
    const button = find("export", HTMLButtonElement);
    button.disabled = true;
    try {
      const blob = await this.book.ask("csv", { view: this.#view(), recipes: chosen });
      save(blob, "sealbook.csv");
    } finally {
      button.disabled = false;
    }
  }
}

/** What was mended, in words. Those of old numbering plans end in the plan's region and day. @param {string} code */
function repaired(code) {
  const [, region, date] = /^OLD_PLAN_([A-Z]{2})_(.*)$/.exec(code) ?? [];
  if (region !== undefined) return t("repair.OLD_PLAN", { region: regionName(region), date: date.replaceAll("_", "-") });
  return has("repair." + code) ? t("repair." + code) : code;
}
