// The page "Audit a capture": the case of 2014, as the command tells it in
// verifier/testdata/audit.txt, with the same bytes in the end; in Chromium, and
// what every engine has to do in all three.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { ENGINES, build, go, launch, open, root, serve, until } from "./harness.js";

let site, server, browser, context, dir, verifier;
/** The files of the command's script, by name. @type {Map<string, string>} */
const files = new Map();
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
  context = await browser.newContext({ locale: "en-GB" });
  dir = await mkdtemp(join(tmpdir(), "audit-"));
  verifier = join(dir, "verifier");
  await go("build", "-o", verifier, "./verifier");
  const script = await readFile(root + "verifier/testdata/audit.txt", "utf8");
  for (const [, name, text] of script.matchAll(/^-- (\S+) --\n([^]*?)(?=^-- \S+ --\n|$(?![^]))/gm)) files.set(name, text);
  for (const name of ["before.har", "after.har", "opted-in.har", "path.har", "lost.har", "response.har", "salted.har", "tweasel.har", "book.vcf"]) {
    assert.ok(files.get(name), name);
    await writeFile(join(dir, name), files.get(name));
  }
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
  if (dir) await rm(dir, { recursive: true });
});

const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`, 60);

/** Opens the page with the address book of the case. */
async function begin(of = context, base = server.base) {
  const { page, faults } = await open(of, base + "audit.html");
  await page.setInputFiles("#file", { name: "book.vcf", mimeType: "text/vcard", buffer: Buffer.from(files.get("book.vcf")) });
  await says(page, "#read-sum", /Numbers to look for: 2/);
  await until(async () => await page.inputValue("#region") === "GB", "the region");
  return { page, faults };
}

/** Chooses recordings and looks through them. */
async function look(page, ...chosen) {
  await page.setInputFiles("#captures-file", chosen.length === 1 && typeof chosen[0] === "object" ? chosen[0] : chosen.map((name) => join(dir, name)));
  await page.locator("#captures-chosen").waitFor();
  await page.click("#look");
  await page.locator("#verdict").waitFor({ timeout: 60_000 });
}

const command = (...args) => spawnSync(verifier, ["audit", "--contacts", join(dir, "book.vcf"), "--region", "GB", ...args], { maxBuffer: 64 << 20, encoding: "utf8" });

/** What the page saves. */
async function saved(page, button, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  assert.equal(download.suggestedFilename(), name);
  return readFile(await download.path(), "utf8");
}

for (const [name, verdict, ...parts] of [
  ["before.har", "Found", /Ada Ashdown[^]*01134960654[^]*api\.vendor\.example[^]*body › form[^]*likely/, /Ben Brook[^]*\+442079460018[^]*query:from › percent[^]*certain/],
  ["after.har", "Clean"],
  ["opted-in.har", "Found", /body › json › base64 › json/],
  ["path.har", "Found", /\(0113\) 496 0654/, /ada\.ashdown@example\.org/, /body › plist/],
]) {
  test(`2014: ${name} is ${verdict}, and the JSON is the command's`, async () => {
    const { page, faults } = await begin();
    await look(page, name);
    assert.equal(await page.locator("#verdict-word").innerText(), verdict);
    for (const part of parts) assert.match((await page.locator("#rows").innerText()).replace(/\s+/g, " "), part);
    assert.equal(await page.locator("#findings").isVisible(), parts.length > 0);
    const expected = command("--json", join(dir, name));
    assert.ok(expected.stdout.length > 100, expected.stderr);
    assert.equal(await saved(page, "#save-json", "audit.json"), expected.stdout);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test("several recordings: what was not read is said, and the reports are the command's", async () => {
  const { page, faults } = await begin();
  const names = ["tweasel.har", "lost.har", "response.har"];
  await look(page, ...names);
  assert.equal(await page.locator("#verdict-word").innerText(), "Found");
  assert.match(await page.locator("#verdict-text").innerText(), /could not be read/);
  const list = await page.locator("#captures-list").innerText();
  assert.match(list, /Found tweasel\.har[^]*Cannot tell lost\.har[^]*The recording lost the body \(BODY_MISSING\)[^]*request 2[^]*Clean response\.har[^]*received: 1/);
  assert.ok(list.includes(createHash("sha256").update(files.get("lost.har")).digest("hex")));
  assert.equal(await page.locator("#flows-picture svg path").count(), 2);
  assert.equal(await page.locator("#flows-rows tr").count(), 2);
  await page.selectOption("#kind", "received");
  await until(async () => await page.locator("#rows tr").count() === 1, "the finding in a response");
  await page.selectOption("#kind", "sent");
  await page.fill("#filter", "ben");
  await until(async () => /Ben Brook/.test(await page.locator("#rows").innerText()) && await page.locator("#rows tr").count() === 1, "the filter");
  await page.click("#rows button");
  await says(page, "#detail-body", /Ben Brook[^]*\+442079460018[^]*sent by the app[^]*GET http:\/\/api\.vendor\.example\/sms\/online/);
  assert.equal(await page.locator("#detail mark").innerText(), "+442079460018");

  await page.fill("#app", "Example <4.2>");
  await page.fill("#consent", "no interaction");
  const html = await saved(page, "#save-html", "audit.html");
  const made = join(dir, "report.html");
  command("--html", made, "--app", "Example <4.2>", "--consent", "no interaction", ...names.map((name) => join(dir, name)));
  const plain = (text) => text.replace(/made [^<]+</, "made<");
  assert.equal(plain(html), plain(await readFile(made, "utf8")));
  assert.match(html, /Example &lt;4\.2&gt;[^]*com\.example\.app[^]*the page Audit a capture, auditor\.wasm with SHA-256 [0-9a-f]{64}/);
  assert.equal(await saved(page, "#save-json", "audit.json"), command("--json", ...names.map((name) => join(dir, name))).stdout);

  await page.click('button[data-language="zh-Hans"]');
  await says(page, "#verdict", /已发现/);
  await says(page, "#captures-list", /录制中缺少正文 \(BODY_MISSING\)/);
  await page.click('button[data-language="en"]');
  assert.deepEqual(faults, []);
  await page.close();
});

