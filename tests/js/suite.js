// What every engine is put through. It knows no engine: what it needs is
// handed in, and it throws at the first difference or answers how much it
// compared. Vectors are those of tests/vectors, expectations those that
// tests/js/expect writes from native code.

import { oprf } from "./oprf.js";

/**
 * @typedef {typeof import("sealbook") & Pick<typeof import("sealbook/blind"), "OprfError">} Package
 * @typedef {{ name: string, algorithm: string, key_hex?: string, input_hex: string, repeat?: number, digest_hex: string }} DigestVector
 * @typedef {{ recipe: string, number?: string, text?: string, output: string, reason: string }} RecipeVector
 * @typedef {{ recipe: string, address: string, normal: string | null, digest?: string, printed?: boolean }} EmailVector
 * @typedef {{ class: string, name: string, text?: string, hex?: string, region: string, want: string }} NumberVector
 * @typedef {{ text: string, region: string, error: string | null, e164?: string, callingCode?: number, extension?: string, regionOf?: string, type?: string, valid?: boolean, possibility?: string, formats?: string[], digests?: string[], spaced?: string }} Expected
 * @typedef {{ recipe: string, region: string, digest: string, size: string, at: string, found: string }} Search
 * @typedef {{ digest: { count: number, vectors: DigestVector[] }, recipes: { count: number, vectors: RecipeVector[] }, emails: { count: number, vectors: EmailVector[] }, numbers: { count: number, vectors: NumberVector[] }, directory: import("./protocol.js").Vectors, tags: any, trust: any, oprf: import("./oprf.js").OprfData, expected: { formats: import("sealbook/format").Format[], recipes: string[], regions: Record<string, number>, metadata: string, items: Expected[], searches: Search[] } }} Data
 */

/**
 * @param {Package} sealbook
 * @param {import("./whole.js").Loaded} loaded
 * @param {Data} data
 * @returns {Promise<Record<string, number>>}
 */
export async function suite(sealbook, { sealbook: core, blind, formats }, data) {
  const { digest, recipes, expected } = data;
  same(core.metadataVersion, expected.metadata, "metadata version");
  same(JSON.stringify(Object.fromEntries(core.regions.map((r) => [r, core.callingCode(r)]))), JSON.stringify(expected.regions), "regions");
  return {
    "digest vectors": digests(sealbook, core, digest),
    "recipe vectors": recipeVectors(core, formats, recipes),
    "number vectors": numberVectors(core, data.numbers),
    "one by one": oneByOne(sealbook, core, formats, expected),
    "arrays": arrays(core, expected),
    "streams": await streams(core, expected),
    "searches": searches(core, blind, expected.searches),
    "odd texts": oddTexts(core),
    "refusals": refusals(sealbook, core, blind, formats),
    ...oprf(sealbook, blind, data.oprf),
    "aborts": await aborts(core, expected.items),
  };
}

/**
 * @param {unknown} got
 * @param {unknown} want
 * @param {string} what
 */
function same(got, want, what) {
  if (!Object.is(got, want)) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

/** Formats that the core writes. */
const PLAIN = new Set(["E164", "DIGITS", "DIALLED", "SIGNIFICANT"]);

/** @param {string} hex */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @param {Package} sealbook @param {import("sealbook").Sealbook} core @param {Data["digest"]} file */
function digests(sealbook, core, { count, vectors }) {
  same(vectors.length, count, "digest vectors in the file");
  let n = 0;
  for (const v of vectors) {
    const { name, algorithm, key_hex: key } = v;
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes(v.input_hex)).repeat(v.repeat ?? 1);
    } catch {
      continue; // a text is what this package hashes
    }
    if (key !== undefined && key.length > 2 * 128) continue; // the longest key of a recipe
    const recipe = key === undefined ? `e164_plus/${algorithm}/hex` : { form: /** @type {const} */ ("e164_plus"), algorithm, key };
    if (text.length > 256 << 10) {
      same(codeOf(sealbook.InputError, () => core.hash(text, recipe)), "LENGTH", name);
    } else {
      same(core.hash(text, recipe).slice(0, v.digest_hex.length), v.digest_hex, `${algorithm} ${name}`);
    }
    n++;
  }
  return n;
}

/** How the forms are written that have a layout. @type {Record<string, import("sealbook/format").Format>} */
const LAYOUTS = { national_0: "NATIONAL_DIGITS", spaced_intl: "INTERNATIONAL", rfc3966: "RFC3966" };

