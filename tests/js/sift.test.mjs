// What the packed package keeps of contacts, and which region it guesses: the
// answers of tests/vectors/sift.json, which the Go package is held to as well.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install, root } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/contacts")} */
let package_;
/** @type {import("sealbook/contacts").Contacts} */
let contacts;
/** @type {import("sealbook").Sealbook} */
let core;
/** @type {typeof import("sealbook")} */
let sealbook;
/** @type {any} */
let vectors;

before(async () => {
  installed = await install();
  package_ = await import(pathToFileURL(join(installed.package, "contacts.js")).href);
  sealbook = await import(pathToFileURL(join(installed.package, "index.js")).href);
  contacts = await package_.loadContacts();
  core = await sealbook.load();
  vectors = JSON.parse(await readFile(join(root, "tests/vectors/sift.json"), "utf8"));
});
after(() => installed?.remove());

test("what is kept", () => {
  assert.equal(vectors.filter.length, 46);
  for (const { why, text, region, drop, e164, reason } of vectors.filter) {
    const [got] = contacts.sift(core, [text], { region, drop });
    assert.deepEqual([got.text, got.e164, got.reason ?? "KEPT"], [text, e164, reason], why);
  }
  // All at once, in their order.
  const british = vectors.filter.filter((/** @type {any} */ v) => v.region === "GB" && v.drop === undefined);
  assert.deepEqual(
    contacts.sift(core, british.map((/** @type {any} */ v) => v.text), { region: "GB" }).map(({ reason }) => reason ?? "KEPT"),
    british.map((/** @type {any} */ v) => v.reason));
  assert.deepEqual(contacts.sift(core, []), []);
});

test("what people put into fields", async () => {
  const got = contacts.sift(core, ["020 7946 0018 / 0019", { text: "2079460018", country: "GB" }, "442079460018", "4.42079E+11", "020 7946 00XX", "+44 +44 20 7946 0018", "(020) 7946 0018"], { region: "US" });
  assert.deepEqual(got.map(({ index, e164, reason }) => [index, e164, reason]), [
    [0, null, "NOT_A_NUMBER"], [1, "+442079460018", null], [2, "+442079460018", null], [3, null, "ROUNDED"], [4, null, "NOT_A_NUMBER"],
    [5, "+442079460018", null], [6, "+102079460018", "IMPOSSIBLE"],
  ]);
  const two = contacts.sift(core, ["020 7946 0018 / 0019"], { region: "GB" });
  assert.deepEqual(two.map(({ index, e164, repairs }) => [index, e164, ...repairs]), [[0, "+442079460018", "SEVERAL"], [0, "+442079460019", "SEVERAL", "SHORTENED"]]);
  // What field finds and what sift finds is the same.
  const fields = JSON.parse(await readFile(join(root, "tests/vectors/fields.json"), "utf8"));
  for (const { input, region, country, habit, kind } of fields) {
    const [first] = contacts.sift(core, [{ text: input, country }], { region, habit, drop: [] });
    if (first.reason === "EMERGENCY" || first.reason === "SHORT") continue;
    const { numbers, error } = contacts.field(core, input, { region, country, habit });
    const all = contacts.sift(core, [{ text: input, country }], { region, habit, drop: [] });
    assert.deepEqual(all.map((one) => [one.e164, one.reason, ...one.repairs]), error === null ? numbers.map((n) => [n.e164, null, ...n.repairs]) : [[null, error]], `${kind}: ${input}`);
  }
});

