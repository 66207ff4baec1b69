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
  const read = (/** @type {string} */ name) => readFile(new URL(name, root));
  const [core, blind, format, contacts, auditor] = await Promise.all(["core/core", "blind/blind", "format/format", "reader/contacts", "auditor/auditor"].map((name) => read(`wasm/${name}.wasm`)));
  const { code, data } = parts(core);
  const { bytes: numbers } = tables(String(await read("wasm/number/tables.go")), data);
  return "| KB of 1,000 bytes | raw | gzip -9 | brotli -11 |\n|---|--:|--:|--:|\n" +
    row("`core.wasm`: numbers, digests, recipes", core) +
    row("… of it the tables of numbers", numbers) +
    row("… of it all data, the tables of numbers too", data) +
    row("… of it code", code) +
    row("`format.wasm`: the ways in which people write numbers, when asked for", format) +
    row("`blind.wasm`: the OPRF and the search of a digest's number, when asked for", blind) +
    row("`contacts.wasm`: contacts and short numbers, when asked for", contacts) +
    row("`auditor.wasm`: captures, decompressors, TLS, what is looked for", auditor);
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
