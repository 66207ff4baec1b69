// Every way out, tried in real Chromium, Firefox and WebKit against a server
// that is someone else's: with the site's headers, on a host that sends none,
// and, as a control, on a page without any policy, where the attempts have to
// arrive for this test to mean anything.

import assert from "node:assert/strict";
import dgram from "node:dgram";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ENGINES, build, launch, open, pause, record, serve, serveBare, until } from "./harness.js";
import { byLeaving, byLeavingHome, byPing, fromPage, fromWorker, webrtc } from "./escapes.js";
import { spike } from "./spike.js";

const CANARY = "canary442079460123";
/** Milliseconds in which what must not arrive would: what must is waited for. */
const GRACE = 1500;

/** What has to arrive, in each engine, from a page and from a worker without a policy. */
const ARRIVE = {
  all: {
    page: ["fetch", "fetch-post", "xhr", "beacon", "websocket", "eventsource", "image", "srcset", "svg-image", "css-style-attribute", "css-import", "css-sheet-url", "css-link", "font", "script", "script-pinned", "script-blob", "import", "iframe", "iframe-srcdoc", "iframe-blank-fetch", "object", "embed", "video", "preload", "preload-fetch", "worker-blob"],
    worker: ["fetch", "xhr", "websocket", "eventsource", "import", "cache"],
    leaving: ["location", "location-replace", "link", "meta-refresh", "form-get"],
  },
  chromium: { page: ["prefetch", "modulepreload", "worklet", "form", "ping", "stun"], worker: ["importScripts", "worker-blob", "font"], leaving: ["window-open", "link-download"] },
  firefox: { page: ["stun", "quic"], worker: [], leaving: [] },
  webkit: { page: [], worker: [], leaving: [] },
};

let site, files, headers, bare, control, sink;
before(async () => {
  site = await build();
  const spiked = join(site.dir, "..", "spiked");
  await spike(site.dir, spiked, fromWorker);
  files = new Set(await readdir(site.dir, { recursive: true }));
  headers = await serve(spiked);
  const work = await readFile(join(spiked, "worker", "ways.js"), "utf8");
  bare = await serveBare(spiked);
  // Without the site: framed by iframe-own, its service worker would take the
  // page over, and refuse what must arrive.
  control = await serveBare(join(site.dir, "..", "nothing"), {
    "control.html": '<!doctype html><title>x</title><main id="main"></main><script src="control.js"></script>',
    "control.js": 'window.helper = new Worker("control-worker.js", { name: "control" });',
    "control-worker.js": work.slice(work.lastIndexOf("\n{\n")),
  });
  sink = await record((request, body, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/plain" }).end();
  });
});
after(async () => {
  await Promise.all([headers?.close(), bare?.close(), control?.close(), sink?.close()]);
  for (const { socket } of trials) socket.close();
  await site?.remove();
});

/**
 * Each test has marks of its own, so that nothing is taken for its that comes
 * late from another: a text, an address at the sink, a port for UDP. The ports
 * stay taken until the end, since Firefox goes on asking for a while.
 */
const trials = [];
let trial;
async function begin() {
  const mark = `t${trials.length}`;
  trial = { socket: dgram.createSocket("udp4"), canary: CANARY + mark, at: `/${mark}/`, arrived: new Set() };
  const mine = trial;
  // What has no name: WebRTC's question by its magic cookie (RFC 8489), WebTransport's by QUIC's fixed bit.
  mine.socket.on("message", (packet) => mine.arrived.add(packet.length >= 8 && packet.readUInt32BE(4) === 0x2112a442 ? "stun" : "quic"));
  await new Promise((resolve) => mine.socket.bind(0, "127.0.0.1", () => resolve(null)));
  trials.push(mine);
}

const where = (own, name) => ({ sink: sink.base + trial.at.slice(1), own: own.base, udp: trial.socket.address().port, canary: trial.canary, name });

