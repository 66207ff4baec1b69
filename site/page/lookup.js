// A pasted hash: whose, and made how.

import { WorkError } from "./caller.js";
import { find, make, settled } from "./dom.js";
import { drawn, t } from "./language.js";
import { algorithmName, byId, formName, uses } from "./recipes.js";
import { words } from "./words.js";

/** @typedef {Awaited<ReturnType<import("../worker/book.js").Book["lookup"]>>} Found */

export class Lookup {
  #input = find("digest", HTMLTextAreaElement);
  #place = find("found", HTMLDivElement);
  /** @type {Found | unknown} */
  #answer = null;
  #asked = 0;

  /** @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book */
  constructor(book) {
    this.book = book;
    this.#input.addEventListener("input", settled(150, () => this.again()));
    drawn(() => this.#draw());
  }

  /** Looks again: the hash or the numbers have changed. */
  async again() {
    const asked = ++this.#asked;
    const text = this.#input.value;
    const start = performance.now();
    /** @type {unknown} */
    let answer = null;
    try {
      if (text.trim() !== "") {
        answer = await this.book.ask("lookup", { text: text.slice(0, 4096) }, (share) => {
          // What is quick should not flash.
          if (asked === this.#asked && performance.now() - start > 400) this.#place.textContent = t("lookup.working", { percent: Math.round(share * 100) });
        });
      }
    } catch (error) {
      answer = error;
    }
    if (asked !== this.#asked || answer instanceof WorkError && answer.code === "STOPPED") return;
    this.#answer = answer;
    this.#draw();
  }

  #draw() {
    if (this.#answer === null) this.#place.replaceChildren();
    else if (this.#answer instanceof Error) this.#place.replaceChildren(make("p", { class: "note warn" }, words(this.#answer)));
    else this.#place.replaceChildren(...this.#found(/** @type {Found} */ (this.#answer)));
  }

  /** @param {Found} found */
  #found({ matches, more, shapes, bytes, compared }) {
    if (matches.length === 0) {
      const known = recipesOf(shapes);
      return [
        make("p", { class: "note warn" }, t(compared === 0 ? "lookup.no-numbers" : "lookup.no-match", { n: compared, bytes })),
        ...(known.length === 0 ? [] : [make("p", { class: "hint" }, t("lookup.shapes", { bytes })), uses(known, false)]),
      ];
    }
    const parts = matches.map(({ row, form, algorithm, bytes: length, whole, recipes }) => make("div", {},
      make("div", { class: "match" },
        make("p", { class: "big" }, row.e164 ?? ""),
        make("p", {}, [row.name, t("results.line", { n: row.line })].filter(Boolean).join(" · ")),
        make("p", {}, t(length < whole ? "lookup.match-cut" : "lookup.match", { algorithm: algorithmName(algorithm), form: formName(form), n: length, whole }))),
      recipes.length === 0 ? make("p", { class: "hint" }, t("lookup.no-recipe")) : uses(recipesOf(recipes), recipes.length <= 3),
    ));
    if (bytes < 8) parts.push(make("div", {}, make("p", { class: "note warn" }, t("lookup.short", { bytes }))));
    if (more) parts.push(make("div", {}, make("p", { class: "hint" }, t("lookup.more"))));
    return parts;
  }
}

/** @param {string[]} ids */
const recipesOf = (ids) => ids.map((id) => byId.get(id)).filter((recipe) => recipe !== undefined);
