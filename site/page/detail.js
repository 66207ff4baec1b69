// What a chosen number becomes: its ways of being written, and its digests.

import { byId, formName, method, uses } from "./recipes.js";
import { copyButton, link } from "./share.js";
import { drawn, t } from "./language.js";
import { find, make } from "./dom.js";
import { recipes } from "../js/recipes.js";
import { regionName } from "./regions.js";

/** @typedef {Awaited<ReturnType<import("../worker/book.js").Book["digests"]>>} Digests */

export class Detail {
  #section = find("detail", HTMLElement);
  #body = find("detail-body", HTMLDivElement);
  #title = find("detail-title", HTMLHeadingElement);
  /** @type {Digests | null} */
  #shown = null;
  #asked = 0;

  /**
   * @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book
   * @param {() => string} region the default region now, for links
   * @param {string | null} target the recipe that the page's link asks for
   */
  constructor(book, region, target) {
    this.book = book;
    this.region = region;
    this.target = target;
    drawn(() => this.#draw());
  }

  /** @param {number} index of the row */
  async show(index) {
    const asked = ++this.#asked;
    const answer = await this.book.ask("digests", { index });
    if (asked !== this.#asked) return;
    this.#shown = answer;
    this.#draw();
    // Beside the table it is in view already; below it, it has to come up.
    const { top, bottom } = this.#section.getBoundingClientRect();
    if (top < 0 || top > innerHeight - 200 || bottom < 0) this.#section.scrollIntoView({ block: "start" });
    this.#section.focus({ preventScroll: true });
    this.#body.querySelector("[data-target]")?.scrollIntoView({ block: "nearest" });
  }

  clear() {
    this.#asked++;
    this.#shown = null;
    this.#draw();
  }

  #draw() {
    const number = this.#shown;
    if (number === null) {
      this.#title.textContent = t("detail.title");
      this.#body.replaceChildren(make("p", { class: "none" }, t("detail.choose")));
      return;
    }
    this.#title.textContent = t("detail.of", { number: number.international });
    this.#body.replaceChildren(this.#writings(number), ...this.#groups(number), ...this.#others());
  }

  /** @param {Digests} number */
  #writings({ name, e164, national, region, type, valid }) {
    /** @type {[string, string][]} */
    const facts = [
      ["E.164", e164],
      [t("detail.national"), national],
      [t("column.region"), region === null ? "–" : regionName(region)],
      [t("column.type"), `${t("type." + type)} · ${t(valid ? "valid.yes" : "valid.no")}`],
    ];
    if (name) facts.unshift([t("column.name"), name]);
    return make("dl", { class: "ways-of-writing" }, ...facts.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
  }

  /** One box for each digest, with all recipes that give it. @param {Digests} number */
  #groups({ digests }) {
    /** @type {Map<string, string[]>} */
    const groups = new Map();
    for (const { id, digest } of digests) groups.set(digest, [...(groups.get(digest) ?? []), id]);
    return [...groups].map(([digest, ids]) => {
      const members = ids.map((id) => byId.get(id)).filter((recipe) => recipe !== undefined);
      const [first] = members;
      const target = this.target !== null && ids.includes(this.target);
      return make("div", { class: "digest", "data-target": target },
        make("div", { class: "digest-head" }, make("h3", {}, method(first)), make("p", {}, formName(first.form))),
        make("div", { class: "digest-text" }, make("code", { translate: "no" }, digest), copyButton("copy.digest", () => digest, method(first))),
        uses(members, target, (recipe) => [copyButton("copy.link", () => link({ recipe: recipe.id, region: this.region() }), recipe.name)]));
    });
  }

  /** Recipes that are known and not computed here. */
  #others() {
    const others = recipes.filter(({ computable }) => !computable);
    if (others.length === 0) return [];
    return [make("div", { class: "digest" },
      make("h3", {}, t("detail.others")),
      uses(others, false))];
  }
}

