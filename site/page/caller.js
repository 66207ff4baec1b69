// Talking to a worker: a request has a number, and each answer bears it.

import { WorkError } from "./failure.js";
import { startWorker } from "./seal.js";

export { WorkError } from "./failure.js";

/** Whether a directory no longer knows a registration. @param {unknown} error */
export const isGone = (error) => error instanceof WorkError && error.code === "credential_unknown";

/**
 * @template {{ [name: string]: (asked: never, progress: never) => unknown }} Work the functions that the worker offers
 */
export class Caller {
  /** @type {Promise<Worker> | null} */
  #worker = null;
  #path;
  #last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void, progress: (value: any) => void }>} */
  #open = new Map();

  /** @param {string} path of the worker's module */
  constructor(path) {
    this.#path = path;
  }

  /**
   * Asks the worker for something; it starts with the first request.
   * @template {keyof Work & string} K
   * @param {K} what
   * @param {Parameters<Work[K]>[0]} asked
   * @param {(value: any) => void} [progress]
   * @returns {Promise<Awaited<ReturnType<Work[K]>>>} rejects with a WorkError
   */
  ask(what, asked, progress = () => {}) {
    const worker = this.#worker ??= this.#start();
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject, progress });
      worker.then((started) => {
        if (this.#open.has(id)) started.postMessage({ id, what, asked });
      }, (error) => {
        this.#open.delete(id);
        reject(error);
      });
    });
  }

  /** Ends the worker, whatever it does. Open requests are rejected with STOPPED. */
  stop() {
    this.#worker?.then((worker) => worker.terminate(), () => {});
    this.#worker = null;
    this.#fail("STOPPED");
  }

  async #start() {
    const worker = await startWorker(this.#path);
    worker.addEventListener("message", ({ data }) => {
      const request = this.#open.get(data.id);
      if (!request) return;
      if ("progress" in data) {
        request.progress(data.progress);
        return;
      }
      this.#open.delete(data.id);
      if ("failed" in data) request.reject(new WorkError(data.failed, data.values));
      else request.resolve(data.answer);
    });
    worker.addEventListener("error", () => this.#fail("BROKEN"));
    return worker;
  }

  /** @param {string} code */
  #fail(code) {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const request of open) request.reject(new WorkError(code));
  }
}