/** @param {import("sealbook").Sealbook} core @param {import("sealbook/format").Formats} formats @param {Data["recipes"]} file */
function recipeVectors(core, formats, { count, vectors }) {
  same(vectors.length, count, "recipe vectors in the file");
  for (const v of vectors) {
    const layout = LAYOUTS[v.recipe.replace(/^form=/, "").split(/[ /]/)[0]];
    const got = v.number === undefined ? core.hash(v.text ?? "", v.recipe)
      : layout ? core.hash(formats.format(core.parse(v.number), layout), v.recipe)
        : core.digest(v.number, v.recipe);
    same(got, v.output, `${v.recipe}: ${v.reason}`);
  }
  return vectors.length;
}

/**
 * Addresses, those that are refused too.
 * @param {typeof import("../../wasm/js/emails.js")} emails
 * @param {import("sealbook").Sealbook} core
 * @param {Data["emails"]} file
 */
export function emailVectors({ emailDigest, normalizeEmail }, core, { count, vectors }) {
  same(vectors.length, count, "e-mail vectors in the file");
  for (const { recipe, address, normal, digest } of vectors) {
    const id = /** @type {import("../../wasm/js/emails.js").EmailRecipeId} */ (recipe);
    /** @type {unknown[]} */
    let got;
    try {
      got = [normalizeEmail(address, id), emailDigest(core, address, id)];
    } catch (error) {
      got = [null, /** @type {{ code?: string }} */ (error).code];
    }
    same(JSON.stringify(got), JSON.stringify([normal, normal === null ? "TEXT" : digest]), `${recipe}: ${address}`);
  }
  return vectors.length;
}

/**
 * Odd texts, one by one and all of a region at once. Those of bytes are for
 * engines whose texts are bytes.
 * @param {import("sealbook").Sealbook} core
 * @param {Data["numbers"]} file
 */
function numberVectors(core, { count, vectors }) {
  same(vectors.length, count, "number vectors in the file");
  const texts = vectors.flatMap(({ text, region, ...v }) => (text === undefined || !/^([A-Z]{2}|001|)$/.test(region) ? [] : [{ text, region, ...v }]));
  /** @param {import("sealbook").Result} r */
  const answer = (r) => r.error ?? r.e164 + (r.extension && `;ext=${r.extension}`);
  for (const { name, text, region, want } of texts) same(answer(core.tryParse(text, region)), want, name);
  for (const region of new Set(texts.map((v) => v.region))) {
    const some = texts.filter((v) => v.region === region);
    core.parseAll(some.map(({ text }) => text), { region }).forEach((r, i) => same(answer(r), some[i].want, `${some[i].name}, with others`));
  }
  return texts.length;
}

/**
 * @param {import("sealbook").Result | import("sealbook").Refused<"REGION">} got
 * @param {Expected} want
 */
function sameNumber(got, want) {
  const what = `${JSON.stringify(want.text)} in ${want.region || "no region"}`;
  same(got.error, want.error, what);
  if (got.error !== null) {
    same(JSON.stringify(got), JSON.stringify({ error: want.error, e164: null, callingCode: null, extension: null, region: null, type: null, valid: false, possible: false, possibility: null }), what);
    return;
  }
  same(got.e164, want.e164, what);
  same(String(got), want.e164, what);
  same(got.callingCode, want.callingCode, what);
  same(got.extension, want.extension ?? "", what);
  same(got.region, want.regionOf ?? null, what);
  same(got.type, want.type, what);
  same(got.valid, want.valid ?? false, what);
  same(got.possibility, want.possibility, what);
  same(got.possible, want.possibility?.startsWith("IS_POSSIBLE"), what);
}

