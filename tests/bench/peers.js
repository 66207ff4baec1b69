// The libraries for phone numbers side by side: what they weigh, how quick they
// are, and how often they answer otherwise than Google's.

/** @typedef {import("./cases.js").Book} Book */
/** @typedef {import("./cases.js").Case} Case */
/** @typedef {import("./cases.js").Time} Time */

/**
 * @param {any} library awesome-phonenumber
 * @param {Book[]} books
 * @returns {{ answers: () => (string | null)[], cases: Case[] }}
 */
export function awesomeParsing({ parsePhoneNumber }, books) {
  const items = books.reduce((n, { texts }) => n + texts.length, 0);
  /** @param {string} text @param {string} regionCode @returns {string | null} */
  const parse = (text, regionCode) => parsePhoneNumber(text, { regionCode }).number?.e164 ?? null;
  /** @param {(text: string, region: string) => number} f */
  const each = (f) => books.reduce((n, { region, texts }) => texts.reduce((m, text) => m + f(text, region), n), 0);
  return {
    answers: () => books.flatMap(({ region, texts }) => texts.map((text) => parse(text, region))),
    cases: [
      { group: "parse", library: "awesome-phonenumber", way: "one call each", items, run: () => each((text, region) => (parse(text, region) === null ? 0 : 1)) },
      {
        group: "parse, valid, type, region", library: "awesome-phonenumber", way: "one call each", items,
        run: () => each((text, regionCode) => {
          const n = parsePhoneNumber(text, { regionCode });
          return Number(n.valid) + (n.type ?? "").length + (n.regionCode ?? "").length + (n.number?.e164 ?? "").length;
        }),
      },
    ],
  };
}

/**
 * The table of facts, a line for each library.
 * @param {{
 *   times: Time[], sizes: import("./sizes.js").Size[], cold: Record<string, { ms: number, rss: number }>, differences: Record<string, number>,
 *   native: Record<string, number>, nyaruka: { times: Record<string, number>, cold: number, rss: number } | null,
 * }} measured
 * @returns {string[]}
 */
export function beside({ times, sizes, cold, differences, native, nyaruka }) {
  const each = (/** @type {number | undefined} */ ns) => (ns ? Math.round(1e9 / ns).toLocaleString("en") : "–");
  const time = (/** @type {string} */ library, /** @type {string} */ group, way = "one call each") => times.find((t) => t.library === library && t.group === group && t.way === way)?.ns;
  const bundle = (/** @type {string} */ library) => {
    const files = sizes.filter(({ of }) => of === library);
    const kb = (/** @type {"raw" | "brotli"} */ key) => (files.reduce((n, f) => n + f[key], 0) / 1000).toFixed(1);
    return files.length > 0 ? [kb("raw"), kb("brotli")] : ["–", "–"];
  };
  /** @param {string} name @param {string[]} cells */
  const line = (name, cells) => `  ${name.padEnd(32)} ${cells.map((cell, i) => cell.padStart([9, 9, 8, 12, 12, 7, 10][i])).join(" ")}`;
  const head = line("numbers, all libraries", ["raw KB", "brotli KB", "cold ms", "parse /s", "info /s", "RSS MB", "different"]);
  const rows = Object.keys(cold).map((library) =>
    line(library, [...bundle(library), cold[library].ms.toFixed(1), each(time(library, "parse")), each(time(library, "parse, valid, type, region")), cold[library].rss.toFixed(0), String(differences[library] ?? "–")]));
  rows.splice(1, 0, line("sealbook, arrays", ["", "", "", each(time("sealbook", "parse", "array")), each(time("sealbook", "parse, valid, type, region", "array")), "", ""]));
  rows.push(line("sealbook, native, one core", ["–", "–", native.cold.toFixed(1), each(native["parse one"]), each(native["parse batch, info"]), native.rss.toFixed(0), String(differences.sealbook ?? "–")]));
  if (nyaruka) rows.push(line("nyaruka v2, native, one core", ["–", "–", nyaruka.cold.toFixed(1), each(nyaruka.times.parse), each(nyaruka.times.info), nyaruka.rss.toFixed(0), String(differences["nyaruka v2"])]));
  return [head, ...rows];
}