/** Starts one attempt; what becomes of it, the servers see. */
const enter = (page, escape, at) => page.evaluate(new Function("where", `(async () => (${escape})(where))().catch(() => {});`), at).catch(() => {});

/**
 * What has arrived of this test: the names of attempts at the sink and, with
 * the canary, at the own server; "stun" and "quic" for what came by UDP.
 * @returns {Set<string>}
 */
function arrived(own) {
  for (const { url } of sink.seen.splice(0)) {
    if (url.startsWith(trial.at)) trial.arrived.add(url.slice(trial.at.length).split("?")[0].replace(/^v2\//, ""));
  }
  for (const { method, url, headers: head, body } of own.seen.splice(0)) {
    if ((method + url + head + body).includes(trial.canary)) trial.arrived.add("own:" + url.replace(trial.canary, "…"));
  }
  return trial.arrived;
}

/** Waits for what must arrive, then a while for what must not; takes down all of it. */
async function arrivals(own, expected = [], grace = GRACE) {
  await until(() => expected.every((name) => arrived(own).has(name)), `${expected.filter((name) => !arrived(own).has(name))} to arrive`, 45).catch(() => {}); // which the caller sees
  await pause(grace);
  const names = [...arrived(own)].sort();
  trial.arrived.clear();
  return names;
}

/** Runs attempts in one page. */
async function all(page, escapes, own, expected = []) {
  // One after the other: one that leaves would end the loads of those begun with it.
  for (const [name, escape] of Object.entries(escapes)) await enter(page, escape, where(own, name));
  return arrivals(own, expected);
}

/** Runs them in a worker of the page, see spike.js. */
async function inWorker(page, worker, own, expected = []) {
  await until(() => page.evaluate(async (asked) => {
    const channel = new BroadcastChannel("escape");
    const done = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data.done === asked.worker); setTimeout(resolve, 500, false); });
    channel.postMessage(asked);
    return done.finally(() => channel.close());
  }, { worker, where: where(own, "") }), `${worker} to be there`);
  return arrivals(own, expected);
}

/** As all, each attempt in a page of its own, since it may leave. */
async function apart(context, url, escapes, own, ready, expected = []) {
  const names = new Set();
  for (const [name, escape] of Object.entries(escapes)) {
    const page = await ready(context, url);
    await enter(page, escape, where(own, name));
    for (const one of await arrivals(own, expected.filter((one) => one === name), GRACE / 2)) names.add(one);
    await page.close().catch(() => {});
  }
  return [...names].sort();
}

const sealed = async (context, url) => (await open(context, url)).page;
const unsealed = async (context, url) => {
  const page = await context.newPage();
  await page.goto(url);
  return page;
};

/** Waits until the service worker answers for the page. */
const controlled = (page) => until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");

