// Seals the page. Until its modules run, a page must be able to load them;
// from then on it needs nothing, so a second policy is added that allows
// nothing but compiling WebAssembly and starting workers from the page's own
// memory. A policy can only ever get stricter: no script can take it back.
//
// Workers start from blob: URLs made of sources that came with the page. One
// started from a file would have the policy of that file's response, which on
// a host without headers is none; these have the page's.
//
// A page with a door starts that one worker first: it keeps the policy it
// began with, which lets it reach /v1/ on the page's own origin. The page and
// its other workers can reach nothing any more.

import sources from "./built/workers.js";

const SEALED = [
  "default-src 'none'",
  "script-src blob: 'wasm-unsafe-eval'",
  "worker-src blob:",
  "img-src data:",
].join("; ");

/** What gives URLs to the browser's script loaders: the only policy that trusted-types allows. */
const trusted = globalThis.trustedTypes?.createPolicy("sealbook", {
  createScriptURL(url) {
    if (url.startsWith("blob:") || (!sealed && url === "sw.js")) return url;
    throw new TypeError("not a script of this page");
  },
});

let sealed = false;

/** @param {string} url @returns {string} TrustedScriptURL where there are trusted types */
const script = (url) => /** @type {string} */ (/** @type {unknown} */ (trusted ? trusted.createScriptURL(url) : url));

/** @type {Map<string, string>} */
const urls = new Map();

/**
 * Starts a worker.
 * @param {string} path of its module, such as "worker/book.js"
 */
export function startWorker(path) {
  if (urls.size === 0) {
    for (const [name, source] of sources) {
      const linked = source.replace(/"sealbook:([^"]+)"/g, (_, needed) => JSON.stringify(urls.get(needed)));
      urls.set(name, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
    }
  }
  const url = urls.get(path);
  if (!url) throw new Error("no worker " + path);
  return new Worker(script(url), { type: "module", name: path });
}

/**
 * Registers the service worker, then seals. Called once, when all modules of
 * the page have loaded.
 * @returns {Promise<boolean>} whether the browser does refuse a request now
 */
export async function seal() {
  if ("serviceWorker" in navigator && isSecureContext) {
    // It keeps the files for use without network; the page works as well if
    // the browser declines. The request for it is on its way once this returns.
    navigator.serviceWorker.register(script("sw.js")).catch(() => {});
  }
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = SEALED;
  document.head.append(policy);
  sealed = true;
  return refused("seal-check");
}

/**
 * Whether a request to this page's own server is refused by policy.
 * @param {string} path
 */
async function refused(path) {
  const violation = new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => {
      if (event.blockedURI.endsWith(path)) resolve(true);
    });
    setTimeout(resolve, 2000, false);
  });
  return fetch(path).then(() => false, () => violation);
}
