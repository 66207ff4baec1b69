// <sealbook-phone>: see element.d.ts.

import { formatInput, listRegions, problem, problems } from "./form.js";
import { load } from "./index.js";

/** Where there are no elements, as on a server, the class is there all the same. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

const STYLE = ":host{display:inline-flex;gap:.25em}select{max-width:12em;font:inherit}input{flex:1;min-width:8em;font:inherit}[hidden]{display:none}";

/** @implements {Pick<import("./element.js").SealbookPhone, "value" | "region" | "text">} */
export class SealbookPhone extends Base {
  static formAssociated = true;
  static observedAttributes = ["region", "value", "required", "disabled", "placeholder", "regions", "region-label", "aria-label"];

  #internals = this.attachInternals?.();
  /** @type {HTMLInputElement} */
  #input;
  /** @type {HTMLSelectElement} */
  #select;
  /** @type {import("./index.js").Sealbook | null} */
  #sealbook = null;
  #value = "";
  #disabled = false;
  /** @type {Promise<void>} */
  ready = Promise.resolve();

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    // Not a style element, which policies refuse.
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.innerHTML = '<select part="region" hidden></select><input part="input" type="tel" inputmode="tel" autocomplete="tel">';
    this.#input = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.#select = /** @type {HTMLSelectElement} */ (root.querySelector("select"));
    this.#select.setAttribute("aria-label", "Country");
    this.#input.addEventListener("input", (event) => {
      const { inputType, isComposing } = /** @type {InputEvent} */ (event);
      if (isComposing) return;
      this.#typed();
      // Else the space that formatting puts at the end could not be deleted.
      if (inputType?.startsWith("delete") && /\s$/.test(this.#input.value)) this.#input.value = this.#input.value.trimEnd();
    });
    this.#input.addEventListener("focus", () => this.#label());
    this.#input.addEventListener("compositionend", () => this.#typed());
    this.#input.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    this.#input.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") this.#internals?.form?.requestSubmit();
    });
    this.#select.addEventListener("change", () => {
      this.region = this.#select.value;
      this.dispatchEvent(new Event("input", { bubbles: true }));
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  connectedCallback() {
    this.#label();
    this.ready = load().then((sealbook) => {
      this.#sealbook = sealbook;
      this.#list();
      const value = this.getAttribute("value");
      if (value && this.#input.value === "") this.text = value;
      else this.#typed();
    });
    this.#judge();
  }

  /** @param {string} name @param {string | null} _ @param {string | null} value */
  attributeChangedCallback(name, _, value) {
    if (name === "aria-label" || name === "placeholder") {
      if (value === null) this.#input.removeAttribute(name);
      else this.#input.setAttribute(name, value);
    }
    if (name === "region-label") this.#select.setAttribute("aria-label", value ?? "Country");
    if (name === "value" && value !== null && this.#sealbook) this.text = value;
    if (name === "required") this.#input.setAttribute("aria-required", String(value !== null));
    if (name === "regions") this.#list();
    if (name === "region") {
      this.#select.value = this.region;
      this.#typed();
    }
    this.#judge();
  }

  /** @param {boolean} disabled */
  formDisabledCallback(disabled) {
    this.#disabled = this.#input.disabled = this.#select.disabled = disabled;
  }

  formResetCallback() {
    this.text = this.getAttribute("value") ?? "";
  }

  /** @param {string} state */
  formStateRestoreCallback(state) {
    this.text = state;
  }

  get value() {
    return this.#value;
  }

  set value(value) {
    // A framework that is told of a number sets it again: what stands there stays.
    if (value !== this.#value) this.text = value;
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text ?? "";
    this.#typed(this.#input.value.length);
  }

  // Attributes are properties too: React and Vue set what an element has of these.

  get region() {
    return this.getAttribute("region") ?? "";
  }

  set region(region) {
    this.#reflect("region", region);
  }

  get name() {
    return this.getAttribute("name") ?? "";
  }

  set name(name) {
    this.#reflect("name", name);
  }

  get placeholder() {
    return this.getAttribute("placeholder") ?? "";
  }

  set placeholder(placeholder) {
    this.#reflect("placeholder", placeholder);
  }

  get required() {
    return this.hasAttribute("required");
  }

  set required(required) {
    this.#reflect("required", required);
  }

  get disabled() {
    return this.hasAttribute("disabled");
  }

  set disabled(disabled) {
    this.#reflect("disabled", disabled);
  }

  get regions() {
    return this.hasAttribute("regions");
  }

  set regions(regions) {
    this.#reflect("regions", regions);
  }

  /** @param {string} name @param {unknown} value */
  #reflect(name, value) {
    if (value === false || value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, value === true ? "" : String(value));
  }

  /** @returns {HTMLFormElement | null} */
  get form() {
    return this.#internals?.form ?? null;
  }

  // The form's id, as the attribute has it: to set what an element has, frameworks try this.
  set form(id) {
    this.#reflect("form", id);
  }

  get validity() {
    return this.#internals?.validity;
  }

  get validationMessage() {
    return this.#internals?.validationMessage ?? "";
  }

  checkValidity() {
    return this.#internals?.checkValidity() ?? true;
  }

  reportValidity() {
    return this.#internals?.reportValidity() ?? true;
  }

  /** Labels are outside, where the input's name cannot point to them. */
  #label() {
    const label = [...(this.#internals?.labels ?? [])].map((label) => label.textContent?.trim()).join(" ");
    if (label && !this.hasAttribute("aria-label")) this.#input.setAttribute("aria-label", label);
  }

  #list() {
    const wanted = this.hasAttribute("regions") && this.#sealbook !== null;
    this.#select.hidden = !wanted;
    if (!wanted || this.#sealbook === null || this.#select.options.length > 0) return;
    for (const { region, callingCode, name } of listRegions(this.#sealbook, this.closest("[lang]")?.getAttribute("lang") || undefined)) {
      this.#select.add(new Option(`${name} +${callingCode}`, region));
    }
    this.#select.value = this.region;
  }

  /** The input was edited: formats it, the caret where it belongs. @param {number} [caret] */
  #typed(caret) {
    const sealbook = this.#sealbook;
    const input = this.#input;
    if (sealbook === null) return;
    const region = sealbook.callingCode(this.region) === 0 ? "" : this.region;
    const typed = formatInput(sealbook, input.value, region, caret ?? input.selectionStart ?? input.value.length);
    if (typed.text !== input.value) {
      input.value = typed.text;
      if (this.shadowRoot?.activeElement === input) input.setSelectionRange(typed.caret, typed.caret);
    }
    this.#judge();
  }

  #judge() {
    const text = this.#input.value;
    const region = this.#sealbook?.callingCode(this.region) ? this.region : "";
    const result = text.trim() === "" ? null : this.#sealbook?.tryParse(text, region) ?? null;
    const wrong = result === null ? (text.trim() === "" ? null : "NOT_A_NUMBER") : problem(result);
    this.#value = result !== null && wrong === null ? /** @type {string} */ (result.e164) : "";
    this.#internals?.setFormValue(this.#value === "" ? null : this.#value, text);
    const missing = text.trim() === "" && this.hasAttribute("required");
    this.#input.setAttribute("aria-invalid", String(wrong !== null));
    if (missing) this.#internals?.setValidity({ valueMissing: true }, problems.EMPTY, this.#input);
    else if (wrong !== null) this.#internals?.setValidity({ customError: true }, problems[wrong], this.#input);
    else this.#internals?.setValidity({});
  }
}

if (globalThis.customElements && !customElements.get("sealbook-phone")) customElements.define("sealbook-phone", SealbookPhone);
