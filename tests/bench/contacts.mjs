// node tests/bench/contacts.mjs: 5,000 people from a file to numbers, in Node and in
// Chromium, beside a pattern and libphonenumber-js/max in the same run. The budget is
// 600 ms in a page.

import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { loadContacts } from "../../wasm/js/contacts.js";
import { load } from "../../wasm/js/index.js";
import { resultsOf } from "./browser.js";
import { measure } from "./contacts.js";

const root = new URL("../../", import.meta.url).pathname;
const require = createRequire(new URL("../", import.meta.url));

/** @param {string} where @param {{ what: string, ms: number, peer: number }[]} results */
function print(where, results) {
  console.log(`\n${where}`);
  for (const { what, ms, peer } of results) {
    console.log(`  ${what.padEnd(44)} ${ms.toFixed(0).padStart(5)} ms, ${(ms / 600).toFixed(2)} of the budget, ${(ms / peer).toFixed(2)} of a pattern and libphonenumber-js/max`);
  }
}

print(`Node ${process.version}`, await measure(await loadContacts(), await load(), require("libphonenumber-js/max")));
const { version, loaded, results } = await resultsOf(root, "/tests/bench/contacts-page.js", {});
print(`Chromium ${version}, modules loaded in ${loaded.toFixed(0)} ms`, results);
console.log(`\nload of the machine: ${loadavg().map((n) => n.toFixed(1)).join(" ")}`);
