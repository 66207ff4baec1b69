// The service worker: keeps the site's files for use without network.
//
// It keeps what the pages that were open have, and on the next visit the whole
// site: a first visit should not cost what other pages need.
//
// It answers from its list and from nothing else. Whatever a page of this site
// asks for beyond the list is refused here without a request; what follows "?"
// in an address is left aside, so that it never travels either. Only the two
// files that cannot be on the list, because they hold its hash, are fetched,
// by their bare names. What is under /v2/ is the directory's and no file: a
// request as the door makes them, by fetch() and without credentials, is left to
// the browser, which lets the door reach it and nothing else. No element can ask
// so: WebKit hands a page's preloads to this worker before it asks the policy.
//
// A new version is kept beside the old one and takes over when no page of the
// old one is open: pages and their scripts are pinned to each other.
//
// The worker of a release installs itself only if the log of releases has it, with
// this very list of files. And while somebody looks at a page, the worker that
// runs watches what follows it: a server can send another one at any time, and no
// browser lets this be forbidden. What is not of a newer logged release is told to
// all pages, and held off as long as the browser allows. That is an alarm, not a
// lock: its first code has then run already.

import { hex, sha256, utf8 } from "../js/bytes.js";
import { compareList, filesOf, newer, openRelease } from "./release.js";

/** @type {Record<string, string>} integrity of each file, by its path */
const FILES = {};

/** @type {import("./release.js").Log | null} null for what is no release */
const LOG = null;

const FETCHED = ["SHA256SUMS", "sw.js"];
const PROOF = "release.tlog-proof";
/** How long a page that was opened keeps this worker awake, to see what follows it, milliseconds. */
const WATCH = 20_000;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const base = new URL("./", location.href);
const kept = storeName();

/** The name of this version's store: the hashes and keys, hashed. */
async function storeName() {
  return "sealbook-" + hex((await sha256(utf8(JSON.stringify([FILES, LOG])))).subarray(0, 8));
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  event.waitUntil(event.data === "release" ? tell(event.ports[0]) : keep(event.data, event.ports[0]));
});
worker.addEventListener("fetch", (event) => {
  if (!forDirectory(event.request)) event.respondWith(answer(event.request));
  if (LOG && !active && worker.registration.waiting) judged = judge(LOG); // found before this worker last started
  active = true;
  if (LOG && event.request.mode === "navigate") event.waitUntil(watch());
});

const files = Object.keys(FILES).filter((path) => !path.startsWith("_"));
/** Without this no address is answered. */
const ALWAYS = ["404.html"];

/** What was kept of the version before stays kept in this one. */
async function install() {
  if (LOG) await installRelease(await caches.open(await kept), LOG);
  const paths = new Set(ALWAYS);
  for (const name of await caches.keys()) {
    if (!name.startsWith("sealbook-")) continue;
    for (const { url } of await (await caches.open(name)).keys()) paths.add(url.slice(base.href.length));
  }
  await Promise.all(files.filter((path) => paths.has(path)).map(fetchFile));
}

/**
 * A file of the list, from the network or what the browser has of it, once its
 * bytes are those of the list; kept from then on.
 * @param {string} path
 */
async function fetchFile(path) {
  const url = new URL(path, base);
  const store = await caches.open(await kept);
  const found = await store.match(url);
  if (found) return found;
  const asked = /** @type {RequestInit} */ ({ integrity: FILES[path], credentials: "omit" });
  // What the page has just loaded is not asked for again, if it is this version's.
  // Hosts that drop ".html" answer by a redirect, which Chromium refuses under
  // Connection-Allowlist: then by the short name. The bytes are checked all the same.
  const response = await fetch(url, { ...asked, cache: "force-cache" }).catch(() => fetch(url, { ...asked, cache: "no-cache" }))
    .catch(() => fetch(new URL(path.replace(/(^index)?\.html$/, ""), base), { ...asked, cache: "no-cache" }));
  // A page for missing paths may come with 404: its bytes are checked all the same.
  if (!response.ok && path !== "404.html") throw new Error(`${response.status} for ${path}`);
  // Hosts that drop ".html" answer by a redirect, and a response that was
  // redirected may not answer a navigation.
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // of the way here, not of what is kept
  headers.delete("Content-Length");
  const whole = new Response(await response.blob(), { headers });
  await store.put(url, whole.clone());
  return whole;
}

/**
 * Keeps the files that a page names, then, if it is asked to, all others, and
 * tells what it has.
 * @param {{ keep: string[], all: boolean }} data
 * @param {MessagePort} port
 */
