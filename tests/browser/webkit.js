// WebKit, by WebDriver: WebKitGTK's MiniBrowser under an X server of its own.
// https://www.w3.org/TR/webdriver/

import { execFile, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Page, downloadFolder, printed } from "./driver.js";

/** Debian's folder of programs, whatever the machine's triplet and the library's version. */
function miniBrowser() {
  for (const triplet of readdirSync("/usr/lib").filter((name) => name.endsWith("-linux-gnu"))) {
    for (const folder of readdirSync(join("/usr/lib", triplet)).filter((name) => /^webkit2?gtk-[\d.]+$/.test(name)).sort().reverse()) {
      if (readdirSync(join("/usr/lib", triplet, folder)).includes("MiniBrowser")) return join("/usr/lib", triplet, folder, "MiniBrowser");
    }
  }
  throw new Error("there is no MiniBrowser: ./build.sh setup installs webkit2gtk-driver");
}

/**
 * @typedef {{ dark: boolean, locale: string, args: string[], env: Record<string, string> }} Options
 *   locale: glibc's name; args: of MiniBrowser, which takes WebKit's settings; env: JavaScriptCore takes options so
 */

/** @param {Partial<Options>} [options] */
export async function launchWebKit({ dark = false, locale = "en_GB", args = [], env = {} } = {}) {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1400x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [, display] = await printed(screen, /** @type {import("node:stream").Readable} */ (screen.stdio[3]), /(\d+)\n/);
  /** @type {Set<{ close(): Promise<void> }>} */
  const contexts = new Set();
  return {
    engine: "webkit",
    async newContext() {
      const context = await newContext(":" + display, { dark, locale, args, env }, () => contexts.delete(context));
      contexts.add(context);
      return context;
    },
    async close() {
      for (const context of contexts) await context.close().catch(() => {});
      const ended = new Promise((resolve) => screen.once("exit", resolve));
      screen.kill();
      await ended;
    },
  };
}

/**
 * A browser of its own: a driver has one session at a time, and a session's
 * browser keeps nothing.
 * @param {string} display
 * @param {Options} options
 * @param {() => void} closed
 */
async function newContext(display, { dark, locale, args, env }, closed) {
  const home = await mkdtemp(join(tmpdir(), "webkit-"));
  const folder = await downloadFolder();
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${folder.path}"\n`);
  // The languages that a page sees are those of the C library's locale.
  await promisify(execFile)("localedef", ["-i", locale, "-f", "UTF-8", join(home, `${locale}.UTF-8`)]);
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display, HOME: home, XDG_CONFIG_HOME: join(home, ".config"), XDG_CACHE_HOME: join(home, ".cache"), XDG_DATA_HOME: join(home, ".data"), LOCPATH: home, LC_ALL: `${locale}.UTF-8`, LANGUAGE: locale, GTK_THEME: dark ? "Adwaita:dark" : "Adwaita", ...env },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const ended = new Promise((resolve) => driver.once("exit", resolve));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  const request = (method, path, body) => new Promise((resolve, reject) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const sent = http.request({ host: "127.0.0.1", port, method, path, agent, headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) } }, async (answer) => {
      const { value } = JSON.parse(Buffer.concat(await answer.toArray()).toString());
      if (answer.statusCode === 200) resolve(value);
      else reject(new Error(`${value.error}: ${value.message}`));
    });
    sent.on("error", reject);
    sent.end(text);
  });
  for (let tries = 0; ; tries++) {
    if (await request("GET", "/status").then(() => true, () => false)) break;
    if (tries > 400 || driver.exitCode !== null) throw new Error("WebKitWebDriver does not start");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const { sessionId } = await request("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation", ...args] } } } });
  const session = `/session/${sessionId}`;
  await request("POST", `${session}/timeouts`, { script: 120_000, pageLoad: 60_000 });
  let current = await request("GET", `${session}/window`);

  // One command at a time, each to the window that it is for.
  let turn = Promise.resolve();
  /** @param {string} handle @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  const command = (handle, method, path, body) => {
    const result = turn.then(async () => {
      if (handle !== current) {
        await request("POST", `${session}/window`, { handle });
        current = handle;
      }
      return request(method, session + path, body);
    });
    turn = result.then(() => {}, () => {});
    return result;
  };
  // Never handed out: with its last window a session ends.
  const blank = current;
  const context = {
    downloads: folder.path,
    async newPage() {
      const { handle } = await command(blank, "POST", "/window/new", { type: "window" });
      const page = new Page(tab((method, path, body) => command(handle, method, path, body)), context);
      await page.setViewportSize({ width: 1280, height: 800 });
      return Object.assign(page, { on: () => {} }); // WebDriver tells of no errors
    },
    async close() {
      closed();
      await request("DELETE", session).catch(() => {});
      driver.kill();
      await ended;
      agent.destroy();
      await Promise.all([folder.remove(), rm(home, { recursive: true, force: true, maxRetries: 5 })]);
    },
  };
  return context;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = http.createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

const SCRIPT = (/** @type {string} */ source) => `const done = arguments[arguments.length - 1];
(async () => (${source})(...JSON.parse(arguments[0])))().then((is) => done({ is: is === undefined ? "" : JSON.stringify(is) }), (error) => done({ error: String(error) }));`;

/**
 * @param {(method: string, path: string, body?: object) => Promise<any>} command
 * @returns {import("./driver.js").Tab}
 */
function tab(command) {
  /** @param {string} source @param {unknown[]} args */
  const call = async (source, args) => {
    const answer = await command("POST", "/execute/async", { script: SCRIPT(source), args: [JSON.stringify(args)] });
    if ("error" in answer) throw new Error(answer.error);
    return answer.is === "" ? undefined : JSON.parse(answer.is);
  };
  return {
    call,
    async callInFrame(source, args) {
      await command("POST", "/frame", { id: await command("POST", "/element", { using: "css selector", value: "iframe" }) });
      try {
        return await call(source, args);
      } finally {
        await command("POST", "/frame", { id: null });
      }
    },
    navigate: (url) => command("POST", "/url", { url }),
    reload: () => command("POST", "/refresh", {}),
    back: () => command("POST", "/back", {}),
    press: (x, y) => command("POST", "/actions", { actions: [{ type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x, y, duration: 0 }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }] }] }),
    type: (keys) => command("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions: [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))] }] }),
    async choose(selector, paths) {
      const element = await command("POST", "/element", { using: "css selector", value: selector });
      await command("POST", `/element/${Object.values(element)[0]}/value`, { text: paths.join("\n") });
    },
    async resize(width, height) {
      // The window's size includes its frame.
      await command("POST", "/window/rect", { x: 0, y: 0, width, height });
      const inner = await call("() => [innerWidth, innerHeight]", []);
      await command("POST", "/window/rect", { x: 0, y: 0, width: width + width - inner[0], height: height + height - inner[1] });
    },
    picture: async () => Buffer.from(await command("GET", "/screenshot"), "base64"),
    close: () => command("DELETE", "/window"),
  };
}
