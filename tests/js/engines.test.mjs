// The packed package in every engine it is for: the same suite on the same
// data, and the same counts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { install, load } from "./package.js";

const here = new URL(".", import.meta.url).pathname;

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {string} */
let data;
/** Counts of each engine. @type {Map<string, Record<string, number>>} */
const results = new Map();

before(async () => {
  const [i, d] = await Promise.all([install(), load()]);
  installed = i;
  data = JSON.stringify(d);
});
after(() => installed?.remove());

/** @param {string} engine @param {Record<string, number> & { error?: unknown }} counts */
function keep(engine, counts) {
  assert.equal(counts.error, undefined, `${engine}: ${counts.error}`);
  results.set(engine, counts);
}

test("node", async () => {
  await cp(join(here, "engines/node.js"), join(installed.dir, "node.js"));
  const child = spawn(process.execPath, ["node.js", join(here, "suite.js")], { cwd: installed.dir, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(data);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0, "exit code of node");
  keep("node", JSON.parse(out));
});

test("chromium, page, worker and pool of workers", async () => {
  const server = await serve();
  const profile = await mkdtemp(join(tmpdir(), "sealbook-chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const said = [];
    page.on("pageerror", (error) => said.push(String(error)));
    // The policy refuses what playwright would evaluate, so the page speaks up.
    const results = new Promise((resolve, reject) => {
      page.on("console", (message) => {
        if (message.text().startsWith("results ")) resolve(JSON.parse(message.text().slice("results ".length)));
        else said.push(message.text());
      });
      setTimeout(() => reject(new Error(`no results: ${said.join("\n")}`)), 120_000).unref();
    });
    await page.goto(server.url);
    const { page: onPage, worker, pool } = await results;
    keep("chromium page", onPage);
    keep("chromium worker", worker);
    assert.equal(pool.error, undefined, pool.error);
    assert.deepEqual(pool, { rows: 3000, searches: 7, refusals: 6 });
    // The only complaint is the one that was provoked.
    assert.deepEqual(said.filter((text) => !text.includes("404")), []);
  } finally {
    await browser.close();
    server.close();
    await rm(profile, { recursive: true, force: true });
  }
});

test("workerd", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sealbook-workerd-"));
  await cp(installed.package, join(dir, "sealbook"), { recursive: true });
  await cp(join(here, "suite.js"), join(dir, "suite.js"));
  await cp(join(here, "engines/workerd.js"), join(dir, "main.js"));
  const scripts = (await readdir(join(dir, "sealbook"))).filter((name) => name.endsWith(".js")).map((name) => `sealbook/${name}`);
  const miniflare = new Miniflare({
    cf: false,
    telemetry: { enabled: false },
    compatibilityDate: "2026-04-26",
    modulesRoot: dir,
    modules: [
      ...["main.js", "suite.js", ...scripts].map((path) => ({ type: /** @type {const} */ ("ESModule"), path: join(dir, path) })),
      { type: "CompiledWasm", path: join(dir, "sealbook/core.wasm") },
    ],
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/", { method: "POST", body: data });
    keep("workerd", /** @type {Record<string, number>} */ (await response.json()));
  } finally {
    await miniflare.dispose();
    await rm(dir, { recursive: true });
  }
});

test("counts", () => {
  assert.deepEqual([...results.keys()], ["node", "chromium page", "chromium worker", "workerd"]);
  const first = results.get("node");
  for (const [engine, counts] of results) {
    assert.deepEqual(counts, first, engine);
    for (const [name, n] of Object.entries(counts)) assert.ok(n > 0, `${engine}: ${name}`);
  }
  assert.ok((first?.["digest vectors"] ?? 0) >= 49 && (first?.["recipe vectors"] ?? 0) >= 165 && (first?.["one by one"] ?? 0) > 20_000);
  console.log(`counts: ${results.size} engines, each ${Object.entries(first ?? {}).map(([name, n]) => `${n} ${name}`).join(", ")}`);
});

/** Serves the installed package and the suite under a strict policy. */
async function serve() {
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html" };
  const server = createServer(async ({ url = "/" }, response) => {
    response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; base-uri 'none'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      const body = url === "/" ? '<!doctype html><meta charset="utf-8"><script type="module" src="/engines/page.js"></script>'
        : url === "/data.json" ? data
        : await readFile(url.startsWith("/sealbook/") ? join(installed.package, url.slice("/sealbook".length)) : join(here, url));
      const type = url === "/" ? "text/html" : types[/** @type {keyof typeof types} */ (extname(url))];
      response.setHeader("Content-Type", type ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
