// How soon the first answer is there. In fresh processes of Node, from the bytes of
// core.wasm and from an import of the package, beside those of an older commit; in
// fresh pages of Chromium, from the address to the first digest, beside
// libphonenumber-js/max with WebCrypto. All take turns, so that a machine that grows
// slow is slow for all: node tests/bench/first.mjs [--runs N] [--before COMMIT]

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { scripts } from "./pages.mjs";

const { values: { runs: asked, before } } = parseArgs({ options: { runs: { type: "string", default: "15" }, before: { type: "string", default: "fbedddb" } } });
const runs = Number(asked);
const root = new URL("../../", import.meta.url).pathname;
const run = promisify(execFile);
const git = async (/** @type {string[]} */ ...args) => (await run("git", args, { cwd: root, encoding: "buffer", maxBuffer: 1 << 26 })).stdout;
/** @param {number[]} times */
const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
/** @param {number[]} times */
const told = (times) => `${median(times).toFixed(1).padStart(8)} ${Math.min(...times).toFixed(1).padStart(8)}`;

/** What a process does: the bytes are read before the clock starts. @param {string} file of a core */
const fromBytes = (file) => `
const bytes = require("node:fs").readFileSync(${JSON.stringify(file)});
const cpu = process.cpuUsage(), began = performance.now();
(async () => {
  const { instance: { exports } } = await WebAssembly.instantiate(bytes);
  exports._initialize?.();
  const text = "020 7946 0123";
  new TextEncoder().encodeInto(text, new Uint8Array(exports.memory.buffer, exports.input(), 64));
  exports.parse(text.length, 71 | 66 << 8, 1 | 2); // GB, with all that is known of it
  const records = new Uint8Array(exports.memory.buffer, exports.records(), 32);
  if (String.fromCharCode(...records.subarray(8, 8 + records[7])) !== "+442079460123") throw new Error("a wrong answer");
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ wall: performance.now() - began, cpu: (user + system) / 1000 }));
})();`;
/** @param {string} file of the package's entry */
const fromPackage = (file) => `
const cpu = process.cpuUsage(), began = performance.now();
import(${JSON.stringify(file)}).then(async ({ load }) => {
  const sealbook = await load();
  const number = sealbook.parse("020 7946 0123", "GB");
  const digest = sealbook.digest(number, "meta-capi");
  const { user, system } = process.cpuUsage(cpu);
  if (!number.valid || !digest.startsWith("9b48e488")) throw new Error("a wrong answer");
  console.log(JSON.stringify({ wall: performance.now() - began, cpu: (user + system) / 1000 }));
});`;

const dir = await mkdtemp(join(tmpdir(), "sealbook-first-"));
try {
  await nodes();
  await pages();
} finally {
  await rm(dir, { recursive: true });
}

async function nodes() {
  const old = join(dir, "old");
  await mkdir(old);
  await writeFile(join(old, "package.json"), '{ "type": "module" }');
  for (const name of String(await git("ls-tree", "--name-only", before, "wasm/js/")).split("\n").filter((name) => name.endsWith(".js"))) {
    await writeFile(join(old, name.slice("wasm/js/".length)), await git("show", `${before}:${name}`));
  }
  await writeFile(join(old, "core.wasm"), await git("show", `${before}:wasm/core/core.wasm`));
  /** @type {[string, string, string][]} */
  const ways = [
    ["from bytes to a number", fromBytes(join(old, "core.wasm")), fromBytes(join(root, "wasm/core/core.wasm"))],
    ["from the import to a digest", fromPackage(join(old, "index.js")), fromPackage(join(root, "wasm/js/dist/index.js"))],
  ];
  console.log(`fresh processes of Node ${process.version}, ${runs} each, ms          median  fastest`);
  for (const [what, then, now] of ways) {
    /** @type {Record<string, { wall: number, cpu: number }[]>} */
    const took = { then: [], now: [] };
    for (let i = 0; i < runs; i++) {
      for (const [name, script] of [["then", then], ["now", now]]) took[name].push(JSON.parse((await run(process.execPath, ["-e", script])).stdout));
    }
    for (const clock of /** @type {const} */ (["wall", "cpu"])) {
      const [a, b] = [took.then.map((t) => t[clock]), took.now.map((t) => t[clock])];
      const named = `${what}, ${clock === "wall" ? "by the clock" : "of the processor"}`;
      console.log(`${`${named}, ${before}`.padEnd(56)} ${told(a)}\n${`${named}, now`.padEnd(56)} ${told(b)}   ${(median(b) / median(a)).toFixed(2)} ${(Math.min(...b) / Math.min(...a)).toFixed(2)}`);
    }
  }
}

