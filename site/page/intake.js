// Where numbers come in: typed, pasted, dropped, chosen as a file or, where the
// page offers it and the browser can, picked from the device's own contacts.

import { WorkError } from "./caller.js";
import { find, make, settled, show } from "./dom.js";
import { bytes, drawn, has, isolated, t } from "./language.js";
import { wasms } from "./loaded.js";
import { offerRegions, regionName } from "./regions.js";
import { words } from "./words.js";

/** @typedef {import("../worker/rows.js").Sum} Sum */
/** @typedef {import("./regions.js").Why} Why */

/** Numbers that no one has: reserved for fiction by Ofcom, NANPA, ACMA and Arcep. */
const SAMPLE = ["020 7946 0123", "07700 900123", "+1 202-555-0143", "+61 491 570 156", "+33 6 39 98 01 23", "+44 20 7946", "hello"].join("\n");

/** What decided a guess, in this page's words. */
const WHY = /** @type {const} */ ({ NUMBERS: "numbers", CALLING_CODE: "contacts", HINT: "browser" });

export class Intake {
  #typed = find("typed", HTMLTextAreaElement);
  #region = find("region", HTMLSelectElement);
  #why = find("region-why", HTMLParagraphElement);
  #file = find("file", HTMLInputElement);
  #clear = find("clear", HTMLButtonElement);
  #error = find("numbers-error", HTMLParagraphElement);
  #chosen = find("chosen", HTMLParagraphElement);
  #working = find("reading", HTMLDivElement);
  #bar = find("reading-bar", HTMLProgressElement);
  #ready = false;
  /** Whether the text has changed since it was read; a file chosen meanwhile takes its place. */
  #unread = false;
  /** @type {File | null} */
  #from = null;
  /** How many people were picked, while it is their numbers that are read. */
  #picked = 0;
  /** @type {Why} */
  #reason = "none";
  /** @type {{ format: string, problems: { line: number, code: string }[], problemCount: number, emails: number, cut: boolean } | null} */
  #report = null;
  /** What was there before a file was chosen, to be put back if nothing comes of it. */
  #before = { text: "", from: this.#from, report: this.#report };
  /** @type {unknown} */
  #failure = null;
  #reads = 0;

