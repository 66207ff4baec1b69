// The self-test's half that runs in a worker: each way out that a worker has,
// tried towards the page's own server.

import { serve } from "./serve.js";

/** @type {Map<string, string>} directive that refused it, by what the URL ends in */
const refusals = new Map();
addEventListener("securitypolicyviolation", (event) => {
  const violation = /** @type {SecurityPolicyViolationEvent} */ (event);
  refusals.set(/** @type {string} */ (violation.blockedURI.split("/").pop()), violation.effectiveDirective);
});

/** @type {Record<string, (url: string) => unknown>} */
const ways = {
  fetch: (url) => fetch(url),
  xhr: (url) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.send("self-test");
  },
  websocket: (url) => new WebSocket(url.replace(/^http/, "ws")),
  eventsource: (url) => new EventSource(url),
  webtransport: (url) => new WebTransport(url.replace(/^http:/, "https:")),
  import: (url) => import(url),
  worker: (url) => new Worker(url),
  cache: async (url) => (await caches.open("self-test")).add(url),
};

/** The name of a class or function without which a way does not exist. */
const needs = /** @type {Record<string, string>} */ ({ websocket: "WebSocket", eventsource: "EventSource", webtransport: "WebTransport", worker: "Worker", cache: "caches" });

const work = {
  /** @param {{ base: string }} asked where the page lies */
  async test({ base }) {
    /** @type {Record<string, { outcome: "refused" | "open" | "absent", by: string }>} */
    const outcomes = {};
    await Promise.all(Object.entries(ways).map(async ([id, attempt]) => {
      if (needs[id] && !(needs[id] in globalThis)) {
        outcomes[id] = { outcome: "absent", by: "" };
        return;
      }
      const mark = `worker-${id}`;
      let by = "";
      try {
        await Promise.race([attempt(new URL(mark, base).href), new Promise((resolve) => setTimeout(resolve, 700))]);
      } catch (error) {
        if (error instanceof Error && error.name === "TypeError" && /trusted/i.test(error.message)) by = "trusted-types";
        if (error instanceof DOMException && error.name === "SecurityError") by = "SecurityError";
      }
      await new Promise((resolve) => setTimeout(resolve, 100)); // the event comes after the failure
      by = refusals.get(mark) ?? by;
      outcomes[id] = { outcome: by ? "refused" : "open", by };
    }));
    return outcomes;
  },
};

serve(work);

/** @typedef {typeof work} Ways */
