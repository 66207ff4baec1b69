// What all browser tests need: the site built and served, with a record of
// what reaches the server, and Chromium.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { launchFirefox } from "./firefox.js";
import { launchWebKit } from "./webkit.js";

const run = promisify(execFile);
export const root = new URL("../../", import.meta.url).pathname;

/** @param {string[]} args of the go command @returns {Promise<string>} what it printed */
export async function go(...args) {
  const { stdout } = await run("go", args, { cwd: root, maxBuffer: 256 << 20 });
  return stdout;
}

/** Builds the site into a new folder. `pages` are the names of its pages' files. */
export async function build() {
  const dir = await mkdtemp(join(tmpdir(), "site-"));
  await go("run", "./site/build", "-o", join(dir, "site"));
  const pages = (await readdir(join(dir, "site"))).filter((name) => name.endsWith(".html") && name !== "404.html");
  return { dir: join(dir, "site"), pages, remove: () => rm(dir, { recursive: true }) };
}

/**
 * A request as the server saw it: everything in which data could travel.
 * @typedef {{ method: string, url: string, headers: string, body: string }} Seen
 */

/**
 * Starts a server that records all that reaches it.
 * @param {(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse) => void} answer
 */
export async function record(answer) {
  /** @type {Seen[]} */
  const seen = [];
  const server = http.createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: JSON.stringify(request.headers), body: body.toString("latin1") });
      answer(request, body, response);
    });
  });
  let connections = 0;
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
  });
  server.on("upgrade", (request, socket) => {
    seen.push({ method: "UPGRADE", url: request.url ?? "", headers: JSON.stringify(request.headers), body: "" });
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    base: `http://127.0.0.1:${port}/`,
    port,
    seen,
    connections: () => connections,
    /** Bytes that went out, heads included. */
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    close: () => new Promise((resolve) => {
      server.close(() => resolve(null));
      server.closeAllConnections();
    }),
  };
}

/** @typedef {Awaited<ReturnType<typeof record>>} Recorder */

/**
 * Records what reaches another server, and lets it lie or be late: `lies` has,
 * by method and path, what becomes of a body.
 * @param {string} address
 */
async function forward(address) {
  /** @type {Map<string, (body: Buffer) => Buffer | string | Promise<Buffer>>} */
  const lies = new Map();
  const recorder = await record((request, body, response) => {
    const onward = http.request(new URL(request.url ?? "/", address), { method: request.method, headers: request.headers }, async (answer) => {
      const lie = lies.get(`${request.method} ${request.url}`);
      const sent = lie && Buffer.from(await lie(Buffer.concat(await answer.toArray())));
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...(sent && { "content-length": sent.length }) });
      if (sent) response.end(sent);
      else answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  });
  return { ...recorder, lies };
}

/**
 * Starts a server that prints its address, behind a recorder.
 * @param {string} command
 * @param {string[]} args
 */
async function start(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { printed += text; });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const address = await until(() => {
    assert.equal(child.exitCode, null, `${command} ended: ${printed}`);
    return printed.match(/http:\/\/[^\s"]+/)?.[0];
  }, `the address of ${command}`, 60);
  const recorder = await forward(address);
  return {
    ...recorder,
    printed: () => printed,
    close: async () => {
      await recorder.close();
      child.kill("SIGTERM");
      assert.equal(await ended, 0, "the server ends by itself when asked");
    },
  };
}

/** Serves a built site with its headers: the site's own server. @param {string} dir */
export async function serve(dir) {
  const binary = join(dir, "..", "serve");
  await go("build", "-o", binary, "./site/serve");
  return start(binary, ["-dir", dir, "-addr", "127.0.0.1:0"]);
}

/**
 * With what the development sender shows, and its data removed at the end.
 * @param {Awaited<ReturnType<typeof start>>} server
 * @param {string} data
 */
function withCodes(server, data) {
  return {
    ...server,
    /** The code that is shown. @param {string} registration how its id begins */
    code: (registration) => until(() => server.printed().match(new RegExp(`code (\\d+) for registration ${registration}`))?.[1], "the code"),
    close: async () => {
      await server.close();
      await rm(data, { recursive: true });
    },
  };
}

/**
 * Serves a built site and a new directory, as ./build.sh serve does.
 * @param {string} dir
 * @param {string[]} [options] of the server
 */
export async function serveDirectory(dir, options = []) {
  const data = await mkdtemp(join(tmpdir(), "directory-"));
  const binary = join(dir, "..", "server");
  await go("build", "-o", binary, "./wasm/edge/server");
  return withCodes(await start(binary, ["-dir", dir, "-data", data, "-addr", "127.0.0.1:0", ...options]), data);
}

/** Serves a built site and a new directory as the Cloudflare Worker, in workerd. @param {string} dir */
export async function serveWorker(dir) {
  const data = await mkdtemp(join(tmpdir(), "directory-"));
  const worker = join(data, "worker");
  await go("run", "./wasm/edge/worker/pack", "-o", worker);
  return withCodes(await start(process.execPath, ["wasm/edge/worker/serve.mjs", JSON.stringify({ data, worker, site: dir })]), data);
}

const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm",
});