test("files as people have them", async () => {
  const folder = join(root, "wasm/contacts/testdata/cases");
  const cases = (await readFile(join(folder, "cases.jsonl"), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(cases.length, 413);
  for (const { kind, file, text, base64, region, lang, want, told } of cases) {
    const bytes = file !== undefined ? await readFile(join(folder, file)) : Buffer.from(text ?? base64, text === undefined ? "base64" : "utf8");
    /** @type {{ text: string, country: string | undefined, name: string | null }[]} */
    const fields = [];
    /** @type {string | null} */
    let refused = null;
    /** @type {string[]} */
    const problems = [];
    for await (const entries of contacts.read(new Uint8Array(bytes))) {
      for (const entry of entries) {
        if (entry.kind === "problem" && entry.fatal) refused = entry.code;
        if (entry.kind === "problem") problems.push(`${entry.line} ${entry.code}`);
        if (entry.kind === "person") for (const { text, country } of entry.numbers) fields.push({ text, country: country ?? undefined, name: entry.name || null });
      }
    }
    const guess = region === "auto" ? contacts.guessRegion(core, fields, lang === undefined ? [] : [lang.slice(3, 5)]) : { region, habit: undefined };
    const got = contacts.sift(core, fields, { region: guess.region ?? "", habit: guess.habit }).map(({ index, e164, reason }) => [reason ?? e164, fields[index].name]);
    assert.deepEqual(refused ?? got, want, `${kind}: ${file ?? text}`);
    if (told !== undefined) assert.deepEqual(problems, told, `${kind}: ${file ?? text}`);
  }
});

test("read", async () => {
  assert.deepEqual(await package_.read("Home: 020 7946 0018", { region: "GB" }), { numbers: [{ e164: "+442079460018", text: "020 7946 0018", repairs: ["TEXT"] }], error: null });
  assert.deepEqual((await package_.read("2079460018", { region: "US", country: "GB" })).numbers[0].repairs, ["COUNTRY_COLUMN"]);
  assert.equal((await package_.read("nobody")).error, "NOT_A_NUMBER");
  await assert.rejects(package_.read(/** @type {any} */ (5)), { code: "TYPE" });
});

test("the guess", () => {
  assert.equal(vectors.guess.length, 23);
  for (const { why, texts, hints, region, decided, contenders } of vectors.guess) {
    const got = contacts.guessRegion(core, texts, hints);
    assert.deepEqual([got.region ?? "", got.decided, got.contenders.map((c) => c.region)], [region, decided, contenders], why);
  }
  const many = contacts.guessRegion(core, Array.from({ length: 600 }, (_, i) => `020 7946 ${String(i).padStart(4, "0")}`), [null, undefined, "GB"]);
  assert.deepEqual([many.region, many.national, many.habit, many.contenders[0].fit], ["GB", 600, "NATIONAL", 100]);
});

test("fields", async () => {
  const fields = JSON.parse(await readFile(join(root, "tests/vectors/fields.json"), "utf8"));
  assert.equal(fields.length, 768);
  for (const { kind, input, region, country, habit, want, repairs, error } of fields) {
    const got = contacts.field(core, input, { region, country, habit });
    assert.deepEqual([got.error ?? undefined, got.numbers.map((n) => n.e164), got.numbers.map((n) => n.repairs.join(","))], [error, want ?? [], repairs ?? []], `${kind}: ${input}`);
  }
  assert.deepEqual(contacts.field(core, "Zoë: 020 7946 0018 / 0019", { region: "GB" }).numbers.map(({ text }) => text), ["020 7946 0018", "0019"]);
  assert.equal(contacts.field(core, "1".repeat(5000)).error, "TOO_LONG");
  assert.throws(() => contacts.field(core, /** @type {any} */ (5)), { code: "TYPE" });
  assert.throws(() => contacts.field(core, "1", { region: "gb" }), { code: "REGION" });
  assert.throws(() => contacts.field(core, "1", { habit: /** @type {any} */ ("x") }), { code: "OPTION" });
  assert.throws(() => contacts.field(/** @type {any} */ ({}), "1"), { code: "TYPE" });
});

test("hints", () => {
  const hints = (/** @type {string[]} */ languages, /** @type {string} */ timeZone) => package_.regionHints(core, { languages, timeZone });
  assert.deepEqual(hints(["en-GB", "de"], "Europe/Berlin"), ["GB", "DE"]);
  assert.deepEqual(hints(["zh-Hans"], "UTC"), ["CN"]);
  assert.deepEqual(hints(["en", "fr-CA"], "Asia/Tokyo"), ["CA", "JP", "US"]);
  assert.deepEqual(hints(["C", "", "en-001", "x"], "nowhere"), []);
  assert.deepEqual(hints([], ""), []);
  assert.ok(Array.isArray(package_.regionHints(core)));
});

test("short numbers alone", () => {
  assert.equal(contacts.shortNumber("911", "US"), "EMERGENCY");
  assert.equal(contacts.shortNumber("411", "US"), "SHORT");
  for (const region of ["", "ZZ", "us", "001", "USA"]) assert.equal(contacts.shortNumber("911", region), null, region);
  assert.equal(contacts.shortNumber("911" + " ".repeat(248), "US"), null);
});

test("refusals", () => {
  for (const drop of [["KEPT"], ["EMERGENCY"], ["UNKNOWN"], ["invalid"]]) {
    assert.throws(() => contacts.sift(core, [], { drop: /** @type {any} */ (drop) }), (/** @type {any} */ error) => error instanceof sealbook.InputError && error.code === "OPTION", String(drop));
  }
  assert.throws(() => contacts.sift(core, /** @type {any} */ ("020 7946 0018")), { code: "TYPE" });
  assert.throws(() => contacts.sift(core, ["1"], { region: "gb" }), { code: "REGION" });
  // As everywhere, what is no text is no number and holds its place.
  const odd = contacts.sift(core, /** @type {any} */ (["020 7946 0018", 5, null]), { region: "GB" });
  assert.deepEqual(odd.map(({ reason }) => reason), [null, "NOT_A_NUMBER", "NOT_A_NUMBER"]);
  assert.equal(contacts.guessRegion(core, /** @type {any} */ ([null, 5, {}])).region, null);
});
