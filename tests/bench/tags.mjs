// node tests/bench/tags.mjs: reading, checking and matching the tags of 10⁶
// people, in Node and Chromium, and what the checks of the log weigh.

import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";
import { measure } from "./tags-page.js";

const js = new URL("../../wasm/js/", import.meta.url).pathname;
const here = new URL(".", import.meta.url).pathname;

/** Without comments, as a page that joins its modules has them. @param {string} text */
const bare = (text) => text.replace(/\/\*\*[^]*?\*\//g, "").replace(/^\s*\/\/.*\n/gm, "").replace(/^import.*\n/gm, "").replace(/\n\s*\n/g, "\n");

for (const folder of ["trust", "discovery"]) {
  const names = (await readdir(join(js, folder))).filter((name) => name.endsWith(".js")).sort();
  const text = (await Promise.all(names.map((name) => readFile(join(js, folder, name), "utf8")))).join("");
  const size = (/** @type {string} */ text) => (brotliCompressSync(text).length / 1000).toFixed(1);
  console.log(`${folder}: ${size(text)} KB of brotli, ${size(bare(text))} without comments`);
}
console.log("node", await measure(await import(join(js, "discovery/tags.js")), await import(join(js, "trust/files.js"))));

const server = createServer(async ({ url = "/" }, response) => {
  const path = url.startsWith("/js/") ? join(js, url.slice(4)) : join(here, "tags-page.js");
  response.setHeader("Content-Type", url === "/" ? "text/html" : "text/javascript");
  response.end(url === "/" ? "<!doctype html>" : await readFile(path));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  console.log("chromium", browser.version(), await page.evaluate(async () => {
    const load = (/** @type {string} */ path) => import(path);
    const [{ measure }, tags, files] = await Promise.all([load("/tags-page.js"), load("/js/discovery/tags.js"), load("/js/trust/files.js")]);
    return measure(tags, files);
  }));
} finally {
  await browser.close();
  server.close();
}
