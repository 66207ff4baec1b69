// Seals the page. A page has to ask for its modules and workers; from then on it
// needs nothing, so a second policy is added that allows nothing but compiling
// WebAssembly and starting workers from the page's own memory. A policy can
// only ever get stricter: no script can take it back. On a first visit, modules,
// which are larger than all else, may still be on their way: browsers ask a
// policy before they send, and all of them have been asked for.
//
// Workers start from blob: URLs of sources that came by their hashes. One
// started from a file would have the policy of that file's response, which on
// a host without headers is none; these have the page's.
//
// A page with a door starts that one worker first, under a policy that lets it
// reach /v2/ on the page's own origin and nothing else, and seals itself then.

import { keepFiles } from "./app.js";
import { arrived, bytes, sealable } from "./loaded.js";

const SEALED = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  "worker-src blob:",
  "img-src data:",
  "manifest-src data:", // the page's own, see app.js; its icons are images
].join("; ");

/** The module of the worker that may connect, if the page has one. */
const door = document.querySelector('link[rel="loaded"][data-door]')?.getAttribute("href");

let sealed = false;
/** @type {() => void} */
let release;
/** Settles when the page is sealed: until then no worker starts but the door. */
const closed = new Promise((/** @type {(value: void) => void} */ resolve) => { release = resolve; });

/** What gives URLs to the browser's script loaders: the only policy that trusted-types allows. */
const trusted = globalThis.trustedTypes?.createPolicy("sealbook", {
  createScriptURL(url) {
    if (url.startsWith("blob:") || (!sealed && url === "sw.js")) return url;
    throw new TypeError("not a script of this page");
  },
});

/** @param {string} url @returns {string} TrustedScriptURL where there are trusted types */
const script = (url) => /** @type {string} */ (/** @type {unknown} */ (trusted ? trusted.createScriptURL(url) : url));

/** @param {string} content of another policy, which holds beside those there are */
function forbid(content) {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = content;
  document.head.append(policy);
}

/** @type {Map<string, string>} */
const urls = new Map();

/**
 * Starts a worker, once it may start.
 * @param {string} path of its module, such as "worker/book.js"
 * @returns {Promise<Worker>}
 */
export async function startWorker(path) {
  if (path !== door) await closed;
  const source = await bytes(path);
  if (path === door && !sealed) {
    await sealable;
    forbid(`connect-src ${location.origin}/v2/`);
  }
  const url = urls.get(path) ?? URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  urls.set(path, url);
  return new Worker(script(url), { type: "module", name: path });
}

/** Registers the service worker, then seals. Called once. */
export async function seal() {
  await sealable;
  if ("serviceWorker" in navigator && isSecureContext) {
    // It keeps the files for use without network; the page works as well if
    // the browser declines. The request for it is on its way once this returns.
    const again = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.register(script("sw.js")).then(() => arrived).then(() => keepFiles(again)).catch(() => {});
  }
  forbid(SEALED);
  sealed = true;
  release();
}

/** Whether the browser does refuse a request to this page's own server, by policy. */
export async function refuses() {
  const path = "seal-check";
  const violation = new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => {
      if (event.blockedURI.endsWith(path)) resolve(true);
    });
    setTimeout(resolve, 2000, false);
  });
  return fetch(path).then(() => false, () => violation);
}
