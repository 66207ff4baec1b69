// The newcomer's story, told against a server with a directory: two people
// register in two browsers, each finds the other from a contacts file, one
// withdraws and disappears.

import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blindedElement, itemOf } from "./blinding.js";
import { go, open, until } from "./harness.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./harness.js").Recorder & { code: (registration: string) => Promise<string> }} Server code: what the development sender shows
 * @typedef {{ name: string, number: string, handle: string, file: { name: string, mimeType: string, buffer: Buffer }, contacts: string[] }} Person contacts: E.164
 */

/** Numbers kept for fiction by Ofcom and NANPA; 07700 900333 is one too, and in no range that is in use. */
const OTHERS = [["Carol Crane", "+44 20 7946 0111"], ["Dan Dole", "+1 202-555-0143"], ["Erin Eley", "07700 900333"], ["Frank Fox", "0113 496 0222"], ["Grace Gull", "(202) 555-0199"]];

/** @type {Person} */
const ALICE = {
  name: "Alice Ashe", number: "+442079460987", handle: "alice ✓",
  file: {
    name: "contacts.vcf", mimeType: "text/vcard",
    buffer: Buffer.from([["Bob Birch", "0113 496 0654"], ...OTHERS].map(([name, number]) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${name}\r\nTEL:${number}\r\nEND:VCARD\r\n`).join("")),
  },
  contacts: ["+441134960654", "+442079460111", "+12025550143", "+441134960222"],
};
/** @type {Person} */
const BOB = {
  name: "Bob Birch", number: "+441134960654", handle: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  file: {
    name: "people.csv", mimeType: "text/csv",
    buffer: Buffer.from("Name,Phone\n" + [["Alice A.", "+44 20 7946 0987"], ...OTHERS.slice(0, 2)].map((row) => row.join(",")).join("\n") + "\n"),
  },
  contacts: ["+442079460987", "+442079460111", "+12025550143"],
};

/** @param {Page} page @param {string} selector @param {RegExp} pattern */
export const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`);

/** What a button hands out as a file. @param {Page} page @param {string} button */
export async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return readFile(/** @type {string} */ (await download.path()), "utf8");
}

/** Says yes and waits for the directory's terms. @param {Page} page */
export async function allow(page) {
  await page.click("#yes");
  await page.locator("#join").waitFor();
  await until(async () => await page.locator("#consent-text").innerText() !== "", "the terms");
}

/**
 * Registers with a code from the server's terminal.
 * @param {Page} page
 * @param {Server} server
 * @param {Pick<Person, "number" | "handle">} person
 * @param {string[]} [scopes]
 */
export async function register(page, server, { number, handle }, scopes = ["search", "discoverable"]) {
  await page.selectOption("#own-region", "GB");
  // As a person writes it: without the country code.
  await page.fill("#own-number", number.replace("+44", "0"));
  for (const scope of scopes) await page.check("#scope-" + scope);
  if (scopes.includes("discoverable")) await page.fill("#handle", handle);
  await page.click("#send");
  await page.locator("#code").waitFor();
  const [, registration] = /** @type {RegExpMatchArray} */ ((await page.locator("#code-hint").innerText()).match(/\b([0-9a-f]{8})…/));
  await page.fill("#code", await server.code(registration));
  await page.click("#confirm");
  await page.locator("#joined").waitFor();
}

/**
 * Looks for friends. What was found before is marked, so as not to be taken for the answer.
 * @param {Page} page
 * @returns {Promise<string[]>} a line for each friend
 */
export async function found(page) {
  await page.locator("#seek-found").evaluate((place) => { for (const child of place.children) child.setAttribute("data-before", ""); });
  await page.click("#seek-start");
  await page.locator("#seek-found > :not([data-before])").first().waitFor();
  return (await page.locator(".friends li").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
}

/**
 * Looks until what is wanted is found: a directory publishes by its clock, for
 * development every two seconds.
 * @param {Page} page
 * @param {string[]} want
 */
export async function finds(page, want) {
  const began = Date.now();
  for (let got = await found(page); ; got = await found(page)) {
    if (JSON.stringify(got) === JSON.stringify(want)) return Date.now() - began;
    if (Date.now() - began > 90_000) assert.deepEqual(got, want);
  }
}

/**
 * Verifies a signed note with the key that the page shows, and returns its content.
 * @param {string} note
 * @param {string} key name+hash+base64
 * @param {string} kind
 */
function opened(note, key, kind) {
  const [name, , encoded] = /** @type {RegExpMatchArray} */ (key.match(/^(.+)\+([0-9a-f]{8})\+(.+)$/)).slice(1);
  const raw = Buffer.from(encoded, "base64");
  assert.equal(raw[0], 1, "Ed25519");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.subarray(1).toString("base64url") }, format: "jwk" });
  const at = note.lastIndexOf("\n\n");
  const text = note.slice(0, at + 1);
  const [signer, signature] = /** @type {RegExpMatchArray} */ (note.slice(at + 2).match(/^— (\S+) (\S+)\n$/)).slice(1);
  assert.equal(signer, name);
  assert.ok(verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "base64").subarray(4)), "the signature");
  const [first, json] = text.split("\n");
  assert.equal(first, kind);
  return JSON.parse(json);
}

