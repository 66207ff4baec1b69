// The element in a page whose policy lets in nothing but its own scripts.

import "/sealbook/dist/element.js";

/** @typedef {import("../../../wasm/js/element.js").SealbookPhone & HTMLElement} Phone */

async function run() {
  document.body.innerHTML = '<form><label>Phone <sealbook-phone name="phone" region="GB" regions required value="020 7946 0123"></sealbook-phone></label><fieldset></fieldset></form>';
  const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
  const phone = /** @type {Phone} */ (document.querySelector("sealbook-phone"));
  await phone.ready;
  const input = /** @type {HTMLInputElement} */ (phone.shadowRoot?.querySelector("input"));
  const select = /** @type {HTMLSelectElement} */ (phone.shadowRoot?.querySelector("select"));
  let events = 0;
  phone.addEventListener("change", () => events++);
  /** @param {string} text @param {number} [caret] */
  const type = (text, caret = text.length) => {
    input.focus();
    input.value = text;
    input.setSelectionRange(caret, caret);
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  };
  const submitted = () => new FormData(form).get("phone");
  type("02079460123", 4);
  const results = { formatted: input.value, caret: input.selectionStart, submitted: submitted() };
  input.dispatchEvent(new Event("change"));
  type("030123456");
  select.value = "DE";
  select.dispatchEvent(new Event("change"));
  const german = submitted();
  const typedRegion = input.value;
  const listed = select.options.length;
  phone.region = "GB";
  type("+44");
  const spaced = input.value === "+44 ";
  input.value = "+44";
  input.dispatchEvent(new InputEvent("input", { inputType: "deleteContentBackward" }));
  if (!spaced || input.value !== "+44") throw new Error("a space at the end");
  type("");
  const missing = form.checkValidity() ? "" : phone.validationMessage;
  const empty = phone.value;
  type("020 79");
  const short = phone.checkValidity() ? "" : phone.validationMessage;
  form.reset();
  const reset = phone.text;
  const fieldset = /** @type {HTMLFieldSetElement} */ (form.querySelector("fieldset"));
  fieldset.append(phone);
  fieldset.disabled = true;
  await phone.ready;
  return { ...results, typedRegion, german, listed, empty, missing, short, reset, label: input.getAttribute("aria-label"), disabled: input.disabled, events };
}

console.log(`results ${JSON.stringify(await run().catch((error) => ({ error: String(error?.stack ?? error) })))}`);
