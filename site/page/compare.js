// Beside each other: what a plain upload, an upload of hashes and Sealbook
// would send for the contacts. The bytes are made, shown and sent nowhere.

import { find, show } from "./dom.js";
import { bytes, count, drawn, t } from "./language.js";
import { save } from "./save.js";
import { words } from "./words.js";

/** @typedef {Awaited<ReturnType<import("../worker/book.js").Book["bodies"]>>} Bodies */

/** The ways, and the files that their bodies are saved as. */
const FILES = /** @type {const} */ ({ plain: "plain-upload.json", hashed: "hash-upload.json", blinded: "blinded-batch.bin" });
const ways = /** @type {(keyof typeof FILES)[]} */ (Object.keys(FILES));

export class Compare {
  #lead = find("compare-lead", HTMLParagraphElement);
  #three = find("compare-three", HTMLDivElement);
  /** @type {Bodies | null} */
  #bodies = null;
  /** @type {unknown} */
  #failure = null;
  #asked = 0;

  /** @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book */
  constructor(book) {
    this.book = book;
    for (const way of ways) {
      find(way + "-save", HTMLButtonElement).addEventListener("click", () => {
        if (this.#bodies) save(this.#bodies[way].body, FILES[way]);
      });
    }
    find("blinds-save", HTMLButtonElement).addEventListener("click", () => {
      if (this.#bodies) save(this.#bodies.blinded.secrets, "blinds.jsonl");
    });
    drawn(() => this.#draw());
  }

  /** The contacts are others now. @param {number} numbers how many there are */
  async again(numbers) {
    const asked = ++this.#asked;
    this.#bodies = this.#failure = null;
    this.#draw();
    if (numbers === 0) return;
    try {
      const start = performance.now();
      const bodies = await this.book.ask("bodies", undefined, (share) => {
        // What is quick should not flash.
        if (asked === this.#asked && performance.now() - start > 300) this.#lead.textContent = t("compare.working", { percent: Math.round(share * 100) });
      });
      if (asked === this.#asked) this.#bodies = bodies.numbers > 0 ? bodies : null;
    } catch (error) {
      if (asked === this.#asked) this.#failure = error;
    }
    if (asked === this.#asked) this.#draw();
  }

  #draw() {
    const made = this.#bodies;
    show(find("compare-error", HTMLParagraphElement), words(this.#failure));
    this.#three.hidden = made === null;
    this.#lead.textContent = made === null ? t("compare.none") : t("compare.lead", { n: made.numbers });
    if (made === null) return;
    for (const way of ways) {
      const { body, start, more } = made[way];
      find(way + "-bytes", HTMLPreElement).textContent = more > 0 ? `${start}\n${t("compare.more", { size: bytes(more) })}` : start;
      find(way + "-size", HTMLSpanElement).textContent = t("compare.size", { size: bytes(body.size) });
    }
    const { numbers, padding, batches } = made.blinded;
    find("blinded-why", HTMLParagraphElement).textContent = t("blinded.why", { n: numbers, padding, batches: batches.map(count).join(" + ") });
    show(find("blinded-first", HTMLParagraphElement), numbers < made.numbers ? t("blinded.first", { n: numbers }) : "");
  }
}
