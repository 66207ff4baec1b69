// The page "Find contacts" with a directory behind it: what can go otherwise than
// in the newcomer's story, which engines.test.js and worker.test.js tell.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, go, launch, open, root, serveDirectory, until } from "./harness.js";
import { allow, finds, found, register, saved, says } from "./story.js";

let site, server, browser;
before(async () => {
  site = await build();
  server = await serveDirectory(site.dir, ["-sends", "2"]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

/** A page in a browser of its own, the door open. */
async function visitor() {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page, faults } = await open(context, server.base + "find.html");
  await allow(page);
  return { context, page, faults };
}

test("what is kept on the device is there again, and goes when forgotten", async () => {
  const { context, page, faults } = await visitor();
  await register(page, server, { number: "+442079460301", handle: "kept" });
  await page.check("#keep");
  await until(async () => (await page.evaluate(() => indexedDB.databases())).length === 1, "the database");
  await page.fill("#typed", "+44 20 7946 0302");
  await says(page, "#seek-lead", /Numbers to ask about: 1/);
  assert.deepEqual(await found(page), []);

  await page.reload();
  await page.locator('#seal[data-state="sealed"]').waitFor();
  assert.equal(await page.locator("#directory").isVisible(), false, "permission is asked for anew");
  server.seen.splice(0);
  await allow(page);
  await says(page, "#joined-sum", /\+442079460301/);
  assert.equal(await page.isChecked("#keep"), true);
  await page.fill("#typed", "+44 20 7946 0302");
  await says(page, "#seek-lead", /Numbers to ask about: 1/);
  assert.deepEqual(await found(page), []);
  assert.deepEqual(server.seen.filter(({ url }) => url === "/v2/evaluations").map(({ body }) => body.length), [8 * 32], "what was asked before is known: random elements alone are sent");

  await page.click("#forget");
  await says(page, "#sure", /nothing changes/);
  await page.click("#sure-yes");
  await page.locator("#forgotten").waitFor();
  await page.locator('#seal[data-state="sealed"]').waitFor();
  assert.equal(await page.inputValue("#typed"), "");
  assert.equal(new URL(page.url()).hash, "");
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  await allow(page);
  assert.equal(await page.locator("#join-form").isVisible(), true, "nobody is registered here");
  assert.deepEqual(faults, []);
  await context.close();
});

test("wrong codes are counted, and what is missing is said", async () => {
  const { context, page } = await visitor();
  const error = (pattern) => says(page, "#join-error", pattern);
  await page.selectOption("#own-region", "GB");
  await page.click("#send");
  await error(/Enter your number/);
  await page.fill("#own-number", "hello");
  await page.click("#send");
  await error(/NOT_A_NUMBER/);
  await page.fill("#own-number", "07700 900123");
  await page.click("#send");
  await error(/not_valid/);
  await page.fill("#own-number", "020 7946 0303");
  await says(page, "#own-number-hint", /\+44 20 7946 0303/);
  await page.click("#send");
  await error(/no_scope/);
  await page.check("#scope-discoverable");
  await page.fill("#handle", "ö".repeat(17));
  await page.click("#send");
  await error(/34 bytes/);
  assert.ok(!server.seen.some(({ body }) => body.includes("9460303")), "none of this was sent");
  await page.fill("#handle", "");
  await page.click("#send");
  await page.locator("#code").waitFor();
  await page.click("#confirm");
  await error(/no_code/);
  const [, registration] = (await page.locator("#code-hint").innerText()).match(/\b([0-9a-f]{8})…/);
  const right = await server.code(registration);
  await page.fill("#code", right === "00000000" ? "00000001" : "00000000");
  await page.press("#code", "Enter");
  await error(/Tries left: 4\. \(code_wrong\)/);
  await page.fill("#code", `${right.slice(0, 4)} ${right.slice(4)}`);
  await page.press("#code", "Enter");
  await page.locator("#joined").waitFor();
  await says(page, "#joined-sum", /Allowed: Let friends find me/);
  await says(page, "#seek-lead", /did not allow looking for friends/);
  assert.equal(await page.locator("#seek-start").isDisabled(), true);
  await context.close();
});

test("too many codes are refused, with when to try again", async () => {
  const { context, page } = await visitor();
  await page.selectOption("#own-region", "GB");
  await page.fill("#own-number", "020 7946 0304");
  await page.check("#scope-search");
  await page.click("#send");
  await says(page, "#send", /Send another code/);
  const hint = () => page.locator("#code-hint").innerText();
  const first = await hint();
  await page.click("#send");
  await until(async () => await hint() !== first, "the second code");
  await page.click("#send");
  await says(page, "#join-error", /Too many codes[^]*in \d[\d.]* (minutes|seconds)[^]*sends_exceeded/);
  await context.close();
});

test("looking can be stopped, and goes on without being charged twice", async () => {
  const { context, page, faults } = await visitor();
  await register(page, server, { number: "+442079460305", handle: "" }, ["search"]);
  // Two batches; the second is held up until it was stopped.
  const numbers = ["20 7946", "113 496"].flatMap((city) => Array.from({ length: 1000 }, (_, i) => `+44 ${city} 0${String(i).padStart(3, "0")}`)).slice(0, 1200);
  await page.setInputFiles("#file", { name: "numbers.txt", mimeType: "text/plain", buffer: Buffer.from(numbers.join("\n")) });
  await says(page, "#seek-lead", /Numbers to ask about: 1,200/);
  server.seen.splice(0);
  let answers = 0;
  /** @type {() => void} */
  let goOn = () => {};
  const stopped = new Promise((resolve) => { goOn = () => resolve(null); });
  server.lies.set("POST /v2/evaluations", async (body) => {
    if (++answers === 2) await stopped;
    return body;
  });
  await page.click("#seek-start");
  await says(page, "#seek-step", /1,024 of 1,200/);
  await page.click("#seek-stop");
  goOn();
  await says(page, "#seek-found", /Stopped/);
  server.lies.clear();
  assert.equal(await page.locator("#seek-start").innerText(), "Go on");
  await page.click("#seek-start");
  await says(page, "#seek-found", /Nobody|Found/);
  const batches = server.seen.filter(({ url }) => url === "/v2/evaluations").map(({ body }) => body.length / 32);
  assert.deepEqual(batches.slice(0, 1), [1024]);
  assert.ok(batches.slice(1).every((size) => size === 256 || size === 8), `${batches}: the first batch is never asked again`);
  await page.click("#held-show");
  await says(page, "#held-facts", /[\d,]+ of 5,120/);
  assert.match(await saved(page, "#transcript"), /"path":"\/v2\/evaluations"/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("who registers a number again takes its place", async () => {
  const first = await visitor();
  const second = await visitor();
  const person = { number: "+442079460306", handle: "" };
  await register(first.page, server, person);
  await register(second.page, server, person);
  await first.page.click("#held-show");
  await says(first.page, "#held-error", /does not know this registration any more/);
  assert.equal(await first.page.locator("#join-form").isVisible(), true);
  assert.equal(await first.page.locator("#seek-start").isDisabled(), true);
  await second.page.click("#held-show");
  await says(second.page, "#held-facts", /Account/);
  await first.context.close();
  await second.context.close();
});

test("who lost the device takes the number out by a code", async () => {
  const first = await visitor();
  const second = await visitor();
  await register(first.page, server, { number: "+442079460310", handle: "lost" });
  const { page } = second;
  await page.selectOption("#own-region", "GB");
  await page.fill("#own-number", "020 7946 0310");
  await page.check("#scope-search");
  await page.click("#send");
  await page.locator("#code").waitFor();
  const [, registration] = /** @type {RegExpMatchArray} */ ((await page.locator("#code-hint").innerText()).match(/\b([0-9a-f]{8})…/));
  await page.fill("#code", await server.code(registration));
  await page.click("#code-leave");
  await says(page, "#join-left", /Withdrawn[^]*Listed as removed until/);
  assert.match(await saved(page, "#join-left #withdrawal-save"), /^sealbook withdrawal v2\n/);
  await first.page.click("#held-show");
  await says(first.page, "#held-error", /does not know this registration any more/);
  await first.context.close();
  await second.context.close();
});

test("a directory that lies is not believed", async (t) => {
  t.after(() => server.lies.clear());
  const { context, page } = await visitor();
  await register(page, server, { number: "+442079460307", handle: "" });
  await page.check("#keep");
  await until(async () => (await page.evaluate(() => indexedDB.databases())).length === 1, "the database");
  await page.fill("#typed", "+44 20 7946 0308");
  await says(page, "#seek-lead", /Numbers to ask about: 1/);
  server.lies.set("POST /v2/evaluations", (body) => { body[body.length - 1] ^= 1; return body; });
  await page.click("#seek-start");
  await says(page, "#seek-error", /does not prove[^]*PROOF/);
  server.lies.clear();
  // What was proved before is there: from then on the log must follow from it.
  assert.deepEqual(await found(page), []);
  const [, entry] = /** @type {RegExpMatchArray} */ ((await page.locator("#seek-log").innerText()).match(/entry ([\d,]+),/));
  server.lies.set(`GET /v2/log/update?from=${entry.replace(",", "")}`, (body) => Buffer.from(body.toString().replace(/index \d+/, "index 0")));
  await page.click("#seek-start");
  await says(page, "#seek-error", /INCLUSION|CONSISTENCY/);
  assert.equal(await page.locator(".friends").count(), 0);
  assert.match(await saved(page, "#evidence-save"), /c2sp\.org\/tlog-proof/);

  // Another directory in place of the one that is kept.
  server.lies.clear();
  server.lies.set("GET /v2/directory", (body) => {
    const { key, note } = JSON.parse(body.toString());
    return JSON.stringify({ key: key.replace("localhost", "elsewhere"), note });
  });
  await page.reload();
  await page.locator('#seal[data-state="sealed"]').waitFor();
  server.seen.splice(0);
  await page.click("#yes");
  await says(page, "#allow-state", /another key[^]*KEY/);
  assert.deepEqual(server.seen.filter(({ url }) => url.startsWith("/v2/")).map(({ url }) => url), ["/v2/directory"]);
  assert.match(await page.locator("#seal").innerText(), /shut/);
  assert.equal(await page.locator("#directory").isVisible(), false);
  await page.click("#forget-kept");
  await page.locator("#forgotten").waitFor();
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  await context.close();
});

test("one friend's handle is asked for by itself, with words before, where records are not read", async (t) => {
  // The same site with a limit of no records; a directory of 131,073 people would do as well.
  const copy = await mkdtemp(join(tmpdir(), "sources-"));
  t.after(() => rm(copy, { recursive: true }));
  for (const folder of ["site", "wasm"]) await cp(join(root, folder), join(copy, folder), { recursive: true, filter: (path) => !path.includes("node_modules") });
  const client = join(copy, "wasm/js/discovery/discover.js");
  const text = await readFile(client, "utf8");
  assert.equal(text.split("const RECORDS = 8 << 20;").length, 2);
  await writeFile(client, text.replace("const RECORDS = 8 << 20;", "const RECORDS = 0;"));
  const dir = join(copy, "built");
  await go("run", "./site/build", "-root", copy, "-o", dir);
  const own = await serveDirectory(dir);
  t.after(() => own.close());
  const people = [];
  for (const [number, handle] of [["+442079460401", "one"], ["+442079460402", "two"]]) {
    const context = await browser.newContext({ locale: "en-GB" });
    const { page, faults } = await open(context, own.base + "find.html");
    await allow(page);
    await register(page, own, { number, handle });
    people.push({ context, page, faults });
  }
  const [{ page }] = people;
  await page.fill("#typed", "+44 20 7946 0402");
  await says(page, "#seek-lead", /Numbers to ask about: 1/);
  await finds(page, ["+442079460402 Ask what +442079460402 shows"]);
  assert.deepEqual(own.seen.filter(({ url }) => /records|hashes/.test(url)), [], "nothing of it is asked by itself");
  own.seen.splice(0);
  const ask = page.locator(".friends button", { hasText: "Ask what" });
  await ask.click();
  await says(page, ".friends", /tells the directory that somebody at your network address[^]*at most 256 people, often this one alone/);
  await page.click("#handle-no");
  assert.deepEqual(own.seen.filter(({ url }) => url.startsWith("/v2/")), [], "words first, and no is no");
  await ask.click();
  // The state that is read may be of before the friend put anything under the tag.
  await until(async () => {
    await page.click("#handle-yes");
    // The button stays, and is out of use until there is an answer.
    await until(async () => await page.locator('#handle-yes[aria-disabled="true"]').count() === 0, "an answer");
    return /shows two/.test(await page.locator(".friends").innerText());
  }, "what the friend shows");
  const asked = own.seen.filter(({ url }) => url.startsWith("/v2/"));
  assert.ok(asked.some(({ url, headers }) => /records$/.test(url) && JSON.parse(headers).range), "a block");
  assert.ok(asked.every(({ headers }) => JSON.parse(headers).authorization === undefined), "without the registration");
  for (const { context, faults } of people) {
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("a renewal is shown to who is registered, and can be refused", async (t) => {
  const own = await serveDirectory(site.dir, ["-renewal", "3600"]);
  t.after(() => own.close());
  const pages = [];
  for (let i = 0; i < 2; i++) {
    const context = await browser.newContext({ locale: "en-GB" });
    t.after(() => context.close());
    const { page } = await open(context, own.base + "find.html");
    await allow(page);
    pages.push(page);
  }
  const [first, second] = pages;
  const number = "+442079460501";
  await register(first, own, { number, handle: "first" });
  // Somebody else with the number's codes waits.
  await second.selectOption("#own-region", "GB");
  await second.fill("#own-number", "020 7946 0501");
  await second.check("#scope-search");
  await second.click("#send");
  await second.locator("#code").waitFor();
  const [, registration] = /** @type {RegExpMatchArray} */ ((await second.locator("#code-hint").innerText()).match(/\b([0-9a-f]{8})…/));
  await second.fill("#code", await own.code(registration));
  await second.click("#confirm");
  await says(second, "#join-error", /registered already[^]*object for[^]*RENEWAL/);
  // Who has it is told, loudly, and refuses.
  await first.fill("#typed", "+44 20 7946 0502");
  await says(first, "#seek-lead", /Numbers to ask about: 1/);
  await found(first);
  await says(first, "#seek-warnings", /asks to take your registration over/);
  await first.click("#renewal-refuse");
  await says(first, "#seek-warnings", /it was refused once/);
  await found(first);
  await says(first, "#seek-warnings", /it was refused once/);
  await first.click("#held-show");
  await says(first, "#held-facts", /Asked to be taken over\s+at /);
});
