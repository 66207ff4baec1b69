// Values of every odd type in every place of the public functions: each call
// answers, or throws an error of the package with a code; none throws another,
// and the next call is as good as before.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
before(async () => { installed = await install(); });
after(() => installed?.remove());

/** @param {string} name */
const entry = (name) => import(pathToFileURL(join(installed.package, `dist/${name}.js`)).href);

const throwing = () => { throw new Error("a getter"); };
/** What no caller should pass, by name. @type {[string, any][]} */
const odd = [
  ["undefined", undefined], ["null", null], ["true", true], ["0", 0], ["-1", -1], ["NaN", NaN], ["a bigint", 7n], ["a symbol", Symbol("x")],
  ["a function", () => "GB"], ["an object", {}], ["an array", []], ["an array of one", ["GB"]], ["an object without prototype", Object.create(null)],
  ["a date", new Date(0)], ["bytes", new Uint8Array(3)], ["a String object", new String("GB")], ["a region in lower case", "gb"], ["UK", "UK"],
  ["__proto__", "__proto__"], ["constructor", "constructor"], ["empty", ""], ["a NUL", "\0"], ["half a character", "\ud83d"], ["long", "9".repeat(1 << 17)],
  ["line feeds", "1\n2\n3"], ["a recipe without a form", { algorithm: "sha256" }], ["a recipe with a symbol", { form: Symbol("x") }], ["an id that is none", { id: 7 }],
];
/** Objects that fight back; what their own code throws is theirs. @type {[string, any][]} */
const fighting = [
  ["a getter that throws", Object.defineProperties({}, Object.fromEntries(["id", "form", "region", "e164", "then", "text"].map((name) => [name, { get: throwing, enumerable: true }])))],
  ["a proxy that throws", new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing })],
];

/** Errors of the package have a code of capital letters. @param {unknown} error @param {string} what */
function good(error, what) {
  const { name, code, message } = /** @type {any} */ (error);
  assert.match(String(code), /^[A-Z_0-9]+$/, `${what}: ${name}: ${message}`);
  assert.match(String(name), /^(?:Sealbook|Number|Input|Recipe|Load)Error$/, what);
  assert.doesNotMatch(String(message), /\d{5,}/, `${what}: no error has what was given`);
}

