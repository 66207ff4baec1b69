// Hashes that somebody has: whose they are, and made how. One is told in full,
// many as a table.

import { find, make, say, settled, show } from "./dom.js";
import { WorkError } from "./failure.js";
import { drawn, t } from "./language.js";
import { algorithmName, byId, formName, uses } from "./recipes.js";
import { save } from "./save.js";
import { words } from "./words.js";

/** @typedef {Awaited<ReturnType<import("../worker/book.js").Book["match"]>>} Answer */
/** @typedef {NonNullable<Answer["single"]>} Single */

const PAGE = 20;
/** Longer texts are looked at once, not at every letter. */
const LONG = 1 << 20;

export class Hashes {
  #input = find("digest", HTMLTextAreaElement);
  #file = find("digest-file", HTMLInputElement);
  #place = find("found", HTMLDivElement);
  #many = find("many", HTMLDivElement);
  #sum = find("found-sum", HTMLParagraphElement);
  #rows = find("many-rows", HTMLTableSectionElement);
  /** @type {Answer | null} */
  #answer = null;
  /** @type {unknown} */
  #failure = null;
  /** A file in place of the text. @type {File | null} */
  #from = null;
  /** Whether the text has changed since it was compared; a file chosen meanwhile takes its place. */
  #unread = false;
  /** What stood in the field before a file was chosen. */
  #before = "";
  #first = 0;
  #asked = 0;

