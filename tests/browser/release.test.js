// A release in the browser: the service worker installs what the log has and
// nothing else; This page shows it; and when the server sends another worker, or
// removes it, the pages raise the alarm.

import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { after, before, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { launch, open, record, serve, until } from "./harness.js";
import { trialRelease } from "./trial.js";

let dir, browser;
/** @type {Record<string, string>} folders of the site of each release */
const releases = {};

/** The site of a trial release. @param {string} version @param {(site: string) => Promise<unknown>} [change] @param {string} [policy] */
const release = async (version, change, policy) => join(await trialRelease(dir, version, change, policy), "site");

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "release-"));
  browser = await launch();
  releases.one = await release("1.0.0");
  releases.two = await release("1.1.0");
});
after(async () => {
  await browser?.close();
  if (dir) await rm(dir, { recursive: true });
});

/** A witness: its verifier key, and how it cosigns a checkpoint's text. @param {string} name */
function witness(name) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = Buffer.concat([Buffer.of(4), publicKey.export({ type: "spki", format: "der" }).subarray(-32)]);
  const id = createHash("sha256").update(`${name}\n`).update(key).digest().subarray(0, 4);
  const line = (/** @type {string} */ text) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_800_000_000n);
    return `— ${name} ${Buffer.concat([id, time, sign(null, Buffer.from(`cosignature/v1\ntime 1800000000\n${text}`), privateKey)]).toString("base64")}\n`;
  };
  return { key: `${name}+${id.toString("hex")}+${key.toString("base64")}`, line };
}

const [one, two, three, stranger] = ["one", "two", "three", "stranger"].map((name) => witness(`${name}.example/w`));
const witnesses = `witness one ${one.key}\nwitness two ${two.key}\nwitness three ${three.key}\ngroup some 2 one two three\n`;

/**
 * A copy of a release whose proof witnesses have cosigned.
 * @param {string} site
 * @param {{ line: (text: string) => string }[]} by
 */
async function cosigned(site, by) {
  const to = await mkdtemp(join(dir, "cosigned-"));
  await cp(site, to, { recursive: true });
  const path = join(to, "release.tlog-proof");
  const proof = await readFile(path, "utf8");
  const checkpoint = proof.slice(proof.indexOf("trial.invalid/log\n"));
  const text = checkpoint.slice(0, checkpoint.indexOf("\n\n") + 1);
  await writeFile(path, proof + by.map(({ line }) => line(text)).join(""));
  return to;
}

const active = (page) => until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");
const registered = (page) => page.evaluate(async () => {
  const r = await navigator.serviceWorker.getRegistration();
  return r === undefined ? null : { active: r.active !== null, waiting: r.waiting !== null, installing: r.installing !== null };
});
/** Closes what a test opened, even if it fails: a server that is left would keep the process. */
const closing = (t, ...things) => t.after(async () => { for (const thing of things) await thing.close(); });
const version = (page) => page.locator("#release-version").innerText();

/**
 * Serves a folder that may be exchanged, with its headers.
 * @param {string} site
 */
async function exchange(site) {
  const servers = [await serve(site)];
  let to = servers[0].base;
  /** @type {Record<string, { status?: number, body?: string, headers?: Record<string, string> }>} */
  const lies = {};
  const front = await record(async (request, _, response) => {
    const lie = lies[request.url ?? ""];
    // Asked anew each time: 304 has no type, and a lie needs one.
    const { "accept-encoding": __, host: ___, connection: ____, "if-none-match": _____, ...headers } = request.headers;
    const answer = await fetch(new URL(request.url ?? "/", to), { headers: /** @type {any} */ (headers), redirect: "manual" });
    const sent = Object.fromEntries([...answer.headers].filter(([name]) => !["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"].includes(name)));
    if (lie?.body !== undefined) delete sent.etag;
    response.writeHead(lie?.status ?? (lie?.body === undefined ? answer.status : 200), { ...sent, ...lie?.headers });
    response.end(lie?.body ?? Buffer.from(await answer.arrayBuffer()));
  });
  return {
    ...front,
    lies,
    async change(other) { servers.push(await serve(other)); to = servers[servers.length - 1].base; },
    async close() {
      await front.close();
      for (const server of servers.splice(0)) await server.close();
    },
  };
}

