// Chromium and workerd, each with the installed package in it.

import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";

/** @typedef {Record<string, (segment: string) => string | Promise<string>>} Texts */

const here = new URL(".", import.meta.url).pathname;

/**
 * Opens a page whose policy lets in nothing but its own scripts, and waits for
 * what it says on the console as "results" and JSON. The policy refuses what
 * playwright would evaluate, so the page speaks up.
 * @param {string} package_ folder of the installed package
 * @param {string} script of tests/js that the page runs
 * @param {Texts} texts what else is served, by path; "/…/*" gets the last segment
 * @param {string | ((origin: string) => Promise<string>)} [connect] other origins that it may connect to, or what starts one for the page's own
 * @returns {Promise<{ results: any, complaints: string[] }>}
 */
export async function inPage(package_, script, texts, connect = "") {
  const server = await serve(package_, script, texts, connect);
  const profile = await mkdtemp(join(tmpdir(), "sealbook-chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    const results = new Promise((resolve, reject) => {
      page.on("console", (message) => {
        if (message.text().startsWith("results ")) resolve(JSON.parse(message.text().slice("results ".length)));
        else complaints.push(message.text());
      });
      setTimeout(() => reject(new Error(`no results: ${complaints.join("\n")}`)), 120_000).unref();
    });
    await page.goto(server.url);
    return { results: await results, complaints };
  } finally {
    await browser.close();
    server.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/**
 * The same in Firefox, whose driver sees no console but can ask the page.
 * @param {string} package_
 * @param {string} script of tests/js that the page runs, and that sets globalThis.results
 * @param {Texts} texts
 * @returns {Promise<any>}
 */
export async function inFirefox(package_, script, texts) {
  // By a name that the type checker does not follow: the driver is checked with the browser tests.
  const driver = "../browser/firefox.js";
  const { launchFirefox } = await import(driver);
  const server = await serve(package_, script, texts, "");
  const browser = await launchFirefox();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.url);
    for (const began = Date.now(); ;) {
      const results = await page.evaluate("() => globalThis.results");
      if (results !== undefined) return results;
      if (Date.now() - began > 240_000) throw new Error("no results");
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    await browser.close();
    server.close();
  }
}

/**
 * Posts a body to a worker and answers what it answers, as JSON.
 * @param {string} package_
 * @param {string} main script of tests/js; it lies beside "sealbook" and the others
 * @param {readonly string[]} scripts of tests/js that it imports
 * @param {string} body
 * @returns {Promise<any>}
 */
export async function inWorkerd(package_, main, scripts, body) {
  const dir = await mkdtemp(join(tmpdir(), "sealbook-workerd-"));
  await cp(package_, join(dir, "sealbook"), { recursive: true });
  for (const name of scripts) await cp(join(here, name), join(dir, name));
  await cp(join(here, main), join(dir, "main.js"));
  const own = (await readdir(join(dir, "sealbook"), { recursive: true })).filter((name) => name.endsWith(".js")).map((name) => `sealbook/${name}`);
  const miniflare = new Miniflare({
    cf: false,
    telemetry: { enabled: false },
    compatibilityDate: "2026-04-26",
    modulesRoot: dir,
    modules: [
      ...["main.js", ...scripts, ...own].map((path) => ({ type: /** @type {const} */ ("ESModule"), path: join(dir, path) })),
      ...["core", "blind", "format"].map((name) => ({ type: /** @type {const} */ ("CompiledWasm"), path: join(dir, `sealbook/${name}.wasm`) })),
    ],
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/", { method: "POST", body });
    return await response.json();
  } finally {
    await miniflare.dispose();
    await rm(dir, { recursive: true });
  }
}

/**
 * @param {string} package_
 * @param {string} script
 * @param {Texts} texts
 * @param {string | ((origin: string) => Promise<string>)} connect
 */
async function serve(package_, script, texts, connect) {
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html" };
  const server = createServer(async ({ url = "/" }, response) => {
    response.setHeader("Content-Security-Policy", `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${connect}; worker-src 'self'; base-uri 'none'`);
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      const text = texts[url] ?? texts[`${url.slice(0, url.lastIndexOf("/"))}/*`];
      const body = url === "/" ? `<!doctype html><meta charset="utf-8"><script type="module" src="/${script}"></script>`
        : text !== undefined ? await text(url.slice(url.lastIndexOf("/") + 1))
        : await readFile(url.startsWith("/sealbook/") ? join(package_, url.slice("/sealbook".length)) : join(here, url));
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
  if (typeof connect === "function") connect = await connect(`http://127.0.0.1:${address.port}`);
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
