// What a browser does when a script tries to get out, by evidence: "open" where
// an answer or a load came, "refused" where the browser said so, or where a
// file that is there did not come. Anything else is unclear, and called that.
// Runs in the page and in a worker.

/**
 * @typedef {"refused" | "open" | "absent" | "unclear"} Outcome absent: this browser has no such way
 * @typedef {{ outcome: Outcome, by: string }} Result by what it was refused
 * @typedef {object} Way
 * @property {(url: string) => unknown} attempt resolves once something came; rejects, or never ends, otherwise
 * @property {string} [file] of the site, which would come if it were let through
 * @property {() => boolean} [absent]
 */

/** Where trusted types refuse before a policy is asked, by what a violation's sample begins with. */
const SINKS = /** @type {Record<string, string>} */ ({
  "Worker constructor": "worker", "SharedWorker constructor": "sharedworker",
  "ServiceWorkerContainer register": "serviceworker", "HTMLScriptElement src": "script",
});

const PATIENCE = 2500;
/** The event of a refusal comes after the failure, on a busy machine long after. */
const EVENT = 400;

/** The directive that refused something, by the mark in its address. @type {Map<string, string>} */
const refusals = new Map();
let runs = 0;
/** "page" or "worker", and which run it is. */
let prefix = "";

/** Takes down what is refused. @param {EventTarget} target */
export function watch(target) {
  target.addEventListener("securitypolicyviolation", (event) => {
    const { blockedURI, effectiveDirective, sample } = /** @type {SecurityPolicyViolationEvent} */ (event);
    const sink = SINKS[(sample ?? "").split("|")[0]];
    const mark = blockedURI === "trusted-types-sink" ? sink && prefix + sink : blockedURI.match(/self-test-[\w-]+/)?.[0];
    if (mark && !refusals.has(mark)) refusals.set(mark, blockedURI === "trusted-types-sink" ? "trusted-types" : effectiveDirective);
  });
}

/** An attempt that something other than the browser's policy refused. */
export class Refused extends Error {
  /** @param {string} by */
  constructor(by) {
    super(by);
    this.by = by;
  }
}

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Counted in the steps that attempts wait in, so that on a busy machine it is not over before theirs are. */
async function patience() {
  for (let wait = 0; wait < PATIENCE; wait += 50) await pause(50);
}

/** What was refused by now, for whoever sees only a part of it. */
export const refused = () => [...refusals];

/**
 * Tries all ways.
 * @param {"page" | "worker"} from
 * @param {string} base address of the site
 * @param {Record<string, Way>} ways
 * @returns {Promise<Record<string, Result & { mark: string }>>}
 */
export async function tryAll(from, base, ways) {
  prefix = `self-test-${from}-${++runs}-`;
  /** @type {Record<string, Result & { mark: string }>} */
  const results = {};
  await Promise.all(Object.entries(ways).map(async ([id, way]) => {
    const mark = prefix + id;
    results[id] = { ...await tried(way, new URL(`${way.file ?? "self-test"}?${mark}`, base).href, mark), mark };
  }));
  return results;
}

/** @param {Way} way @param {string} url @param {string} mark @returns {Promise<Result>} */
async function tried({ attempt, file, absent }, url, mark) {
  if (absent?.()) return { outcome: "absent", by: "" };
  let outcome = /** @type {Outcome} */ ("unclear");
  let by = "";
  try {
    outcome = await Promise.race([
      (async () => attempt(url))().then(() => /** @type {const} */ ("open")),
      patience().then(() => /** @type {const} */ ("unclear")),
    ]);
  } catch (error) {
    if (error instanceof Refused) [outcome, by] = ["refused", error.by];
    else if (error instanceof DOMException && error.name === "SecurityError") [outcome, by] = ["refused", "SecurityError"];
    else if (error instanceof TypeError && /trusted/i.test(error.message)) [outcome, by] = ["refused", "trusted-types"];
    else if (file) outcome = "refused";
  }
  // Where nothing else speaks for a refusal, its event is waited for longer.
  for (let wait = outcome === "refused" ? EVENT : PATIENCE; wait > 0 && !refusals.has(mark); wait -= 50) await pause(50);
  const directive = refusals.get(mark);
  return directive ? { outcome: "refused", by: directive } : { outcome, by };
}

/**
 * Resolves with an event, rejects with another.
 * @param {EventTarget} target
 * @param {string} good
 * @param {string} bad
 */
export function either(target, good, bad) {
  return new Promise((resolve, reject) => {
    target.addEventListener(good, () => resolve(null));
    target.addEventListener(bad, () => reject(new Error(bad)));
  });
}

/** The ways that a page and a worker have alike. @type {Record<string, Way>} */
export const COMMON = {
  fetch: { file: "icon.svg", attempt: (url) => fetch(url) },
  xhr: {
    file: "icon.svg",
    attempt: (url) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.send("self-test");
      return either(request, "load", "error");
    },
  },
  websocket: {
    absent: () => !("WebSocket" in globalThis),
    attempt: (url) => either(new WebSocket(url.replace(/^http/, "ws")), "open", "error"),
  },
  eventsource: {
    absent: () => !("EventSource" in globalThis),
    attempt: (url) => {
      const source = new EventSource(url);
      return either(source, "open", "error").finally(() => source.close());
    },
  },
  webtransport: {
    absent: () => !("WebTransport" in globalThis),
    attempt: (url) => {
      const transport = new WebTransport(url.replace(/^http:/, "https:"));
      transport.closed.catch(() => {});
      return transport.ready;
    },
  },
  import: { file: "sw.js", attempt: (url) => import(url) },
  worker: {
    file: "worker/ways.js",
    absent: () => !("Worker" in globalThis),
    attempt: (url) => either(new Worker(url), "message", "error"),
  },
  cache: {
    file: "icon.svg",
    absent: () => !("caches" in globalThis),
    attempt: async (url) => {
      await (await caches.open("self-test")).add(url);
      await caches.delete("self-test");
    },
  },
};
