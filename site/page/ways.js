// Tries every way out of the page, towards the page's own server and with
// nothing in it, and sees what the browser does.

import { COMMON, Refused, either, refused, tryAll, watch } from "../worker/evidence.js";
import { Caller } from "./caller.js";

/** @typedef {import("../worker/evidence.js").Result} Result */
/** @typedef {import("../worker/evidence.js").Way} Way */

// What is refused to a worker, some engines tell the page alone.
watch(document);

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * An element put into the page while something is waited for.
 * @template {HTMLElement} E
 * @template T
 * @param {E} element
 * @param {(element: E) => Promise<T>} work
 */
async function place(element, work) {
  element.hidden = true;
  const done = work(element);
  document.body.append(element);
  return done.finally(() => element.remove());
}

/** @param {string} rel @param {string} href @param {string} [as] */
function hint(rel, href, as) {
  const link = document.createElement("link");
  link.rel = rel;
  link.href = href;
  if (as) link.as = as;
  return place(link, (placed) => either(placed, "load", "error")).then(() => {
    // WebKit asks the service worker before the policy. What that answers from
    // its list has not left this device.
    if (navigator.serviceWorker?.controller) throw new Refused("service-worker");
  });
}

const lacksHint = (/** @type {string} */ rel) => () => !document.createElement("link").relList.supports(rel);

/**
 * A refused frame loads a page, too: what it holds has to be the site's.
 * @param {HTMLIFrameElement | HTMLObjectElement} frame
 * @param {string} url
 */
async function shown(frame, url) {
  for (let wait = 0; wait < 1000; wait += 50) {
    await pause(50);
    if (frame.contentDocument?.URL.startsWith(url)) return;
  }
  throw new Error("not shown");
}

/** @type {Record<string, Way>} */
const OWN = {
  beacon: {
    attempt: (url) => { if (!navigator.sendBeacon(url, "self-test")) throw new Error("not taken"); return pause(300); },
  },
  image: {
    file: "icon.svg",
    attempt: (url) => {
      const image = new Image();
      image.src = url;
      return either(image, "load", "error");
    },
  },
  style: { attempt: (url) => hint("stylesheet", url) },
  font: { attempt: (url) => new FontFace("self-test", `url(${JSON.stringify(url)})`).load() },
  script: {
    file: "sw.js",
    attempt: (url) => place(document.createElement("script"), async (script) => {
      script.src = url;
      return either(script, "load", "error");
    }),
  },
  frame: { file: "404.html", attempt: (url) => place(document.createElement("iframe"), (frame) => { frame.src = url; return shown(frame, url); }) },
  object: { file: "404.html", attempt: (url) => place(document.createElement("object"), (object) => { object.data = url; return shown(object, url); }) },
  media: { attempt: (url) => place(document.createElement("audio"), (audio) => { audio.src = url; return either(audio, "loadeddata", "error"); }) },
  form: {
    // Into an empty frame: should it be let through, this page stays.
    attempt: (url) => place(document.createElement("iframe"), async (frame) => {
      frame.name = "self-test";
      const form = document.createElement("form");
      form.action = url;
      form.method = "post";
      form.target = frame.name;
      await pause(0); // until the frame is in the page
      return place(form, (placed) => { setTimeout(() => placed.submit()); return shown(frame, url); });
    }),
  },
  prefetch: { file: "icon.svg", absent: lacksHint("prefetch"), attempt: (url) => hint("prefetch", url) },
  preload: { file: "icon.svg", absent: lacksHint("preload"), attempt: (url) => hint("preload", url, "fetch") },
  sharedworker: {
    file: "worker/ways.js",
    absent: () => !("SharedWorker" in globalThis),
    attempt: (url) => either(new SharedWorker(url).port, "message", "error"),
  },
  serviceworker: {
    file: "sw.js",
    absent: () => !("serviceWorker" in navigator),
    attempt: async (url) => (await navigator.serviceWorker.register(url, { scope: "./self-test/" })).unregister(),
  },
  worklet: {
    file: "worker/ways.js",
    absent: () => !("OfflineAudioContext" in globalThis),
    attempt: (url) => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(url),
  },
};

const PAGE = { ...COMMON, ...OWN };

/** @type {readonly { id: string, from: "page" | "worker" }[]} */
export const WAYS = [
  ...[...Object.keys(PAGE), "webrtc", "navigation", "home"].map((id) => ({ id, from: /** @type {const} */ ("page") })),
  ...Object.keys(COMMON).map((id) => ({ id, from: /** @type {const} */ ("worker") })),
];

/**
 * WebRTC asks a server for this device's address by UDP, which no directive
 * covers. Refused, it is done at once; let through, it waits for an answer, in
 * each engine for nine seconds and more: 192.0.2.1, which is asked, is no one's
 * (RFC 5737).
 * @returns {Promise<Result>}
 */
async function webrtc() {
  if (!("RTCPeerConnection" in globalThis)) return { outcome: "absent", by: "" };
  const connection = new RTCPeerConnection({ iceServers: [{ urls: "stun:192.0.2.1:3478" }] });
  try {
    connection.createDataChannel("self-test");
    const ended = new Promise((resolve) => {
      connection.onicegatheringstatechange = () => { if (connection.iceGatheringState === "complete") resolve(true); };
      setTimeout(resolve, 6000, false);
    });
    await connection.setLocalDescription(await connection.createOffer());
    return await ended ? { outcome: "refused", by: "connection-allowlist" } : { outcome: "open", by: "" };
  } catch {
    return { outcome: "refused", by: "" };
  } finally {
    connection.close();
  }
}

/**
 * An address of the site itself could have data in it. It does not travel once
 * the service worker answers for the site, which is soon after the first load.
 * @returns {Promise<Result>}
 */
async function home() {
  const { serviceWorker } = navigator;
  // One that is being installed is waited for.
  for (let wait = 0; serviceWorker && !serviceWorker.controller && wait < (await serviceWorker.getRegistration() ? 20_000 : 3000); wait += 100) await pause(100);
  return serviceWorker?.controller ? { outcome: "refused", by: "service-worker" } : { outcome: "open", by: "untried" };
}

/**
 * Tries all of them.
 * @returns {Promise<Map<string, Result>>} by "from.id"
 */
export async function tryWays() {
  /** @type {Caller<import("../worker/ways.js").Ways>} */
  const worker = new Caller("worker/ways.js");
  const [page, inWorker, rtc, own] = await Promise.all([
    tryAll("page", location.href, PAGE),
    worker.ask("test", { base: location.href }).finally(() => worker.stop()),
    webrtc(),
    home(),
  ]);
  /** @type {Map<string, Result>} */
  const results = new Map();
  for (const [id, { outcome, by }] of Object.entries(page)) results.set("page." + id, { outcome, by });
  const seenHere = new Map(refused());
  for (const [id, { outcome, by, mark }] of Object.entries(inWorker)) {
    const directive = outcome === "unclear" ? seenHere.get(mark) : undefined;
    results.set("worker." + id, directive ? { outcome: "refused", by: directive } : { outcome, by });
  }
  results.set("page.webrtc", rtc);
  // Leaving the page cannot be tried without leaving it. The header that keeps
  // WebRTC in is the one that keeps navigation in.
  results.set("page.navigation", rtc.by === "connection-allowlist" ? rtc : { outcome: "open", by: "untried" });
  results.set("page.home", own);
  return results;
}