async function pages() {
  /** What a server has, by path. @type {Map<string, { type: string, bytes: Uint8Array }>} */
  const files = new Map();
  let requests = 0;
  const server = createServer(({ url = "/" }, response) => {
    const file = files.get(url);
    if (file === undefined) {
      response.statusCode = 404;
      return void response.end();
    }
    if (!file.type.includes("html")) requests++;
    response.writeHead(200, { "content-type": file.type, "content-encoding": "gzip" }).end(file.bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const here = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  /** @param {string} path @param {string | Uint8Array} text */
  const serve = (path, text) => files.set(path, { type: extname(path) === ".js" ? "text/javascript" : "text/html", bytes: gzipSync(text, { level: 9 }) });
  const done = 'import { run } from "./page.js"; globalThis.first = run().then((answer) => ({ answer, ms: performance.now() }));';
  const libraries = ["**sealbook**: parse, validity, type, digest by recipe", "libphonenumber-js/max and WebCrypto"];
  for (const [i, library] of libraries.entries()) {
    for (const { name, bytes } of await scripts(library)) serve(`/${i}/${name}`, bytes);
    serve(`/${i}/`, `<!doctype html><meta charset="utf-8"><script type="module">${done}</script>`);
  }
  // The package as it is, on a host that only has files.
  for (const name of ["index", "shared", "core.text", "source", "stream"]) serve(`/static/dist/${name}.js`, await readFile(join(root, `wasm/js/dist/${name}.js`)));
  serve("/static/page.js", 'import { load } from "sealbook"; export async function run() { const s = await load(); const n = s.parse("020 7946 0123", "GB"); return [n.e164, n.valid, n.type, s.digest(n, "meta-capi")]; }');
  serve("/static/", `<!doctype html><meta charset="utf-8"><script type="importmap">{ "imports": { "sealbook": "./dist/index.js" } }</script><script type="module">${done}</script>`);

  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const ways = [["sealbook", "/0/"], ["libphonenumber-js/max", "/1/"], ["sealbook on a static host", "/static/"]];
    const took = ways.map(() => /** @type {number[]} */ ([]));
    const asked = ways.map(() => 0);
    for (let i = 0; i <= runs; i++) {
      for (const [j, [, path]] of ways.entries()) {
        const context = await browser.newContext();
        const page = await context.newPage();
        requests = 0;
        await page.goto(here + path);
        const { answer, ms } = await page.evaluate("globalThis.first");
        await context.close();
        if (answer[0] !== "+442079460123" || !answer[3].startsWith("9b48e488")) throw new Error("a wrong answer");
        asked[j] = requests;
        if (i > 0) took[j].push(ms); // the first warms the browser up
      }
    }
    console.log(`\nfresh pages of Chromium ${browser.version()}, ${runs} each, from the address to the first digest, ms\n${"".padEnd(56)}   median  fastest  scripts`);
    ways.forEach(([name], j) => console.log(`${name.padEnd(56)} ${told(took[j])} ${String(asked[j]).padStart(8)}`));
  } finally {
    await browser.close();
    server.close();
  }
}
