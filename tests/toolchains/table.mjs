// Writes the table of toolchains into wasm/js/README.md; with -check it says
// whether it is there: node tests/toolchains/table.mjs [-check]
//
// Versions of those that every test run builds and runs are the lock file's;
// results.json has those that were run by hand before a release.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const file = new URL("../../wasm/js/README.md", import.meta.url);
const [begin, end] = ["<!-- toolchains: written by node tests/toolchains/table.mjs -->\n", "<!-- end of toolchains -->"];
const { devDependencies: version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
/** @type {[string, string][]} */
const tested = [
  ["Node 20 and newer", "`import`, `require()`"],
  [`Vite ${version.vite}`, "build, dev"],
  [`webpack ${version.webpack}`, "page, worker of the page"],
  [`Rollup ${version.rollup}`, "page"],
  [`esbuild ${version.esbuild}`, "page; Node, as ESM and CommonJS"],
  [`Jest ${version.jest}`, "Node and jsdom, with and without vm-modules"],
  [`Vitest ${version.vitest}`, "Node"],
  [`wrangler ${version.wrangler}`, "Workers, in workerd"],
  ["no toolchain", "a static host with an import map"],
];
const before = JSON.parse(await readFile(new URL("results.json", import.meta.url), "utf8"));
const table = "| toolchain | built and run | |\n|---|---|---|\n" +
  tested.map(([name, how]) => `| ${name} | ${how} | each test run |\n`).join("") +
  before.map((/** @type {{ name: string, how: string, date: string, note?: string }} */ { name, how, date, note }) => `| ${name} | ${how} | ${date}${note ? `: ${note}` : ""} |\n`).join("");

const readme = await readFile(file, "utf8");
const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
if (from < 0 || to < from) throw new Error("the README has no place for the toolchains");
const written = readme.slice(0, from + begin.length) + table + readme.slice(to);
if (process.argv.includes("-check") && written !== readme) {
  console.error(`error: the table of toolchains in wasm/js/README.md is old\nhint: node ${fileURLToPath(import.meta.url)} writes it`);
  process.exit(1);
}
if (written !== readme) await writeFile(file, written);