for (const engine of ENGINES) describe(engine, () => {
  const leaves = engine !== "chromium"; // the header against leaving and WebRTC is Chromium's alone
  let browser;
  before(async () => { browser = await launch(engine); });
  after(() => browser?.close());

  /** Runs a test in a context of its own, and ends that whatever happens. */
  const within = (work) => async (t) => {
    await begin();
    const context = await browser.newContext({ locale: "en-GB" });
    try {
      await work(context, t);
    } finally {
      await context.close();
    }
  };

  /** A test on both kinds of host. */
  function onBoth(name, work) {
    for (const [host, own] of [["with headers", () => headers], ["without headers", () => bare]]) {
      test(`${name}, ${host}`, within((context) => work(context, own())));
    }
  }

  test("control: without a policy, the attempts arrive", within(async (context, t) => {
    const page = control.base + "control.html";
    const expect = (kind) => [...ARRIVE.all[kind], ...ARRIVE[engine][kind]];
    const worker = await inWorker(await unsealed(context, page), "control", control, expect("worker"));
    const pinged = await apart(context, page, byPing, control, unsealed, expect("page"));
    const left = await apart(context, page, byLeaving, control, unsealed, expect("leaving"));
    const from = await all(await unsealed(context, page), { ...fromPage, ...webrtc }, control, expect("page").filter((name) => !(name in byPing)));
    t.diagnostic(`arrive from a page without policy: ${[...from, ...pinged].filter((name) => !name.startsWith("own:")).join(" ")}`);
    t.diagnostic(`from its worker: ${worker.join(" ")}; by leaving: ${left.join(" ")}`);
    // Not all do: some do nothing at all in some engine, such as preconnect.
    for (const [kind, came] of [["page", [...from, ...pinged]], ["worker", worker], ["leaving", left]]) {
      assert.deepEqual(expect(kind).filter((name) => !came.includes(name)), [], kind);
    }
    assert.ok(from.filter((name) => name.startsWith("own:")).length >= 8, "attempts at the own server are seen");
  }));

  // The policies are alike but for the door.
  for (const path of ["index.html", "find.html"]) {
    onBoth(`${path}: nothing gets out but, without its header, WebRTC`, async (context, own) => {
      const page = await sealed(context, own.base + path);
      await controlled(page);
      assert.deepEqual(await all(page, { ...fromPage, ...byPing }, own), []);
      const open = engine !== "webkit" && (leaves || own === bare) ? ["stun"] : [];
      assert.deepEqual(await all(page, webrtc, own, open), open);
    });
  }

  onBoth("leaving is refused by its header alone, forms by every page", async (context, own) => {
    const kept = !leaves && own === headers;
    const left = await apart(context, own.base, byLeaving, own, sealed, kept ? [] : ["location"]);
    if (kept) assert.deepEqual(left, []);
    else assert.deepEqual([left.includes("location"), left.includes("form-get")], [true, false]);
  });

  onBoth("an address of the site itself carries nothing to it, once it is kept", async (context, own) => {
    await controlled(await sealed(context, own.base));
    assert.deepEqual(await apart(context, own.base, byLeavingHome, own, sealed), []);
  });

  onBoth("from workers nothing gets out", async (context, own) => {
    const page = await sealed(context, own.base);
    await controlled(page);
    assert.deepEqual(await inWorker(page, "worker/book.js", own), []);
    const search = await sealed(context, own.base + "safety.html");
    assert.deepEqual(await inWorker(search, "worker/search.js", own), []);
    const find = await sealed(context, own.base + "find.html");
    assert.deepEqual(await inWorker(find, "worker/book.js", own), []);
  });

  onBoth("from the door of Find contacts only /v2/ of the own origin can be reached", async (context, own) => {
    const page = await sealed(context, own.base + "find.html");
    await controlled(page);
    assert.deepEqual(await inWorker(page, "worker/door.js", own, ["own:/v2/fetch-v2?…"]), ["own:/v2/fetch-v2?…"]);
  });

  onBoth("the service worker answers from its list and nothing else", async (context, own) => {
    await controlled(await sealed(context, own.base));
    own.seen.splice(0);
    const page = await context.newPage();
    const shows = async (path, pattern) => {
      await page.goto(own.base + path);
      assert.match(await page.evaluate(() => document.documentElement.textContent), pattern, path);
    };
    await shows("nowhere?" + CANARY, /There is no such page/);
    await shows("v2/directory?" + CANARY, /There is no such page/);
    await shows("safety.html?" + CANARY, /How safe is a hash/);
    await shows("SHA256SUMS?" + CANARY, /index\.html/);
    assert.deepEqual(own.seen.filter(({ url }) => url.includes(CANARY)), []);
    // It goes on keeping the site meanwhile, by bare names too.
    const asked = own.seen.map(({ url }) => url.slice(1)).filter((url) => !url.startsWith("sw.js"));
    assert.ok(asked.includes("SHA256SUMS"), "fetched by its bare name");
    assert.deepEqual(asked.filter((url) => !files.has(url)), []);
  });

  onBoth("what the page says of itself is what happens, twice", async (context, own) => {
    const page = await sealed(context, own.base + "this-page.html");
    await controlled(page);
    own.seen.splice(0);
    const outcomes = async () => {
      await page.locator("#ways-sum").waitFor();
      return page.locator("[data-way]").evaluateAll((all) => all.map((e) => [e.dataset.way, e.dataset.outcome]));
    };
    const first = await outcomes();
    assert.ok(first.length >= 30, `${first.length} ways`);
    const of = (outcome) => first.filter(([, is]) => is === outcome).map(([way]) => way).sort();
    const open = ["page.navigation", ...(engine === "webkit" ? [] : ["page.webrtc"])];
    assert.deepEqual(of("open"), own === headers && !leaves ? [] : open);
    assert.deepEqual(of("unclear"), engine === "firefox" ? ["worker.eventsource"] : [], "which tells its worker nothing of it");
    assert.deepEqual(of("absent"), engine === "webkit" ? ["page.prefetch", "page.webrtc", "page.webtransport", "worker.webtransport"] : []);
    // Counted for the page and for workers apart, and told to those who listen.
    const counts = (from) => [of("refused").filter((way) => way.startsWith(from)).length, first.filter(([way, is]) => way.startsWith(from) && is !== "absent").length].join(" of ");
    const sum = await page.locator("#ways-sum").innerText();
    assert.ok(sum.includes(`to the page ${counts("page.")}`) && sum.includes(`to its workers ${counts("worker.")}`), sum);
    assert.equal(await page.locator("[aria-live=polite] > #ways-sum").count(), 1);
    const by = Object.fromEntries(await page.locator("[data-way]").evaluateAll((all) => all.map((e) => [e.dataset.way, e.querySelector(".faint").textContent])));
    // By what: as the violations say that reach the page and, but in WebKit, its workers.
    for (const way of ["worker", "sharedworker", "serviceworker", "script"]) assert.equal(by["page." + way], "trusted types", way);
    assert.deepEqual([by["page.websocket"], by["worker.websocket"]], ["connect-src", engine === "webkit" ? "security error" : "connect-src"]);
    // The second time as the first; and where trusted types refuse, now by the sample
    // of the violation alone, for the errors that name them, too, are kept back.
    await page.evaluate(() => {
      const silent = (work) => { try { return work(); } catch { return new EventTarget(); } };
      for (const name of ["Worker", "SharedWorker"]) {
        const Own = window[name];
        if (Own) window[name] = class { constructor(...args) { return Object.assign(silent(() => new Own(...args)), name === "SharedWorker" && { port: new EventTarget() }); } };
      }
      const { serviceWorker } = navigator;
      const register = serviceWorker.register.bind(serviceWorker);
      serviceWorker.register = (...args) => new Promise((resolve) => { silent(() => register(...args).then(resolve, () => {})); });
      const { set, ...rest } = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
      Object.defineProperty(HTMLScriptElement.prototype, "src", { ...rest, set(url) { silent(() => set.call(this, url)); } });
    });
    await page.click("#again");
    await page.locator("#ways-sum").waitFor({ state: "hidden" });
    assert.deepEqual(await outcomes(), first, "the second time as the first");
    for (const way of ["worker", "sharedworker", "serviceworker", "script"]) assert.match(await page.locator(`[data-way="page.${way}"] .faint`).innerText(), /^trusted types$/, `${way}, by the sample alone`);
    assert.deepEqual(own.seen.filter(({ url }) => !/^\/(sw\.js|$)/.test(url) && !files.has(url.slice(1))), [], "the self-test reaches no server");
  });
});

test("from the service worker nothing gets out with headers", async () => {
  const browser = await launch();
  try {
    const context = await browser.newContext();
    await begin();
    await controlled(await sealed(context, headers.base));
    const [worker] = context.serviceWorkers();
    for (const name of ["fetch", "websocket", "eventsource", "import", "importScripts", "cache"]) {
      await Promise.race([worker.evaluate(fromWorker[name], where(headers, name)).catch(() => {}), pause(400)]);
    }
    assert.deepEqual(await arrivals(headers), []);
  } finally {
    await browser.close();
  }
});
