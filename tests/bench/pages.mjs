// What a page downloads that parses, validates and digests a number, bundled and
// minified by esbuild, beside other libraries: a table in wasm/js/README.md; with
// -check it says whether it is there: node tests/bench/pages.mjs [-check]

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const file = new URL("../../wasm/js/README.md", import.meta.url);
const dist = fileURLToPath(new URL("../../wasm/js/dist/", import.meta.url));
const [begin, end] = ["<!-- pages: written by node tests/bench/pages.mjs -->\n", "<!-- end of pages -->"];

const webCrypto = 'const hex = async (t) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(t))), (b) => b.toString(16).padStart(2, "0")).join("");';
const parsing = (/** @type {string} */ name) => `import { parsePhoneNumberWithError } from "${name}"; ${webCrypto}
  export async function run() { const n = parsePhoneNumberWithError("020 7946 0123", "GB"); return [n.number, n.isValid(), n.getType(), await hex(n.number.slice(1))]; }`;
const sealbook = `import { load } from "${dist}index.js";
  export async function run() { const s = await load(); const n = s.parse("020 7946 0123", "GB"); return [n.e164, n.valid, n.type, s.digest(n, "meta-capi")]; }`;

/** @type {[string, string][]} */
const pages = [
  ["**sealbook**: parse, validity, type, digest by recipe", sealbook],
  ["libphonenumber-js/max and WebCrypto", parsing("libphonenumber-js/max")],
  ["libphonenumber-js/mobile and WebCrypto (no types but mobile)", parsing("libphonenumber-js/mobile")],
  ["libphonenumber-js/min and WebCrypto (validity by length)", parsing("libphonenumber-js/min")],
  ["google-libphonenumber and WebCrypto", `import g from "google-libphonenumber"; ${webCrypto}
    export async function run() { const u = g.PhoneNumberUtil.getInstance(); const n = u.parse("020 7946 0123", "GB"); const e = u.format(n, 0); return [e, u.isValidNumber(n), u.getNumberType(n), await hex(e.slice(1))]; }`],
  ["awesome-phonenumber and WebCrypto", `import { parsePhoneNumber } from "awesome-phonenumber"; ${webCrypto}
    export async function run() { const n = parsePhoneNumber("020 7946 0123", { regionCode: "GB" }); return [n.number.e164, n.valid, n.type, await hex(n.number.e164.slice(1))]; }`],
  ["sealbook with formatting while typing and `<sealbook-phone>`", `import "${dist}element.js"; ${sealbook}`],
  ["libphonenumber-js/max with its AsYouType, and WebCrypto", `export { AsYouType } from "libphonenumber-js/max"; ${parsing("libphonenumber-js/max")}`],
];

/** @param {string} contents @param {import("esbuild").Plugin[]} [plugins] */
async function bundled(contents, plugins = []) {
  const { outputFiles: [{ contents: bytes }] } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../", import.meta.url)) },
    bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "error", alias: { crypto: "./nothing" }, plugins,
  });
  return bytes;
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

/** Bytes of each page: raw, gzip -9, brotli -11. */
export async function sizes() {
  return Promise.all(pages.map(async ([what, contents]) => {
    const bytes = await bundled(contents);
    return { what, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
  }));
}

/** Bytes that an entry adds to a page that has "sealbook", brotli -11. @param {string} name */
export async function entry(name) {
  /** @type {import("esbuild").Plugin} */
  const there = { name: "there", setup: ({ onResolve }) => onResolve({ filter: /\/(index|shared|core\.text)\.js$/ }, ({ path }) => ({ path, external: true })) };
  return brotli(await bundled(`export * as entry from "${dist}${name}.js";`, [there]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kb = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
  const table = "| everything that the page downloads, KB | raw | gzip -9 | brotli -11 |\n|---|--:|--:|--:|\n" +
    (await sizes()).map(({ what, raw, gzip, brotli }) => `| ${what} | ${kb(raw)} | ${kb(gzip)} | ${kb(brotli)} |\n`).join("");
  const readme = await readFile(file, "utf8");
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the README has no place for the pages");
  const written = readme.slice(0, from + begin.length) + table + readme.slice(to);
  if (process.argv.includes("-check") && written !== readme) {
    console.error("error: the sizes of pages in wasm/js/README.md are old\nhint: node tests/bench/pages.mjs writes them");
    process.exit(1);
  }
  if (written !== readme) await writeFile(file, written);
}
