// node tests/bench/trust.mjs: how long it takes to check a site from outside, and
// a release's proof in the page. Medians of five.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { go, launch, root, serve } from "../browser/harness.js";
import { trialRelease } from "../browser/trial.js";

const RUNS = 5;
const run = promisify(execFile);
const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const dir = await mkdtemp(join(tmpdir(), "trust-"));
const browser = await launch();
try {
  const dist = await trialRelease(dir, "1.0.0");
  await site(dist);
  await proof(dist);
} finally {
  await browser.close();
  await rm(dir, { recursive: true });
}

/** The whole site over HTTP, as every visitor that the verifier asks as. @param {string} dist */
async function site(dist) {
  const verifier = join(dir, "verifier");
  await go("build", "-o", verifier, "./verifier");
  const server = await serve(join(dist, "site"));
  try {
    const seconds = [];
    let text = "";
    for (let i = 0; i < RUNS; i++) {
      const start = performance.now();
      ({ stdout: text } = await run(verifier, ["site", "--policy", join(dist, "trust.policy"), "--known", "none", server.base]));
      seconds.push((performance.now() - start) / 1000);
    }
    console.log(`verifier site: ${median(seconds).toFixed(2)} s (${seconds.map((s) => s.toFixed(2)).join(", ")}); ${text.match(/compared +(.*)/)?.[1]}`);
  } finally {
    await server.close();
  }
}

/** The proof of a release, its manifest and list, in a page that has just loaded. @param {string} dist */
async function proof(dist) {
  const policy = await readFile(join(dist, "trust.policy"), "utf8");
  const keys = (/** @type {string} */ word) => [...policy.matchAll(new RegExp(`^${word} (\\S+)`, "gm"))].map(([, key]) => key);
  const log = { version: "1.0.0", threshold: 1, release: keys("release"), log: keys("log"), witnesses: [], quorum: null };
  const text = await readFile(join(dist, "site/release.tlog-proof"), "utf8");
  const manifest = await readFile(join(dist, "manifest"), "utf8");
  const server = createServer(async ({ url = "/" }, response) => {
    const script = url.endsWith(".js");
    response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
    response.end(script ? await readFile(join(root, url.startsWith("/js/") ? "wasm" : "site", url)) : "<!doctype html>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    for (const rate of [1, 4]) {
      const first = [], again = [];
      for (let i = 0; i < RUNS; i++) {
        const context = await browser.newContext();
        const page = await context.newPage();
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate });
        await page.goto(`http://127.0.0.1:${port}/`);
        const took = await page.evaluate(async ({ text, log, manifest }) => {
          const load = (/** @type {string} */ path) => import(path);
          const { openRelease, filesOf } = await load("/page/release.js");
          const took = [];
          for (let i = 0; i < 20; i++) {
            const start = performance.now();
            const files = await filesOf(await openRelease(text, log), new TextEncoder().encode(manifest));
            took.push(performance.now() - start);
            if (files.size < 10) throw new Error("a manifest without files");
          }
          return took;
        }, { text, log, manifest });
        first.push(took[0]);
        again.push(median(took.slice(1)));
        await context.close();
      }
      console.log(`a release's proof in Chromium, ${rate === 1 ? "the whole" : "a quarter of the"} processor: the first ${median(first).toFixed(1)} ms, then ${median(again).toFixed(1)} ms`);
    }
  } finally {
    server.close();
  }
}
