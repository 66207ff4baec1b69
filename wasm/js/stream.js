// A source of items of any length through the core, some rows at a time. Sealbook
// imports it when the first is asked for: pages that have no use for it are spared
// it.

import { rows } from "./rows.js";
import { turn } from "./turn.js";

/** @typedef {import("./index.js").Item} Item */
/**
 * The options of a batch, looked at and without gaps.
 * @typedef {object} Settings
 * @property {string | undefined} region
 * @property {readonly import("./index.js").RecipeLike[]} recipes
 * @property {number} rows
 * @property {number} patience
 * @property {boolean} validOnly
 * @property {AbortSignal | undefined} signal
 * @property {((progress: import("./index.js").Progress) => void) | undefined} onProgress
 */

/**
 * @template {Item} I
 * @param {import("./core.js").Core} core
 * @param {import("./handles.js").Handles} handles
 * @param {Iterable<I> | AsyncIterable<I>} source
 * @param {Settings} settings
 * @returns {AsyncGenerator<import("./index.js").Row<I>[], void, void>}
 */
export async function* stream(core, handles, source, { region, recipes, rows: most, patience, validOnly, signal, onProgress }) {
  const reader = Symbol.asyncIterator in source ? new Late(source[Symbol.asyncIterator](), patience, signal) : new Ready(source[Symbol.iterator]());
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
        const some = rows(core, handles, items, done, region, recipes, validOnly);
        done += items.length;
        onProgress?.({ done, total });
        yield some;
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
