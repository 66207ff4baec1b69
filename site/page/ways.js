// Tries every way out of the page, towards the page's own server and with
// nothing in it, and sees what the browser does. What it does not refuse, the
// page says.

import { Caller } from "./caller.js";

/**
 * @typedef {"refused" | "open" | "absent"} Outcome
 *   absent: this browser has no such way
 * @typedef {{ outcome: Outcome, by: string }} Result by what it was refused
 * @typedef {{ id: string, from: "page" | "worker" }} Way
 */

/** @type {Map<string, string>} directive that refused it, by what the URL ends in */
const refusals = new Map();
document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
  // A form adds "?" to where it goes.
  const mark = blockedURI.split("/").pop()?.replace(/\?.*/, "") ?? "";
  if (!refusals.has(mark)) refusals.set(mark, effectiveDirective);
});

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * An element put into the page and taken out again.
 * @template {Element} E
 * @param {E} element
 * @param {(element: E) => void} [then]
 */
async function place(element, then) {
  if (element instanceof HTMLElement) element.hidden = true;
  document.body.append(element);
  then?.(element);
  await pause(300);
  element.remove();
}

/** @param {string} rel @param {string} href @param {string} [as] */
function hint(rel, href, as) {
  const link = document.createElement("link");
  link.rel = rel;
  link.href = href;
  if (as) link.as = as;
  return place(link);
}

/** Each way, as an attempt; it may throw. @type {Record<string, (url: string) => unknown>} */
const attempts = {
  fetch: (url) => fetch(url, { method: "POST", body: "self-test" }),
  xhr: (url) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.send("self-test");
  },
  beacon: (url) => navigator.sendBeacon(url, "self-test"),
  websocket: (url) => new WebSocket(url.replace(/^http/, "ws")),
  eventsource: (url) => new EventSource(url),
  webtransport: (url) => new WebTransport(url.replace(/^http:/, "https:")),
  image: (url) => { new Image().src = url; },
  style: (url) => hint("stylesheet", url),
  font: (url) => new FontFace("self-test", `url(${JSON.stringify(url)})`).load(),
  script: (url) => place(document.createElement("script"), (script) => { script.src = url; }),
  import: (url) => import(url),
  frame: (url) => place(document.createElement("iframe"), (frame) => { frame.src = url; }),
  object: (url) => place(document.createElement("object"), (object) => { object.data = url; }),
  media: (url) => place(document.createElement("audio"), (audio) => { audio.src = url; }),
  form: async (url) => {
    // Into an empty frame: should it be let through, this page stays.
    const frame = document.createElement("iframe");
    frame.name = "self-test";
    const form = document.createElement("form");
    form.action = url;
    form.target = frame.name;
    await Promise.all([place(frame), place(form, () => form.submit())]);
  },
  prefetch: (url) => hint("prefetch", url),
  preload: (url) => hint("preload", url, "fetch"),
  worker: (url) => new Worker(url),
  sharedworker: (url) => new SharedWorker(url),
  serviceworker: (url) => navigator.serviceWorker.register(url),
  cache: async (url) => (await caches.open("self-test")).add(url),
};

/**
 * A worklet's script is refused without an event, so a script that exists is
 * asked for: if it does not load, it was refused.
 * @returns {Promise<Result>}
 */
async function worklet() {
  if (!("OfflineAudioContext" in globalThis)) return { outcome: "absent", by: "" };
  const url = new URL("page/dom.js", location.href).href;
  return new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(url).then(
    () => ({ outcome: "open", by: "" }),
    () => ({ outcome: "refused", by: "script-src" }),
  );
}

/** What must exist for a way to be tried. */
const needs = /** @type {Record<string, string>} */ ({
  websocket: "WebSocket", eventsource: "EventSource", webtransport: "WebTransport", worker: "Worker",
  sharedworker: "SharedWorker", cache: "caches", font: "FontFace",
});

/** @type {readonly Way[]} */
export const WAYS = [
  ...Object.keys(attempts).map((id) => /** @type {Way} */ ({ id, from: "page" })),
  { id: "worklet", from: "page" },
  { id: "webrtc", from: "page" },
  { id: "navigation", from: "page" },
  { id: "home", from: "page" },
  ...["fetch", "xhr", "websocket", "eventsource", "webtransport", "import", "worker", "cache"].map((id) => /** @type {Way} */ ({ id, from: "worker" })),
];

/** @param {string} id @returns {Promise<Result>} */
async function attempt(id) {
  if (needs[id] && !(needs[id] in globalThis) || id === "serviceworker" && !("serviceWorker" in navigator)) return { outcome: "absent", by: "" };
  const mark = `page-${id}`;
  let by = "";
  try {
    await Promise.race([attempts[id](new URL(mark, location.href).href), pause(700)]);
  } catch (error) {
    // Trusted types refuse before the policy is asked.
    if (error instanceof TypeError && /trusted/i.test(error.message)) by = "trusted-types";
    if (error instanceof DOMException && error.name === "SecurityError") by = "SecurityError";
  }
  await pause(150); // the event comes after the failure
  by = refusals.get(mark) ?? by;
  return { outcome: by ? "refused" : "open", by };
}

/**
 * WebRTC asks a server for this device's address by UDP, which no directive
 * covers. Refused, it gives up at once; let through, it waits for an answer
 * that never comes: 192.0.2.1 is no one's address (RFC 5737).
 * @returns {Promise<Result>}
 */
async function webrtc() {
  if (!("RTCPeerConnection" in globalThis)) return { outcome: "absent", by: "" };
  const connection = new RTCPeerConnection({ iceServers: [{ urls: "stun:192.0.2.1:3478" }] });
  try {
    connection.createDataChannel("self-test");
    const done = new Promise((resolve) => {
      connection.onicegatheringstatechange = () => { if (connection.iceGatheringState === "complete") resolve(true); };
      connection.onicecandidateerror = () => resolve(false);
      setTimeout(resolve, 2500, false);
    });
    await connection.setLocalDescription(await connection.createOffer());
    return await done ? { outcome: "refused", by: "connection-allowlist" } : { outcome: "open", by: "" };
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
  for (let wait = 0; wait < 3000 && serviceWorker && !serviceWorker.controller; wait += 100) await pause(100);
  return serviceWorker?.controller ? { outcome: "refused", by: "service-worker" } : { outcome: "open", by: "" };
}

/**
 * Tries all of them.
 * @returns {Promise<Map<string, Result>>} by "from.id"
 */
export async function tryWays() {
  refusals.clear();
  /** @type {Caller<import("../worker/ways.js").Ways>} */
  const worker = new Caller("worker/ways.js");
  const inWorker = worker.ask("test", { base: location.href }).finally(() => worker.stop());
  /** @type {Map<string, Result>} */
  const results = new Map();
  await Promise.all(Object.keys(attempts).map(async (id) => { results.set("page." + id, await attempt(id)); }));
  results.set("page.worklet", await worklet());
  const rtc = await webrtc();
  results.set("page.webrtc", rtc);
  // Leaving the page cannot be tried without leaving it. The header that keeps
  // WebRTC in is the one that keeps navigation in.
  results.set("page.navigation", rtc.by === "connection-allowlist" ? rtc : { outcome: "open", by: "" });
  results.set("page.home", await home());
  for (const [id, result] of Object.entries(await inWorker)) results.set("worker." + id, result);
  return results;
}
