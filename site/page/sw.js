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

/** @type {Record<string, string>} integrity of each file, by its path */
const FILES = {};

/** @type {{ version: string, threshold: number, release: string[], log: string[] } | null} of a release: its version and the keys of its log */
const LOG = null;

const FETCHED = ["SHA256SUMS", "sw.js"];

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const base = new URL("./", location.href);
const kept = storeName();

/** The name of this version's store: the hashes, hashed. */
async function storeName() {
  const list = new TextEncoder().encode(JSON.stringify(FILES));
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", list));
  return "sealbook-" + Array.from(sum.subarray(0, 8), (b) => b.toString(16).padStart(2, "0")).join("");
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => event.waitUntil(keep(event)));
worker.addEventListener("fetch", (event) => {
  if (!forDirectory(event.request)) event.respondWith(answer(event.request));
});

const files = Object.keys(FILES).filter((path) => !path.startsWith("_"));
/** Without these no page is shown. */
const ALWAYS = ["404.html", "style.css"];

/** What was kept of the version before stays kept in this one. */
async function install() {
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
  const response = await fetch(url, { ...asked, cache: "force-cache" }).catch(() => fetch(url, { ...asked, cache: "no-cache" }));
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
 * @param {ExtendableMessageEvent} event
 */
async function keep({ data, ports: [port] }) {
  const named = new Set(data.keep.flatMap((/** @type {string} */ path) => [path, path + ".html"]));
  await Promise.all(files.filter((path) => named.has(path)).map(fetchFile));
  port.postMessage("page");
  if (!data.all) return;
  for (const path of files) await fetchFile(path);
  port.postMessage("all");
}

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
