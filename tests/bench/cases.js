// What is measured, for Node and for a page alike. All libraries read the same
// texts and answer with the same strings.

/**
 * @typedef {{ region: string, texts: string[] }} Book
 * @typedef {{ group: string, library: string, way: string, items: number, run: () => unknown }} Case
 * @typedef {{ group: string, library: string, way: string, ns: number, min: number, rounds: number }} Time
 */

let sink = 0;

/**
 * Runs cases, those of a group in turn, so that a machine that grows slow for
 * a while is slow for all of them. The first round warms up; of the others,
 * as many as there is time for and at least three, the median counts. The
 * fastest is told too: on a busy machine it says more.
 * @param {Case[]} cases
 * @param {{ rounds: number, seconds: number }} limits seconds for each case
 * @returns {Promise<Time[]>}
 */
export async function measure(cases, { rounds, seconds }) {
  const times = [];
  for (const name of new Set(cases.map(({ group }) => group))) {
    const group = cases.filter((c) => c.group === name).map((c) => ({ ...c, took: /** @type {number[]} */ ([]), spent: 0 }));
    for (let round = 0; round <= rounds; round++) {
      for (const c of group) {
        if (round > 3 && c.spent > seconds * 1000) continue;
        // What the case before left behind is not for this one to clear away.
        /** @type {{ gc?: () => void }} */ (globalThis).gc?.();
        const began = performance.now();
        const answer = c.run();
        sink += Number(answer instanceof Promise ? await answer : answer) | 0;
        const took = performance.now() - began;
        c.spent += took;
        if (round > 0) c.took.push((took * 1e6) / c.items);
      }
    }
    for (const { group: of, library, way, took } of group) {
      took.sort((a, b) => a - b);
      times.push({ group: of, library, way, ns: took[took.length >> 1], min: took[0], rounds: took.length });
    }
  }
  return times;
}

/**
 * Parsing to E.164 by the core.
 * @param {import("sealbook").Sealbook} core
 * @param {Book[]} books
 * @returns {Case[]}
 */
export function coreParsing(core, books) {
  const items = books.reduce((n, { texts }) => n + texts.length, 0);
  const library = "sealbook";
  return [
    { group: "parse", library, way: "array", items, run: () => books.reduce((n, b) => n + core.e164All(b.texts, b).length, 0) },
    { group: "parse", library, way: "one call each", items, run: () => each(books, (text, region) => one(core, text, region)) },
    { group: "parse, valid, type, region", library, way: "array", items, run: () => books.reduce((n, b) => n + core.parseAll(b.texts, b).length, 0) },
    { group: "parse, valid, type, region", library, way: "one call each", items, run: () => each(books, (text, region) => (core.tryParse(text, region).valid ? 1 : 0)) },
    { group: "parse, then SHA-256", library, way: "array", items, run: () => books.reduce((n, b) => n + core.digestAll(b.texts, "e164_plus/sha256/hex", b).length, 0) },
  ];
}

/** @param {import("sealbook").Sealbook} core @param {string} text @param {string} region */
function one(core, text, region) {
  try {
    return core.e164(text, region).length;
  } catch {
    return 0;
  }
}

/** @param {Book[]} books @param {(text: string, region: string) => number} f */
function each(books, f) {
  let n = 0;
  for (const { region, texts } of books) for (const text of texts) n += f(text, region);
  return n;
}

/**
 * @param {any} google google-libphonenumber
 * @param {Book[]} books
 * @returns {{ answers: () => (string | null)[], cases: Case[] }}
 */
export function googleParsing({ PhoneNumberUtil, PhoneNumberFormat }, books) {
  const util = PhoneNumberUtil.getInstance();
  const items = books.reduce((n, { texts }) => n + texts.length, 0);
  const library = "google-libphonenumber";
  /** @param {string} text @param {string} region */
  const parse = (text, region) => {
    try {
      return util.format(util.parse(text, region), PhoneNumberFormat.E164);
    } catch {
      return null;
    }
  };
  /** @param {string} text @param {string} region */
  const about = (text, region) => {
    try {
      const n = util.parse(text, region);
      util.format(n, PhoneNumberFormat.E164);
      return Number(util.isValidNumber(n)) + util.getNumberType(n) + (util.getRegionCodeForNumber(n) ?? "").length;
    } catch {
      return 0;
    }
  };
  return {
    answers: () => books.flatMap(({ region, texts }) => texts.map((text) => parse(text, region))),
    cases: [
      { group: "parse", library, way: "one call each", items, run: () => each(books, (text, region) => (parse(text, region) === null ? 0 : 1)) },
      { group: "parse, valid, type, region", library, way: "one call each", items, run: () => each(books, about) },
    ],
  };
}

/**
 * @param {string} build min, mobile or max
 * @param {any} library libphonenumber-js
 * @param {Book[]} books
 * @returns {{ answers: () => (string | null)[], cases: Case[] }}
 */