/**
 * Serves a built site as a host does that sends no headers but the type.
 * @param {string} dir
 * @param {Record<string, string>} [more] further pages by their path
 */
export function serveBare(dir, more = {}) {
  return record(async (request, _, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname.slice(1) || "index.html";
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "text/plain");
    try {
      response.end(more[path] ?? await readFile(join(dir, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
}

/** @typedef {"chromium" | "firefox" | "webkit"} Engine */
export const ENGINES = /** @type {const} */ (["chromium", "firefox", "webkit"]);

const CHROMIUM = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

/**
 * Starts a browser with a profile of its own. Firefox and WebKit are of
 * driver.js, which has what the tests use of Playwright.
 * @param {Engine} [engine]
 * @param {{ dark?: boolean }} [options] dark: in Chromium, a context says so
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launch(engine = "chromium", options = {}) {
  if (engine === "firefox") return /** @type {any} */ (await launchFirefox(options));
  if (engine === "webkit") return /** @type {any} */ (await launchWebKit(options));
  return chromium.launch(CHROMIUM);
}

/** @typedef {"scripts" | "wasm" | "storage" | "history"} Part history: a private window */

/**
 * Starts a browser in which a part is switched off, as a person, an
 * administrator or a hardened build does.
 * @param {Engine} engine
 * @param {Part | null} part null for none
 * @param {string} [proxy] through which plain http goes, such as "http://127.0.0.1:8000"
 */
export async function launchWithout(engine, part, proxy) {
  if (engine === "firefox") {
    const { hostname = "", port = "" } = proxy ? new URL(proxy) : {};
    return launchFirefox({ preferences: {
      ...(part && /** @type {Record<Part, object>} */ ({
        scripts: { "javascript.enabled": false }, wasm: { "javascript.options.wasm": false },
        storage: { "network.cookie.cookieBehavior": 2 }, history: { "browser.privatebrowsing.autostart": true },
      })[part]),
      ...(proxy && { "network.proxy.type": 1, "network.proxy.http": hostname, "network.proxy.http_port": Number(port) }),
    } });
  }
  if (engine === "webkit") {
    return launchWebKit({
      args: [
        ...(part === "scripts" ? ["--enable-javascript=false"] : part === "storage" ? ["--enable-html5-local-storage=false", "--enable-html5-database=false"] : part === "history" ? ["--private"] : []),
        ...(proxy ? [`--proxy=${proxy}`] : []),
      ],
      env: part === "wasm" ? { JSC_useWasm: "0" } : {},
    });
  }
  const options = { ...CHROMIUM, args: [...CHROMIUM.args, ...(part === "wasm" ? ["--js-flags=--jitless"] : [])] };
  if (part !== "storage") {
    // A context of a test is a private window.
    const browser = await chromium.launch({ ...options, ...(proxy && { proxy: { server: proxy } }) });
    return { newContext: () => browser.newContext({ locale: "en-GB", javaScriptEnabled: part !== "scripts" }), close: () => browser.close() };
  }
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  const context = await chromium.launchPersistentContext(profile, { ...options, locale: "en-GB" });
  return { newContext: async () => context, close: async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  } };
}

/** What the pages cause on purpose: refusals, and features that a browser does not know. */
const EXPECTED = /Content[ -]Security[ -]Policy|Unrecognized feature|TrustedScriptURL|net::ERR_FAILED|Refused to connect|establish a connection|downloadable font|WebTransport/;

/**
 * Opens a page of the site and waits until it is sealed. Faults of its scripts
 * are collected in `faults`, in engines that tell of them.
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} url
 */
export async function open(context, url) {
  const page = await context.newPage();
  if ("setDefaultTimeout" in page) page.setDefaultTimeout(90_000);
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => { if (!EXPECTED.test(String(error))) faults.push(String(error)); });
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) faults.push(message.text());
  });
  await page.goto(url);
  await page.locator('#seal[data-state="sealed"]').waitFor();
  return { page, faults };
}

/**
 * Waits until something holds. Pages cannot be polled from within: their
 * policy allows no eval.
 * @template T
 * @param {() => Promise<T> | T} what
 * @param {string} name
 * @param {number} [seconds]
 * @returns {Promise<T>}
 */
export async function until(what, name, seconds = 90) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > end) assert.fail(`waited ${seconds} s for ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
