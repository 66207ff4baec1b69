// Writes the sizes of the modules into the README, between two marks; with
// -check it says whether they are there: node tests/bench/readme.mjs [-check]

import { readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { parts, tables } from "./parts.js";

const root = new URL("../../", import.meta.url);
const file = new URL("README.md", root);
const [begin, end] = ["<!-- sizes: written by ./build.sh wasm -->\n", "<!-- end of sizes -->"];

/** @param {Uint8Array} bytes */
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
/** @param {number} bytes */
const kb = (bytes) => (bytes / 1000).toFixed(1);
/** @param {string} what @param {Uint8Array} bytes */
const row = (what, bytes) => `| ${what} | ${kb(bytes.length)} | ${kb(gzipSync(bytes, { level: 9 }).length)} | ${kb(brotli(bytes))} |\n`;

async function table() {
  const [core, contacts, source] = await Promise.all([readFile(new URL("wasm/core/core.wasm", root)), readFile(new URL("wasm/reader/contacts.wasm", root)), readFile(new URL("wasm/number/tables.go", root), "utf8")]);
  const { code, data, alone } = parts(core, ["oprf"]);
  const numbers = tables(source, data);
  const other = code.filter((body) => !alone.includes(body));
  return "| KB of 1,000 bytes | raw | gzip -9 | brotli -11 |\n|---|--:|--:|--:|\n" +
    row("`core.wasm`: numbers, digests, recipes, OPRF", core) +
    row("… of it the tables of numbers", numbers) +
    row("… of it code of the OPRF alone", Buffer.concat(alone)) +
    row("… of it other code", Buffer.concat(other)) +
    row("… of it all data, the tables of numbers too", data) +
    row("`contacts.wasm`: contacts and short numbers, when asked for", contacts);
}

const readme = await readFile(file, "utf8");
const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
if (from < 0 || to < from) throw new Error("the README has no place for the sizes");
const written = readme.slice(0, from + begin.length) + (await table()) + readme.slice(to);
if (process.argv.includes("-check")) {
  if (written !== readme) {
    console.error("error: the sizes in the README are not those of the modules\nhint: ./build.sh wasm writes them");
    process.exit(1);
  }
} else if (written !== readme) {
  await writeFile(file, written);
}
