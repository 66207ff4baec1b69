// What a page downloads that parses, validates and digests a number, bundled, split
// and minified by esbuild, beside other libraries: a table in wasm/js/README.md; with
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

/**
 * A script and what it imports at once, each a file; what it imports late is none of them.
 * @param {string} contents
 * @param {{ splitting?: boolean, plugins?: import("esbuild").Plugin[] }} [options]
 * @returns {Promise<{ name: string, bytes: Uint8Array }[]>} the script first
 */
async function bundled(contents, { splitting = true, plugins = [] } = {}) {
  const outdir = "/pages";
  const { outputFiles, metafile: { outputs } } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../", import.meta.url)), sourcefile: "page.js" }, outdir, absWorkingDir: "/", entryNames: "page",
    bundle: true, minify: true, format: "esm", target: "es2022", write: false, metafile: true, splitting, logLevel: "error", alias: { crypto: "./nothing" }, plugins,
  });
  const files = new Set([`${outdir}/page.js`]);
  for (const file of files) for (const { path, kind } of outputs[file.slice(1)].imports) if (kind === "import-statement" && `/${path}` !== file && `/${path}`.startsWith(outdir)) files.add(`/${path}`);
  return [...files].map((file) => ({ name: file.slice(outdir.length + 1), bytes: /** @type {{ contents: Uint8Array }} */ (outputFiles.find(({ path }) => path === file)).contents }));
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
/** @param {{ bytes: Uint8Array }[]} files @param {(bytes: Uint8Array) => number} size */
const sum = (files, size) => files.reduce((n, { bytes }) => n + size(bytes), 0);

/** The scripts of a page, the one that exports run first. @param {string} what */
export const scripts = (what) => bundled(/** @type {[string, string]} */ (pages.find(([name]) => name === what))[1]);

/** Bytes of each page: raw, gzip -9, brotli -11. */
export async function sizes() {
  return Promise.all(pages.map(async ([what, contents]) => {
    const files = await bundled(contents);
    return { what, raw: sum(files, (b) => b.length), gzip: sum(files, (b) => gzipSync(b, { level: 9 }).length), brotli: sum(files, brotli) };
  }));
}

/**
 * What of the first page is the package's scripts, the module's letters left out;
 * and the whole page in one file, where nothing is split.
 */
export async function own() {
  /** @type {import("esbuild").Plugin} */
  const letters = { name: "letters", setup: ({ onLoad }) => onLoad({ filter: /\/core\.text\.js$/ }, () => ({ contents: 'export default "";' })) };
  return { scripts: sum(await bundled(sealbook, { plugins: [letters] }), brotli), whole: sum(await bundled(sealbook, { splitting: false }), brotli) };
}

/** Bytes that an entry adds to a page that has "sealbook", brotli -11. @param {string} name */
export async function entry(name) {
  /** @type {import("esbuild").Plugin} */
  const there = { name: "there", setup: ({ onResolve }) => onResolve({ filter: /\/(index|shared|core\.text)\.js$/ }, ({ path }) => ({ path, external: true })) };
  return sum(await bundled(`export * as entry from "${dist}${name}.js";`, { plugins: [there] }), brotli);
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