test("This page shows the release that the worker checked, and works without its server", async (t) => {
  const server = await exchange(releases.one);
  const context = await browser.newContext({ locale: "en-GB" });
  closing(t, context, server);
  const { page, faults } = await open(context, server.base + "this-page.html");
  await until(async () => /^1\.0\.0 /.test(await version(page)), "the release");
  assert.match(await page.locator("#release-entry").innerText(), /^1 of 2, .* trial\.invalid\/log$/);
  const manifest = await page.locator("#release-manifest").innerText();
  assert.match(await readFile(join(releases.one, "log", "manifest", manifest), "utf8"), /^sealbook manifest v1\nversion 1\.0\.0\n/);
  assert.match(await page.locator("#release-witnesses").innerText(), /nobody/);
  assert.match(await page.locator("#release-state").innerText(), /known to everybody/);
  assert.equal(await page.locator("#command-site").innerText(), `verifier site ${server.base}`);
  await active(page);
  await server.close();
  await page.reload();
  await until(async () => /^1\.0\.0 /.test(await version(page)), "the release, kept");
  assert.equal(await page.locator(".alarm").count(), 0);
  assert.deepEqual(faults, []);
});

test("This page says how many witnesses have cosigned", async (t) => {
  const site = await release("1.2.0", undefined, witnesses + "quorum none\n");
  for (const [by, shown] of /** @type {const} */ ([
    [[], /^0 of 3: a log that is shown differently/],
    [[two], /^1 of 3: two\.example\/w$/],
    [[three, stranger, one], /^2 of 3: one\.example\/w, three\.example\/w$/],
  ])) {
    const server = await exchange(await cosigned(site, [...by]));
    const context = await browser.newContext({ locale: "en-GB" });
    closing(t, context, server);
    const { page } = await open(context, server.base + "this-page.html");
    await until(async () => /^1\.2\.0 /.test(await version(page)), "the release");
    assert.match(await page.locator("#release-witnesses").innerText(), shown);
  }
});

test("a release that too few witnesses have cosigned is not installed", async (t) => {
  const site = await release("1.3.0", undefined, witnesses + "quorum some\n");
  for (const [name, folder] of /** @type {const} */ ([
    ["one of two", await cosigned(site, [two])],
    ["one twice", await cosigned(site, [two, two])],
    ["one and a stranger", await cosigned(site, [two, stranger])],
    ["two, one of another checkpoint", await cosigned(site, [two, { line: () => one.line("trial.invalid/log\n9\n\n") }])],
  ])) {
    const server = await exchange(folder);
    const context = await browser.newContext();
    closing(t, context, server);
    const { page } = await open(context, server.base);
    await until(() => server.seen.some(({ url }) => url === "/release.tlog-proof"), "the worker to ask");
    await until(async () => await registered(page) === null, `the registration to fail: ${name}`);
  }
  const server = await exchange(await cosigned(site, [two, one]));
  const context = await browser.newContext({ locale: "en-GB" });
  closing(t, context, server);
  const { page } = await open(context, server.base + "this-page.html");
  await until(async () => /^1\.3\.0 /.test(await version(page)), "the release");
  assert.match(await page.locator("#release-witnesses").innerText(), /^2 of 3: /);
});

test("a newer logged release is taken, without an alarm", async (t) => {
  const server = await exchange(releases.one);
  const context = await browser.newContext();
  closing(t, context, server);
  const { page } = await open(context, server.base + "this-page.html");
  await active(page);
  await server.change(releases.two);
  await page.reload();
  await until(async () => (await registered(page))?.waiting, "the newer release to wait");
  assert.equal(await page.locator(".alarm").count(), 0);
  await until(async () => /^1\.0\.0 /.test(await version(page)), "the older one to be shown");
  await page.close();
  const next = await until(async () => {
    const { page: again } = await open(context, server.base + "this-page.html");
    const shown = await until(() => version(again).then((text) => text !== "…" && text), "a release");
    if (/^1\.1\.0 /.test(shown)) return again;
    await again.close();
  }, "the newer release to take over", 60);
  assert.equal(await next.locator(".alarm").count(), 0);
});

for (const [name, change] of /** @type {const} */ ([
  ["that the log does not have", (site) => rm(join(site, "log"), { recursive: true })],
  ["whose proof is of another", async (site) => cp(join(releases.one, "release.tlog-proof"), join(site, "release.tlog-proof"))],
  ["whose manifest is another", async (site) => appendFile(join(site, "log", "manifest", await manifestOf(site)), "\n")],
])) {
  test(`a release ${name} is refused, and the old one stays`, async (t) => {
    const bad = join(dir, "bad-" + name.length);
    await cp(releases.two, bad, { recursive: true });
    await change(bad);
    const server = await exchange(releases.one);
    const context = await browser.newContext();
    closing(t, context, server);
    const { page } = await open(context, server.base + "this-page.html");
    await active(page);
    await server.change(bad);
    await page.reload();
    await page.locator(".alarm").waitFor();
    assert.match(await page.locator(".alarm").innerText(), /not of a release in the public log/);
    await until(async () => { const r = await registered(page); return r?.active && !r.installing && !r.waiting; }, "the update to be refused");
    assert.match(await version(page), /^1\.0\.0 /, "the old one stays");
  });
}

