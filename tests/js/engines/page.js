// Runs in a page whose policy lets in nothing but its own scripts.

import * as sealbook from "/sealbook/index.js";
import * as blind from "/sealbook/blind.js";
import * as discover from "/sealbook/discovery/discover.js";
import { loadFormats } from "/sealbook/format.js";
import { whole } from "/whole.js";
import { pools } from "/pools.js";

const data = await (await fetch("/data.json")).json();

/** @param {() => Promise<Record<string, number>>} work */
const reported = (work) => work().catch((error) => ({ error: String(error?.stack ?? error) }));

const module = await sealbook.compile();
const core = { sealbook: await sealbook.load(), blind: await blind.loadBlind(), formats: await loadFormats() };
const results = {
  page: await reported(() => whole({ sealbook, discover, blind }, core, data, (path) => import(`/sealbook/${path}`))),
  worker: await reported(() => new Promise((resolve, reject) => {
    const worker = new Worker("/engines/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage({ module, data });
  })),
  pool: await reported(() => pools(module, core.blind.module, data)),
};
Object.assign(globalThis, { results });
console.log(`results ${JSON.stringify(results)}`);
