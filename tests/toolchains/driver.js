// An app's folder with the packed package in it, and ways to run what a
// toolchain made of it.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { install, output } from "../js/package.js";

/** What a toolchain's app answered: "ok", or what went wrong, by step. @typedef {Record<string, string>} Results */

const here = new URL(".", import.meta.url).pathname;

/** The package in a folder with the apps. */
export async function app() {
  const installed = await install();
  await cp(join(here, "apps"), installed.dir, { recursive: true });
  await writeFile(join(installed.dir, "index.html"), '<!doctype html><meta charset="utf-8"><body><script type="module" src="./page.js"></script>');
  return installed;
}

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/**
 * Serves a folder as a static host does; paths that are not there get a page,
 * as hosts of single-page apps answer.
 * @param {string} dir
 */
export async function serve(dir) {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = normalize(new URL(url, "http://x").pathname);
    const file = path.endsWith("/") ? `${path}index.html` : path;
    try {
      const body = await readFile(join(dir, file));
      response.setHeader("Content-Type", types[/** @type {keyof typeof types} */ (extname(file))] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>not here</title>");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** @type {Promise<import("playwright-core").BrowserContext> | undefined} */
let browser;
/** @type {string} */
let profile;

async function launch() {
  profile = await mkdtemp(join(tmpdir(), "sealbook-toolchains-"));
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * Opens a page and waits for what it says on the console as "results" and JSON.
 * @param {string} url
 * @returns {Promise<Results>}
 */
export async function open(url) {
  const page = await (await (browser ??= launch())).newPage();
  /** @type {string[]} */
  const said = [];
  try {
    const results = new Promise((resolve, reject) => {
      page.on("console", (message) => {
        if (message.text().startsWith("results ")) resolve(JSON.parse(message.text().slice("results ".length)));
        else said.push(message.text());
      });
      page.on("pageerror", (error) => said.push(String(error)));
      setTimeout(() => reject(new Error(`no results: ${said.join("\n")}`)), 120_000).unref();
    });
    await page.goto(url);
    return await results;
  } finally {
    await page.close();
  }
}

/** Serves a folder and opens it. @param {string} dir */
export async function openFolder(dir) {
  const server = await serve(dir);
  try {
    return await open(server.url);
  } finally {
    server.close();
  }
}

export async function closeBrowser() {
  if (browser === undefined) return;
  await (await browser).close();
  await rm(profile, { recursive: true, force: true });
}

/** Runs a script in Node, which prints results as JSON. @param {string} script @param {string} cwd @returns {Promise<Results>} */
export const node = async (script, cwd) => JSON.parse(await output(process.execPath, [script], cwd));

/**
 * Runs a bundled worker in workerd.
 * @param {string} dir
 * @param {string} main
 * @param {string[]} wasm
 * @returns {Promise<Results>}
 */
export async function inWorkerd(dir, main, wasm) {
  const miniflare = new Miniflare({
    cf: false, telemetry: { enabled: false }, compatibilityDate: "2026-04-01", modulesRoot: dir,
    modules: [
      { type: "ESModule", path: join(dir, main) },
      ...wasm.map((path) => ({ type: /** @type {const} */ ("CompiledWasm"), path: join(dir, path) })),
    ],
  });
  try {
    return /** @type {Results} */ (await (await miniflare.dispatchFetch("http://localhost/")).json());
  } finally {
    await miniflare.dispose();
  }
}