/** @param {Package} sealbook @param {import("sealbook").Sealbook} core @param {import("sealbook/format").Formats} writer @param {Data["expected"]} expected */
function oneByOne({ NumberError }, core, writer, { items, formats, recipes }) {
  let n = 0;
  for (const want of items) {
    const { text, region } = want;
    const got = core.tryParse(text, region);
    sameNumber(got, want);
    if (want.error !== null) {
      for (const call of [() => core.parse(text, region), () => core.e164(text, region), () => core.format(text, "E164", region), () => core.digest(text, recipes[0], region)]) {
        same(codeOf(NumberError, call), want.error, text);
      }
      n++;
      continue;
    }
    if (got.error !== null) throw new Error("unreachable");
    same(core.e164(text, region), want.e164, text);
    formats.forEach((format, i) => {
      same(writer.format(got, format), want.formats?.[i], `${format} of ${JSON.stringify(text)}`);
      if (PLAIN.has(format)) same(core.format(text, /** @type {import("sealbook").PlainFormat} */ (format), region), want.formats?.[i], `${format} of ${JSON.stringify(text)} by the core`);
    });
    recipes.forEach((recipe, i) => same(core.digest(text, recipe, region), want.digests?.[i], `${recipe} of ${JSON.stringify(text)}`));
    same(core.hash(writer.international(got), "spaced_intl/sha512/hex"), want.spaced, `digest of the layout of ${JSON.stringify(text)}`);
    // What was read before is not what the core holds now.
    core.tryParse("+442079460123");
    same(writer.international(got), want.formats?.[1], text);
    same(writer.national(got), want.formats?.[2], text);
    same(writer.rfc3966(got), want.formats?.[3], text);
    same(core.format(got, "DIGITS"), want.formats?.[4], text);
    same(core.digest(got, recipes[1]), want.digests?.[1], text);
    n += 1 + formats.length + recipes.length;
  }
  return n;
}

/**
 * By region, because a call has one.
 * @param {Expected[]} items
 */
function byRegion(items) {
  /** @type {Map<string, Expected[]>} */
  const groups = new Map();
  for (const item of items) groups.set(item.region, [...(groups.get(item.region) ?? []), item]);
  return groups;
}

/** @param {import("sealbook").Sealbook} core @param {Data["expected"]} expected */
function arrays(core, { items, recipes }) {
  let n = 0;
  for (const [region, wants] of byRegion(items)) {
    const texts = wants.map(({ text }) => text);
    const numbers = core.parseAll(texts, { region });
    const e164 = core.e164All(texts, { region });
    const digests = core.digestAll(texts, recipes[2], { region });
    for (const got of [numbers, e164, digests]) same(got.length, wants.length, "answers");
    wants.forEach((want, i) => {
      sameNumber(numbers[i], want);
      for (const [got, value] of /** @type {const} */ ([[e164[i], want.e164], [digests[i], want.digests?.[2]]])) {
        same(typeof got === "string" ? got : got.error, want.error ?? value, want.text);
      }
      n += 3;
    });
  }
  const all = items.map(({ text }) => text);
  const hashes = core.hashAll(all, "e164_plus/sha1/hex");
  all.forEach((text, i) => same(hashes[i], core.hash(text, "e164_plus/sha1/hex"), text));
  return n + all.length;
}

