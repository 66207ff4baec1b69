// A source of items of any length through the core, some rows at a time.

import { MAX_ITEMS } from "./core.js";
import { InputError } from "./errors.js";

/** @typedef {import("./index.js").Item} Item */

/**
 * @template {Item} I
 * @param {Iterable<I> | AsyncIterable<I>} source
 * @param {import("./index.js").BatchOptions} options
 * @param {(items: I[], first: number) => import("./index.js").Row<I>[]} work
 * @returns {AsyncGenerator<import("./index.js").Row<I>[], void, void>}
 */
export function stream(source, options, work) {
  const { rows = 4096, patience = 50 } = options;
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_ITEMS) throw new InputError("RANGE", `rows must be 1–${MAX_ITEMS}`);
  if (!(patience >= 0)) throw new InputError("RANGE", "patience must be milliseconds, 0 or more");
  // A string is an iterable too, of characters, and surely not meant so.
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source) return run(new Late(source[Symbol.asyncIterator](), patience, options.signal), rows, source, options, work);
    if (Symbol.iterator in source) return run(new Ready(source[Symbol.iterator]()), rows, source, options, work);
  }
  throw new InputError("TYPE", "a source is an array, another iterable or an async iterable");
}

/**
 * @template {Item} I
 * @param {Ready<I> | Late<I>} reader
 * @param {number} most
 * @param {object} source
 * @param {import("./index.js").BatchOptions} options
 * @param {(items: I[], first: number) => import("./index.js").Row<I>[]} work
 * @returns {AsyncGenerator<import("./index.js").Row<I>[], void, void>}
 */
async function* run(reader, most, source, { signal, onProgress }, work) {
  const total = Array.isArray(source) ? source.length : source instanceof Set ? source.size : null;
  let done = 0;
  try {
    while (!reader.ended) {
      signal?.throwIfAborted();
      /** @type {I[]} */
      const items = [];
      await reader.fill(items, most);
      signal?.throwIfAborted();
      if (items.length > 0) {
        const rows = work(items, done);
        done += items.length;
        onProgress?.({ done, total });
        yield rows;
      }
      if (reader.ended === false) await turn();
    }
    if (reader.failed) throw reader.failure;
  } finally {
    reader.close();
  }
}

/**
 * Reads an iterable. What it throws is kept until the items before are out.
 * @template I
 */
class Ready {
  ended = false;
  failed = false;
  /** @type {unknown} */
  failure;
  #from;

  /** @param {Iterator<I>} from */
  constructor(from) {
    this.#from = from;
  }

  /**
   * @param {I[]} items
   * @param {number} most
   */
  fill(items, most) {
    try {
      while (items.length < most) {
        const step = this.#from.next();
        if (step.done) {
          this.ended = true;
          return;
        }
        items.push(step.value);
      }
    } catch (failure) {
      this.ended = this.failed = true;
      this.failure = failure;
    }
  }

  close() {
    if (!this.ended) this.#from.return?.();
  }
}

/**
 * Reads an async iterable. It waits for the first item as long as it takes,
 * and for the rest no longer than the patience.
 * @template I
 */
class Late {
  ended = false;
  failed = false;
  /** @type {unknown} */
  failure;
  #from;
  #patience;
  #signal;
  /** A step that was asked for and not used. @type {Promise<IteratorResult<I>> | null} */
  #pending = null;

  /**
   * @param {AsyncIterator<I>} from
   * @param {number} patience
   * @param {AbortSignal | undefined} signal
   */
  constructor(from, patience, signal) {
    this.#from = from;
    this.#patience = patience;
    this.#signal = signal;
  }

  /**
   * @param {I[]} items
   * @param {number} most
   */
  async fill(items, most) {
    let late = false;
    /** Ends the wait for a step. @type {(step: null) => void} */
    let wake = () => {};
    const interrupt = () => {
      late = true;
      wake(null);
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    this.#signal?.addEventListener("abort", interrupt);
    try {
      while (items.length < most && !late) {
        const pending = (this.#pending ??= Promise.resolve(this.#from.next()));
        /** @type {IteratorResult<I> | null} */
        const step = await new Promise((resolve, reject) => {
          wake = resolve;
          pending.then(resolve, reject);
        });
        if (step === null) break;
        this.#pending = null;
        if (step.done) {
          this.ended = true;
          break;
        }
        items.push(step.value);
        timer ??= setTimeout(interrupt, this.#patience);
      }
    } catch (failure) {
      this.ended = this.failed = true;
      this.failure = failure;
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener("abort", interrupt);
    }
  }

  close() {
    if (this.ended) return;
    // Not awaited: a source that hangs in a step would hang here too.
    this.#pending?.catch(() => {});
    try {
      Promise.resolve(this.#from.return?.()).catch(() => {});
    } catch {
      // The source is given up already.
    }
  }
}

/** @type {MessageChannel | undefined} */
let channel;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Lets timers, input and painting have their turn: without it no click on
 * "cancel" would ever arrive.
 * @returns {Promise<void>}
 */
export function turn() {
  // Not 0: workerd's clock stands still meanwhile, and no later timer would come.
  const timer = () => new Promise((/** @type {(value: void) => void} */ resolve) => void setTimeout(resolve, 1));
  if (typeof setImmediate === "function") {
    // Next.js's edge runtime has one that throws.
    return new Promise((/** @type {(value: void) => void} */ resolve) => void setImmediate(resolve)).catch(timer);
  }
  if (typeof MessageChannel !== "function" || !("document" in globalThis || "DedicatedWorkerGlobalScope" in globalThis)) return timer();
  // Browsers delay repeated timers by 4 ms; messages they do not.
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}
