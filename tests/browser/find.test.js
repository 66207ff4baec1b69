// The page "Find contacts" where there is no directory: what it shows, and that
// it keeps still until it is told to speak.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { blindedElement, itemOf, needElement } from "./blinding.js";
import { build, launch, open, pause, serve, serveBare, until } from "./harness.js";

let site, files, browser, context, headers, bare;
before(async () => {
  site = await build();
  files = new Set(["", ...await readdir(site.dir, { recursive: true })]);
  headers = await serve(site.dir);
  bare = await serveBare(site.dir);
  browser = await launch();
  context = await browser.newContext({ locale: "en-GB" });
});
after(async () => {
  await browser?.close();
  await Promise.all([headers?.close(), bare?.close()]);
  await site?.remove();
});

const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`);

/** What a button hands out as a file. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return readFile(await download.path());
}

/** A vCard with these people. @param {[string, string][]} people */
const cards = (people) => ({
  name: "contacts.vcf", mimeType: "text/vcard",
  buffer: Buffer.from(people.map(([name, number]) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${name}\r\nTEL;TYPE=CELL:${number}\r\nEND:VCARD\r\n`).join("")),
});

/** Names and numbers as written, and their E.164. */
const PEOPLE = [
  ["Alice Ashe", "0113 496 0123", "+441134960123"],
  ["Bob „Bobby“ Ödegård", "+44 20 7946 0123", "+442079460123"],
  ["王小明", "+1 202-555-0143", "+12025550143"],
];

test("what three ways would send is shown, to the byte", async () => {
  const { page, faults } = await open(context, headers.base + "find.html");
  await says(page, "#compare-lead", /Add contacts above/);
  // A number twice and one that nobody has are not asked about.
  await page.setInputFiles("#file", cards([...PEOPLE.map(([name, written]) => [name, written]), ["Alice again", "+441134960123"], ["Nobody", "+44 20 7946"]]));
  await says(page, "#compare-lead", /Numbers: 3\./);
  const numbers = PEOPLE.map(([, , number]) => number);

  const plain = await saved(page, "#plain-save");
  const expected = JSON.stringify({ contacts: PEOPLE.map(([name, , number]) => ({ name, number })) });
  assert.equal(plain.toString(), expected);
  assert.equal(await page.locator("#plain-bytes").textContent(), expected);
  assert.equal(await page.locator("#plain-size").innerText(), `Body: ${Buffer.byteLength(expected)} bytes`);

  const hashes = numbers.map((number) => createHash("sha256").update(number).digest("hex"));
  const hashed = await saved(page, "#hashed-save");
  assert.equal(hashed.toString(), JSON.stringify({ hashes }));
  assert.equal(await page.locator("#hashed-bytes").textContent(), JSON.stringify({ hashes }));

  const blinded = await saved(page, "#blinded-save");
  assert.equal(blinded.length, 8 * 32, "three numbers are padded to a batch of eight");
  assert.equal(await page.locator("#blinded-bytes").textContent(), blinded.toString("hex").replace(/.{64}(?=.)/g, "$&\n"));
  assert.equal(await page.locator("#blinded-size").innerText(), "Body: 256 bytes");
  await page.click('button[data-language="zh-Hans"]');
  await says(page, "#blinded-size", /^\S+ ?256\s?字节$/);
  await page.click('button[data-language="en"]');
  await page.locator("#blinded-why").evaluate((hint) => { hint.closest("details").open = true; });
  const lines = (await saved(page, "#blinds-save")).toString().trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ number }) => number).filter(Boolean), numbers);
  assert.equal(lines.length, 8);
  for (const [i, line] of lines.entries()) {
    const element = blinded.subarray(32 * i, 32 * i + 32);
    needElement(element);
    const { input, blind } = itemOf(line);
    assert.deepEqual(blindedElement(input, blind), element, `element ${i}`);
  }

  // Other blinds the next time: nothing of the bytes comes again.
  await page.selectOption("#region", "US");
  await page.selectOption("#region", "GB");
  await until(async () => await page.locator("#blinded-bytes").textContent() !== blinded.toString("hex").replace(/.{64}(?=.)/g, "$&\n"), "another batch");
  await says(page, "#compare-lead", /Numbers: 3\./);
  const again = await saved(page, "#blinded-save");
  const elements = (bytes) => Array.from({ length: bytes.length / 32 }, (_, i) => bytes.toString("hex", 32 * i, 32 * i + 32));
  assert.deepEqual(elements(again).filter((element) => elements(blinded).includes(element)), []);
  assert.deepEqual(faults, []);
  await page.close();
});

test("each step counts the same numbers", async () => {
  const { page, faults } = await open(context, headers.base + "find.html");
  // A number twice, one that nobody has, one that costs extra: two are valid and different, one is asked about.
  await page.fill("#typed", "0113 496 0123\n+44 113 496 0123\n+44 20 7946\n0909 879 0123\nhello");
  await page.selectOption("#region", "GB");
  await says(page, "#contacts-sum", /Numbers: 4 · Valid: 3 · To ask about, each once: 1 · Could not be read: 1/);
  await says(page, "#compare-lead", /Numbers: 1\./);
  assert.match(await page.locator("#blinded-why").textContent(), /Numbers: 1\. Random elements: 7\./);
  assert.equal((await saved(page, "#plain-save")).toString(), JSON.stringify({ contacts: [{ name: "", number: "+441134960123" }] }));
  assert.match(await page.locator("#seek-lead").textContent(), /Register first/);
  assert.deepEqual(faults, []);
  await page.close();
});

