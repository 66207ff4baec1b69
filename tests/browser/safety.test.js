// The page "How safe is a hash?" in real Chromium.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { build, launch, open, serve, until } from "./harness.js";

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

/** Opens the page at a region and waits for its number and digest. */
async function at(region, recipe = "") {
  const { page, faults } = await open(context, `${server.base}safety.html#region=${region}${recipe && "&recipe=" + recipe}`);
  await until(() => page.inputValue("#digest"), "a digest");
  return { page, faults };
}

const plain = (number) => "+" + number.replace(/\D/g, "");

// Niue and the Falklands have few mobile numbers: the search ends in moments.
for (const [recipe, hash] of [
  ["plain-sha256", (n) => createHash("sha256").update(n).digest("hex")],
  ["plain-md5", (n) => createHash("md5").update(n).digest("hex")],
  ["cut", (n) => createHash("sha256").update(n).digest("hex").slice(0, 16)],
  ["meta-capi", (n) => createHash("sha256").update(n.slice(1)).digest("hex")],
  ["signal-legacy", (n) => createHash("sha1").update(n).digest().subarray(0, 10).toString("base64").replace(/=+$/, "")],
]) {
  test(`${recipe}: the number is found again`, async (t) => {
    const { page, faults } = await at("NU");
    await page.selectOption("#recipe", recipe);
    const number = plain(await page.inputValue("#number"));
    assert.match(number, /^\+683/);
    await until(async () => await page.inputValue("#digest") === hash(number), "the digest by this recipe");
    await page.click("#start");
    await page.locator("#outcome .big").waitFor();
    assert.equal(await page.locator("#outcome .big").innerText(), number);
    t.diagnostic(`${await page.locator("#rate").innerText()} hashes a second`);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test("a salt does not help, and a wrong one is not found", async () => {
  const { page } = await at("FK");
  await page.selectOption("#recipe", "salted");
  const number = plain(await page.inputValue("#number"));
  await page.fill("#salt", 'pep"per\\');
  const digest = createHash("sha256").update('pep"per\\' + number).digest("hex");
  await until(async () => await page.inputValue("#digest") === digest, "the salted digest");
  await page.click("#start");
  await page.locator("#outcome .big").waitFor();
  assert.equal(await page.locator("#outcome .big").innerText(), number);
  // A digest from elsewhere, made with another salt.
  await page.fill("#digest", createHash("sha256").update("other" + number).digest("hex"));
  assert.equal(await page.inputValue("#number"), "", "the number is not the origin of a pasted digest");
  await page.click("#start");
  await until(async () => /None of the numbers/.test(await page.locator("#outcome").innerText()), "the end of the search");
  assert.equal(await page.locator("#tried").innerText(), await page.locator("#size").innerText(), "all were tried");
  await page.close();
});

test("a large search shows its progress, leaves the page free and stops at once", async (t) => {
  const { page, faults } = await at("CN");
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" });
  });
  const before = page.workers().length;
  await page.fill("#digest", "00".repeat(32));
  await page.click("#start");
  const tried = async () => Number((await page.locator("#tried").innerText()).replace(/\D/g, ""));
  await until(async () => await tried() > 200_000, "200,000 tries");
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(page.workers().length, before + cores, "a worker for each core");
  assert.match(await page.locator("#full").innerText(), /minute|hour|day/);
  t.diagnostic(`${await page.locator("#rate").innerText()} hashes a second in ${cores} workers, all of CN in ${await page.locator("#full").innerText()}`);
  const start = performance.now();
  await page.click("#stop");
  await until(async () => /Stopped/.test(await page.locator("#outcome").innerText()), "the stop");
  t.diagnostic(`stopped after ${Math.round(performance.now() - start)} ms`);
  await until(() => page.workers().length === before, "the workers to end");
  const long = await page.evaluate(() => window.longTasks);
  t.diagnostic(`long tasks: ${long.map(Math.round).join(", ") || "none"}`);
  assert.ok(long.every((duration) => duration < 1000), `long tasks: ${long}`);
  assert.deepEqual(faults, []);
  await page.close();
});

test("says what cannot be found", async () => {
  const { page } = await at("GB");
  const says = (selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${pattern}`);
  await page.fill("#number", "+1 202-555-0143");
  await says("#number-error", /belongs to United States/);
  await page.fill("#number", "020 7946 0123");
  await says("#number-error", /not a valid mobile number/);
  await page.fill("#number", "hello");
  await says("#number-error", /NOT_A_NUMBER/);
  await page.fill("#digest", "abc");
  await page.click("#start");
  await says("#search-error", /DIGEST/);
  await page.selectOption("#region", "AX");
  await says("#space", /no mobile numbers/);
  await page.fill("#digest", "00".repeat(32));
  await page.click("#start");
  await says("#search-error", /SPACE/);
  await page.close();
});
