// <sealbook-phone> as people meet it who use a keyboard, a screen reader or
// colours of their own: axe in each of its states, and the keys.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { install, root } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {import("playwright-core").BrowserContext} */
let browser;
/** @type {string} */
let profile;
/** @type {string} */
let axe;

before(async () => {
  [installed, profile, axe] = await Promise.all([install(), mkdtemp(join(tmpdir(), "sealbook-element-")), readFile(join(root, "tests/node_modules/axe-core/axe.min.js"), "utf8")]);
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(async () => {
  await browser?.close();
  await installed?.remove();
  await rm(profile, { recursive: true, force: true });
});

/**
 * A page with the element in it; nothing of it comes from a network.
 * @param {string} body
 * @param {string} [lang]
 */
async function open(body, lang = "en") {
  const page = await browser.newPage();
  await page.route("**/*", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") {
      return route.fulfill({ contentType: "text/html", body: `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>A form</title><main><h1>A form</h1>${body}</main><script type="module" src="/dist/element.js"></script></html>` });
    }
    const file = await readFile(join(installed.package, pathname), "utf8").catch(() => null);
    return file === null ? route.fulfill({ status: 404, body: "" }) : route.fulfill({ contentType: "text/javascript", body: file });
  });
  await page.goto("https://form.example/");
  await page.evaluate(async () => {
    await customElements.whenDefined("sealbook-phone");
    for (const phone of document.querySelectorAll("sealbook-phone")) await /** @type {any} */ (phone).ready;
  });
  return page;
}

