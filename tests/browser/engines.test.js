// What every page does, in Chromium, Firefox and WebKit, with the site's
// headers and on a host that sends none. What no engine can do otherwise is
// tested in Chromium alone, in the file of each page.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { ENGINES, build, launch, open, serve, serveBare, serveDirectory, until } from "./harness.js";
import { newcomers } from "./story.js";

let site, headers, bare, directory;
before(async () => {
  site = await build();
  headers = await serve(site.dir);
  bare = await serveBare(site.dir);
  directory = await serveDirectory(site.dir);
});
after(async () => {
  await Promise.all([headers?.close(), bare?.close(), directory?.close()]);
  await site?.remove();
});

const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`);
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

for (const engine of ENGINES) describe(engine, () => {
  let browser;
  before(async () => { browser = await launch(engine); });
  after(() => browser?.close());

  for (const [host, own] of [["with headers", () => headers], ["without headers", () => bare]]) {
    test(`Verify a hash, ${host}`, async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, own().base);
      await until(async () => await page.inputValue("#region") === "GB", "the browser's language, which is en-GB");
      // A font made for Chinese sets it as wide as an ideograph.
      const apostrophe = await page.locator("h1").first().evaluate((e) => {
        const sign = document.createElement("span");
        sign.textContent = "’";
        e.append(sign);
        const share = sign.getBoundingClientRect().width / parseFloat(getComputedStyle(sign).fontSize);
        sign.remove();
        return share;
      });
      assert.ok(apostrophe > 0 && apostrophe < .6, `English is in a font for English: ’ is ${apostrophe} em wide`);
      await page.fill("#digest", sha256("442079460123"));
      await says(page, "#found-sum", /Now add numbers/);
      await page.fill("#typed", "020 7946 0123\n+1 202-555-0143\nhello");
      await says(page, "#found-sum", /Yes: it is \+442079460123/);
      await says(page, "#found", /SHA-256 of the digits with country code, without \+/);
      assert.match(await page.locator("#read-text").innerText(), /Numbers: 2 · Valid: 2 · Could not be read: 1/);
      assert.match(await page.locator("#rows").innerText(), /NOT_A_NUMBER/);
      await page.fill("#digest", `${sha256("x")}\n${sha256("+12025550143")}`);
      await says(page, "#found-sum", /1 of 2 are of numbers here/);
      await page.setInputFiles("#file", { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Phone\nAlice <b>Ashe</b>,0113 496 0123\n") });
      await says(page, "#rows", /\+441134960123[^]*Alice <b>Ashe<\/b>/);
      await page.click("#rows button");
      await page.locator("#detail .digest").first().waitFor();
      await page.selectOption("#export-recipe", "meta-capi");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
      assert.match(await readFile(await download.path(), "utf8"), new RegExp(`${sha256("441134960123")}\r\n$`));
      await page.click('button[data-language="zh-Hans"]');
      await says(page, "#rows", /英国/);
      await page.click('button[data-language="en"]');
      // What is no contacts file: said above the field, and nothing of before stands.
      for (const [name, buffer, code] of [
        ["photo.jpg", Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF\0" + "\0\x01".repeat(500), "latin1"), /NOT_TEXT|UNKNOWN_FORMAT/],
        ["empty.vcf", Buffer.alloc(0), /EMPTY_FILE/],
      ]) {
        await page.setInputFiles("#file", { name, mimeType: "", buffer });
        await says(page, "#numbers-error", code);
        await until(async () => await page.locator("#rows tr").count() === 0, "the table to go");
      }
      assert.deepEqual(faults, []);
      await context.close();
    });

    test(`How safe is a hash?, ${host}`, async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, own().base + "safety.html#demo&region=NU");
      await page.locator("#demo-end .note.warn .big").waitFor();
      assert.match(await page.locator("#demo-end").innerText(), /^\+683\d{4,7}\s/);
      assert.equal(await page.locator("#demo-hash").innerText(), sha256((await page.locator("#demo-end .big").innerText())));
      await until(() => page.inputValue("#digest"), "a digest");
      await page.click("#start");
      await page.locator("#outcome .big").waitFor();
      assert.match(await page.locator("#outcome .big").innerText(), /^\+683/);
      assert.deepEqual(faults, []);
      await context.close();
    });

    test(`This page, ${host}`, async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, own().base + "this-page.html");
      await says(page, "#core-same", /Yes/);
      assert.equal(await page.locator("#core-running").innerText(), createHash("sha256").update(await readFile(new URL("../../wasm/core/core.wasm", import.meta.url))).digest("hex"));
      assert.match(await page.locator("#core-imports").innerText(), /^None/);
      // As narrow as a phone, all of the table is in sight: WebKit has longer answers than Chromium.
      await until(() => page.locator("#ways-sum").isVisible(), "the self-test");
      await page.setViewportSize({ width: 390, height: 800 });
      await until(() => page.locator("#ways .table-scroll").first().evaluate(({ scrollWidth, clientWidth }) => clientWidth < 400 && scrollWidth <= clientWidth), "the table to be as narrow as a phone", 20);
      assert.deepEqual(faults, []);
      await context.close();
    });

    test(`Find contacts, without a directory, ${host}`, async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, own().base + "find.html");
      await page.setInputFiles("#file", { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Phone\nAlice,0113 496 0123\n") });
      await page.locator("#compare-three").waitFor();
      await says(page, "#compare-lead", /Numbers: 1\./);
      await page.click("#yes");
      await says(page, "#allow-state", /no directory at this address/);
      assert.deepEqual(faults.filter((fault) => !/404/.test(fault)), []);
      await context.close();
    });
  }

  test("all of it without a network, once it is kept", async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const server = await serve(site.dir);
    const { page: first } = await open(context, server.base);
    await says(first, "#kept", /this page works offline/);
    await first.reload();
    await says(first, "#kept", /all pages work offline/);
    await server.close();
    const { page } = await open(context, server.base + "safety.html");
    await page.click('a[href="index.html"]');
    await page.locator('#seal[data-state="sealed"]').waitFor();
    await page.fill("#typed", "+44 20 7946 0123");
    await says(page, "#rows", /\+442079460123/);
    await context.close();
  });

  test("two people find each other, and one disappears", () => newcomers(browser, directory));
});