/** @param {import("sealbook").Sealbook} core @param {Data["expected"]} expected */
async function streams(core, { items, recipes }) {
  let n = 0;
  const late = async function* () {
    for (const item of items) {
      if (n % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      yield item;
    }
  };
  const sources = [items, new Set(items), (function* () { yield* items; })(), late()];
  for (const source of sources) {
    let index = 0;
    let told = 0;
    for await (const rows of core.batch(source, { recipes, rows: 701, onProgress: ({ done }) => (told = done) })) {
      for (const row of rows) {
        const want = items[index];
        same(row.index, index++, "index");
        same(row.input, want, "input");
        sameNumber(row.number, want);
        recipes.forEach((recipe, i) => same(row.digests[i], want.digests?.[i] ?? null, recipe));
        n++;
      }
      same(told, index, "progress");
    }
    same(index, items.length, "rows");
  }
  // More own recipes than the core holds at once.
  const many = Array.from({ length: 11 }, (_, i) => ({ form: /** @type {const} */ ("digits_cc"), algorithm: "sha256", template: `${i}{n}` }));
  for await (const rows of core.batch(["+442079460123", "+442079460124"], { recipes: many })) {
    for (const row of rows) {
      many.forEach((recipe, i) => same(row.digests[i], core.digest(String(row.input), recipe), `own recipe ${i}`));
      n += many.length;
    }
  }
  return n;
}

/** @param {import("sealbook").Sealbook} core @param {import("sealbook/blind").Blind} blind @param {Search[]} searches */
function searches(core, blind, searches) {
  const searchers = searches.map(({ digest, recipe, region }) => blind.searcher(digest, recipe, region));
  searches.forEach(({ size, at, found }, i) => {
    // They take turns, and other calls come between.
    same(searchers[i].size, BigInt(size), "size of the space");
    const from = BigInt(at) > 40n ? BigInt(at) - 40n : 0n;
    same(searchers[i].run(from, 41), found, "found");
    core.digest("+442079460123", "meta-capi");
    same(searchers[i].run(Number(at) + 1, 20), null, "not found");
    same(searchers[i].run(BigInt(size), 20), null, "beyond the last");
    same(searchers[i].run(1n << 62n, 20), null, "far beyond the last");
  });
  return searches.length;
}

/** @param {import("sealbook").Sealbook} core */
function oddTexts(core) {
  const good = "+442079460123";
  /** @type {[string, string, string][]} */
  const odd = [
    ["empty", "", "NOT_A_NUMBER"],
    ["100 KB of digits", "7".repeat(100_000), "TOO_LONG"],
    ["100 KB of text", "no number ".repeat(10_000), "TOO_LONG"],
    ["251 units around a number", good + " ".repeat(251 - good.length), "TOO_LONG"],
    ["250 units around a number", good + " ".repeat(250 - good.length), good],
    ["251 units, 502 bytes", good + "\u00a0".repeat(251 - good.length), "TOO_LONG"],
    ["250 units, 3 bytes each", good + "\u3000".repeat(250 - good.length), good],
    ["300 emoji", "\u{1f600}".repeat(300), "TOO_LONG"],
    ["125 emoji", "\u{1f600}".repeat(125), "NOT_A_NUMBER"],
    ["lone surrogates", "\ud83d\ude00\ud83d \udc00", "NOT_A_NUMBER"],
    ["lone surrogate at the end", `${good}\ud83d`, good],
    ["a line feed at the end", `${good}\n`, good],
    ["a tab", `GB\t${good}`, good],
    ["nul", "\0", "NOT_A_NUMBER"],
    ["thousands of pluses", "+".repeat(5000) + "442079460123", "TOO_LONG"],
    ["contexts within contexts", "tel:2079460123;phone-context=+44;phone-context=+1", good],
    ["extension without number", "ext. 12", "INVALID_COUNTRY_CODE"],
    ["digits of mixed scripts", "+44 ２０ ٧٩٤٦ ०१२३", good],
  ];
  const texts = odd.map(([, text]) => text);
  /** @param {import("sealbook").Result} r */
  const answer = (r) => r.error ?? r.e164;
  const numbers = core.parseAll(texts);
  odd.forEach(([name, text, want], i) => {
    same(answer(core.tryParse(text)), want, name);
    same(answer(numbers[i]), want, `${name}, in an array`);
    const again = core.parseAll(Array(30).fill(text).concat(good));
    same(again.length, 31, name);
    same(again.every((r, j) => answer(r) === (j < 30 ? want : good)), true, `${name}, thirty times`);
  });
  // What is no string holds its place in an array and is refused alone.
  for (const nothing of [null, undefined, 442079460123, {}, []]) {
    const some = /** @type {string[]} */ ([good, nothing, good]);
    same(JSON.stringify(core.parseAll(some).map(answer)), JSON.stringify([good, "NOT_A_NUMBER", good]), "no string");
    same(codeOf(Error, () => core.tryParse(/** @type {string} */ (/** @type {unknown} */ (nothing)))), "TYPE", "no string");
  }
  same(core.parseAll([]).length, 0, "no texts");
  return odd.length + 5;
}

/**
 * The code of what a call throws.
 * @param {abstract new (...args: never) => Error} type
 * @param {() => unknown} call
 */
function codeOf(type, call) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof type)) throw error;
    if (/\d{6}/.test(error.message)) throw new Error("a message with a number in it");
    return /** @type {{ code?: string }} */ (error).code;
  }
  return "nothing thrown";
}

/** A text that types know nothing of. @param {string} text @returns {string} */
const odd = (text) => text;

