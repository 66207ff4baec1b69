// Writes the table of toolchains into wasm/js/README.md; with -check it says
// whether it is there: node tests/toolchains/table.mjs [-check]
//
// Versions of those that every test run builds and runs are the lock file's;
// results.json has what ./build.sh toolchains ran.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { matrix } from "./matrix.js";

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

/**
 * What was run, each kind once with its modes: "page: dev, production".
 * @param {Record<string, string>} runs
 */
function told(runs) {
  /** @type {Map<string, string[]>} */
  const kinds = new Map();
  for (const [run, result] of Object.entries(runs)) {
    const [kind, ...modes] = run.split(", ");
    kinds.set(kind, [...(kinds.get(kind) ?? []), modes.join(" with ") + (result === "ok" ? "" : " **fails**")]);
  }
  /** Kinds with the same modes. @type {Map<string, string[]>} */
  const grouped = new Map();
  for (const [kind, modes] of kinds) grouped.set(modes.sort().join(", "), [...(grouped.get(modes.join(", ")) ?? []), kind]);
  return [...grouped].map(([modes, kinds]) => kinds.join(", ") + (modes.trim() ? `: ${modes}` : "")).join("; ");
}

/** @type {import("./heavy.mjs").Result[]} */
const results = JSON.parse(await readFile(new URL("results.json", import.meta.url), "utf8"));
const table = "| toolchain | built and run | |\n|---|---|---|\n" +
  tested.map(([name, how]) => `| ${name} | ${how} | each test run |\n`).join("") +
  results.map(({ id, name, date, runs }) => {
    const note = matrix.find((toolchain) => toolchain.id === id)?.note;
    return `| ${name} | ${told(runs)}${note ? `; ${note}` : ""} | ${date} |\n`;
  }).join("");

const readme = await readFile(file, "utf8");
const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
if (from < 0 || to < from) throw new Error("the README has no place for the toolchains");
const written = readme.slice(0, from + begin.length) + table + readme.slice(to);
if (process.argv.includes("-check") && written !== readme) {
  console.error(`error: the table of toolchains in wasm/js/README.md is old\nhint: node ${fileURLToPath(import.meta.url)} writes it`);
  process.exit(1);
}
if (written !== readme) await writeFile(file, written);