test("odd values", async () => {
  const [{ load }, { formatInput, asYouType, listRegions, problem }, { exampleNumber }, { normalizeEmail, emailDigest }, { loadFormats }, { loadBlind }] =
    await Promise.all(["index", "form", "examples", "emails", "format", "blind"].map(entry));
  const core = await load();
  const [formats, blind] = await Promise.all([loadFormats(), loadBlind()]);
  const text = "020 7946 0123";
  /** Each public call, with one argument that is odd. @type {Record<string, (x: any) => unknown>} */
  const calls = {
    "parse(x)": (x) => core.parse(x, "GB"), "parse(t, x)": (x) => core.parse(text, x), "tryParse(x)": (x) => core.tryParse(x, "GB"), "tryParse(t, x)": (x) => core.tryParse(text, x),
    "e164(x)": (x) => core.e164(x, "GB"), "e164(t, x)": (x) => core.e164(text, x), "format(x)": (x) => core.format(x, "E164", "GB"), "format(t, x)": (x) => core.format(text, x, "GB"), "format(t, f, x)": (x) => core.format(text, "E164", x),
    "digest(x)": (x) => core.digest(x, "meta-capi", "GB"), "digest(t, x)": (x) => core.digest(text, x, "GB"), "digest(t, r, x)": (x) => core.digest(text, "meta-capi", x), "digest(t, r, g, x)": (x) => core.digest(text, "meta-capi", "GB", x),
    "digests(x)": (x) => core.digests(x, "GB"), "digests(t, x)": (x) => core.digests(text, x), "digests(t, g, x)": (x) => core.digests(text, "GB", x),
    "hash(x)": (x) => core.hash(x, "digits_cc/sha256/hex"), "hash(t, x)": (x) => core.hash("442079460123", x), "recipe(x)": (x) => core.recipe(x), "callingCode(x)": (x) => core.callingCode(x),
    "e164All(x)": (x) => core.e164All(x, { region: "GB" }), "e164All([x])": (x) => core.e164All([x], { region: "GB" }), "e164All(t, x)": (x) => core.e164All([text], x), "e164All(t, {x})": (x) => core.e164All([text], { region: x }),
    "parseAll(x)": (x) => core.parseAll(x), "parseAll([x])": (x) => core.parseAll([x]), "parseAll(t, x)": (x) => core.parseAll([text], x), "parseAll(t, {x})": (x) => core.parseAll([text], { region: x }),
    "digestAll(x)": (x) => core.digestAll(x, "meta-capi"), "digestAll([x])": (x) => core.digestAll([x], "meta-capi"), "digestAll(t, x)": (x) => core.digestAll([text], x), "digestAll(t, r, x)": (x) => core.digestAll([text], "meta-capi", x), "digestAll(t, r, {x})": (x) => core.digestAll([text], "meta-capi", { region: x, validOnly: x }),
    "hashAll(x)": (x) => core.hashAll(x, "digits_cc/sha256/hex"), "hashAll([x])": (x) => core.hashAll([x], "digits_cc/sha256/hex"), "hashAll(t, x)": (x) => core.hashAll([text], x),
    "batch(x)": (x) => all(core.batch(x)), "batch([x])": (x) => all(core.batch([x])), "batch(t, x)": (x) => all(core.batch([text], x)), "batch(t, {region: x})": (x) => all(core.batch([text], { region: x })), "batch(t, {recipes: x})": (x) => all(core.batch([text], { recipes: x })), "batch(t, {recipes: [x]})": (x) => all(core.batch([text], { recipes: [x] })),
    "batch([{text: x}])": (x) => all(core.batch([{ text: x }])), "batch([{region: x}])": (x) => all(core.batch([{ text, region: x }])),
    "formats.international(x)": (x) => formats.international(x), "formats.national(x)": (x) => formats.national(x), "formats.rfc3966(x)": (x) => formats.rfc3966(x),
    "searcher(x)": (x) => blind.searcher(x, "meta-capi", "GB"), "searcher(d, x)": (x) => blind.searcher("0".repeat(64), x, "GB"), "searcher(d, r, x)": (x) => blind.searcher("0".repeat(64), "meta-capi", x),
    "formatInput(t, x)": (x) => formatInput(core, x, "GB"), "formatInput(t, r, x)": (x) => formatInput(core, text, x), "formatInput(t, r, g, x)": (x) => formatInput(core, text, "GB", x), "asYouType(x)": (x) => asYouType(core, x), "asYouType().inputDigit(x)": (x) => asYouType(core, "GB").inputDigit(x), "listRegions(x)": (x) => listRegions(core, x), "problem(x)": (x) => problem(x),
    "exampleNumber(x)": (x) => exampleNumber(core, x), "exampleNumber(r, x)": (x) => exampleNumber(core, "GB", x), "normalizeEmail(x)": (x) => normalizeEmail(x, "meta-email"), "normalizeEmail(t, x)": (x) => normalizeEmail("a@example.com", x), "emailDigest(x)": (x) => emailDigest(core, x, "meta-email"),
    "load({integrity: x})": (x) => load({ integrity: x }), "load({signal: x})": (x) => load({ signal: x }), "load(x)": (x) => load(x),
    "formatInput(x)": (x) => formatInput(x, text, "GB"), "emailDigest(x, …)": (x) => emailDigest(x, "a@example.com", "meta-email"),
  };
  let answered = 0;
  let refused = 0;
  const bad = [];
  for (const [call, make] of Object.entries(calls)) {
    for (const [name, value] of [...odd, ...fighting]) {
      try {
        await make(value);
        answered++;
      } catch (error) {
        refused++;
        if (/** @type {any} */ (error)?.message === "a getter") continue;
        try {
          good(error, `${call} of ${name}`);
        } catch (failure) {
          bad.push(String(failure));
        }
      }
      assert.equal(core.e164(text, "GB"), "+442079460123", `after ${call} of ${name}`);
    }
  }
  assert.deepEqual(bad, []);
  assert.ok(refused > 600 && answered > 100, `${refused} refused, ${answered} answered`);
  console.log(`counts: ${refused} odd values refused with a code, ${answered} answered, in ${Object.keys(calls).length} places`);
});

/** @param {AsyncIterable<unknown[]>} batches */
async function all(batches) {
  const rows = [];
  for await (const some of batches) rows.push(...some);
  return rows;
}

test("streams where setImmediate throws, as in Next.js's edge runtime, and where there is no MessageChannel, as in jsdom", async () => {
  const core = await (await entry("index")).load();
  const texts = Array.from({ length: 20_000 }, (_, i) => `020 7946 0${String(i % 1000).padStart(3, "0")}`);
  const { setImmediate, MessageChannel } = globalThis;
  try {
    for (const broken of [() => { throw new Error("A Node.js API is used"); }, undefined]) {
      Object.assign(globalThis, { setImmediate: broken, MessageChannel: undefined });
      assert.equal((await all(core.batch(texts, { region: "GB" }))).length, texts.length);
    }
  } finally {
    Object.assign(globalThis, { setImmediate, MessageChannel });
  }
});