/** @param {Package} sealbook @param {import("sealbook").Sealbook} core @param {import("sealbook/blind").Blind} blind @param {import("sealbook/format").Formats} formats */
function refusals({ InputError, NumberError, RecipeError, SealbookError }, core, blind, formats) {
  const n = "+442079460123";
  const any = /** @type {any} */ (undefined);
  /** @type {[typeof SealbookError, string, () => unknown][]} */
  const all = /** @type {[any, string, () => unknown][]} */ ([
    [NumberError, "NOT_A_NUMBER", () => core.parse("no")],
    [NumberError, "INVALID_COUNTRY_CODE", () => core.parse("020 7946 0123")],
    [NumberError, "INVALID_COUNTRY_CODE", () => core.parse("020 7946 0123", odd("ZZ"))],
    [NumberError, "TOO_SHORT_AFTER_IDD", () => core.parse("011 12", "US")],
    [NumberError, "TOO_SHORT_NSN", () => core.parse("+49 0", "GB")],
    [InputError, "TYPE", () => core.parse(any)],
    [InputError, "TYPE", () => core.e164All(/** @type {any} */ ("text"))],
    [InputError, "TYPE", () => core.hash(any, "meta-capi")],
    [InputError, "TYPE", () => core.batch(/** @type {any} */ ("text"))],
    [InputError, "TYPE", () => core.batch(/** @type {any} */ (7))],
    [InputError, "REGION", () => core.parse(n, odd("gb"))],
    [InputError, "REGION", () => core.parse(n, odd("UK"))],
    [InputError, "REGION", () => core.e164(n, odd("UK"))],
    [InputError, "REGION", () => core.digest(n, "meta-capi", odd("UK"))],
    [InputError, "REGION", () => core.digests(n, odd("EU"))],
    [InputError, "REGION", () => core.format(n, "E164", odd("USA"))],
    [InputError, "REGION", () => core.parse(n, any ?? /** @type {any} */ (44))],
    [InputError, "TYPE", () => core.e164All([n], /** @type {any} */ ("GB"))],
    [InputError, "TYPE", () => core.digest(n, "meta-capi", "GB", /** @type {any} */ (true))],
    [InputError, "TYPE", () => core.batch([n], { recipes: /** @type {any} */ ("meta-capi") })],
    [InputError, "TEXT", () => core.hash("020 7946 0123", "meta-capi")],
    [InputError, "TEXT", () => core.hash("+442079460123", "meta-capi")],
    [InputError, "TEXT", () => core.hash("442079460123", "google-enhanced-conversions")],
    [InputError, "TEXT", () => core.hashAll(["442079460123", "02079460123"], "meta-capi")],
    [NumberError, "INVALID", () => core.digest("12", "meta-capi", "GB", { validOnly: true })],
    [NumberError, "INVALID", () => core.digests("911", "US", { validOnly: true })],
    [InputError, "REGION", () => core.parse(n, odd("GBR"))],
    [InputError, "REGION", () => core.parseAll([n], { region: odd("G") })],
    [InputError, "REGION", () => core.batch([n], { region: odd("Great Britain") })],
    [InputError, "FORMAT", () => core.format(n, /** @type {any} */ ("toString"))],
    [InputError, "FORMAT", () => core.format(n, /** @type {any} */ ("NATIONAL"))],
    [InputError, "FORMAT", () => formats.format(n, /** @type {any} */ ("toString"))],
    [InputError, "TYPE", () => formats.formatAll(any, "NATIONAL")],
    [NumberError, "NOT_A_NUMBER", () => formats.national("020 7946 0123")],
    [NumberError, "NOT_A_NUMBER", () => formats.national("+000000000")],
    [NumberError, "NOT_A_NUMBER", () => formats.national(n + "\n")],
    [NumberError, "NOT_A_NUMBER", () => formats.national(any)],
    [RecipeError, "FORM", () => core.digest(n, "national_0/sha256/hex")],
    [RecipeError, "FORM", () => core.digestAll([n], "rfc3966/md5/hex")],
    [RecipeError, "RECIPE", () => blind.searcher("00", odd("no-such"), "GB")],
    [RecipeError, "SPEC", () => blind.searcher("00", any, "GB")],
    [InputError, "LENGTH", () => core.hash("x".repeat((256 << 10) + 1), "meta-capi")],
    [InputError, "RANGE", () => core.batch([n], { rows: 0 })],
    [InputError, "RANGE", () => core.batch([n], { patience: NaN })],
    [RecipeError, "RECIPE", () => core.digest(n, odd("no-such"))],
    [RecipeError, "RECIPE", () => core.digest(n, odd(""))],
    [RecipeError, "SPEC", () => core.digest(n, any)],
    [RecipeError, "SPEC", () => core.digest(n, odd("e164_plus/sha3/hex"))],
    [RecipeError, "SPEC", () => core.digest(n, "e164_plus/sha256/hex/32")],
    [RecipeError, "SPEC", () => core.digest(n, { form: "e164_plus", algorithm: "sha256 trunc=3" })],
    [RecipeError, "SPEC", () => core.digest(n, { form: "e164_plus", algorithm: "sha256", salt: "never used" })],
    [RecipeError, "SPEC", () => core.digest(n, { form: "e164_plus", algorithm: "sha256", template: "{n}{salt}", salt: "\ud800" })],
    [RecipeError, "SPEC", () => core.digest(n, { form: "e164_plus", algorithm: "hmac-sha256" })],
    [RecipeError, "NOT_COMPUTABLE", () => core.digest(n, "email/sha256/hex")],
    [RecipeError, "NOT_COMPUTABLE", () => core.digest(n, { form: "email", algorithm: "md5" })],
    [RecipeError, "RECIPE", () => core.batch([n], { recipes: ["meta-capi", odd("no-such")] })],
    [InputError, "DIGEST", () => blind.searcher("abc", "meta-capi", "GB")],
    [InputError, "DIGEST", () => blind.searcher("", "meta-capi", "GB")],
    [InputError, "REGION", () => blind.searcher("0".repeat(64), "meta-capi", odd("gb"))],
    [InputError, "SPACE", () => blind.searcher("0".repeat(64), "meta-capi", odd("AQ"))],
    [InputError, "RANGE", () => blind.searcher("0".repeat(64), "meta-capi", "GB").run(-1, 5)],
    [InputError, "RANGE", () => blind.searcher("0".repeat(64), "meta-capi", "GB").run(0n, 1.5)],
    ...core.recipes.filter((r) => !r.computable).map((r) => [RecipeError, "NOT_COMPUTABLE", () => core.digest(n, r)]),
  ]);
  for (const [type, code, call] of all) {
    same(codeOf(type, call), code, String(call));
    same(core.e164(n), n, "the call after a refusal");
  }
  return all.length;
}

