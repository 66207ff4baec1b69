// Where the worker of a Pool may be. Workers and edge runtimes have none, and get
// an empty list in place of this file; see gen/publish.mjs.

import { builtin } from "./builtin.js";
import { workerText } from "./worker-text.js";

/**
 * @typedef {object} Workerlike
 * @property {((event: { data: any }) => void) | null} onmessage
 * @property {((event: object) => void) | null} onerror
 * @property {((event: object) => void) | null} onmessageerror
 * @property {(message: any) => void} postMessage
 * @property {() => void} terminate
 * @property {() => void} [ref]
 * @property {() => void} [unref]
 *
 * @typedef {() => Workerlike | Promise<Workerlike>} Make
 */

/** Servers have a policy for nothing, and may have lost the file. */
const onServer = typeof globalThis.process?.versions?.node === "string";
/** Node has threads and no Worker; Bun and Deno have both. */
const inThreads = () => onServer && typeof Worker === "undefined";

/** The file beside this one, which every policy allows that allows workers. @type {Make} */
const asFile = () => (inThreads() ? thread(new URL("./worker.js", import.meta.url)) : like(new Worker(new URL("./worker.js", import.meta.url), { type: "module" })));

/** The same as a text, for bundlers may have lost the file. @type {Make} */
const asText = () => {
  const text = workerText();
  if (inThreads()) return thread(new URL(`data:text/javascript,${encodeURIComponent(text)}`));
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  // Revoked at once, some engines have not begun to read it.
  for (const event of ["message", "error"]) worker.addEventListener(event, () => URL.revokeObjectURL(url), { once: true });
  return like(worker);
};

/** Its handlers take more than a Worker of these types gives them. @param {any} worker @returns {Workerlike} */
const like = (worker) => worker;

/** @type {readonly Make[]} */
export const places = onServer ? [asText, asFile] : [asFile, asText];

/**
 * A thread of Node with the face of a Worker.
 * @param {URL} url
 * @returns {Promise<Workerlike>}
 */
async function thread(url) {
  const threads = "node:worker_threads"; // not a literal, so that bundlers for browsers do not look for it
  const { Worker: Thread } = /** @type {typeof import("node:worker_threads")} */ (await builtin(threads));
  const worker = new Thread(url, { execArgv: [], env: {} });
  /** @type {Workerlike} */
  const faced = {
    onmessage: null, onerror: null, onmessageerror: null,
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
  worker.on("message", (data) => faced.onmessage?.({ data }));
  for (const event of ["error", "exit", "messageerror"]) worker.on(event, () => faced.onerror?.({}));
  return faced;
}