/** What axe finds, and how many of its rules looked. @param {import("playwright-core").Page} page */
async function judged(page) {
  await page.evaluate(`${axe};0`);
  return page.evaluate(async () => {
    const { violations, passes } = await /** @type {any} */ (globalThis).axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return { bad: violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ node) => node.html).join()}`), rules: passes.map((/** @type {any} */ { id }) => id) };
  });
}

const PHONE = '<sealbook-phone name="phone" region="GB"';
/** Each state of the element, in a form. @type {[string, string][]} */
const states = [
  ["empty", `<label>Phone ${PHONE}></sealbook-phone></label>`],
  ["with a list of regions", `<label>Phone ${PHONE} regions></sealbook-phone></label>`],
  ["its label elsewhere", `<label for="p">Phone</label> ${PHONE} id="p" regions></sealbook-phone>`],
  ["a label of its own", `${PHONE} aria-label="Phone of the shop"></sealbook-phone>`],
  ["required", `<label>Phone ${PHONE} required></sealbook-phone></label>`],
  ["a number in it", `<label>Phone ${PHONE} value="020 7946 0123" regions></sealbook-phone></label>`],
  ["no number in it", `<label>Phone ${PHONE} value="call me"></sealbook-phone></label>`],
  ["disabled", `<fieldset disabled><legend>Order</legend><label>Phone ${PHONE} value="020 7946 0123" regions></sealbook-phone></label></fieldset>`],
  ["a placeholder", `<label>Phone ${PHONE} placeholder="020 7946 0000"></sealbook-phone></label>`],
];

test("axe finds nothing in any state, on a light page, a dark one and with colours forced", async () => {
  let looked = 0;
  for (const [name, body] of states) {
    const page = await open(`<form>${body}<button>Send</button></form>`);
    for (const media of /** @type {const} */ ([{ colorScheme: "light", forcedColors: "none" }, { colorScheme: "dark", forcedColors: "none" }, { colorScheme: "dark", forcedColors: "active" }])) {
      await page.emulateMedia(media);
      const { bad, rules } = await judged(page);
      assert.deepEqual(bad, [], `${name}, ${JSON.stringify(media)}`);
      assert.ok(rules.includes("label"), `${name}: axe looked into the element`);
      looked++;
    }
    await page.close();
  }
  console.log(`counts: axe finds nothing in ${looked} looks at ${states.length} states of the element`);
});

test("names, what is wrong and the list, as a screen reader has them", async () => {
  const page = await open(`<form><label>Telefon ${PHONE} regions region-label="Land" required></sealbook-phone></label><button>Senden</button></form>`, "de");
  const input = page.getByRole("textbox", { name: "Telefon" });
  const list = page.getByRole("combobox");
  assert.equal(await input.count(), 1);
  assert.equal(await list.getAttribute("aria-label"), "Land");
  assert.equal(await input.getAttribute("aria-required"), "true");
  // Nothing is wrong yet, then something is, then nothing again.
  for (const [text, invalid] of [["", "false"], ["12", "true"], ["020 7946 0123", "false"]]) {
    await input.fill(text);
    assert.equal(await input.getAttribute("aria-invalid"), invalid, text);
  }
  // A label that changes is read anew when the input is come to.
  await page.getByRole("button").focus();
  await page.evaluate(() => { /** @type {Text} */ (document.querySelector("label")?.firstChild).data = "Mobil "; });
  await page.getByRole("textbox").focus();
  assert.equal(await page.getByRole("textbox", { name: "Mobil" }).count(), 1);
  await page.close();
});

test("properties, as React and Vue set them", async () => {
  const page = await open("<form></form>");
  const found = await page.evaluate(async () => {
    const phone = /** @type {any} */ (document.createElement("sealbook-phone"));
    // A framework sets what is in an element, and else an attribute.
    const props = { name: "phone", region: "GB", regions: true, required: true, disabled: false, placeholder: "Number", value: "020 7946 0123" };
    for (const [name, value] of Object.entries(props)) {
      if (!(name in phone)) return `no property ${name}`;
      phone[name] = value;
    }
    document.querySelector("form")?.append(phone);
    await phone.ready;
    const steps = [phone.outerHTML, phone.value];
    const typed = phone.text;
    phone.value = phone.value; // as after an event
    steps.push(phone.text === typed ? "stays" : phone.text);
    for (const name of ["required", "regions"]) phone[name] = false;
    for (const name of ["region", "placeholder", "value"]) phone[name] = undefined;
    steps.push(phone.outerHTML, phone.text);
    phone.disabled = true;
    phone.form = "other";
    return [...steps, phone.outerHTML];
  });
  assert.deepEqual(found, [
    '<sealbook-phone name="phone" region="GB" regions="" required="" placeholder="Number"></sealbook-phone>', "+442079460123", "stays",
    '<sealbook-phone name="phone"></sealbook-phone>', "", '<sealbook-phone name="phone" disabled="" form="other"></sealbook-phone>',
  ]);
  await page.close();
});

test("keys alone", async () => {
  const page = await open(`<form action="/sent"><button type="button">Before</button><label>Phone ${PHONE} regions required></sealbook-phone></label><button type="button">After</button></form>`);
  await page.evaluate(() => {
    /** @type {any} */ (globalThis).sent = [];
    document.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      /** @type {any} */ (globalThis).sent.push(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("phone"));
    });
  });
  const focused = () => page.evaluate(() => {
    const inside = document.activeElement?.shadowRoot?.activeElement;
    return inside?.tagName ?? document.activeElement?.textContent;
  });
  const sent = () => page.evaluate(() => /** @type {any} */ (globalThis).sent);
  const order = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
    if (i === 2) {
      // What has the focus shows it, in the page's colours and in forced ones.
      for (const forcedColors of /** @type {const} */ (["none", "active"])) {
        await page.emulateMedia({ forcedColors });
        const outline = await page.evaluate(() => { const { outlineStyle, outlineWidth } = getComputedStyle(/** @type {Element} */ (document.activeElement?.shadowRoot?.activeElement)); return [outlineStyle, outlineWidth]; });
        assert.ok(outline[0] !== "none" && outline[1] !== "0px", `${forcedColors}: ${outline}`);
      }
      await page.keyboard.type("0207946");
      await page.keyboard.press("Enter");
      assert.deepEqual(await sent(), [], "too short to be sent");
      assert.equal(await focused(), "INPUT", "and it says so where it is wrong");
      await page.keyboard.press("End");
      await page.keyboard.type("0123");
      await page.keyboard.press("Enter");
      assert.deepEqual(await sent(), ["+442079460123"]);
    }
  }
  assert.deepEqual(order, ["Before", "SELECT", "INPUT", "After"]);
  // Back, and the list by its letters: a number of another region is read there.
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("030123456");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "SELECT");
  await page.keyboard.type("Germ");
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector("sealbook-phone")).value), "+4930123456");
  // A click on the label leads to the input.
  await page.evaluate(() => document.querySelector("label")?.click());
  assert.ok(["INPUT", "SELECT"].includes(String(await focused())));
  await page.close();
});