/** @param {import("sealbook").Sealbook} core @param {Expected[]} items */
async function aborts(core, items) {
  let n = 0;
  let state = { done: 0, closed: false };
  const endless = function* () {
    state = { done: 0, closed: false };
    try {
      for (;;) yield items[state.done++ % items.length].text;
    } finally {
      state.closed = true;
    }
  };
  const hanging = async function* () {
    yield "+442079460123";
    await new Promise(() => {});
  };
  /** @param {() => Promise<unknown>} work @returns {Promise<unknown>} */
  const failure = (work) => work().then(() => "nothing thrown", (error) => error);
  const reason = new Error("enough");

  // In the midst, by a timer: rows before it are good, the source is closed.
  let rows = 0;
  const timed = new AbortController();
  setTimeout(() => timed.abort(reason), 20);
  same(await failure(async () => {
    for await (const some of core.batch(endless(), { rows: 50, signal: timed.signal })) rows += some.length;
  }), reason, "abort by a timer");
  same(rows > 0 && state.closed, true, "rows before the abort, source closed");
  n++;

  // While the source hangs: what came is given out, then the abort wins.
  const stuck = new AbortController();
  rows = 0;
  same(await failure(async () => {
    for await (const some of core.batch(hanging(), { signal: stuck.signal, patience: 5 })) {
      rows += some.length;
      setTimeout(() => stuck.abort(reason), 5);
    }
  }), reason, "abort of a source that hangs");
  same(rows, 1, "rows of a source that hangs");
  n++;

  // Before it began.
  same(await failure(async () => {
    for await (const _ of core.batch(endless(), { signal: AbortSignal.abort(reason) })) rows++;
  }), reason, "aborted before");
  same(rows, 1, "no more rows");
  n++;

  // The caller leaves: the source is closed, nothing is read ahead.
  for await (const some of core.batch(endless(), { rows: 10 })) {
    same(some.length, 10, "rows at once");
    break;
  }
  same(state.closed && state.done === 10, true, "nothing read ahead");
  n++;

  // Sources that throw: rows before, then the error.
  const broken = function* () {
    yield* ["+442079460123", "no"];
    throw reason;
  };
  const brokenLate = async function* () {
    yield* broken();
  };
  for (const source of [broken(), brokenLate()]) {
    rows = 0;
    same(await failure(async () => {
      for await (const some of core.batch(source)) rows += some.length;
    }), reason, "a source that throws");
    same(rows, 2, "rows before the error");
    n++;
  }

  // A progress callback that throws closes the source too.
  same(await failure(async () => {
    for await (const _ of core.batch(endless(), { rows: 10, onProgress: () => { throw reason; } })) rows++;
  }), reason, "a callback that throws");
  same(state.closed, true, "source closed");
  return n + 1;
}
