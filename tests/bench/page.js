// The page of the benchmarks: measures the cases that a browser can run.

import { loadBlind } from "/wasm/js/blind.js";
import * as sealbook from "/wasm/js/index.js";
import { coreDigests, coreParsing, googleParsing, hashWasmDigests, loads, measure, nobleDigests, otherParsing, searches, webCrypto } from "./cases.js";

const { limits, peers } = await (await fetch("/settings.json")).json();
/** @type {import("./cases.js").Book[]} */
const books = await (await fetch("/texts.json")).json();
const bytes = new Uint8Array(await (await fetch("/wasm/js/core.wasm")).arrayBuffer());
const core = await sealbook.load({ wasm: bytes });
const numbers = books.flatMap((book) => core.e164All(book.texts, book)).filter((n) => typeof n === "string");
const few = numbers.slice(0, limits.digests);

/** @param {string} path of a script that leaves a global @param {string} name of that */
async function global(path, name) {
  await import(path);
  return /** @type {any} */ (globalThis)[name];
}

const cases = [...coreParsing(core, books), ...coreDigests(core, numbers.slice(0, 50_000)), ...searches(await loadBlind())];
if (peers) {
  cases.push(
    ...googleParsing(await global("/node_modules/google-libphonenumber/dist/libphonenumber.js", "libphonenumber"), books).cases,
    ...otherParsing("max", await global("/node_modules/libphonenumber-js/bundle/libphonenumber-max.js", "libphonenumber"), books).cases,
    ...(await hashWasmDigests(await global("/node_modules/hash-wasm/dist/index.umd.min.js", "hashwasm"), few)),
    ...webCrypto(few.slice(0, 2000)),
  );
  const [sha2, legacy, utils] = await Promise.all(["sha2", "legacy", "utils"].map((name) => import(`/node_modules/@noble/hashes/${name}.js`)));
  cases.push(...nobleDigests({ sha256: sha2.sha256, sha512: sha2.sha512, md5: legacy.md5 }, utils.bytesToHex, few));
}
const times = await measure(cases, limits);
const load = await loads(sealbook, bytes, 15);
console.log(`results ${JSON.stringify({ times, load })}`);
