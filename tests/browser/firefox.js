// Firefox, by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { Page, downloadFolder, printed } from "./driver.js";

/** Firefox's own traffic and dialogues off. */
const PREFERENCES = {
  "app.update.enabled": false, "browser.aboutwelcome.enabled": false, "browser.shell.checkDefaultBrowser": false,
  "browser.safebrowsing.downloads.remote.enabled": false, "browser.safebrowsing.malware.enabled": false, "browser.safebrowsing.phishing.enabled": false,
  "captivedetect.canonicalURL": "", "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.enabled": false, "extensions.update.enabled": false,
  "services.settings.server": "data:,", "media.gmp-manager.updateEnabled": false, "network.prefetch-next": true,
  // WebRTC asks servers on this machine, too: the recorder is one.
  "media.peerconnection.ice.loopback": true,
};

/** @param {{ dark?: boolean, languages?: string, preferences?: Record<string, unknown> }} [options] */
export async function launchFirefox({ dark = false, languages = "en-GB, en", preferences = {} } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "firefox-"));
  const all = { ...PREFERENCES, "intl.accept_languages": languages, "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1, ...preferences };
  await writeFile(join(profile, "user.js"), Object.entries(all).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
  const child = spawn(process.env.FIREFOX || "firefox-esr", ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const [, address] = await printed(child, child.stderr, /WebDriver BiDi listening on (ws:\/\/\S+)/);
  const socket = new WebSocket(address + "/session", { perMessageDeflate: false, maxPayload: 256 << 20 });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));

  let last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const open = new Map();
  /** @type {Map<string, (entry: any) => void>} */
  const logs = new Map();
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.method === "log.entryAdded") logs.get(message.params.source.context)?.(message.params);
    const request = open.get(message.id);
    if (!request) return;
    open.delete(message.id);
    if (message.type === "error") request.reject(new Error(`${message.error}: ${message.message}`));
    else request.resolve(message.result);
  });
  socket.on("close", () => { for (const { reject } of open.values()) reject(new Error("Firefox is gone")); });
  /** @param {string} method @param {object} params @returns {Promise<any>} */
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    open.set(++last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["log.entryAdded"] });

  /** @type {Set<{ close(): Promise<void> }>} */
  const contexts = new Set();

  async function newContext() {
    const { userContext } = await send("browser.createUserContext");
    const folder = await downloadFolder();
    await send("browser.setDownloadBehavior", { downloadBehavior: { type: "allowed", destinationFolder: folder.path }, userContexts: [userContext] });
    const context = {
      downloads: folder.path,
      async newPage() {
        const { context: id } = await send("browsingContext.create", { type: "tab", userContext });
        await send("browsingContext.setViewport", { context: id, viewport: { width: 1280, height: 800 } });
        const page = new Page(tab(send, id), context);
        // Of what a worker's WebTransport throws away, Firefox has no more to say than ": ".
        return Object.assign(page, { on: (/** @type {string} */ event, /** @type {(error: unknown) => void} */ listener) => {
          if (event === "pageerror") logs.set(id, (entry) => { if (entry.type === "javascript" && entry.level === "error" && entry.text !== ": ") listener(entry.text); });
        } });
      },
      async close() {
        contexts.delete(context);
        await send("browser.removeUserContext", { userContext });
        await folder.remove();
      },
    };
    contexts.add(context);
    return context;
  }

  return {
    engine: "firefox",
    newContext,
    async close() {
      for (const context of contexts) await context.close().catch(() => {});
      await send("browser.close").catch(() => {});
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * @param {(method: string, params: object) => Promise<any>} send
 * @param {string} context
 * @returns {import("./driver.js").Tab}
 */
function tab(send, context) {
  /** @param {string} source @param {unknown[]} args */
  const call = async (source, args, target = context) => {
    const answer = await send("script.callFunction", {
      functionDeclaration: `async (text) => { const is = await (${source})(...JSON.parse(text)); return is === undefined ? "" : JSON.stringify(is); }`,
      arguments: [{ type: "string", value: JSON.stringify(args) }], target: { context: target }, awaitPromise: true,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.value ? JSON.parse(answer.result.value) : undefined;
  };
  return {
    call: (source, args) => call(source, args),
    async callInFrame(source, args) {
      const { contexts } = await send("browsingContext.getTree", { root: context });
      return call(source, args, contexts[0].children[0].context);
    },
    navigate: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    reload: () => send("browsingContext.reload", { context, wait: "complete" }),
    back: () => send("browsingContext.traverseHistory", { context, delta: -1 }),
    press: (x, y) => send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }] }] }),
    type: (keys) => send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions: [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))] }] }),
    async choose(selector, files) {
      const { nodes } = await send("browsingContext.locateNodes", { context, locator: { type: "css", value: selector } });
      await send("input.setFiles", { context, element: { sharedId: nodes[0].sharedId }, files });
    },
    async holds(text) {
      const { nodes } = await send("browsingContext.locateNodes", { context, locator: { type: "css", value: "main" }, serializationOptions: { maxDomDepth: 16 } });
      return JSON.stringify(nodes).includes(JSON.stringify(text).slice(1, -1));
    },
    resize: (width, height) => send("browsingContext.setViewport", { context, viewport: { width, height } }),
    picture: async () => Buffer.from((await send("browsingContext.captureScreenshot", { context })).data, "base64"),
    close: () => send("browsingContext.close", { context }),
  };
}
