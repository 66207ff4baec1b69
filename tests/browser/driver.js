// One way to drive three engines. Chromium is driven by Playwright; Firefox and
// WebKit, which Playwright knows only in builds of its own, by the standards
// that their makers ship: WebDriver BiDi (firefox.js) and WebDriver (webkit.js).
// This file makes of those two what the tests use of Playwright's Page, under
// the same names, so that one text of a test runs in all three.
//
// What an engine has to bring is a Tab; all else is made of it.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @typedef {(source: string, args: unknown[]) => Promise<any>} Call calls a function's source; JSON both ways
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} navigate
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} back
 * @property {Call} call in the page
 * @property {Call} callInFrame in the page's first frame, whosever it is
 * @property {(x: number, y: number) => Promise<void>} press a pointer, in CSS pixels of the window
 * @property {(keys: string[]) => Promise<void>} type keys, by their WebDriver characters; held ones come first
 * @property {(selector: string, paths: string[]) => Promise<void>} choose files
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<Buffer>} picture PNG of the window
 * @property {(text: string) => Promise<boolean>} [holds] whether a text is in the page, where call cannot look: in Firefox it needs scripts
 * @property {() => Promise<void>} close
 */

/** @typedef {{ css?: string, role?: string, name?: string | { source: string, flags: string }, index?: number, visible?: boolean, up?: string }} Step */

const PATIENCE = 90_000;
const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs in the page: the elements that steps lead to. */
const FIND = `(steps) => {
  const visible = (e) => { const r = e.getClientRects(); return r.length > 0 && getComputedStyle(e).visibility !== "hidden"; };
  const ROLES = { button: "button, [role=button]", link: "a[href]", heading: "h1, h2, h3, h4", checkbox: "input[type=checkbox]" };
  const nameOf = (e) => (e.getAttribute("aria-label") ?? e.innerText ?? "").replace(/\\s+/g, " ").trim();
  let found = [document];
  for (const { css, role, name, index, visible: seen, up } of steps) {
    if (css) found = [...new Set(found.flatMap((e) => [...e.querySelectorAll(css)]))];
    if (up) found = found.map((e) => e.parentElement.closest(up)).filter(Boolean);
    if (role) found = found.flatMap((e) => [...e.querySelectorAll(ROLES[role])]).filter(visible);
    if (name !== undefined) { const p = typeof name === "string" ? null : new RegExp(name.source, name.flags); found = found.filter((e) => p ? p.test(nameOf(e)) : nameOf(e).toLowerCase().includes(name.toLowerCase())); }
    if (seen) found = found.filter(visible);
    if (index !== undefined) { const one = found.at(index); found = one ? [one] : []; }
  }
  return found;
}`;

/** A selector as steps: CSS, with Playwright's ":visible". @param {string} selector @returns {Step[]} */
function stepsOf(selector) {
  const up = selector.match(/^xpath=ancestor::(\w+)\[contains\(@class,'([\w-]+)'\)\]\/(\w+)$/);
  if (up) return [{ up: `${up[1]}.${up[2]}` }, { css: up[3] }];
  const visible = selector.includes(":visible");
  return [{ css: selector.replaceAll(":visible", ""), ...(visible && { visible: true }) }];
}

/** WebDriver's characters for keys that write nothing. */
const KEYS = /** @type {Record<string, string>} */ ({
  Tab: "\ue004", Enter: "\ue007", Shift: "\ue008", Control: "\ue009", Escape: "\ue00c", Space: " ", End: "\ue010", Home: "\ue011",
  ArrowLeft: "\ue012", ArrowUp: "\ue013", ArrowRight: "\ue014", ArrowDown: "\ue015", Backspace: "\ue003",
});

export class Locator {
  /** @param {Page} page @param {Step[]} steps */
  constructor(page, steps) {
    this.page = page;
    this.steps = steps;
  }

  /** @param {string} selector */
  locator(selector) { return new Locator(this.page, [...this.steps, ...stepsOf(selector)]); }
  /** @param {string} role @param {{ name?: string | RegExp }} [options] */
  getByRole(role, { name } = {}) {
    return new Locator(this.page, [...this.steps, { role, ...(name !== undefined && { name: typeof name === "string" ? name : { source: name.source, flags: name.flags } }) }]);
  }
  /** @param {number} index */
  nth(index) { return new Locator(this.page, [...this.steps, { index }]); }
  first() { return this.nth(0); }
  last() { return this.nth(-1); }

  /** Calls a function with all elements there are. @param {Function | string} work @param {unknown} [arg] */
  evaluateAll(work, arg) {
    return this.page.tab.call(`(steps, arg) => (${work})((${FIND})(steps), arg)`, [this.steps, arg]);
  }

