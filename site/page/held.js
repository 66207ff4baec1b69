// What the directory holds about the person; withdrawing; forgetting.

import { isGone } from "./caller.js";
import { find, make, say, show } from "./dom.js";
import { forget } from "./forget.js";
import { drawn, has, t } from "./language.js";
import { scopeNames } from "./join.js";
import { moment, proof } from "./proof.js";
import { save } from "./save.js";
import { words } from "./words.js";

/** @typedef {import("../worker/door.js").Member} Member */
/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["me"]>>} Account */
/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["withdraw"]>>} Withdrawn */

const sure = find("sure", HTMLDivElement);
const facts = find("held-facts", HTMLDivElement);

export class Held {
  /** @type {Member | null} */
  #member = null;
  /** @type {Account | null} */
  #account = null;
  /** @type {Withdrawn | null} */
  #withdrawn = null;
  /** Whether the tag was seen to be gone. @type {boolean | null} */
  #absent = null;
  /** What the person is being asked about. @type {"withdraw" | "forget" | null} */
  #asking = null;
  #busy = false;
  /** @type {unknown} */
  #failure = null;

  /**
   * @param {import("./caller.js").Caller<import("../worker/door.js").Door>} door
   * @param {() => void} left there is no registration any more
   */
  constructor(door, left) {
    this.door = door;
    this.left = left;
    const on = (/** @type {string} */ id, /** @type {() => unknown} */ work) => find(id, HTMLButtonElement).addEventListener("click", () => void work());
    on("held-show", () => this.#run(async () => {
      this.#account = await door.ask("me", undefined);
      this.#drawFacts();
    }));
    on("withdraw", () => this.#ask("withdraw"));
    on("forget", () => this.#ask("forget"));
    on("sure-no", () => this.#answer(null));
    on("sure-yes", () => this.#answer(this.#asking));
    on("transcript", () => this.#run(async () => save(new Blob([await door.ask("transcript", undefined)], { type: "application/jsonl" }), "sealbook-transcript.jsonl")));
    drawn(() => {
      this.#draw();
      this.#drawFacts();
    });
  }

  /** @param {Member | null} member */
  setMember(member) {
    this.#member = member;
    this.#account = null;
    if (member) this.#withdrawn = null;
    this.#draw();
    this.#drawFacts();
  }

  /** @param {"withdraw" | "forget"} what */
  #ask(what) {
    this.#asking = what;
    this.#draw();
    find("sure-yes", HTMLButtonElement).focus();
  }

  /** @param {"withdraw" | "forget" | null} what */
  async #answer(what) {
    const from = this.#asking;
    this.#asking = null;
    this.#draw();
    if (from) find(from, HTMLButtonElement).focus();
    if (what === "withdraw") {
      await this.#run(async () => {
        this.#withdrawn = await this.door.ask("withdraw", undefined);
        this.#absent = null;
        this.left(); // which draws it
        say(t("withdrawn.sum", { version: this.#withdrawn.version }));
      });
    } else if (what === "forget") {
      await this.#run(() => forget(this.door));
    }
  }

  /** @param {() => Promise<void>} work */
  async #run(work) {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = null;
    this.#draw();
    try {
      await work();
    } catch (error) {
      if (isGone(error)) this.left();
      this.#failure = error;
    }
    this.#busy = false;
    this.#draw();
  }

  #draw() {
    for (const id of ["held-show", "withdraw"]) find(id, HTMLButtonElement).disabled = this.#member === null;
    sure.hidden = this.#asking === null;
    if (this.#asking) {
      find("sure-text", HTMLParagraphElement).textContent = t("sure." + this.#asking);
      find("sure-yes", HTMLButtonElement).textContent = t("sure." + this.#asking + ".yes");
    }
    show(find("held-error", HTMLParagraphElement), words(this.#failure));
  }

  /** Only when there is something else to show: what is shown has buttons, which stay while they are pressed. */
  #drawFacts() {
    facts.replaceChildren(...(this.#withdrawn ? this.#proof(this.#withdrawn) : this.#account ? this.#list(this.#account) : []));
  }

  /** @param {Withdrawn} withdrawn */
  #proof(withdrawn) {
    const state = make("p", { id: "withdrawn-state", role: "status" });
    const draw = () => { state.textContent = this.#absent === null ? "" : t(this.#absent ? "withdrawn.absent" : "withdrawn.there"); };
    draw();
    const look = make("button", {
      type: "button", class: "button small", id: "withdrawn-look",
      onclick: () => void this.#run(async () => {
        this.#absent = await this.door.ask("absent", undefined);
        draw();
      }),
    }, t("withdrawn.look"));
    return proof(withdrawn, state, look);
  }

  /** Everything, in the directory's own words where there are none here. @param {Account} account */
  #list(account) {
    const rows = Object.entries(account).flatMap(([key, value]) => {
      if (key === "budget") {
        const { used, limit, available } = account.budget;
        return [[t("fact.budget"), t("fact.budget.of", { used, limit, available })]];
      }
      if (key === "renewal") return [[t("fact.renewal"), account.renewal ? t("fact.renewal.ready", { time: moment(account.renewal.ready) }) : t("fact.none")]];
      if (key === "elsewhere" && Array.isArray(value)) return account.elsewhere.map(({ what, times, until }) => [has("fact.elsewhere." + what) ? t("fact.elsewhere." + what) : what, times?.length ? t("fact.elsewhere.times", { times: times.map(moment).join(", "), time: moment(until) }) : t("fact.elsewhere.until", { time: moment(until) })]);
      const words = key === "scopes" ? scopeNames(account.scopes) : TIMES.has(key) ? moment(String(value)) : typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? t("fact.none"));
      return [[NAMES.has(key) ? t("fact." + key) : key, words]];
    });
    return [
      make("dl", { class: "facts" }, ...rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { class: "mono" }, value)))),
      make("p", { class: "hint" }, t("fact.all")),
      ...(this.#member ? [make("p", { class: "hint" }, t("receipt.log", { size: this.#member.logSize, root: this.#member.logRoot }))] : []),
    ];
  }
}

/** What the directory holds, as far as there are words for it here. */
const NAMES = new Set(["account", "epoch", "tag", "record", "credential_sha256", "scopes", "registered", "lapses", "consent_sha256"]);
const TIMES = new Set(["registered", "lapses"]);