  /**
   * @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book
   * @param {string | null} wanted the region that the page's link asks for
   * @param {(sum: Sum, chosen: boolean) => void} read chosen: not by typing, so that the page may go to what was read
   */
  constructor(book, wanted, read) {
    this.book = book;
    this.wanted = wanted;
    this.read = read;
    const later = settled(200, () => { if (this.#unread) this.#readText(); });
    this.#typed.addEventListener("input", () => {
      this.#unread = true;
      later();
    });
    this.#region.addEventListener("change", () => {
      this.#reason = "chosen";
      if (this.#ready) void this.#again();
    });
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      if (file) this.#readFile(file);
      this.#file.value = ""; // so that the same file can be chosen again
    });
    find("choose", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    find("sample", HTMLButtonElement).addEventListener("click", () => this.#put(SAMPLE, true));
    this.#clear.addEventListener("click", () => {
      this.#put("");
      this.#typed.focus();
    });
    find("stop", HTMLButtonElement).addEventListener("click", () => void book.ask("stop", undefined));
    this.#listenForFiles();
    drawn(() => this.#draw());
  }

  /**
   * Opens the book: with the core, so that a region can be chosen, then with what
   * reads numbers, which is larger and comes later.
   * @param {"blind"[]} more modules that the book is to have
   * @param {(regions: [string, number][]) => void} [opened] called with the regions there are, and their calling codes
   */
  async open(more = [], opened = () => {}) {
    try {
      const rest = wasms("contacts", ...more);
      rest.catch(() => {}); // heard below
      const { regions, hint } = await this.book.ask("open", await wasms("core", "format"));
      const known = new Set(regions.map(([region]) => region));
      offerRegions(this.#region, regions, true);
      // The browser's region, unless a link says otherwise.
      if (this.wanted && known.has(this.wanted)) this.#setRegion(this.wanted, "link");
      else if (hint) this.#setRegion(hint, "browser");
      opened(regions);
      await this.book.ask("extend", await rest);
    } catch (error) {
      this.#failure = error;
      this.#draw();
      return;
    }
    this.#ready = true;
    this.#offerPicker();
    // What was typed or chosen meanwhile.
    if (this.#from) this.#readFile(this.#from);
    else if (this.#typed.value !== "") this.#readText();
  }

  /** Reads a file that comes from elsewhere than this page. @param {File} file */
  take(file) {
    this.#readFile(file);
  }

  /** @param {string} text @param {boolean} [chosen] */
  #put(text, chosen = false) {
    this.#typed.value = text;
    this.#readText(chosen);
  }

  #listenForFiles() {
    // The whole window takes drops, since a file that misses a target would
    // otherwise replace the page.
    let depth = 0;
    const target = find("drop", HTMLDivElement);
    const over = (/** @type {number} */ change) => {
      depth = change === 0 ? 0 : depth + change;
      target.toggleAttribute("data-over", depth > 0);
    };
    window.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
    window.addEventListener("dragleave", () => over(-1));
    window.addEventListener("dragover", (event) => event.preventDefault());
    window.addEventListener("drop", (event) => {
      over(0);
      if (event.defaultPrevented) return; // taken by a target of its own
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      const text = event.dataTransfer?.getData("text/plain");
      if (file) this.#readFile(file);
      else if (text) this.#put(text);
    });
  }

  /** The browser shows its own list, and hands out only what is picked there. */
  #offerPicker() {
    const button = document.getElementById("pick");
    const { contacts } = navigator;
    if (!button || !contacts) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const people = await contacts.select(["name", "tel"], { multiple: true }).catch(() => null);
      if (people === null) {
        this.#failure = new WorkError("PICKER");
        this.#draw();
      } else if (people.length > 0) {
        this.#readPicked(people.map(({ name, tel }) => ({ name: name?.[0] ?? "", numbers: tel ?? [] })));
      }
    });
  }

  /** @param {{ name: string, numbers: string[] }[]} people */
  #readPicked(people) {
    this.#unread = false;
    this.#from = null;
    this.#report = null;
    this.#typed.value = "";
    this.#picked = people.length;
    void this.#run(this.book.ask("picked", { people, region: this.#region.value }, (p) => this.#progress(p)), true);
  }

  /** @param {boolean} [chosen] */
  #readText(chosen = false) {
    this.#unread = false;
    this.#from = null;
    this.#report = null;
    this.#picked = 0;
    const text = this.#typed.value;
    if (!this.#ready) return;
    if (/^\s*BEGIN:VCARD/i.test(text)) {
      // A pasted card: read as the file that it is.
      void this.#run(this.book.ask("file", { file: new Blob([text]), region: this.#region.value }, (p) => this.#progress(p)).then(({ sum }) => sum), chosen);
      return;
    }
    void this.#run(this.book.ask("text", { text, region: this.#region.value }, (p) => this.#progress(p)), chosen);
  }

  /** @param {File} file */
  #readFile(file) {
    if (file !== this.#from) this.#before = { text: this.#typed.value, from: this.#from, report: this.#report };
    this.#unread = false;
    this.#from = file;
    this.#typed.value = "";
    this.#report = null;
    this.#picked = 0;
    if (!this.#ready) return;
    void this.#run(this.book.ask("file", { file, region: this.#region.value }, (p) => this.#progress(p)).then((answer) => {
      this.#report = answer;
      return answer.sum;
    }), true);
  }

  #again() {
    return this.#run(this.book.ask("region", { region: this.#region.value }, (p) => this.#progress(p)));
  }

  /**
   * Waits for numbers to be read, and shows them.
   * @param {Promise<Sum>} reading
   * @param {boolean} [chosen]
   */
  async #run(reading, chosen = false) {
    const mine = ++this.#reads;
    this.#failure = null;
    this.#bar.removeAttribute("value");
    // What is quick should not flash.
    const patience = setTimeout(() => { this.#working.hidden = false; }, 150);
    try {
      let sum = await reading;
      if (mine !== this.#reads) return;
      const guessed = sum.guess?.region;
      if (guessed && this.#reason !== "link" && this.#reason !== "chosen") {
        // The contacts know better where they are at home than the browser.
        const other = guessed !== this.#region.value;
        this.#setRegion(guessed, WHY[/** @type {keyof typeof WHY} */ (sum.guess?.decided)]);
        if (other) sum = await this.book.ask("region", { region: guessed }, (p) => this.#progress(p));
      }
      if (mine === this.#reads) this.read(sum, chosen);
    } catch (error) {
      // A newer request has taken this one's place.
      if (mine !== this.#reads) return;
      this.#failure = error;
      const text = this.#from ? this.#before.text : "";
      if (text !== "" && this.#typed.value === "") this.#typed.value = text; // typed by hand, it is not to be lost
      if (error instanceof WorkError && error.code === "STOPPED") {
        ({ from: this.#from, report: this.#report } = this.#before);
      } else {
        // What another file held is not what this one holds.
        this.#from = null;
        void this.book.ask("text", { text, region: this.#region.value }).then((sum) => { if (mine === this.#reads) this.read(sum, false); }, () => {});
      }
    } finally {
      clearTimeout(patience);
      if (mine === this.#reads) {
        this.#working.hidden = true;
        this.#draw();
      }
    }
  }

  /** @param {{ step: string, share: number }} progress */
  #progress({ step, share }) {
    this.#bar.value = share;
    find("reading-text", HTMLParagraphElement).textContent = t("reading." + step);
  }

  /** @param {string} region @param {Why} reason */
  #setRegion(region, reason) {
    this.#region.value = region;
    this.#reason = reason;
    this.#draw();
  }

  #draw() {
    this.#why.textContent = this.#region.value === "" ? t("region.hint") : t("region.why." + this.#reason, { region: regionName(this.#region.value) });
    this.#clear.hidden = this.#typed.value === "" && this.#from === null && this.#picked === 0;
    show(this.#error, this.#failure === null ? "" : words(this.#failure));
    this.#drawFile();
  }

  #drawFile() {
    const lines = [];
    const report = this.#report;
    if (this.#from && report) {
      lines.push(t("file.read", { name: isolated(this.#from.name), size: bytes(this.#from.size), format: t("format." + report.format) }));
      if (report.cut) lines.push(t("file.cut"));
      if (report.emails) lines.push(t("file.emails", { n: report.emails }));
    }
    if (this.#picked > 0) lines.push(t("contacts.picked", { n: this.#picked }));
    this.#chosen.hidden = lines.length === 0;
    this.#chosen.replaceChildren(lines.join(" "));
    if (report && report.problemCount > 0) {
      this.#chosen.append(make("details", {},
        make("summary", {}, t("file.problems", { n: report.problemCount })),
        make("ul", {}, ...report.problems.map(({ line, code }) =>
          make("li", {}, `${t("file.line", { n: line })} ${t(has("error." + code) ? "error." + code : "error.BAD_LINE")} (${code})`)))));
    }
  }
}
