// Registering: the directory's terms, the person's number and what they allow,
// the code.

import { find, say, show } from "./dom.js";
import { drawn, locale, t } from "./language.js";
import { proof } from "./proof.js";
import { offerRegions } from "./regions.js";
import { save } from "./save.js";
import { WorkError } from "./caller.js";
import { words } from "./words.js";

/** @typedef {import("../worker/door.js").Member} Member */
/** @typedef {import("./allow.js").Terms} Terms */

export const SCOPES = /** @type {const} */ (["search", "discoverable"]);

/** The names of scopes, in a line. @param {readonly string[]} scopes */
export const scopeNames = (scopes) => scopes.map((scope) => t("scope." + scope)).join(t("list.comma"));

export class Join {
  #region = find("own-region", HTMLSelectElement);
  #number = find("own-number", HTMLInputElement);
  #handle = find("handle", HTMLInputElement);
  #code = find("code", HTMLInputElement);
  #send = find("send", HTMLButtonElement);
  #confirm = find("confirm", HTMLButtonElement);
  #keep = find("keep", HTMLInputElement);
  /** @type {Terms | null} */
  #terms = null;
  /** What the number that is typed is read as. @type {{ e164: string, international: string } | null} */
  #read = null;
  /** Where a code has gone. @type {{ number: string, expires: Date, registration: string } | null} */
  #sent = null;
  /** @type {Member | null} */
  #member = null;
  /** @type {unknown} */
  #failure = null;
  #busy = false;
  /** Who was taken out by a code. @type {Awaited<ReturnType<import("../worker/door.js").Door["leave"]>> | null} */
  #left = null;

