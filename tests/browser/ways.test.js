// Every way out, tried in real Chromium against a server that is someone
// else's: with the site's headers, on a host that sends none, and, as a
// control, on a page without any policy, where the attempts have to arrive for
// this test to mean anything.

import assert from "node:assert/strict";
import dgram from "node:dgram";
import { readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { build, launch, open, pause, record, serve, serveBare, until } from "./harness.js";
import { byLeaving, byLeavingHome, byPing, fromPage, fromWorker, webrtc } from "./escapes.js";

const CANARY = "canary442079460123";

let site, files, browser, headers, bare, sink, udp;
let packets = 0;
before(async () => {
  site = await build();
  files = new Set(await readdir(site.dir, { recursive: true }));
  headers = await serve(site.dir);
  bare = await serveBare(site.dir, {
    "control.html": '<!doctype html><title>x</title><main id="main"></main><script src="control.js"></script>',
    "control.js": 'window.helper = new Worker("control-worker.js");',
    "control-worker.js": "onmessage = () => {};",
  });
  sink = await record((request, body, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/plain" }).end();
  });
  udp = dgram.createSocket("udp4").on("message", () => packets++);
  await new Promise((resolve) => udp.bind(0, "127.0.0.1", () => resolve(null)));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await Promise.all([headers?.close(), bare?.close(), sink?.close()]);
  udp?.close();
  await site?.remove();
});

const where = (own, name) => ({ sink: sink.base, own: own.base, udp: udp.address().port, canary: CANARY, name });

/** Runs one attempt inside; what it throws is its failure, and some never end. */
const enter = (inside, escape, at) => Promise.race([inside.evaluate(escape, at).catch(() => {}), pause(400)]);

/**
 * What has arrived since the last call: the names of attempts at the sink and,
 * with the canary, at the own server; "udp" and "tcp" for what has no name.
 */
function arrivals(own) {
  const names = new Set();
  for (const { url } of sink.seen.splice(0)) {
    const name = url.slice(1).split("?")[0].replace(/^v1\//, "");
    if (name !== "favicon.ico") names.add(name); // of a page that was gone to
  }
  for (const { method, url, headers: head, body } of own.seen.splice(0)) {
    if ((method + url + head + body).includes(CANARY)) names.add("own:" + url.replace(CANARY, "…"));
  }
  if (packets > 0) names.add("udp");
  packets = 0;
  return [...names].sort();
}

/** Runs attempts in one page or worker, and waits for stragglers. */
async function all(inside, escapes, own) {
  await Promise.all(Object.entries(escapes).map(([name, escape]) => enter(inside, escape, where(own, name))));
  await pause(1500);
  return arrivals(own);
}

/** As all, each attempt in a page of its own, since it may leave. */
async function apart(context, url, escapes, own, ready) {
  const pages = [];
  for (const [name, escape] of Object.entries(escapes)) {
    const page = await ready(context, url);
    arrivals(own);
    pages.push({ name, escape, page });
  }
  await Promise.all(pages.map(({ name, escape, page }) => enter(page, escape, where(own, name))));
  await pause(1500);
  await Promise.all(pages.map(({ page }) => page.close()));
  return arrivals(own);
}

const sealed = async (context, url) => (await open(context, url)).page;
const unsealed = async (context, url) => {
  const page = await context.newPage();
  await page.goto(url);
  return page;
};

/** Waits until the service worker answers for the page. */
const controlled = (page) => until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");

/** Runs a test in a context of its own, and ends that whatever happens: WebRTC would go on sending. */
const within = (work) => async (t) => {
  const context = await browser.newContext({ locale: "en-GB" });
  try {
    await work(context, t);
  } finally {
    await context.close();
    await pause(300);
    packets = 0;
  }
};

/** A test on both kinds of host. */
function onBoth(name, work) {
  for (const [host, own] of [["with headers", () => headers], ["without headers", () => bare]]) {
    test(`${name}, ${host}`, within((context) => work(context, own())));
  }
}

test("control: without a policy, the attempts arrive", within(async (context, t) => {
  const control = bare.base + "control.html";
  const first = await unsealed(context, control);
  const worker = await all(await until(() => first.workers()[0], "its worker"), fromWorker, bare);
  const pinged = await apart(context, control, byPing, bare, unsealed);
  const left = await apart(context, control, byLeaving, bare, unsealed);
  const from = await all(await unsealed(context, control), { ...fromPage, ...webrtc }, bare);
  t.diagnostic(`arrive from a page without policy: ${[...from, ...pinged].filter((name) => !name.startsWith("own:")).join(" ")}`);
  t.diagnostic(`from its worker: ${worker.join(" ")}; by leaving: ${left.join(" ")}`);
  // Not all do: in headless Chromium some do nothing at all, such as preconnect.
  const arrived = new Set([...from, ...pinged, ...left]);
  for (const name of ["fetch", "fetch-post", "xhr", "beacon", "websocket", "eventsource", "image", "srcset", "svg-image", "css-style-attribute", "css-import", "css-sheet-url", "css-link", "font", "script", "script-pinned", "script-blob", "import", "iframe", "iframe-srcdoc", "iframe-blank-fetch", "object", "embed", "video", "prefetch", "preload", "modulepreload", "worker-blob", "worklet", "cache", "form", "ping", "udp", ...Object.keys(byLeaving)]) {
    assert.ok(arrived.has(name), `${name} arrives where nothing refuses it`);
  }
  assert.ok(from.filter((name) => name.startsWith("own:")).length >= 8, "attempts at the own server are seen");
  for (const name of ["fetch", "xhr", "websocket", "eventsource", "import", "importScripts", "worker-blob", "cache", "font"]) {
    assert.ok(worker.includes(name), `${name} arrives from a worker`);
  }
}));

for (const path of ["index.html", "find.html", "safety.html", "this-page.html"]) {
  test(`${path}, with headers: nothing gets out`, within(async (context) => {
    const page = await sealed(context, headers.base + path);
    await controlled(page);
    arrivals(headers);
    assert.deepEqual(await all(page, { ...fromPage, ...byPing, ...webrtc }, headers), []);
  }));

  test(`${path}, without headers: only WebRTC gets out`, within(async (context) => {
    const page = await sealed(context, bare.base + path);
    await controlled(page);
    arrivals(bare);
    assert.deepEqual(await all(page, { ...fromPage, ...byPing }, bare), []);
    assert.deepEqual(await all(page, webrtc, bare), ["udp"]);
  }));
}

test("with headers, no address elsewhere can be gone to", within(async (context) => {
  assert.deepEqual(await apart(context, headers.base, byLeaving, headers, sealed), []);
}));

test("without headers, leaving is not refused, forms are", within(async (context) => {
  const left = await apart(context, bare.base, byLeaving, bare, sealed);
  assert.deepEqual(left.sort(), Object.keys(byLeaving).filter((name) => name !== "form-get").sort());
}));

onBoth("an address of the site itself carries nothing to it, once it is kept", async (context, own) => {
  await controlled(await sealed(context, own.base));
  assert.deepEqual(await apart(context, own.base, byLeavingHome, own, sealed), []);
});

onBoth("from workers nothing gets out", async (context, own) => {
  const page = await sealed(context, own.base);
  await page.fill("#typed", "020 7946 0123");
  await page.locator("#rows tr").waitFor();
  const [worker] = page.workers();
  assert.match(worker.url(), /^blob:/);
  arrivals(own);
  assert.deepEqual(await all(worker, fromWorker, own), []);
  const search = await sealed(context, own.base + "safety.html");
  await until(() => search.inputValue("#digest"), "a digest");
  arrivals(own);
  assert.deepEqual(await all(search.workers()[0], fromWorker, own), []);
});

/** The worker of a page that runs a module. */
const workerOf = (page, path) => until(async () => {
  for (const worker of page.workers()) if (await worker.evaluate(() => self.name).catch(() => "") === path) return worker;
}, path);

onBoth("from the door of Find contacts only /v1/ of the own origin can be reached", async (context, own) => {
  const page = await sealed(context, own.base + "find.html");
  await controlled(page);
  const door = await workerOf(page, "worker/door.js");
  arrivals(own);
  assert.deepEqual(await all(door, fromWorker, own), ["own:/v1/fetch-v1?…"]);
});

onBoth("what reads the contacts reaches nothing, nor does a worker that is started later", async (context, own) => {
  const page = await sealed(context, own.base + "find.html");
  await page.fill("#typed", "020 7946 0123");
  await page.locator("#contacts-sum").waitFor();
  const book = await workerOf(page, "worker/book.js");
  arrivals(own);
  assert.deepEqual(await all(book, fromWorker, own), []);
  // The page can start the door's code again, but it comes to life sealed.
  const workers = page.workers().length;
  await page.evaluate(() => { globalThis.other = new Worker(URL.createObjectURL(new Blob(["onmessage = () => {}"], { type: "text/javascript" })), { name: "other" }); }).catch(() => {});
  await pause(300);
  assert.equal(page.workers().length, workers, "trusted types let the page start only its own workers");
});

test("from the service worker nothing gets out with headers", within(async (context) => {
  await controlled(await sealed(context, headers.base));
  const [worker] = context.serviceWorkers();
  arrivals(headers);
  const { fetch: get, websocket, eventsource, import: load, importScripts: scripts, cache } = fromWorker;
  assert.deepEqual(await all(worker, { fetch: get, websocket, eventsource, import: load, importScripts: scripts, cache }, headers), []);
}));

onBoth("the service worker answers from its list and nothing else", async (context, own) => {
  await controlled(await sealed(context, own.base));
  own.seen.splice(0);
  const page = await context.newPage();
  const missing = await page.goto(own.base + "nowhere?" + CANARY);
  assert.equal(missing.status(), 404);
  const directory = await page.goto(own.base + "v1/directory?" + CANARY);
  assert.equal(directory.status(), 404, "the directory is nowhere to go to");
  const known = await page.goto(own.base + "safety.html?" + CANARY);
  assert.equal(known.status(), 200);
  assert.equal(known.fromServiceWorker(), true);
  assert.deepEqual(own.seen.filter(({ url }) => url.includes(CANARY)), []);
  const sums = await page.goto(own.base + "SHA256SUMS?" + CANARY);
  assert.equal(sums.status(), 200);
  assert.deepEqual(own.seen.filter(({ url }) => !url.startsWith("/sw.js")).map(({ url }) => url), ["/SHA256SUMS"], "fetched by its bare name");
});

onBoth("what the page says of itself is what happens", async (context, own) => {
  const page = await sealed(context, own.base + "this-page.html");
  own.seen.splice(0);
  await until(() => page.locator("#ways-sum").isVisible(), "the self-test");
  const outcomes = await page.locator("[data-way]").evaluateAll((all) => all.map((e) => [e.dataset.way, e.dataset.outcome]));
  assert.ok(outcomes.length >= 30, `${outcomes.length} ways`);
  const expected = own === bare ? ["page.navigation", "page.webrtc"] : [];
  assert.deepEqual(outcomes.filter(([, outcome]) => outcome === "open").map(([way]) => way).sort(), expected);
  assert.deepEqual(outcomes.filter(([, outcome]) => !["open", "refused"].includes(outcome)), [], "Chromium has all of them");
  const words = await page.locator("#ways-sum").innerText();
  assert.match(words, own === bare ? /Not refused: WebRTC, Going to another address/ : /Every way is refused/);
  assert.deepEqual(own.seen.filter(({ url }) => !/^\/(sw\.js|$)/.test(url) && !files.has(url.slice(1))), [], "the self-test reaches no server");
});