async function keep(data, port) {
  const named = new Set(data.keep.flatMap((/** @type {string} */ path) => [path, path + ".html"]));
  await Promise.all(files.filter((path) => named.has(path)).map(fetchFile));
  port.postMessage("page");
  if (!data.all) return;
  for (const path of files) await fetchFile(path);
  port.postMessage("all");
}

/** @param {string} path @param {RequestInit} [options] */
async function fetched(path, options) {
  const response = await fetch(new URL(path, base), { cache: "no-cache", credentials: "omit", ...options });
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * What the server's proof says, and the files of that release.
 * @param {import("./release.js").Log} log
 */
async function served(log) {
  const proof = new TextDecoder().decode(await fetched(PROOF));
  const release = await openRelease(proof, log);
  const manifest = await fetched("log/manifest/" + release.manifest);
  return { proof, release, files: await filesOf(release, manifest) };
}

/**
 * Throws unless this worker is of a release that the log has, and keeps its proof.
 * @param {Cache} store
 * @param {import("./release.js").Log} log
 */
async function installRelease(store, log) {
  const { proof, release, files } = await served(log);
  if (release.version !== log.version || Date.now() > release.expires) throw new Error(`the log has ${release.version}`);
  compareList(files, FILES);
  await store.put(new URL(PROOF, base), new Response(proof));
}

/**
 * Answers a page that asks for the release: what was checked when it was installed.
 * @param {MessagePort} port
 */
async function tell(port) {
  const proof = LOG && await (await caches.open(await kept)).match(new URL(PROOF, base));
  port.postMessage(LOG && proof ? await openRelease(await proof.text(), LOG).catch(() => null) : null);
}

/** Whether this worker answers pages: before, an update that is found is this one itself. */
let active = false;
/** Settles when what follows this worker was judged to be right; never if it was not. */
let judged = Promise.resolve();
/** @type {() => void} */
let approve;
/** Settles when something right follows: then nothing need be held. */
const approved = new Promise((/** @type {(value: void) => void} */ resolve) => { approve = resolve; });

async function watch() {
  await Promise.race([new Promise((resolve) => setTimeout(resolve, WATCH)), approved]);
  await judged;
}

/**
 * Judges the worker that follows this one. Where it is none of a newer release that
 * the log has, all pages are told, and it is held off.
 * @param {import("./release.js").Log} log
 */
async function judge(log) {
  // What the browser has just read, as far as it kept it: asked again, the server may show something else.
  const own = await fetched("sw.js", { cache: "only-if-cached", mode: "same-origin" }).catch(() => fetched("sw.js")).catch(() => new Uint8Array());
  const sum = hex(await sha256(own));
  let proof = "";
  try {
    const now = await served(log);
    proof = now.proof;
    if (now.files.get("sw.js") === sum && newer(now.release.version, log.version)) return approve();
  } catch {
    // No proof, or none that holds.
  }
  const alarm = { alarm: "swap", was: log, worker: { sha256: sum, text: new TextDecoder().decode(own.subarray(0, 1 << 16)) }, proof };
  for (const page of await worker.clients.matchAll({ includeUncontrolled: true })) page.postMessage(alarm);
  await new Promise(() => {});
}

if (LOG) worker.registration.addEventListener("updatefound", () => { if (active) judged = judge(LOG); });

async function activate() {
  const mine = await kept;
  for (const other of await caches.keys()) {
    if (other.startsWith("sealbook-") && other !== mine) await caches.delete(other);
  }
  await worker.clients.claim();
}

/** @param {Request} request */
async function answer(request) {
  const path = known(request);
  if (path === null) return request.mode === "navigate" ? missing() : Response.error();
  if (FETCHED.includes(path)) return fetch(new URL(path, base), { cache: "no-cache", credentials: "omit" });
  return fetchFile(path).catch(() => Response.error());
}

async function missing() {
  const page = await (await caches.open(await kept)).match(new URL("404.html", base));
  return page ? new Response(page.body, { status: 404, headers: page.headers }) : Response.error();
}

/** @param {Request} request */
function forDirectory({ mode, credentials, redirect, destination, url }) {
  const { origin, pathname } = new URL(url);
  return origin === base.origin && pathname.startsWith("/v2/")
    && mode === "cors" && credentials === "omit" && redirect === "manual" && destination === "";
}

/**
 * The file that a request is for; null for none of this site.
 * @param {Request} request
 */
function known({ method, url }) {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== base.origin || !pathname.startsWith(base.pathname)) return null;
  const path = pathname.slice(base.pathname.length) || "index.html";
  return [path, path + ".html"].find((p) => Object.hasOwn(FILES, p) || FETCHED.includes(p)) ?? null;
}