  /** Calls a function with the first element, once there is one. @param {Function | string} work @param {unknown} [arg] @param {number} [timeout] */
  async evaluate(work, arg, timeout = PATIENCE) {
    const end = Date.now() + timeout;
    for (;;) {
      const got = await this.page.tab.call(`async (steps, arg) => { const [e] = (${FIND})(steps); return e ? { is: await (${work})(e, arg) } : null; }`, [this.steps, arg]);
      if (got) return got.is;
      assert.ok(Date.now() < end, `there is no ${JSON.stringify(this.steps)}`);
      await pause(30);
    }
  }

  count() { return this.evaluateAll("(all) => all.length"); }
  innerText() { return this.evaluate("(e) => e.innerText"); }
  textContent() { return this.evaluate("(e) => e.textContent"); }
  inputValue() { return this.evaluate("(e) => e.value"); }
  isDisabled() { return this.evaluate("(e) => e.disabled"); }
  isChecked() { return this.evaluate("(e) => e.checked"); }
  /** @param {string} name */
  getAttribute(name) { return this.evaluate("(e, name) => e.getAttribute(name)", name); }
  allInnerTexts() { return this.evaluateAll("(all) => all.map((e) => e.innerText)"); }
  isVisible() { return this.evaluateAll(`([e]) => Boolean(e) && e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden"`); }

  /** @param {{ timeout?: number, state?: "visible" | "hidden" }} [options] */
  async waitFor({ timeout = PATIENCE, state = "visible" } = {}) {
    const end = Date.now() + timeout;
    while (await this.isVisible() !== (state === "visible")) {
      assert.ok(Date.now() < end, `${JSON.stringify(this.steps)} is not ${state}`);
      await pause(30);
    }
  }

  /** Where a pointer hits the element: once it is to be seen, stays where it is, is not disabled, and nothing lies over it. */
  async #place() {
    const end = Date.now() + PATIENCE;
    /** @type {{ x: number, y: number } | null} */
    let before = null;
    for (;;) {
      const at = await this.evaluate(`(e) => {
        if (e.disabled || e.getClientRects().length === 0) return null;
        const place = () => {
          const r = e.getClientRects()[0];
          const x = (Math.max(r.left, 0) + Math.min(r.right, innerWidth)) / 2, y = (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2;
          const hit = document.elementFromPoint(x, y);
          return hit && (e.contains(hit) || e.labels && [...e.labels].some((l) => l.contains(hit))) ? { x, y } : null;
        };
        // Out of sight, or under the bar at the top: to the middle.
        return place() ?? (e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" }), place());
      }`);
      if (at && before && at.x === before.x && at.y === before.y) return at;
      before = at;
      assert.ok(Date.now() < end, `${JSON.stringify(this.steps)} cannot be clicked`);
      await pause(at ? 100 : 30);
    }
  }

  /** Presses until a click came of it: none does where the page moves, or is drawn anew, under the pointer. */
  async click() {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const { x, y } = await this.#place();
      await this.evaluate(`(e) => {
        window.clickCame = false;
        document.addEventListener("click", ({ target }) => { window.clickCame ||= e.contains(target) || target.closest("a, button, input, label, select, summary, textarea") !== null; }, { capture: true, once: true });
      }`);
      await this.page.tab.press(Math.round(x), Math.round(y));
      // What leads to another page leaves no trace in that one.
      for (let looks = 0; looks < 20; looks++) {
        if (await this.page.evaluate(() => /** @type {any} */ (window).clickCame).catch(() => undefined) !== false) return;
        await pause(50);
      }
      assert.ok(Date.now() < end, `${JSON.stringify(this.steps)} takes no click`);
    }
  }

  async check() { if (!await this.isChecked()) await this.click(); }

  /** @param {string} text */
  async fill(text) {
    await this.waitFor();
    await this.evaluate(`(e, text) => { e.focus(); e.value = text; e.dispatchEvent(new InputEvent("input", { bubbles: true })); e.dispatchEvent(new Event("change", { bubbles: true })); }`, text);
  }

  /** @param {string} value */
  async selectOption(value) {
    const end = Date.now() + PATIENCE;
    while (!await this.evaluate(`(e, value) => { if (![...e.options].some((o) => o.value === value)) return false; e.value = value; e.dispatchEvent(new Event("input", { bubbles: true })); e.dispatchEvent(new Event("change", { bubbles: true })); return true; }`, value)) {
      assert.ok(Date.now() < end, `no option ${value}`);
      await pause(30);
    }
  }

  /** @param {string} key */
  async press(key) {
    await this.evaluate("(e) => e.focus()");
    await this.page.keyboard.press(key);
  }
}

