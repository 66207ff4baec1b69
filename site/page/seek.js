// Finding friends: the contacts go to the door's worker, blinded batches to the
// directory, and what was found onto the page.

import { WorkError, isGone } from "./caller.js";
import { find, make, show } from "./dom.js";
import { drawn, t } from "./language.js";
import { words } from "./words.js";

/** @typedef {import("../worker/door.js").Member} Member */
/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["find"]>>} Found */

export class Seek {
  #start = find("seek-start", HTMLButtonElement);
  #stop = find("seek-stop", HTMLButtonElement);
  #bar = find("seek-bar", HTMLProgressElement);
  /** @type {Member | null} */
  #member = null;
  #numbers = 0;
  /** @type {Found | null} */
  #found = null;
  /** @type {unknown} */
  #failure = null;
  #busy = false;
  /** @type {import("../js/discovery/discover.js").DiscoverProgress | null} */
  #progress = null;

  /**
   * @param {import("./caller.js").Caller<import("../worker/door.js").Door>} door
   * @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book
   * @param {() => void} left there is no registration any more
   */
  constructor(door, book, left) {
    this.door = door;
    this.book = book;
    this.left = left;
    this.#start.addEventListener("click", () => void this.#seek());
    this.#stop.addEventListener("click", () => void door.ask("stop", undefined));
    drawn(() => this.#draw());
  }

  /** @param {Member | null} member */
  become(member) {
    this.#member = member;
    if (member === null) this.#found = this.#failure = null;
    this.#draw();
  }

  /** The contacts are others now. @param {number} numbers */
  replace(numbers) {
    this.#numbers = numbers;
    this.#found = this.#failure = null;
    this.#draw();
  }

  /** Why nothing can be looked for now, as a text's key; null if it can. */
  #missing() {
    if (this.#member === null) return "seek.first";
    if (!this.#member.scopes.includes("search")) return "seek.scope";
    return this.#numbers === 0 ? "seek.empty" : null;
  }

  async #seek() {
    if (this.#busy || this.#missing() !== null) return;
    this.#busy = true;
    this.#found = this.#failure = this.#progress = null;
    this.#draw();
    this.#stop.focus();
    try {
      const contacts = await this.book.ask("contacts", undefined);
      this.#found = await this.door.ask("find", { contacts }, (progress) => {
        this.#progress = progress;
        this.#drawProgress();
      });
    } catch (error) {
      if (isGone(error)) this.left();
      this.#failure = error;
    }
    this.#busy = false;
    const focused = document.activeElement === this.#stop;
    this.#draw();
    if (focused) this.#start.focus();
  }

  #drawProgress() {
    const { phase, done, total } = this.#progress ?? { phase: "evaluate", done: 0, total: 0 };
    if (total > 0) this.#bar.value = done / total;
    else this.#bar.removeAttribute("value");
    find("seek-step", HTMLParagraphElement).textContent = t("seek.step." + phase, { done, total });
  }

  #draw() {
    const missing = this.#missing();
    const stopped = this.#failure instanceof WorkError && this.#failure.code === "CANCELLED";
    find("seek-lead", HTMLParagraphElement).textContent = missing ? t(missing) : t("seek.lead", { n: this.#numbers });
    this.#start.hidden = this.#busy;
    this.#start.disabled = missing !== null;
    this.#start.textContent = t(this.#failure === null ? "seek.start" : "seek.again");
    this.#stop.hidden = !this.#busy;
    find("seek-work", HTMLDivElement).hidden = !this.#busy;
    this.#drawProgress();
    show(find("seek-error", HTMLParagraphElement), stopped ? "" : words(this.#failure));
    find("seek-found", HTMLDivElement).replaceChildren(...stopped
      ? [make("p", { class: "note" }, t("seek.stopped"))]
      : this.#found === null ? [] : this.#results(this.#found));
  }

  /** @param {Found} answer */
  #results({ found, asked, budget }) {
    const sum = found.length === 0 ? t("seek.none", { of: asked }) : t("seek.found", { n: found.length, of: asked });
    const parts = [make("p", { class: found.length === 0 ? "note" : "note good" }, budget === null ? sum : `${sum} ${t("seek.left", { n: budget })}`)];
    if (found.length === 0) return parts;
    const list = make("ul", { class: "friends" }, ...found.map(({ name, number, handle }) => make("li", {},
      make("strong", {}, make("bdi", {}, name || number)),
      make("span", { class: "faint" }, name ? number : ""),
      make("span", { class: "handle" }, make("span", { class: "faint" }, t("seek.shows")), " ", make("bdi", { class: "mono", translate: "no" }, handle || t("fact.none"))))));
    return [...parts, list];
  }
}
