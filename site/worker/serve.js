// The worker's end of page/caller.js: requests in, answers out, one at a
// time in the order they came, except that a function may let others in
// between by awaiting `nextTurn`.

/**
 * An answer that is a refusal; its code is all that leaves the worker, and
 * what its words need, such as how many tries are left.
 */
export class Refusal extends Error {
  /** @param {string} code @param {Record<string, any>} [values] */
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/**
 * @typedef {(value: unknown) => void} Progress
 */

/**
 * Answers requests with the functions given.
 * @param {Record<string, (asked: any, progress: Progress) => unknown>} work
 */
export function serve(work) {
  addEventListener("message", async ({ data: { id, what, asked } }) => {
    try {
      const answer = await work[what](asked, (progress) => postMessage({ id, progress }));
      postMessage({ id, answer });
    } catch (error) {
      // Errors of the package have codes as well. Anything else is a fault of
      // this code, and worth a line in the console: no message has a number in it.
      const code = /** @type {{ code?: unknown }} */ (error)?.code;
      if (typeof code !== "string") console.error(error);
      postMessage({ id, failed: typeof code === "string" ? code : "BROKEN", values: error instanceof Refusal ? error.values : undefined });
    }
  });
}

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets messages that came meanwhile be handled. A timer would cost 4 ms each time. */
export function nextTurn() {
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
