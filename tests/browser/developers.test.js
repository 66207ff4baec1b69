// The developers' page, and the page that others frame.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { build, launch, open, record, serve, until } from "./harness.js";

let site, server, browser, context;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
  context = await browser.newContext({ locale: "en-GB" });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

const sha256 = (text, encoding = "hex") => createHash("sha256").update(text).digest(encoding);
const says = (within, selector, pattern) => until(async () => pattern.test(await within.locator(selector).innerText()), `${selector} to say ${pattern}`);

test("the snippet runs on the page, and the core's hash is the core's", async () => {
  const { page, faults } = await open(context, server.base + "developers.html");
  await says(page, "#run-out", new RegExp(`^\\+442079460018 GB FIXED_LINE true\\s${sha256("442079460018")}$`));
  await page.fill("#run-text", "hello");
  await says(page, "#snippet", /parse\("hello", "GB"\)/);
  await says(page, "#run-out", /NumberError: NOT_A_NUMBER/);
  const core = await readFile(new URL("../../wasm/core/core.wasm", import.meta.url));
  assert.equal(await page.locator("#core-sha256").innerText(), sha256(core));
  assert.equal(await page.locator("#core-sri").innerText(), "sha256-" + sha256(core, "base64"));
  assert.match(await page.locator("#use-page").innerText(), /integrity: "sha256-/);
  assert.deepEqual(faults, []);
  await page.close();
});

test("the figures are those of the package's README, which the benchmarks write", async () => {
  const { page, faults } = await open(context, server.base + "developers.html");
  const readme = await readFile(new URL("../../wasm/js/README.md", import.meta.url), "utf8");
  for (const [table, rows] of [["pages", 8], ["rows", 3]]) {
    const [, text] = readme.match(new RegExp(`<!-- ${table}: written by [^\n]*\n([^]*?)<!-- end of ${table} -->`));
    const printed = text.split("\n").map((line) => line.match(/ (\d+\.\d) \|$/)?.[1]).filter((figure) => figure);
    assert.equal(printed.length, rows, table);
    assert.deepEqual(await page.locator(`#figures-${table} td.number`).allInnerTexts(), printed, table);
    const widths = await page.locator(`#figures-${table} rect`).evaluateAll((all) => all.map((bar) => bar.width.baseVal.value));
    const most = Math.max(...printed.map(Number));
    printed.forEach((figure, i) => assert.ok(Math.abs(widths[i] - 100 * figure / most) < .1, `${figure} has a bar of ${widths[i]} of 100`));
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test("the snippet's button speaks the language that is chosen, and shows what it could not copy", async () => {
  const { page, faults } = await open(context, server.base + "developers.html");
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed")); });
  await page.click('button[data-language="zh-Hans"]');
  await says(page, "#embed-copy button", /^复制代码$/);
  await page.click('button[data-language="en"]');
  await says(page, "#embed-copy button", /^Copy the snippet$/);
  await page.click("#embed-copy button");
  await says(page, "#embed-copy button", /^Not copied: copy what is selected$/);
  assert.equal(await page.evaluate(() => String(getSelection())), await page.locator("#embed").innerText());
  assert.deepEqual(faults, []);
  await page.close();
});

test("someone else's page can frame the check, and no other page", async () => {
  const { page: developers } = await open(context, server.base + "developers.html");
  const embed = await developers.locator("#embed").innerText();
  const other = await record((request, _, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><title>An article</title>${embed}<iframe name="refused" src="${server.base}index.html"></iframe>`);
  });
  const page = await context.newPage();
  await page.goto(other.base);
  const frame = page.frameLocator("iframe").first();
  await frame.locator('#seal[data-state="sealed"]').waitFor();
  server.seen.splice(0);
  await frame.locator("#number").fill("+44 20 7946 0018");
  await frame.locator("#digest").fill(sha256("442079460018"));
  await says(frame, "#answer", /^Yes: this is the hash of \+442079460018: SHA-256 · digits with country code, without \+ \(Meta/);
  await frame.locator("#digest").fill(sha256("other"));
  await says(frame, "#answer", /^No:/);
  await frame.locator("#number").fill("hello");
  await says(frame, "#answer", /not a phone number/);
  await frame.locator("#digest").fill("abc");
  await says(frame, "#answer", /not a hash/);
  assert.deepEqual(server.seen.filter(({ url }) => !/^\/(sw\.js|[\w/.-]+)$/.test(url)), [], "what readers type goes nowhere");
  const refused = page.frames().find((one) => one.name() === "refused");
  assert.equal(await refused.evaluate(() => document.querySelector("#typed")).catch(() => null), null);
  await page.close();
  await developers.close();
  await other.close();
});