/** The hash of the manifest that a folder's proof names. @param {string} site */
async function manifestOf(site) {
  const proof = await readFile(join(site, "release.tlog-proof"), "utf8");
  const extra = /^extra (.*)$/m.exec(proof)?.[1] ?? "";
  return /^manifest (.*)$/m.exec(Buffer.from(extra, "base64").toString())?.[1] ?? "";
}

test("a first visit to a release that the log does not have keeps nothing", async (t) => {
  const bad = join(dir, "bad-first");
  await cp(releases.two, bad, { recursive: true });
  await rm(join(bad, "release.tlog-proof"));
  const server = await exchange(bad);
  const context = await browser.newContext();
  closing(t, context, server);
  const { page } = await open(context, server.base);
  await until(() => server.seen.some(({ url }) => url === "/release.tlog-proof"), "the worker to ask");
  await until(async () => await registered(page) === null, "the registration to fail");
  assert.deepEqual(await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length))).filter(Boolean)), []);
});

test("another worker is told to the open page, over everything, with evidence to save", async (t) => {
  const server = await exchange(releases.one);
  const context = await browser.newContext({ acceptDownloads: true });
  closing(t, context, server);
  const { page } = await open(context, server.base);
  await active(page);
  server.lies["/sw.js"] = { body: "self.addEventListener('install', () => self.skipWaiting());" };
  await page.reload();
  await page.locator(".alarm").waitFor();
  assert.equal(await page.locator("main").getAttribute("inert"), "", "nothing can be entered");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".alarm button").click()]);
  const evidence = JSON.parse(await readFile(/** @type {string} */ (await download.path()), "utf8"));
  assert.equal(evidence.alarm, "swap");
  assert.match(evidence.worker.text, /skipWaiting/);
  assert.match(evidence.worker.sha256, /^[0-9a-f]{64}$/);
});

test("a worker that the server removes is missed by the open page", async (t) => {
  const server = await exchange(releases.one);
  const context = await browser.newContext();
  closing(t, context, server);
  const { page } = await open(context, server.base);
  await active(page);
  await page.reload(); // from here on there is something to lose
  await page.locator('#seal[data-state="sealed"]').waitFor();
  await until(() => page.evaluate(() => document.documentElement.dataset.watched === ""), "the page to watch");
  await page.evaluate(async () => { await (await navigator.serviceWorker.getRegistration())?.unregister(); });
  await page.locator(".alarm").waitFor();
  assert.match(await page.locator(".alarm").innerText(), /has been removed/);
});

// Why workers are not moved to files, see site/SECURITY.md.
test("a worker from a file is not bound by the page's policy, and one from a blob is", async (t) => {
  const work = (/** @type {string} */ name) => `fetch("/sink?${name}").then(() => postMessage("out"), () => postMessage("refused"));`;
  // A host that sends no header fields: the page's policy is in its <meta>.
  const server = await record((request, _, response) => {
    const [type, body] = /** @type {Record<string, string[]>} */ ({
      "/": ["text/html", `<!doctype html><meta http-equiv="Content-Security-Policy" content="connect-src 'none'; worker-src 'self' blob:"><title>x</title>`],
      "/worker.js": ["text/javascript", work("file")],
    })[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(200, { "Content-Type": type }).end(body);
  });
  const context = await browser.newContext();
  closing(t, context, server);
  const page = await context.newPage();
  await page.goto(server.base);
  const said = (/** @type {string | null} */ blob) => page.evaluate((text) => new Promise((resolve) => {
    const worker = new Worker(text === null ? "worker.js" : URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    worker.onmessage = ({ data }) => resolve(data);
  }), blob);
  assert.equal(await said(null), "out");
  assert.equal(await said(work("blob").replace('"/', `"${server.base}`)), "refused");
  assert.deepEqual(server.seen.map(({ url }) => url).filter((url) => url.startsWith("/sink")), ["/sink?file"]);
});

test("the worker is small, and so is what checks proofs in it", async () => {
  const worker = await readFile(join(releases.one, "sw.js"));
  assert.ok(brotliCompressSync(worker).length <= 8 << 10, `${brotliCompressSync(worker).length} bytes of sw.js`);
  const text = worker.toString();
  const proofs = text.slice(text.indexOf("// js/bytes.js"), text.indexOf("// page/sw.js"));
  assert.ok(proofs.length > 1000);
  assert.ok(brotliCompressSync(Buffer.from(proofs)).length <= 4 << 10, `${brotliCompressSync(Buffer.from(proofs)).length} bytes for proofs`);
});