export class Page {
  /** @param {Tab} tab @param {{ downloads: string }} context downloads: the folder that the browser saves into */
  constructor(tab, context) {
    this.tab = tab;
    this.context = context;
    this.keyboard = {
      /** @param {string} combined such as "Control+Home" */
      press: (combined) => tab.type(combined.split("+").map((key) => KEYS[key] ?? key)),
      /** @param {string} text */
      type: async (text) => { for (const c of text) await tab.type([c === "\n" ? KEYS.Enter : c]); },
    };
  }

  /** @param {string} selector */
  locator(selector) { return new Locator(this, stepsOf(selector)); }
  /** What the page's first frame has: to read and to fill, not to click. @param {"iframe"} selector */
  frameLocator(selector) {
    assert.equal(selector, "iframe");
    const frame = Object.assign(Object.create(this), { tab: { call: this.tab.callInFrame } });
    return { first: () => frame };
  }
  /** @param {string} role @param {{ name?: string | RegExp }} [options] */
  getByRole(role, options) { return new Locator(this, []).getByRole(role, options); }

  /** @param {string} url */
  goto(url) { return this.tab.navigate(url); }
  reload() { return this.tab.reload(); }
  goBack() { return this.tab.back(); }
  close() { return this.tab.close(); }
  url() { return this.evaluate("() => location.href"); }
  title() { return this.evaluate("() => document.title"); }
  /** @param {Function | string} work @param {unknown} [arg] */
  evaluate(work, arg) { return this.tab.call(String(work), [arg]); }

  /** @param {string} selector */
  click(selector) { return this.locator(selector).first().click(); }
  /** @param {string} selector @param {string} text */
  fill(selector, text) { return this.locator(selector).fill(text); }
  /** @param {string} selector @param {string} value */
  selectOption(selector, value) { return this.locator(selector).selectOption(value); }
  /** @param {string} selector */
  inputValue(selector) { return this.locator(selector).inputValue(); }
  /** @param {string} selector */
  isChecked(selector) { return this.locator(selector).isChecked(); }
  /** @param {string} selector */
  check(selector) { return this.locator(selector).check(); }
  /** @param {string} selector @param {string} key */
  press(selector, key) { return this.locator(selector).press(key); }

  /** @param {string} selector @param {string | { name: string, buffer: Buffer }} file */
  async setInputFiles(selector, file) {
    let path = file;
    if (typeof file === "object") {
      path = join(await mkdtemp(join(tmpdir(), "chosen-")), file.name);
      await writeFile(path, file.buffer);
    }
    await this.tab.choose(selector, [/** @type {string} */ (path)]);
  }

  /** A file that the page hands out. @param {"download"} event */
  async waitForEvent(event) {
    assert.equal(event, "download");
    const { downloads } = this.context;
    const before = new Set(await readdir(downloads));
    const end = Date.now() + PATIENCE;
    for (;;) {
      const names = (await readdir(downloads)).filter((name) => !before.has(name));
      // On the way Firefox has it under eight letters by chance, and empty under its name.
      const whole = names.length === 1 && !/\.(part|wkdownload)$|^(?!sealbook\.)[\w+-]{8}\.\w+$/.test(names[0])
        && (await stat(join(downloads, names[0])).catch(() => null))?.size;
      if (whole) {
        return { path: async () => join(downloads, names[0]), suggestedFilename: () => names[0] };
      }
      assert.ok(Date.now() < end, "nothing was saved");
      await pause(30);
    }
  }

  /** Whether a text is in the page as elements, with scripts or without. @param {string} text */
  holds(text) { return this.tab.holds ? this.tab.holds(text) : this.evaluate((wanted) => document.querySelector("main").innerText.includes(wanted), text); }

  /** @param {{ width: number, height: number }} size */
  setViewportSize({ width, height }) { return this.tab.resize(width, height); }

  /** @param {{ path?: string }} [options] */
  async screenshot({ path } = {}) {
    const png = await this.tab.picture();
    if (path) await writeFile(path, png);
    return png;
  }
}

/** A folder for downloads, and its end. */
export async function downloadFolder() {
  const path = await mkdtemp(join(tmpdir(), "downloads-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/**
 * Reads a program's output until a pattern is there.
 * @param {import("node:child_process").ChildProcess} child
 * @param {import("node:stream").Readable} stream
 * @param {RegExp} pattern
 * @returns {Promise<RegExpMatchArray>}
 */
export function printed(child, stream, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
      const match = text.match(pattern);
      if (match) resolve(match);
    });
    child.once("exit", () => reject(new Error(`${child.spawnfile} ended: ${text}`)));
    child.once("error", reject);
  });
}
