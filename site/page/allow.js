// Permission. Until it is given, the worker that can connect has nothing and
// asks for nothing; once given, it asks the directory for its terms.

import { WorkError } from "./caller.js";
import { find, show } from "./dom.js";
import { forget } from "./forget.js";
import { drawn, t } from "./language.js";
import { markSeal } from "./page.js";
import { words } from "./words.js";

/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["connect"]>>} Terms */

export class Allow {
  #yes = find("yes", HTMLButtonElement);
  #forget = find("forget-kept", HTMLButtonElement);
  #state = find("allow-state", HTMLParagraphElement);
  /** @type {"" | "asking" | "open" | "none"} */
  #now = "";
  /** @type {unknown} */
  #failure = null;

  /**
   * @param {import("./caller.js").Caller<import("../worker/door.js").Door>} door
   * @param {(terms: Terms) => void} opened
   */
  constructor(door, opened) {
    this.door = door;
    this.opened = opened;
    find("host", HTMLElement).textContent = location.host;
    this.#yes.addEventListener("click", () => void this.#ask());
    this.#forget.addEventListener("click", () => void forget(door));
    drawn(() => this.#draw());
  }

  async #ask() {
    if (this.#now === "asking") return;
    this.#now = "asking";
    this.#failure = null;
    markSeal("door");
    this.#draw();
    try {
      const terms = await this.door.ask("connect", { site: location.origin });
      this.#now = "open";
      this.opened(terms);
    } catch (error) {
      this.#now = "";
      if (error instanceof WorkError && error.code === "NO_DIRECTORY") {
        this.#now = "none";
        this.shut();
      } else {
        this.#failure = error;
        markSeal("shut");
      }
    }
    this.#draw();
  }

  /** Ends the worker that can connect. None can take its place in this page: it would be sealed. */
  shut() {
    this.door.stop();
    this.#yes.disabled = true;
    markSeal("sealed");
  }

  #draw() {
    // What it says of "so far" is true until then.
    find("allow-lead", HTMLParagraphElement).hidden = find("allow-ask", HTMLDivElement).hidden = this.#now === "open";
    // The one thing to do where another directory has come in place of the one kept.
    this.#forget.hidden = !(this.#failure instanceof WorkError && this.#failure.code === "KEY");
    this.#yes.setAttribute("aria-disabled", String(this.#now === "asking"));
    show(this.#state, this.#failure !== null ? words(this.#failure) : this.#now === "" ? "" : t("allow." + this.#now));
    this.#state.className = "note " + (this.#failure !== null ? "bad" : { "": "", asking: "", open: "good", none: "warn" }[this.#now]);
  }
}