test("times are written as the reader's language does", async () => {
  for (const [locale, time] of [["en-GB", /\b7 Aug 2014, \d\d:\d\d:\d\d\b/], ["en-US", /\bAug 7, 2014, \d+:\d\d:\d\d [AP]M\b/], ["zh-CN", /2014年8月7日 \d\d:\d\d:\d\d/]]) {
    const other = await browser.newContext({ locale, timezoneId: "Europe/London" });
    const { page } = await open(other, server.base + "audit.html");
    await page.setInputFiles("#file", { name: "book.vcf", mimeType: "text/vcard", buffer: Buffer.from(files.get("book.vcf")) });
    await page.locator("#read-sum").waitFor();
    await look(page, "before.har");
    await page.click("#rows button");
    // U+202F before PM, in newer browsers.
    await until(async () => time.test((await page.locator("#detail-body").innerText()).replace(/\s/gu, " ")), `a time as in ${locale}`);
    await other.close();
  }
});

test("a salt that only the user knows", async () => {
  const { page } = await begin();
  await look(page, "salted.har");
  assert.equal(await page.locator("#verdict-word").innerText(), "Clean");
  await page.click("summary");
  await page.fill("#salts", "tomato");
  await look(page, "salted.har");
  assert.equal(await page.locator("#verdict-word").innerText(), "Found");
  await page.close();
});

