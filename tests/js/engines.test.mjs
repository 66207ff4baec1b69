// The packed package in every engine it is for: the same suite on the same
// data, and the same counts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inFirefox, inPage, inWorkerd } from "./engines.js";
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
  const child = spawn(process.execPath, ["node.js", here], { cwd: installed.dir, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(data);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0, "exit code of node");
  keep("node", JSON.parse(out));
});

test("chromium, page, worker and pool of workers", async () => {
  const { results, complaints } = await inPage(installed.package, "engines/page.js", { "/data.json": () => data });
  const { page: onPage, worker, pool } = results;
  keep("chromium page", onPage);
  keep("chromium worker", worker);
  assert.equal(pool.error, undefined, pool.error);
  assert.deepEqual(pool, { rows: 3000, searches: 7, refusals: 6 });
  // The only complaint is the one that was provoked.
  assert.deepEqual(complaints.filter((text) => !text.includes("404")), []);
});

test("firefox, page, worker and pool of workers", async () => {
  const { page, worker, pool } = await inFirefox(installed.package, "engines/page.js", { "/data.json": () => data });
  keep("firefox page", page);
  keep("firefox worker", worker);
  assert.equal(pool.error, undefined, pool.error);
});

test("workerd", async () => {
  keep("workerd", await inWorkerd(installed.package, "engines/workerd.js", ["whole.js", "suite.js", "oprf.js", "protocol.js", "published.js", "discovery.js", "double.js"], data));
});

test("counts", () => {
  assert.deepEqual([...results.keys()], ["node", "chromium page", "chromium worker", "firefox page", "firefox worker", "workerd"]);
  const first = results.get("node");
  for (const [engine, counts] of results) {
    assert.deepEqual(counts, first, engine);
    for (const [name, n] of Object.entries(counts)) assert.ok(n > 0, `${engine}: ${name}`);
  }
  assert.ok((first?.["digest vectors"] ?? 0) >= 49 && (first?.["recipe vectors"] ?? 0) >= 165 && (first?.["one by one"] ?? 0) > 20_000);
  assert.ok(first?.["RFC 9497 items"] === 6 && first["RFC 9380 vectors"] >= 10 && first["RFC 9496 vectors"] === 45);
  console.log(`counts: ${results.size} engines, each ${Object.entries(first ?? {}).map(([name, n]) => `${n} ${name}`).join(", ")}`);
});
