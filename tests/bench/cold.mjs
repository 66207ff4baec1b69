// Prints the milliseconds from a fresh process's first import of a library to
// its first answer, and the megabytes that the process holds when it has read
// all texts: node cold.mjs LIBRARY TEXTS

import { readFileSync } from "node:fs";

/** A library's own way from text to E.164. @typedef {(text: string, region: string) => string | undefined} Read */

/** @type {Record<string, () => Promise<Read>>} */
const libraries = {
  sealbook: async () => {
    const core = await (await import("../../wasm/js/index.js")).load();
    return (text, region) => core.tryParse(text, region).e164 ?? undefined;
  },
  "google-libphonenumber": async () => {
    const name = "google-libphonenumber"; // which has no types
    const { PhoneNumberUtil, PhoneNumberFormat } = (await import(name)).default;
    const util = PhoneNumberUtil.getInstance();
    return (text, region) => {
      try {
        return util.format(util.parse(text, region), PhoneNumberFormat.E164);
      } catch {
        return undefined;
      }
    };
  },
  "awesome-phonenumber": async () => {
    const { parsePhoneNumber } = await import("awesome-phonenumber");
    return (text, regionCode) => parsePhoneNumber(text, { regionCode }).number?.e164;
  },
  "libphonenumber-js/min": async () => other((await import("libphonenumber-js/min")).parsePhoneNumberFromString),
  "libphonenumber-js/mobile": async () => other((await import("libphonenumber-js/mobile")).parsePhoneNumberFromString),
  "libphonenumber-js/max": async () => other((await import("libphonenumber-js/max")).parsePhoneNumberFromString),
};

/** @param {(text: string, region: any) => { number: string } | undefined} parse @returns {Read} */
const other = (parse) => (text, region) => parse(text, region)?.number;

const began = performance.now();
const read = await libraries[process.argv[2]]();
const answer = read("07700 900123", "GB");
const ms = performance.now() - began;
if (answer !== "+447700900123") throw new Error("a wrong answer");
for (const { region, texts } of JSON.parse(readFileSync(process.argv[3], "utf8"))) {
  for (const text of texts) read(text, region);
}
console.log(JSON.stringify({ ms, rss: process.memoryUsage().rss / 2 ** 20 }));