  /** @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book */
  constructor(book) {
    this.book = book;
    const later = settled(150, () => {
      if (!this.#unread) return;
      this.#from = null;
      void this.again();
    });
    this.#input.addEventListener("input", () => {
      this.#unread = true;
      later();
    });
    find("digest-choose", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      this.#file.value = "";
      if (file) this.#take(file);
    });
    const target = find("match", HTMLElement);
    target.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || !/\.(txt|csv|tsv)$/i.test(file.name)) return;
      event.preventDefault();
      this.#take(file);
    });
    find("many-back", HTMLButtonElement).addEventListener("click", () => void this.#turn(this.#first - PAGE));
    find("many-next", HTMLButtonElement).addEventListener("click", () => void this.#turn(this.#first + PAGE));
    find("many-save", HTMLButtonElement).addEventListener("click", async () => save(await book.ask("matchedCsv", undefined), "hashes.csv"));
    drawn(() => this.#draw());
  }

  /** @param {File} file of hashes */
  #take(file) {
    this.#from = file;
    this.#before = this.#input.value;
    this.#input.value = "";
    void this.again();
  }

  /** Compares again: the hashes or the numbers have changed. */
  async again() {
    const asked = ++this.#asked;
    this.#unread = false;
    const text = this.#from ?? this.#input.value;
    const start = performance.now();
    /** @type {Answer | null} */
    let answer = null;
    /** @type {unknown} */
    let failure = null;
    try {
      if (typeof text !== "string" || text.trim() !== "") {
        answer = await this.book.ask("match", { text: typeof text === "string" && text.length > LONG ? new Blob([text]) : text }, (share) => {
          // What is quick should not flash.
          if (asked === this.#asked && performance.now() - start > 400) show(this.#sum, t("match.working", { percent: Math.round(share * 100) }));
        });
      }
    } catch (error) {
      failure = error;
      if (asked === this.#asked && this.#from !== null && this.#input.value === "") {
        // A file that cannot be read takes nothing with it.
        this.#from = null;
        this.#input.value = this.#before;
        if (this.#before.trim() !== "") answer = await this.book.ask("match", { text: this.#before }).catch(() => null);
      }
    }
    if (asked !== this.#asked || failure instanceof WorkError && failure.code === "STOPPED") return;
    this.#answer = answer;
    this.#failure = failure;
    this.#draw();
    if (answer && !answer.single) await this.#turn(0);
    if (answer) say(this.#sum.textContent ?? "");
  }

  #draw() {
    const answer = this.#answer;
    show(find("digest-error", HTMLParagraphElement), words(this.#failure));
    this.#many.hidden = !answer || answer.single !== null;
    this.#place.replaceChildren(...answer?.single ? this.#single(answer.single, answer.compared) : []);
    if (!answer) show(this.#sum, "");
    else if (answer.single) show(this.#sum, this.#verdict(answer.single, answer.compared));
    else {
      const parts = [answer.compared === 0 ? t("match.many.none", { n: answer.total }) : t("match.many", { n: answer.yours, of: answer.total, compared: answer.compared })];
      if (answer.others > 0) parts.push(t("match.others", { n: answer.others }));
      if (answer.cut) parts.push(t("match.cut"));
      show(this.#sum, parts.join(" "));
    }
    this.#sum.className = "note found-sum " + (answer && (answer.single ? answer.single.matches.length : answer.yours) > 0 ? "good" : "warn");
    if (answer && !answer.single) void this.#turn(this.#first);
  }

  /** @param {Single} found @param {number} compared */
  #verdict({ matches, bytes }, compared) {
    if (matches.length > 0) return t("match.yes", { number: matches[0].row.e164 ?? "" });
    return t(compared === 0 ? "match.no-numbers" : "match.no", { n: compared, bytes });
  }

  /** @param {Single} found @param {number} compared */
  #single({ matches, more, shapes, bytes }, compared) {
    if (matches.length === 0) {
      const known = recipesOf(shapes);
      return [
        ...(known.length === 0 ? [] : [make("p", { class: "hint" }, t("match.shapes", { bytes })), uses(known, false)]),
        make("p", { class: "hint" }, t(compared === 0 ? "match.next" : "match.else"), " ", make("a", { href: "safety.html" }, t("safety.title"))),
      ];
    }
    const parts = matches.map(({ row, form, algorithm, bytes: length, whole, recipes }) => make("div", {},
      make("div", { class: "match" },
        make("p", { class: "big" }, row.e164 ?? ""),
        make("p", {}, make("bdi", {}, row.name), row.name ? " · " : "", t("results.line", { n: row.line })),
        make("p", {}, t(length < whole ? "match.how-cut" : "match.how", { algorithm: algorithmName(algorithm), form: formName(form), n: length, whole }))),
      recipes.length === 0 ? make("p", { class: "hint" }, t("match.no-recipe")) : uses(recipesOf(recipes), recipes.length <= 3),
    ));
    if (bytes < 8) parts.push(make("div", {}, make("p", { class: "note warn" }, t("match.short", { bytes }))));
    if (more) parts.push(make("div", {}, make("p", { class: "hint" }, t("match.more"))));
    return parts;
  }

  /** Shows the hashes from one on. @param {number} from */
  async #turn(from) {
    const asked = this.#asked;
    const page = await this.book.ask("matched", { from: Math.max(0, from), count: PAGE });
    if (asked !== this.#asked || page.total === 0) return;
    this.#first = page.from;
    this.#rows.replaceChildren(...page.rows.map(({ line, text, match }) => make("tr", { "data-found": match !== null },
      make("td", { class: "number" }, String(line)),
      make("td", {}, make("code", { class: "hash", translate: "no" }, text)),
      make("td", {}, match ? make("strong", {}, match.row.e164 ?? "") : make("span", { class: "faint" }, t("match.row.none")), match?.row.name ? make("span", { class: "faint" }, " ", make("bdi", {}, match.row.name)) : ""),
      make("td", {}, match ? `${algorithmName(match.algorithm)} · ${formName(match.form)}` : "", match && match.recipes.length > 0 ? make("span", { class: "faint" }, " " + recipesOf(match.recipes).map(({ vendor }) => vendor).slice(0, 3).join(", ")) : ""))));
    find("many-where", HTMLSpanElement).textContent = t("results.where", { from: page.from + 1, to: page.from + page.rows.length, of: page.total });
    find("many-back", HTMLButtonElement).disabled = page.from === 0;
    find("many-next", HTMLButtonElement).disabled = page.from + PAGE >= page.total;
  }
}

/** @param {string[]} ids */
const recipesOf = (ids) => ids.map((id) => byId.get(id)).filter((recipe) => recipe !== undefined);
