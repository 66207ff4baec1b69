// Chromium for the benchmarks.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/**
 * @param {string} root of the repository
 * @param {string} texts file of the texts
 * @param {{ limits: { rounds: number, seconds: number, digests: number }, peers: boolean }} settings
 * @returns {Promise<{ version: string, times: import("./cases.js").Time[], load: number }>}
 */
export const inChromium = (root, texts, settings) => resultsOf(root, "/tests/bench/page.js", { "/settings.json": () => JSON.stringify(settings), "/texts.json": () => readFile(texts) });

/**
 * What a script of the repository gives in Chromium, in a line of its console.
 *
 * @param {string} root of the repository
 * @param {string} script its path there
 * @param {Record<string, () => string | Promise<Uint8Array>>} files what there is besides the repository's
 * @returns {Promise<any>} with version, Chromium's
 */
export async function resultsOf(root, script, files) {
  const server = createServer(async ({ url = "/" }, response) => {
    try {
      const path = normalize(url);
      const body = path === "/" ? `<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`
        : files[path] ? await files[path]()
        : await readFile(join(root, path.startsWith("/node_modules/") ? "tests" : "", path));
      response.setHeader("Content-Type", path === "/" ? "text/html" : types[/** @type {keyof typeof types} */ (extname(path))] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const profile = await mkdtemp(join(tmpdir(), "sealbook-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--js-flags=--expose-gc"],
  });
  try {
    const page = await context.newPage();
    const results = new Promise((resolve, reject) => {
      page.on("console", (message) => {
        const text = message.text();
        if (text.startsWith("results ")) resolve(JSON.parse(text.slice("results ".length)));
      });
      page.on("pageerror", reject);
      setTimeout(() => reject(new Error("the page gave no results in ten minutes")), 600_000).unref();
    });
    await page.goto(`http://127.0.0.1:${port}/`);
    return { ...await results, version: context.browser()?.version() ?? (await page.evaluate("navigator.userAgent")) };
  } finally {
    await context.close();
    server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
