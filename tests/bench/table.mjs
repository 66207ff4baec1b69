// Digests for a table of a million rows, from texts as people write them, beside
// libphonenumber-js/max with node:crypto; written into wasm/js/README.md. With
// -check it says whether there is a table: figures are of one machine and hour.
// node tests/bench/table.mjs [-check]

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { once } from "node:events";
import { install } from "../js/package.js";

const ROWS = 1_000_000;
/** The peer does a tenth, and is taken ten times: it does the same for each row. */
const PEER = ROWS / 10;
const readme = new URL("../../wasm/js/README.md", import.meta.url);
const [begin, end] = ["<!-- rows: written by node tests/bench/table.mjs -->\n", "<!-- end of rows -->"];
const before = await readFile(readme, "utf8");
const [from, to] = [before.indexOf(begin), before.indexOf(end)];
if (from < 0 || to < from) throw new Error("the README has no place for the rows");

if (process.argv.includes("-check")) {
  const lines = before.slice(from + begin.length, to).trim().split("\n");
  if (lines.length !== 5 || !lines.slice(2).every((line) => /\| \d+\.\d+ \|$/.test(line))) throw new Error("the table of rows is not as node tests/bench/table.mjs writes it");
  process.exit();
}

// Fiction's range of London, in five ways of writing.
const ways = [(/** @type {string} */ d) => `020 7946 0${d}`, (/** @type {string} */ d) => `+44 20 7946 0${d}`, (/** @type {string} */ d) => `(020) 79460${d}`, (/** @type {string} */ d) => `0044 20 7946 0${d}`, (/** @type {string} */ d) => `020-7946-0${d}`];
const texts = Array.from({ length: ROWS }, (_, i) => ways[i % 5](String(i % 1000).padStart(3, "0")));
const sha256 = (/** @type {string} */ text) => createHash("sha256").update(text).digest("hex");

/** Seconds of processor time: the machine may have other work. @param {NodeJS.CpuUsage} usage */
const seconds = ({ user, system }) => (user + system) / 1e6;
/** @param {() => unknown} run */
function timed(run) {
  const began = process.cpuUsage();
  run();
  return seconds(process.cpuUsage(began));
}
/** What a process says of itself at its end. */
const SAYS = 'data:text/javascript,process.on("exit",()=>console.error(JSON.stringify(process.cpuUsage())))';

const installed = await install();
try {
  const { load } = await import(`${installed.package}/dist/index.js`);
  const core = await load();
  const { parsePhoneNumberFromString } = createRequire(import.meta.url)("libphonenumber-js/max");
  const want = sha256("442079460123");
  core.digestAll(texts.slice(0, 10_000), "meta-capi", { region: "GB" }); // both are warm
  for (const text of texts.slice(0, 2_000)) parsePhoneNumberFromString(text, "GB");

  /** @type {string[]} */
  let digests = [];
  const ours = timed(() => { digests = core.digestAll(texts, "meta-capi", { region: "GB" }); });
  if (digests[123] !== want) throw new Error("a wrong digest");
  const theirs = timed(() => {
    for (let i = 0; i < PEER; i++) digests[i] = sha256(parsePhoneNumberFromString(texts[i], "GB").number.slice(1));
  }) * (ROWS / PEER);
  if (digests[123] !== want) throw new Error("a wrong digest");

  const csv = `id,name,phone\n${texts.map((text, i) => `${i},"Smith, J",${text}`).join("\n")}\n`;
  let lines = 0;
  let said = "";
  const child = spawn(process.execPath, ["--import", SAYS, "examples/csv/digests.mjs", "GB", "meta-capi"], { cwd: installed.package });
  child.stdout.on("data", (/** @type {Buffer} */ chunk) => { for (const byte of chunk) if (byte === 10) lines++; });
  child.stderr.setEncoding("utf8").on("data", (text) => { said += text; });
  child.stdin.end(csv);
  await once(child, "close");
  const whole = seconds(JSON.parse(said));
  if (lines !== ROWS + 1) throw new Error(`${lines} lines`);

  const table = `| a million numbers to \`meta-capi\`, Node ${process.versions.node.split(".")[0]}, one run | seconds of processor time |\n|---|--:|\n` +
    `| \`sealbook.digestAll\` | ${ours.toFixed(1)} |\n` +
    `| \`examples/csv\`: a table in, a table out, all of the process | ${whole.toFixed(1)} |\n` +
    `| libphonenumber-js/max and \`node:crypto\` (a tenth, times ten) | ${theirs.toFixed(1)} |\n`;
  console.log(table);
  await writeFile(readme, before.slice(0, from + begin.length) + table + before.slice(to));
} finally {
  await installed.remove();
}
