// The language of the page: which one, its texts, its way with numbers.

import texts from "./built/texts.js";

/** @typedef {"en" | "zh-Hans"} Language */

/** @type {Set<() => void>} */
const listeners = new Set();
const titles = { en: document.documentElement.dataset.titleEn ?? document.title, "zh-Hans": meta("title-zh-Hans") };

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement} */ (document.querySelector(`meta[name="${name}"]`)).content;
}

/** @returns {Language} */
export function language() {
  return document.documentElement.lang === "zh-Hans" ? "zh-Hans" : "en";
}

/** The language as the browser's own user writes it: dates of en-GB are not those of en-US. */
export function locale() {
  const now = language();
  return navigator.languages.find((tag) => tag === now || tag.startsWith(now.slice(0, 2) + "-")) ?? now;
}

/**
 * The text of a key, its {placeholders} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values] numbers are written as the language does
 */
export function t(key, values = {}) {
  const text = texts[language()][key];
  if (text === undefined) throw new Error("no text " + key);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? count(value) : String(value);
  });
}

/**
 * Somebody else's text in a sentence, whose direction it must not change: an isolate
 * (UAX #9), and none within it that could end it or take its end.
 * @param {string} text
 */
export const isolated = (text) => `\u2068${text.replace(/[\u2066-\u2069]/g, "")}\u2069`;

/** Whether there is a text for a key that data makes up. @param {string} key */
export function has(key) {
  return texts[language()][key] !== undefined;
}

/** A whole number with its thousands apart. @param {number | bigint} n */
export function count(n) {
  return new Intl.NumberFormat(locale()).format(n);
}

/** A span of time, as roughly as a reader wants it. @param {number} seconds */
export function span(seconds) {
  const steps = /** @type {const} */ ([["year", 31557600], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]]);
  const [unit, length] = steps.find(([, s]) => seconds >= 2 * s) ?? steps[4];
  const value = seconds / length;
  return new Intl.NumberFormat(locale(), {
    style: "unit", unit, unitDisplay: "long",
    // What took less than a tenth of a second did not take none.
    ...(value < .1 ? { maximumSignificantDigits: 1 } : { maximumFractionDigits: value < 10 ? 1 : 0 }),
  }).format(value);
}

/** Bytes, for a reader. @param {number} n */
export function bytes(n) {
  const [value, unit] = n < 1e4 ? [n, "byte"] : n < 1e6 ? [n / 1e3, "kilobyte"] : [n / 1e6, "megabyte"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: n < 1e4 ? "long" : "short", maximumSignificantDigits: n < 1e4 ? 21 : 3 }).format(value);
}

/**
 * Calls back now and whenever the language changes.
 * @param {() => void} draw
 */
export function drawn(draw) {
  listeners.add(draw);
  draw();
}

/** @param {Language} next */
function choose(next) {
  document.documentElement.lang = next;
  document.title = titles[next];
  try {
    localStorage.setItem("language", next);
  } catch {
    // As in early.js.
  }
  for (const draw of listeners) draw();
}

/** Starts the switch in the page's head, and keeps labels in attributes right. */
export function startLanguage() {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-language]"));
  for (const button of buttons) {
    button.addEventListener("click", () => choose(/** @type {Language} */ (button.dataset.language)));
  }
  drawn(() => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === language()));
    for (const labelled of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-label]"))) {
      labelled.setAttribute("aria-label", t(/** @type {string} */ (labelled.dataset.label)));
    }
  });
}