export function otherParsing(build, { parsePhoneNumberFromString }, books) {
  const items = books.reduce((n, { texts }) => n + texts.length, 0);
  const library = `libphonenumber-js/${build}`;
  /** @param {string} text @param {string} region @returns {string | null} */
  const parse = (text, region) => parsePhoneNumberFromString(text, region)?.number ?? null;
  return {
    answers: () => books.flatMap(({ region, texts }) => texts.map((text) => parse(text, region))),
    cases: [
      { group: "parse", library, way: "one call each", items, run: () => each(books, (text, region) => (parse(text, region) === null ? 0 : 1)) },
      {
        group: "parse, valid, type, region", library, way: "one call each", items,
        run: () => each(books, (text, region) => {
          const n = parsePhoneNumberFromString(text, region);
          return n === undefined ? 0 : Number(n.isValid()) + (n.getType() ?? "").length + (n.country ?? "").length;
        }),
      },
    ],
  };
}

const ALGORITHMS = /** @type {const} */ (["sha256", "sha512", "md5"]);
/** @param {string} a */
const title = (a) => ({ sha256: "SHA-256", sha512: "SHA-512", md5: "MD5" })[a] ?? a;

/**
 * Digests of numbers in E.164, as hexadecimal text.
 * @param {import("sealbook").Sealbook} core
 * @param {string[]} numbers
 * @returns {Case[]}
 */
export const coreDigests = (core, numbers) =>
  ALGORITHMS.flatMap((a) => [
    { group: title(a), library: "sealbook", way: "array", items: numbers.length, run: () => core.hashAll(numbers, `e164_plus/${a}/hex`).length },
    { group: title(a), library: "sealbook", way: "one call each", items: numbers.length, run: () => numbers.reduce((n, text) => n + core.hash(text, `e164_plus/${a}/hex`).length, 0) },
  ]);

/**
 * Digests by a function of a text.
 * @param {string} library
 * @param {string[]} numbers
 * @param {Record<string, (text: string) => string>} functions by algorithm
 * @returns {Case[]}
 */
export const digests = (library, numbers, functions) =>
  Object.entries(functions).map(([a, f]) => ({
    group: title(a), library, way: "one call each", items: numbers.length,
    run: () => numbers.reduce((n, text) => n + f(text).length, 0),
  }));

/**
 * Digests by an asynchronous function, one after another.
 * @param {string} library
 * @param {string[]} numbers
 * @param {Record<string, (text: string) => Promise<string>>} functions
 * @returns {Case[]}
 */
export const lateDigests = (library, numbers, functions) =>
  Object.entries(functions).map(([a, f]) => ({
    group: title(a), library, way: "one await each", items: numbers.length,
    run: async () => {
      let n = 0;
      for (const text of numbers) n += (await f(text)).length;
      return n;
    },
  }));

const encoder = new TextEncoder();
const hexes = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  let text = "";
  for (const b of bytes) text += hexes[b];
  return text;
}

/** @param {string[]} numbers @returns {Case[]} */
export const webCrypto = (numbers) =>
  lateDigests("WebCrypto", numbers, Object.fromEntries(["SHA-256", "SHA-512"].map((name) =>
    [name.replace("-", "").toLowerCase(), async (/** @type {string} */ text) => hex(new Uint8Array(await crypto.subtle.digest(name, encoder.encode(text))))])));

/**
 * @param {Record<string, (bytes: Uint8Array) => Uint8Array>} noble
 * @param {(bytes: Uint8Array) => string} toHex
 * @param {string[]} numbers
 */
export const nobleDigests = (noble, toHex, numbers) =>
  digests("@noble/hashes", numbers, Object.fromEntries(ALGORITHMS.map((a) => [a, (/** @type {string} */ text) => toHex(noble[a](encoder.encode(text)))])));

/**
 * @param {any} hashWasm
 * @param {string[]} numbers
 */
export async function hashWasmDigests(hashWasm, numbers) {
  const [sha256, sha512, md5] = await Promise.all([hashWasm.createSHA256(), hashWasm.createSHA512(), hashWasm.createMD5()]);
  /** @param {any} h */
  const digest = (h) => (/** @type {string} */ text) => h.init().update(text).digest("hex");
  return [
    ...digests("hash-wasm", numbers, { sha256: digest(sha256), sha512: digest(sha512), md5: digest(md5) }),
    ...lateDigests("hash-wasm", numbers.slice(0, numbers.length / 5), { sha256: hashWasm.sha256 }),
  ];
}

/**
 * Milliseconds from the bytes in memory to the first answer, compiled anew
 * each time. Engines keep compiled code by its bytes, so the bytes differ: a
 * custom section at the end has a number.
 * @param {typeof import("sealbook")} sealbook
 * @param {Uint8Array} bytes
 * @param {number} rounds
 */
export async function loads({ load }, bytes, rounds) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const own = new Uint8Array(bytes.length + 8);
    own.set(bytes);
    own.set([0, 6, 1, 98, i & 127, i >> 7, Math.random() * 256, Math.random() * 256], bytes.length);
    const integrity = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", own)));
    const began = performance.now();
    (await load({ wasm: own, integrity })).e164("020 7946 0123", "GB");
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}

/**
 * Numbers that an exhaustive search tries in a second, in one thread.
 * @param {import("../../wasm/js/blind.js").Blind} blind
 * @returns {Case[]}
 */
export const searches = (blind) =>
  ["meta-capi", "liveramp-sha1", "digits_cc/md5/hex"].map((recipe) => {
    const searcher = blind.searcher("0".repeat({ "meta-capi": 64, "liveramp-sha1": 40 }[recipe] ?? 32), recipe, "GB");
    return { group: "exhaustive search", library: "sealbook", way: recipe, items: 200_000, run: () => (searcher.run(0n, 200_000) === null ? 0 : 1) };
  });