test("a key log chosen with its pcap, and without it", async () => {
  await go("run", "./tests/bench/audit", "-tls", dir);
  const { page } = await begin();
  await look(page, "tls.pcap");
  assert.equal(await page.locator("#verdict-word").innerText(), "Cannot tell");
  assert.match(await page.locator("#captures-list").innerText(), /NO_KEY/);
  await look(page, "tls.pcap", "tls.keylog");
  assert.equal(await page.locator("#verdict-word").innerText(), "Found");
  assert.equal(await page.locator("#captures-list .capture").count(), 1, "the key log is no recording");
  assert.equal(await saved(page, "#save-json", "audit.json"), command("--json", join(dir, "tls.pcap")).stdout);
  await page.close();
});

test("what cannot be audited is said, by its code", async () => {
  const { page, faults } = await open(context, server.base + "audit.html");
  await page.click("#look");
  await says(page, "#audit-error", /NO_CAPTURE/);
  const file = (name, buffer) => ({ name, mimeType: "", buffer: Buffer.from(buffer) });
  await page.setInputFiles("#captures-file", file("a.har", files.get("before.har")));
  await page.click("#look");
  await says(page, "#audit-error", /NO_PEOPLE/);
  await page.fill("#typed", "0113 496 0654");
  await page.selectOption("#region", "");
  await until(async () => await page.locator("#read-sum").isVisible() || /NO_REGION|INVALID_COUNTRY_CODE/.test(await page.locator("main").innerText()), "the number to be read");
  await page.click("#look");
  await says(page, "#audit-error", /1 of the numbers have no country code[^]*NO_REGION/);
  await page.fill("#typed", "+44 113 496 0654");
  await says(page, "#read-sum", /1/);
  for (const [name, text, code] of [
    ["a.chls", "x", "EXPORT_AS_HAR"], ["empty.har", "", "TRUNCATED"], ["cut.har", files.get("before.har").slice(0, files.get("before.har").length / 2), "TRUNCATED"],
    ["packed.bin", createHash("shake256", { outputLength: 9000 }).update("bytes of no kind").digest(), "OPAQUE"],
    ["outside.har", files.get("before.har").replace(/"text": "imei[^"]*"/, '"_file": "../secret.txt"'), "FILE_OUTSIDE"],
    ["missing.har", files.get("before.har").replace(/"text": "imei[^"]*"/, '"_file": "body.bin"'), "FILE_MISSING"],
  ]) {
    await look(page, file(name, text));
    await says(page, "#captures-list", new RegExp(`\\(${code}\\)`));
    assert.notEqual(await page.locator("#verdict-word").innerText(), "Clean", name);
    if (text.length === 1) await says(page, "#captures-list", /\b1 byte\b/);
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test("a large recording can be stopped, and the next is looked through", async () => {
  const { page, faults } = await begin();
  const large = join(dir, "large.bin");
  await writeFile(large, Buffer.alloc(96 << 20, "some words and the number 12345678 in a line\n"));
  await page.setInputFiles("#captures-file", large);
  await page.click("#look");
  await page.locator("#halt").waitFor();
  await until(async () => await page.locator("#looking-bar").evaluate((bar) => bar.value > 0), "some progress", 60);
  await page.click("#halt");
  await says(page, "#audit-error", /STOPPED/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "look", "the focus is back");
  await look(page, "before.har");
  assert.equal(await page.locator("#verdict-word").innerText(), "Found");
  assert.deepEqual(faults, []);
  await page.close();
});

test("the auditor is asked for once the page is painted, or in a while where no browser tells so", async () => {
  for (const told of [true, false]) {
    const fresh = await browser.newContext({ locale: "en-GB" });
    await fresh.addInitScript((told) => {
      if (!told) PerformanceObserver.prototype.observe = () => {};
      const asked = /** @type {any} */ (globalThis).asked = /** @type {[string, number][]} */ ([]);
      const own = globalThis.fetch;
      globalThis.fetch = (...given) => {
        asked.push([String(given[0]), performance.getEntriesByType("paint").length]);
        return own(...given);
      };
    }, told);
    const { page, faults } = await begin(fresh);
    await look(page, "before.har");
    assert.equal(await page.locator("#verdict-word").innerText(), "Found");
    const asked = await page.evaluate(() => /** @type {[string, number][]} */ (/** @type {any} */ (globalThis).asked));
    const [[file, paints], ...more] = asked.filter(([url]) => /auditor\.wasm/.test(url));
    assert.ok(file && paints > 0 && more.length === 0, `${asked}`);
    assert.ok(asked.some(([url, paints]) => /core\.wasm/.test(url) && paints === 0), `${asked}`);
    assert.deepEqual(faults, []);
    await fresh.close();
  }
});

test("nothing that was audited reaches the server", async () => {
  const seen = server.seen.length;
  const fresh = await browser.newContext({ locale: "en-GB" });
  const { page } = await begin(fresh);
  await look(page, "before.har");
  await page.click("#rows button");
  await saved(page, "#save-html", "audit.html");
  await fresh.close();
  const all = server.seen.slice(seen);
  assert.ok(all.length > 3, "the page itself was loaded");
  for (const { method, url, headers, body } of all) {
    assert.equal(method, "GET");
    assert.doesNotMatch(url + headers + body, /4960654|79460018|ashdown|vendor\.example/i);
  }
});

test("by keyboard alone", async () => {
  const { page, faults } = await open(context, server.base + "audit.html");
  const tabTo = async (selector) => {
    for (let i = 0; i < 80; i++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${selector} is not reached by Tab`);
  };
  await until(async () => await page.inputValue("#region") === "GB", "the region");
  await tabTo("#captures-sample");
  await page.keyboard.press("Enter");
  await page.locator("#captures-chosen").waitFor();
  await until(() => page.locator("#read-sum").isVisible(), "the example's numbers");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "look", "the focus goes on to what comes next");
  await page.keyboard.press("Enter");
  await says(page, "#verdict", /Found/);
  await until(async () => await page.evaluate(() => document.activeElement?.id) === "results", "the focus to be on the results");
  await tabTo("#rows tr:first-child button");
  await page.keyboard.press("Enter");
  await until(async () => await page.evaluate(() => document.activeElement?.id) === "detail", "the focus to be on the finding");
  await tabTo("#save-html");
  await tabTo("#save-json");
  assert.deepEqual(faults, []);
  await page.close();
});

for (const engine of ENGINES) {
  test(`${engine}: a leak is found, and the example`, async () => {
    const own = await launch(engine);
    try {
      const mine = await own.newContext({ locale: "en-GB" });
      const { page, faults } = await begin(mine);
      await look(page, { name: "before.har", mimeType: "application/json", buffer: Buffer.from(files.get("before.har")) });
      assert.equal(await page.locator("#verdict-word").innerText(), "Found");
      await says(page, "#rows", /Ben Brook/);
      await page.click("#rows button");
      await says(page, "#detail-body", /sent by the app/);
      assert.equal(await saved(page, "#save-json", "audit.json"), command("--json", join(dir, "before.har")).stdout);
      await page.click("#captures-sample");
      await says(page, "#captures-chosen", /example\.har/);
      await says(page, "#read-sum", /Numbers to look for: [^2]/);
      await page.click("#look");
      await says(page, "#captures-list", /Found example\.har/);
      await page.locator("#rows td.host").first().waitFor();
      const labels = await page.locator("#rows td.host bdi, #flows-rows td.host bdi").evaluateAll((hosts) => hosts.flatMap((host) => Array.from(host.childNodes).filter((node) => node.nodeType === 3 && node.data).map((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [node.data, new Set(Array.from(range.getClientRects(), ({ top }) => top)).size];
      })));
      assert.ok(labels.length > 4, `${labels.length} labels of hosts`);
      assert.deepEqual(labels.filter(([, lines]) => lines > 1), [], "hosts are broken between their labels");
      assert.deepEqual(faults, []);
      await mine.close();
    } finally {
      await own.close();
    }
  });
}
