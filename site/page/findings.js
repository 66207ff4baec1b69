// The table of findings, and what one of them means.

import { find, make, settled } from "./dom.js";
import { hostName } from "./flows.js";
import { drawn, has, locale, t } from "./language.js";
import { PAGE, markRow, showPiece } from "./pieces.js";

/** @typedef {import("../worker/audit.js").View} View */
/** @typedef {import("../js/auditor.js").Finding & { file: string }} Finding */

const SHOWN = /** @type {const} */ (["sent", "requests", "possible", "received", "all"]);

export class Findings {
  #filter = find("filter", HTMLInputElement);
  #show = find("kind", HTMLSelectElement);
  #rows = find("rows", HTMLTableSectionElement);
  #body = find("detail-body", HTMLDivElement);
  #from = 0;
  #asked = 0;
  /** @type {number | null} */
  #chosen = null;
  /** @type {Finding | null} */
  #finding = null;
  #there = false;

  /** @param {import("./caller.js").Caller<import("../worker/audit.js").AuditWork>} worker */
  constructor(worker) {
    this.worker = worker;
    this.#filter.addEventListener("input", settled(120, () => void this.#turn(0)));
    this.#show.addEventListener("change", () => void this.#turn(0));
    find("back", HTMLButtonElement).addEventListener("click", () => void this.#turn(this.#from - PAGE));
    find("next", HTMLButtonElement).addEventListener("click", () => void this.#turn(this.#from + PAGE));
    this.#rows.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("tr") : null;
      if (row?.dataset.index && String(getSelection()) === "") void this.#select(Number(row.dataset.index));
    });
    drawn(() => {
      const value = this.#show.value || "sent";
      this.#show.replaceChildren(...SHOWN.map((one) => make("option", { value: one }, t("audit.show." + one))));
      this.#show.value = value;
      if (this.#there) void this.#turn(this.#from);
      this.#drawDetail();
    });
  }

  /** Other findings are there now. @param {boolean} sent whether some make a capture "found" */
  async begin(sent) {
    this.#there = true;
    this.#chosen = this.#finding = null;
    this.#filter.value = "";
    this.#show.value = sent ? "sent" : "all";
    this.#drawDetail();
    await this.#turn(0);
  }

  /** @param {number} from */
  async #turn(from) {
    const asked = ++this.#asked;
    const view = { text: this.#filter.value, show: /** @type {View["show"]} */ (this.#show.value) };
    const page = await this.worker.ask("view", { view, from: Math.max(0, from), count: PAGE });
    if (asked !== this.#asked) return;
    this.#from = page.from;
    showPiece(page, (row) => this.#row(row));
  }

  /** @param {Finding & { index: number }} row */
  #row({ index, contact, kind, value, host, location, chain, certainty }) {
    const chosen = index === this.#chosen;
    return make("tr", { "data-index": index, "data-chosen": chosen },
      make("td", { class: "wide" }, make("button", { type: "button", class: "link", "aria-pressed": String(chosen) }, make("bdi", {}, contact))),
      make("td", { class: "free" }, `${t("audit.kind." + kind)} `, make("bdi", { class: "faint" }, value)),
      make("td", { class: "host" }, hostName(host)),
      make("td", { class: "faint free" }, [location, ...chain].join(" › ")),
      make("td", { class: "tight" }, make("span", { class: "chip " + CHIP[certainty] }, t("audit." + certainty))));
  }

  /** @param {number} index */
  async #select(index) {
    this.#chosen = index;
    markRow(index);
    const finding = await this.worker.ask("finding", { index });
    if (index !== this.#chosen) return;
    this.#finding = finding;
    this.#drawDetail();
    const detail = find("detail", HTMLElement);
    detail.focus({ preventScroll: true });
    if (detail.getBoundingClientRect().top > innerHeight - 100) detail.scrollIntoView({ block: "start" });
  }

  #drawDetail() {
    const f = this.#finding;
    if (!f) {
      this.#body.replaceChildren(make("p", { class: "none" }, t("audit.detail.choose")));
      return;
    }
    const why = "audit.why." + f.kind + "." + f.certainty;
    /** @type {[string, Node | string | null][]} */
    const facts = [
      [t("audit.column.contact"), make("bdi", {}, f.contact)],
      [t("audit.number"), f.e164],
      [t("audit.column.what"), make("span", {}, `${t("audit.kind." + f.kind)} `, make("code", {}, f.value))],
      [t("audit.recipe"), f.recipe],
      [t("audit.direction"), t("audit.direction." + f.direction)],
      [t("audit.request"), make("code", {}, `${f.method} ${f.target}`)],
      [t("audit.column.host"), hostName(f.host)],
      [t("audit.time"), f.time && new Date(Number(BigInt(f.time) / 1000000n)).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" })],
      [t("audit.file"), make("span", {}, make("bdi", {}, f.file), ", ", t("audit.nth", { n: f.request_index }))],
      [t("audit.column.where"), [f.location, ...f.chain].join(" › ") + " · " + t("audit.bytes", { start: f.start, end: f.end })],
    ];
    this.#body.replaceChildren(
      make("p", {}, make("span", { class: "chip " + CHIP[f.certainty] }, t("audit." + f.certainty)), " ", has(why) ? t(why) : t("audit.why." + f.kind)),
      make("p", { class: "bytes context", tabindex: 0, role: "group", "aria-label": t("audit.context") }, ...marked(f.context, f.value)),
      make("p", { class: "faint" }, f.chain.length === 0 ? t("audit.chain.none") : t("audit.chain", { steps: f.chain.join(" › ") })),
      make("dl", { class: "facts" }, ...facts.filter(([, value]) => value !== null && value !== "").map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    );
  }
}

const CHIP = { certain: "bad", likely: "warn", possible: "" };

/** A text with what was found in it marked. @param {string} context @param {string} value */
function marked(context, value) {
  const at = context.indexOf(value);
  // What nobody could see is shown as something.
  const plain = (/** @type {string} */ text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "·");
  if (at < 0 || value === "") return [plain(context)];
  return [plain(context.slice(0, at)), make("mark", {}, plain(value)), plain(context.slice(at + value.length))];
}