test("batches are the protocol's, up to the budget", async () => {
  const { page, faults } = await open(context, headers.base + "find.html");
  // Ofcom's ranges for drama: a thousand numbers in each of these cities.
  const cities = ["20 7946", "113 496", "114 496", "116 496", "117 496", "118 496"];
  const drama = cities.flatMap((city) => Array.from({ length: 1000 }, (_, i) => `+44 ${city} 0${String(i).padStart(3, "0")}`));
  await page.fill("#typed", drama.slice(0, 65).join("\n"));
  await says(page, "#compare-lead", /Numbers: 65\./);
  assert.match(await page.locator("#blinded-why").textContent(), /Numbers: 65\. Random elements: 191\. Batches: 256\./);
  assert.equal(await page.locator("#blinded-size").innerText(), "Body: 8,192 bytes");
  await page.setInputFiles("#file", { name: "numbers.txt", mimeType: "text/plain", buffer: Buffer.from(drama.join("\n")) });
  await until(async () => /Numbers: 6,000\./.test(await page.locator("#compare-lead").innerText()), "the batches", 60);
  assert.match(await page.locator("#blinded-why").textContent(), /Numbers: 5,120\. Random elements: 0\. Batches: 1,024 \+ 1,024 \+ 1,024 \+ 1,024 \+ 1,024\./);
  assert.match(await page.locator("#blinded-first").textContent(), /first 5,120/);
  assert.match(await page.locator("#blinded-bytes").textContent(), /\n… and 162 kB more$/);
  assert.deepEqual(faults, []);
  await page.close();
});

for (const [host, own] of [["with headers", () => headers], ["without headers", () => bare]]) {
  test(`nothing is sent before permission; then one question, and no directory is said, ${host}`, async () => {
    const fresh = await browser.newContext({ locale: "en-GB" });
    const server = own();
    server.seen.splice(0);
    // The browser looks when it likes whether there is a newer worker.
    const sent = () => server.seen.splice(0).filter(({ url }) => url !== "/sw.js").map(({ method, url, body }) => [method, url, body]);
    const { page, faults } = await open(fresh, server.base + "find.html");
    assert.match(await page.locator("#seal").innerText(), /shut until you say yes/);
    await page.setInputFiles("#file", cards(PEOPLE.map(([name, written]) => [name, written])));
    await says(page, "#compare-lead", /Numbers: 3/);
    await saved(page, "#blinded-save");
    await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");
    await pause(500);
    const early = server.seen.splice(0);
    for (const path of ["find.html", "core.wasm", "worker/book.js", "worker/door.js", "sw.js"]) assert.ok(early.some(({ url }) => url === "/" + path), `${path} was recorded`);
    assert.deepEqual(early.filter(({ method, url, body }) => method !== "GET" || body !== "" || !files.has(url.slice(1))), [], "only the site's files were asked for");
    assert.equal(await page.locator("#directory").isVisible(), false);
    assert.equal(await page.locator("#host").innerText(), new URL(server.base).host, "who would be asked is said before");

    await page.click("#yes");
    await says(page, "#allow-state", /no directory at this address/);
    assert.deepEqual(sent(), [["GET", "/v2/directory", ""]]);
    assert.match(await page.locator("#seal").innerText(), /^Sealed: your browser now refuses/);
    assert.equal(await page.locator("#yes").isDisabled(), true);
    assert.equal(await page.locator("#directory").isVisible(), false);
    const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
    assert.ok(!names.includes("worker/door.js"), "the worker that could connect is gone");
    await page.click("#clear");
    await page.fill("#typed", "020 7946 0123");
    await says(page, "#compare-lead", /Numbers: 1\./);
    await pause(300);
    assert.deepEqual(sent(), []);
    assert.deepEqual(faults.filter((fault) => !/404/.test(fault)), []);
    await fresh.close();
  });
}

test("without a network it says so, and can be asked again", async () => {
  const fresh = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(fresh, headers.base + "find.html");
  await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");
  await fresh.setOffline(true);
  await page.click("#yes");
  await says(page, "#allow-state", /cannot be reached[^]*NETWORK/);
  assert.match(await page.locator("#seal").innerText(), /shut until you say yes/);
  await fresh.setOffline(false);
  await page.click("#yes");
  await says(page, "#allow-state", /no directory at this address/);
  await fresh.close();
});

test("contacts can be picked where the browser offers its own", async () => {
  const fresh = await browser.newContext({ locale: "en-GB" });
  // Chromium has the picker on phones only; this stands for it.
  await fresh.addInitScript(() => {
    Object.defineProperty(navigator, "contacts", { value: { select: async (properties, options) => {
      if (properties.join() !== "name,tel" || options.multiple !== true) throw new TypeError();
      return [{ name: ["Alice Ashe"], tel: ["0113 496 0123", "+1 202-555-0143"] }, { name: [], tel: ["hello"] }];
    } } });
  });
  const { page, faults } = await open(fresh, headers.base + "find.html");
  await until(async () => await page.inputValue("#region") === "GB", "the region");
  await page.click("#pick");
  await says(page, "#chosen", /Chosen from this device’s contacts: 2/);
  await says(page, "#contacts-sum", /People: 2 · Numbers: 2 · Valid: 2 · To ask about, each once: 2 · Could not be read: 1/);
  await says(page, "#compare-lead", /Numbers: 2\./);
  assert.equal((await saved(page, "#plain-save")).toString(), JSON.stringify({ contacts: [{ name: "Alice Ashe", number: "+441134960123" }, { name: "Alice Ashe", number: "+12025550143" }] }));
  assert.deepEqual(faults, []);
  await fresh.close();
  const { page: without } = await open(context, headers.base + "find.html");
  assert.equal(await without.locator("#pick").isVisible(), false, "elsewhere it is not offered");
  await without.close();
});