/**
 * Every element that left this browser was a blinded one of its contacts or of
 * padding, by the transcript, which another library computes again, and the
 * verifier explains every byte of.
 * @param {string} transcript
 * @param {readonly string[]} contacts
 * @param {Server} server
 */
async function checkTranscript(transcript, contacts, server) {
  const lines = transcript.trimEnd().split("\n").map((line) => JSON.parse(line)).slice(1);
  const evaluations = lines.filter(({ request }) => request.path === "/v2/evaluations");
  assert.ok(evaluations.length > 0);
  const numbers = [];
  for (const { request, items } of evaluations) {
    const body = Buffer.from(request.body, "base64url");
    assert.equal(body.length, 32 * items.length, "nothing beside the elements");
    assert.ok(server.seen.some((seen) => seen.url === request.path && seen.body === body.toString("latin1")), "it is what the server got");
    for (const [i, item] of items.entries()) {
      const { input, blind } = itemOf(item);
      assert.deepEqual(blindedElement(input, blind), body.subarray(32 * i, 32 * i + 32), `element ${i}`);
      if (item.number) numbers.push(item.number);
    }
  }
  assert.deepEqual(numbers.sort(), [...contacts].sort());
  assert.match(transcript, /"authorization":"Bearer sha256:[0-9a-f]{64}"/, "the credential is left out");
  assert.doesNotMatch(transcript, /"authorization":"Bearer (?!sha256:)/);
  const folder = await mkdtemp(join(tmpdir(), "transcript-"));
  await writeFile(join(folder, "sent.jsonl"), transcript);
  await go("run", "./verifier", "transcript", join(folder, "sent.jsonl")); // throws unless all is explained
  await rm(folder, { recursive: true });
}

/**
 * The whole of it.
 * @param {import("playwright-core").Browser} browser
 * @param {Server} server
 */
export async function newcomers(browser, server) {
  const people = await Promise.all([ALICE, BOB].map(async (person) => {
    const context = await browser.newContext({ locale: "en-GB" });
    return { ...person, context, ...await open(context, server.base + "find.html") };
  }));
  const [alice, bob] = people;
  server.seen.splice(0);

  for (const { page, file, contacts, number, handle } of people) {
    await page.setInputFiles("#file", file);
    await says(page, "#compare-lead", new RegExp(`Numbers: ${contacts.length}\\.`));
    assert.deepEqual(server.seen.filter(({ url }) => url.startsWith("/v2/")), [], "nothing before permission");
    await allow(page);
    assert.match(await page.locator("#seal").innerText(), /The door is open/);
    assert.deepEqual(server.seen.filter(({ url }) => url.startsWith("/v2/")).map(({ method, url, body }) => [method, url, body]), [["GET", "/v2/directory", ""]]);
    assert.equal(await page.locator("#consent-hash").innerText(), createHash("sha256").update(/** @type {string} */ (await page.locator("#consent-text").textContent())).digest("hex"), "the hash is the text's");
    assert.equal(await page.isChecked("#scope-search") || await page.isChecked("#scope-discoverable") || await page.isChecked("#keep"), false, "nothing is ticked");
    assert.equal(await page.locator("#seek-start").isDisabled(), true);
    await register(page, server, { number, handle });
    assert.match(await page.locator("#joined-sum").innerText(), new RegExp(`\\${number}`));
    // Each step says the same count.
    await says(page, "#contacts-sum", new RegExp(`To ask about, each once: ${contacts.length}(?!\\d)`));
    await says(page, "#seek-lead", new RegExp(`Numbers to ask about: ${contacts.length}\\.`));
    const receipt = opened(await saved(page, "#receipt-save"), await page.locator("#directory-key").innerText().catch(() => "") || /** @type {string} */ (await page.locator("#directory-key").textContent()), "sealbook receipt v2");
    assert.deepEqual(receipt.scopes.sort(), ["discoverable", "search"]);
    assert.equal(receipt.consent_sha256, await page.locator("#consent-hash").textContent());
    assert.match(receipt.tag, /^[A-Za-z0-9_-]{7}$/);
    server.seen.splice(0, server.seen.length, ...server.seen.filter(({ url }) => !url.startsWith("/v2/")));
  }

  // Each finds the other, by the name in the file and with what the other shows.
  const took = [await finds(alice.page, [`Bob Birch ${BOB.number} shows ${BOB.handle}`]), await finds(bob.page, [`Alice A. ${ALICE.number} shows ${ALICE.handle}`])];
  console.log(`counts: found ${took.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(" and ")} after the first look`);
  for (const { page } of people) {
    await says(page, "#seek-log", /entry \d+, version \d+ of \d{1,2} [A-Z][a-z]{2,3} \d{4}[^]*root [A-Za-z0-9+/]{43}=/);
    assert.equal(await page.locator("#seek-warnings > *").count(), 0, "nothing to warn of");
  }
  for (const { page, contacts } of people) await checkTranscript(await saved(page, "#transcript"), contacts, server);
  const digests = [ALICE, BOB].flatMap(({ contacts }) => contacts.flatMap((number) => [number, number.slice(1), createHash("sha256").update(number).digest("hex"), createHash("sha256").update(number).digest("base64url")]));
  for (const { method, url, headers, body } of server.seen) {
    for (const trace of digests) assert.ok(!(url + headers + body).includes(trace), `${method} ${url} holds a contact`);
  }

  // All that the directory holds, and no number in it.
  await alice.page.click("#held-show");
  await alice.page.locator("#held-facts dl").waitFor();
  const held = await alice.page.locator("#held-facts").innerText();
  assert.match(held, /Account[^]*[0-9a-f]{32}[^]*Sealed record[^]*of 5,120[^]*under a keyed hash[^]*Changes of what friends see, counted for a day[^]*; until [^]*log as it was: \d+ entries/);
  assert.ok(!held.includes("2079460987"));

  // Alice withdraws, and has proof.
  const key = /** @type {string} */ (await alice.page.locator("#directory-key").textContent());
  const account = /** @type {RegExpMatchArray} */ (held.match(/\b[0-9a-f]{32}\b/))[0];
  await alice.page.click("#withdraw");
  await says(alice.page, "#sure", /erased/);
  await alice.page.click("#sure-yes");
  await says(alice.page, "#held-facts", /Withdrawn[^]*Listed as removed until/);
  await until(async () => {
    await alice.page.click("#withdrawn-look");
    return /not on it/.test(await alice.page.locator("#withdrawn-state").innerText());
  }, "the tag to go");
  const withdrawal = opened(await saved(alice.page, "#withdrawal-save"), key, "sealbook withdrawal v2");
  assert.equal(withdrawal.account, account);
  assert.ok(withdrawal.log_size > 0 && /^[A-Za-z0-9_-]{43}$/.test(withdrawal.log_root));
  assert.equal(await alice.page.locator("#join-form").isVisible(), true, "she could register again");

  // Bob finds her no more, and is charged for nothing.
  await says(bob.page, "#seek-lead", /Numbers to ask about: 3/);
  server.seen.splice(0);
  await finds(bob.page, []);
  await says(bob.page, "#seek-found", /Nobody found\. Numbers asked about: 3/);
  const batches = server.seen.filter(({ url }) => url === "/v2/evaluations").map(({ body }) => body.length / 32);
  assert.deepEqual([...new Set(batches)], [8], "what was answered before is not asked again: a batch of random ones is");

  for (const { page, context, faults } of people) {
    assert.deepEqual(faults, []);
    assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), [], "nothing is kept without a tick");
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage).filter((key) => key !== "language"), Object.keys(sessionStorage)]), [[], []]);
    await context.close();
  }
}
