// Making and finding elements. Text only ever enters as text: there is no way
// here to write HTML, and trusted types refuse it elsewhere.

/**
 * The element with an id, of the kind expected.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} #${id}`);
  return found;
}

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | number | ((event: Event) => void) | undefined>} attributes
 *   "onclick" and its like take a function; true stands for "", false and undefined for none
 * @param {...(Node | string | null)} content
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...content.filter((part) => part !== null));
  return element;
}

/**
 * Shows a text in an element, or hides it when there is none.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function show(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}

let spoken = 0;

/** Tells a screen reader, when nothing visible does. @param {string} text */
export function say(text) {
  const place = find("spoken", HTMLDivElement);
  place.textContent = text;
  // Read again by someone who looks around later, it would mislead.
  window.clearTimeout(spoken);
  spoken = window.setTimeout(() => { place.textContent = ""; }, 4000);
}

/**
 * A function that does its work once calls have ceased for a while.
 * @template {unknown[]} A
 * @param {number} milliseconds
 * @param {(...args: A) => void} work
 */
export function settled(milliseconds, work) {
  let timer = 0;
  return (/** @type {A} */ ...args) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(work, milliseconds, ...args);
  };
}

/**
 * Settles when somebody first does something with the page, or has had five
 * seconds to: for what need not compete with the page's own beginning.
 */
export const touched = new Promise((/** @type {(value: unknown) => void} */ resolve) => {
  for (const type of ["pointermove", "pointerdown", "keydown", "focusin", "scroll"]) {
    window.addEventListener(type, resolve, { once: true, capture: true, passive: true });
  }
  setTimeout(resolve, 5000);
});