  /**
   * @param {import("./caller.js").Caller<import("../worker/door.js").Door>} door
   * @param {import("./caller.js").Caller<import("../worker/book.js").Book>} book reads the number, before it goes anywhere
   * @param {(member: Member | null) => void} changed
   */
  constructor(door, book, changed) {
    this.door = door;
    this.book = book;
    this.changed = changed;
    this.#number.addEventListener("input", () => void this.#readNumber());
    this.#region.addEventListener("change", () => void this.#readNumber());
    for (const scope of SCOPES) this.#tick(scope).addEventListener("change", () => this.#draw());
    this.#send.addEventListener("click", () => void this.#run(() => this.#sendCode()));
    this.#confirm.addEventListener("click", () => void this.#run(() => this.#register()));
    find("code-leave", HTMLButtonElement).addEventListener("click", () => void this.#run(() => this.#takeOut()));
    const onEnter = (/** @type {HTMLInputElement} */ field, /** @type {HTMLButtonElement} */ button) =>
      field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) button.click(); });
    onEnter(this.#number, this.#send);
    onEnter(this.#handle, this.#send);
    onEnter(this.#code, this.#confirm);
    this.#keep.addEventListener("change", () => void this.#run(() => this.door.ask("keep", { on: this.#keep.checked })));
    find("move", HTMLButtonElement).addEventListener("click", () => void this.#run(async () => {
      this.#enter(await this.door.ask("move", undefined), this.#keep.checked);
    }));
    find("receipt-save", HTMLButtonElement).addEventListener("click", () => {
      if (this.#member) save(new Blob([this.#member.receipt]), "sealbook-receipt.txt");
    });
    drawn(() => {
      this.#draw();
      this.#drawLeft();
    });
  }

  /** @param {[string, number][]} regions @param {string} region the one to begin with */
  offer(regions, region) {
    offerRegions(this.#region, regions, true);
    this.#region.value = region;
  }

  /** The door is open. @param {Terms} terms */
  open(terms) {
    this.#terms = terms;
    if (terms.member) this.#enter(terms.member, terms.kept);
    this.#draw();
    find("join", HTMLElement).focus({ preventScroll: true });
  }

  /** No longer registered. */
  leave() {
    this.#member = this.#sent = null;
    this.#keep.checked = false;
    this.#draw();
  }

  /** @param {typeof SCOPES[number]} scope */
  #tick(scope) {
    return find("scope-" + scope, HTMLInputElement);
  }

  #scopes() {
    return SCOPES.filter((scope) => this.#tick(scope).checked);
  }

  async #readNumber() {
    const text = this.#number.value;
    const region = this.#region.value;
    const read = text.trim() === "" ? null : await this.book.ask("number", { text, region }).catch((error) => error);
    if (text !== this.#number.value || region !== this.#region.value) return;
    this.#read = read instanceof WorkError ? null : read;
    this.#draw();
  }

  /** One thing at a time; what fails is said. @param {() => Promise<unknown>} work */
  async #run(work) {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = null;
    if (this.#left) {
      this.#left = null;
      this.#drawLeft();
    }
    this.#draw();
    try {
      await work();
    } catch (error) {
      this.#failure = error;
    }
    this.#busy = false;
    this.#draw();
  }

  async #sendCode() {
    const text = this.#number.value;
    if (text.trim() === "") {
      this.#number.focus();
      throw new WorkError("no_number");
    }
    // Read anew: what is sent must be what was checked.
    const { e164, valid } = await this.book.ask("number", { text, region: this.#region.value });
    if (!valid) throw new WorkError("not_valid");
    if (this.#scopes().length === 0) {
      this.#tick("search").focus();
      throw new WorkError("no_scope");
    }
    await this.door.ask("check", { handle: this.#handle.value });
    this.#sent = { number: e164, ...await this.door.ask("register", { number: e164 }) };
    this.#draw();
    this.#code.value = "";
    this.#code.focus();
  }

  #typedCode() {
    const code = this.#code.value.replace(/\D/g, "");
    if (code !== "") return code;
    this.#code.focus();
    throw new WorkError("no_code");
  }

  /** The way out for who lost the device that registered. */
  async #takeOut() {
    this.#left = await this.door.ask("leave", { code: this.#typedCode() });
    this.#sent = null;
    this.#draw();
    this.#drawLeft();
    say(t("withdrawn.sum", { version: this.#left.version }));
  }

  async #register() {
    const code = this.#typedCode();
    if (this.#scopes().length === 0) throw new WorkError("no_scope");
    try {
      this.#enter(await this.door.ask("confirm", { code, scopes: this.#scopes(), handle: this.#handle.value }), false);
    } catch (error) {
      // A code that is used up or gone is of no more use.
      if (error instanceof WorkError && ["code_expired", "registration_unknown"].includes(error.code)) this.#sent = null;
      throw error;
    }
    this.#draw();
    say(find("joined-sum", HTMLParagraphElement).textContent ?? "");
    find("join", HTMLElement).focus({ preventScroll: true });
  }

  /** @param {Member} member @param {boolean} kept */
  #enter(member, kept) {
    this.#member = member;
    this.#keep.checked = kept;
    this.#sent = null;
    this.#code.value = this.#number.value = "";
    this.#read = null;
    this.changed(member);
  }

  /** By itself: its button is not to be made anew while it is pressed. */
  #drawLeft() {
    find("join-left", HTMLDivElement).replaceChildren(...(this.#left ? proof(this.#left) : []));
  }

  #draw() {
    const member = this.#member;
    find("join-form", HTMLDivElement).hidden = member !== null;
    find("joined", HTMLDivElement).hidden = member === null;
    if (member) find("joined-sum", HTMLParagraphElement).textContent = t("join.done", { number: member.number, scopes: scopeNames(member.scopes) });
    for (const id of ["join-error", "joined-error"]) show(find(id, HTMLParagraphElement), words(this.#failure));
    find("move-row", HTMLDivElement).hidden = !member?.passed;
    find("own-number-hint", HTMLParagraphElement).textContent = this.#read ? t("join.number.read", { number: this.#read.international }) : t("join.number.hint");
    find("handle-field", HTMLDivElement).hidden = !this.#tick("discoverable").checked;
    this.#send.textContent = t(this.#sent ? "join.again" : "join.send");
    this.#send.classList.toggle("main", this.#sent === null);
    for (const button of [this.#send, this.#confirm]) button.setAttribute("aria-disabled", String(this.#busy));
    find("code-field", HTMLDivElement).hidden = this.#sent === null;
    if (this.#sent) {
      const { number, expires, registration } = this.#sent;
      const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(expires);
      find("code-hint", HTMLParagraphElement).textContent = t("join.code.hint", { number, time, registration: registration.slice(0, 8) });
    }
    if (this.#terms) {
      const { name, key, consent } = this.#terms;
      find("consent-text", HTMLElement).textContent = consent.text;
      find("consent-hash", HTMLElement).textContent = consent.sha256;
      find("directory-name", HTMLElement).textContent = name;
      find("directory-key", HTMLElement).textContent = key;
    }
  }
}
