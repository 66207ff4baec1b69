// Finding friends: the contacts go to the door's worker, blinded batches to the
// directory, and what was found onto the page.

import { WorkError, isGone } from "./caller.js";
import { find, make, say, show } from "./dom.js";
import { drawn, t } from "./language.js";
import { moment } from "./proof.js";
import { save } from "./save.js";
import { words } from "./words.js";

/** @typedef {import("../worker/door.js").Member} Member */
/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["find"]>>} Found */
/** @typedef {Found["found"][number]} Friend */

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
  /** Whose handle is being asked for, and whether the person has said so. @type {{ number: string, sent: boolean, failure: unknown, draw: () => void } | null} draw: in place */
  #asking = null;
  /** What was found out about a renewal. @type {unknown} */
  #refused = null;

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
    find("evidence-save", HTMLButtonElement).addEventListener("click", () => this.#saveEvidence());
    drawn(() => this.#draw());
  }

  /** @param {Member | null} member */
  setMember(member) {
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
    this.#found = this.#failure = this.#progress = this.#asking = this.#refused = null;
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
    const { phase, done, total } = this.#progress ?? { phase: "tags", done: 0, total: 0 };
    if (total > 1) this.#bar.value = done / total;
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
    find("evidence-row", HTMLDivElement).hidden = this.#evidence().length === 0;
    this.#drawWarnings();
    find("seek-found", HTMLDivElement).replaceChildren(...stopped
      ? [make("p", { class: "note" }, t("seek.stopped"))]
      : this.#found === null ? [] : this.#results(this.#found));
  }

  #drawWarnings() {
    find("seek-warnings", HTMLDivElement).replaceChildren(...(this.#found === null ? [] : this.#warnings(this.#found)));
  }

  /** What the directory signed and contradicts itself with, or what it served does not go with. @returns {readonly string[]} */
  #evidence() {
    if (this.#failure instanceof WorkError) return this.#failure.values.evidence ?? [];
    return this.#found?.warnings.flatMap(({ evidence }) => evidence) ?? [];
  }

  #saveEvidence() {
    save(new Blob([[...new Set(this.#evidence())].join("\n\n")]), "sealbook-evidence.txt");
  }

  /** What must not be overlooked. @param {Found} answer */
  #warnings({ warnings, renewal, unwatched, waiting }) {
    /** @type {HTMLElement[]} */
    const parts = warnings.map(({ code, what, name }) => make("p", { class: "note bad" }, t("warning." + code + (what ? "." + what : ""), { name })));
    if (renewal) {
      const text = t(renewal.refused ? "renewal.refused" : "renewal.asked", { time: moment(renewal.ready) });
      parts.push(make("div", { class: "note bad" }, make("p", {}, text), renewal.refused ? null : make("button", {
        type: "button", class: "button small", id: "renewal-refuse", onclick: () => void this.#refuse(),
      }, t("renewal.refuse")), this.#refused ? make("p", {}, words(this.#refused)) : null));
    }
    if (unwatched) parts.push(make("p", { class: "note warn" }, t("unwatched", { from: moment(unwatched.from), to: moment(unwatched.to) })));
    if (waiting) parts.push(make("p", { class: "note warn" }, t(waiting.until ? "waiting.until" : "waiting", { n: waiting.numbers, time: waiting.until ? moment(waiting.until) : "" })));
    return parts;
  }

  async #refuse() {
    try {
      await this.door.ask("refuse", undefined);
      if (this.#found?.renewal) this.#found.renewal = { ...this.#found.renewal, refused: true };
      say(t("renewal.done"));
    } catch (error) {
      this.#refused = error;
    }
    this.#drawWarnings();
  }

  /** @param {Found} answer */
  #results({ found, asked, budget, log }) {
    const sum = found.length === 0 ? t("seek.none", { of: asked }) : t("seek.found", { n: found.length, of: asked });
    /** @type {HTMLElement[]} */
    const parts = [make("p", { class: found.length === 0 ? "note" : "note good" }, budget === null ? sum : `${sum} ${t("seek.left", { n: budget })}`)];
    if (found.length > 0) parts.push(make("ul", { class: "friends" }, ...found.map((friend) => this.#friend(friend))));
    parts.push(make("p", { class: "hint", id: "seek-log" }, t("seek.log", { size: log.size, root: log.root, version: log.version, people: log.people, time: moment(log.time) })));
    return parts;
  }

  /** @param {Friend} friend */
  #friend(friend) {
    const { name, number, handle } = friend;
    const shown = handle === null ? this.#unasked(friend) : [make("span", { class: "handle" }, make("span", { class: "faint" }, t("seek.shows")), " ", make("bdi", { class: "mono", translate: "no" }, handle || t("fact.none")))];
    return make("li", {}, make("strong", {}, make("bdi", {}, name || number)), make("span", { class: "faint" }, name ? number : ""), ...shown);
  }

  /** Asking what one friend shows is an act of its own, with its own words. @param {Friend} friend */
  #unasked(friend) {
    const { name, number } = friend;
    const mine = this.#asking?.number === number ? this.#asking : null;
    const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => void} */ onclick) => make("button", { type: "button", class: "button small", id, onclick }, text);
    if (mine === null) {
      return [button("", t("handle.ask", { name: name || number }), () => {
        this.#asking = { number, sent: false, failure: null, draw: () => {} };
        this.#draw();
        find("handle-yes", HTMLButtonElement).focus();
      })];
    }
    const failure = make("p", {});
    const yes = button("handle-yes", t("handle.yes"), () => void this.#ask(friend));
    // The button stays: it may be under a pointer, and has the focus.
    mine.draw = () => {
      show(failure, words(mine.failure));
      yes.setAttribute("aria-disabled", String(mine.sent));
    };
    mine.draw();
    return [make("div", { class: "note warn" }, make("p", {}, t("handle.sure")), failure, make("div", { class: "row" },
      yes,
      button("handle-no", t("sure.no"), () => { this.#asking = null; this.#draw(); })))];
  }

  /** @param {Friend} friend */
  async #ask(friend) {
    const asking = this.#asking;
    if (asking === null || asking.sent) return;
    asking.sent = true;
    asking.draw();
    try {
      const read = await this.door.ask("handle", { number: friend.number });
      // Between the tag and what the friend puts under it a state may be published.
      if (read === null) throw new WorkError("handle_none");
      friend.handle = read.handle;
      if (this.#asking === asking) this.#asking = null;
      this.#draw();
    } catch (error) {
      asking.failure = error;
      asking.sent = false;
      asking.draw();
      say(words(error));
    }
  }
}
