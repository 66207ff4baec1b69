// sealbook/compat beside libphonenumber-js/max: each function with the same
// texts. How many answers are equal is asserted, and what differs has a reason.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install, root } from "./package.js";

const other = createRequire(import.meta.url)("libphonenumber-js/max");
const { metadata } = createRequire(import.meta.url)("google-libphonenumber");

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {import("../../wasm/js/compat.js").Compat} */
let own;

before(async () => {
  installed = await install();
  own = await (await import(pathToFileURL(join(installed.package, "dist/compat.js")).href)).loadCompat();
});
after(() => installed?.remove());

/** @type {[string, string | undefined][]} */
const texts = [
  ["020 7946 0123", "GB"], ["+44 20 7946 0123", undefined], ["+1 213 373 4253", undefined], ["(213) 373-4253", "US"], ["213 373 4253 ext. 123", "US"], ["8 (800) 555-35-35", "RU"],
  ["+7 800 555 35 35", "US"], ["call me", "GB"], ["", "GB"], ["1", "GB"], ["12", "GB"], ["+", undefined], ["020 7946 0123", undefined], ["+999 1234", undefined], ["+44 20 7946 0123 4567 89012", "GB"],
  ["tel:+442079460123", undefined], ["+80012345678", undefined], ["+33 1 23 45 67 89", undefined], ["06 12 34 56 78", "FR"], ["0041 44 668 18 00", "CH"], ["011 44 20 7946 0123", "US"], ["911", "US"], ["+1 555 555 0123", undefined],
  ["+39 06 1234 5678", "IT"], ["+49 30 123456", "DE"], ["7400 123456", "GB"], ["+7 727 250 1234", undefined], ["+44 7781 123456", undefined], ["+886 2 1234 5678", undefined], ["+44 0000", "GB"],
];

test("the functions that are used most", async () => {
  const countries = own.getCountries();
  for (const region of countries) {
    const data = metadata.countryToMetadata[region];
    for (const field of [2, 3, 4, 5, 8]) if (data[field]?.[6]) texts.push([data[field][6], region], [`+${data[10]}${data[field][6]}`, undefined], [data[field][6].slice(0, -1), region], [`${data[field][6]}12`, region]);
  }
  /** @type {Record<string, { equal: number, all: number }>} */
  const counts = {};
  /** @type {string[]} */
  const different = [];
  /** @param {string} name @param {unknown} got @param {unknown} want @param {unknown} what */
  const compare = (name, got, want, what) => {
    const count = (counts[name] ??= { equal: 0, all: 0 });
    count.all++;
    if (JSON.stringify(got) === JSON.stringify(want)) count.equal++;
    else if (different.length < 40) different.push(`${name} ${JSON.stringify(what)}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
  };
  /** @param {() => unknown} call */
  const answer = (call) => {
    try {
      return call();
    } catch (error) {
      return String(/** @type {Error} */ (error).message);
    }
  };
  /** @param {any} n */
  const plain = (n) => n && [n.number, n.country, n.countryCallingCode, n.nationalNumber, n.ext, n.isValid(), n.isPossible(), n.getType(), n.formatNational(), n.formatInternational(), n.getURI(), n.format("E.164")];
  for (const [text, country] of texts) {
    for (const name of /** @type {const} */ (["parsePhoneNumber", "parsePhoneNumberFromString", "parsePhoneNumberWithError"])) {
      compare(name, answer(() => plain(own[name](text, country))), answer(() => plain(other[name](text, country))), [text, country]);
    }
    for (const name of /** @type {const} */ (["isValidPhoneNumber", "isPossiblePhoneNumber", "validatePhoneNumberLength"])) {
      compare(name, answer(() => own[name](text, country)), answer(() => other[name](text, country)), [text, country]);
    }
    compare("AsYouType", answer(() => new own.AsYouType(country).input(text)), answer(() => new other.AsYouType(country).input(text)), [text, country]);
  }
  for (const country of [...countries, "XX", "uk", ""]) {
    for (const name of /** @type {const} */ (["getCountryCallingCode", "isSupportedCountry"])) {
      compare(name, String(answer(() => own[name](country))).replace(/^Unknown country.*/, "Unknown country"), String(answer(() => other[name](country))).replace(/^Unknown country.*/, "Unknown country"), country);
    }
  }
  compare("getCountries", own.getCountries(), other.getCountries().sort(), "");
  const share = Object.fromEntries(Object.entries(counts).map(([name, { equal, all }]) => [name, equal / all]));
  console.log(`counts: ${Object.entries(counts).map(([name, { equal, all }]) => `${name} ${equal} of ${all}`).join(", ")} answers equal libphonenumber-js/max`);
  if (process.env.DIFFERENT) console.log(different.join("\n"));
  for (const [name, part] of Object.entries(share)) assert.ok(part >= (name === "AsYouType" ? 0.9 : 0.97), `${name}: ${part}\n${different.join("\n")}`);
  const percent = (/** @type {string} */ name) => `${(100 * share[name]).toFixed(1)} %`;
  const claim = `Of ${texts.length.toLocaleString("en")} texts \`parsePhoneNumber\` answers ${percent("parsePhoneNumber")} as libphonenumber-js/max does, and \`AsYouType\` ${percent("AsYouType")}`;
  assert.ok((await readFile(join(root, "wasm/js/README.md"), "utf8")).includes(claim), `the README does not say: ${claim}`);
});
