// Work spread over module workers; see workers.d.ts.

import { InputError, LoadError, RecipeError, SealbookError } from "./errors.js";

/** @typedef {import("./workers.js").PlainRow} PlainRow */
/** @typedef {import("./workers.js").RowsOptions} RowsOptions */
/** @typedef {import("./workers.js").SearchOptions} SearchOptions */
/** @typedef {import("./workers.js").SearchResult} SearchResult */
/** @typedef {import("./index.js").RecipeLike} RecipeLike */

/** Items of a piece of work: some milliseconds, digests included. */
const ROWS = 1000;
/** Milliseconds that a piece of a search should take: what a cancelled one still runs. */
const SLICE = 50;
/** Numbers of a search's first piece, before its pace is known. */
const FIRST = 1 << 14;

export class Pool {
  #module;
  #blind;
  #make;
  /** @type {Link[]} */
  #links = [];
  #closed = false;

  /**
   * @param {WebAssembly.Module} module
   * @param {import("./workers.js").PoolOptions} [options]
   */
  constructor(module, { workers, worker, blind } = {}) {
    const size = workers ?? Math.min(globalThis.navigator?.hardwareConcurrency ?? 4, 64);
    if (!Number.isInteger(size) || size < 1 || size > 64) throw new InputError("RANGE", "workers must be 1–64");
    this.size = size;
    this.#module = module;
    this.#blind = blind;
    this.#make = worker ?? (() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
  }

  /**
   * @param {readonly import("./index.js").Item[]} items
   * @param {RowsOptions} [options]
   * @returns {Promise<PlainRow[]>}
   */
  async rows(items, { region, recipes = [], signal, onProgress, onRows } = {}) {
    /** @type {PlainRow[]} */
    const rows = new Array(items.length);
    let next = 0;
    let done = 0;
    await this.#run(signal, Math.ceil(items.length / ROWS), async (link, live) => {
      while (next < items.length && live()) {
        const first = next;
        next += ROWS;
        const some = /** @type {PlainRow[]} */ (
          await link.ask({ op: "rows", items: items.slice(first, next), first, region, recipes })
        );
        if (!live()) return;
        for (const row of some) rows[row.index] = row;
        done += some.length;
        onRows?.(some);
        onProgress?.({ done, total: items.length });
      }
    });
    return rows;
  }

  /**
   * @param {string} digest
   * @param {RecipeLike} recipe
   * @param {string} region
   * @param {SearchOptions} [options]
   * @returns {Promise<SearchResult>}
   */
  async search(digest, recipe, region, { signal, onProgress } = {}) {
    const began = performance.now();
    const pace = new Pace(began);
    /** @type {string | null} */
    let found = null;
    let size = 1n << 62n; // until the first answer
    let next = 0n;
    let tried = 0n;
    let told = 0;
    const tell = () => {
      if (tried === 0n) return;
      const now = performance.now();
      const perSecond = pace.at(now, Number(tried));
      told = now;
      onProgress?.({ tried, size, perSecond, secondsLeft: perSecond > 0 ? Number(size - tried) / perSecond : Infinity });
    };
    await this.#run(signal, this.size, async (link, live) => {
      for (let count = FIRST; next < size && found === null && live(); ) {
        const from = next;
        next += BigInt(count);
        const sent = performance.now();
        const answer = /** @type {{ found: string | null, size: bigint }} */ (
          await link.ask({ op: "search", digest, recipe, region, from, count })
        );
        if (!live()) return;
        size = answer.size;
        const end = from + BigInt(count) < size ? from + BigInt(count) : size;
        if (end > from) tried += end - from;
        found ??= answer.found;
        const now = performance.now();
        count = Math.max(1 << 10, Math.min(1 << 22, Math.round((count * SLICE) / Math.max(now - sent, 1))));
        if (now - told > 100) tell();
      }
    });
    tell();
    return { found, tried, size, seconds: (performance.now() - began) / 1000 };
  }

  close() {
    this.#closed = true;
    for (const link of this.#links) link.end(new DOMException("the pool is closed", "AbortError"));
    this.#links = [];
  }

  /**
   * Runs a job on up to `most` workers until all are through, one fails or the
   * signal comes.
   * @param {AbortSignal | undefined} signal
   * @param {number} most
   * @param {(link: Link, live: () => boolean) => Promise<void>} job
   */
  async #run(signal, most, job) {
    signal?.throwIfAborted();
    if (this.#closed) throw new DOMException("the pool is closed", "AbortError");
    let live = true;
    /** @type {() => void} */
    let unlisten = () => {};
    try {
      const work = Array.from({ length: Math.min(this.size, most) }, (_, i) => job(this.#link(i), () => live));
      /** @type {Promise<void>} */
      const aborted = new Promise((_, reject) => {
        const abort = () => reject(signal?.reason);
        signal?.addEventListener("abort", abort);
        unlisten = () => signal?.removeEventListener("abort", abort);
      });
      await Promise.race([Promise.all(work), aborted]);
    } finally {
      live = false;
      unlisten();
    }
  }

  /** @param {number} i */
  #link(i) {
    let link = this.#links[i];
    if (link === undefined || link.ended) this.#links[i] = link = new Link(this.#make(), this.#module, this.#blind);
    return link;
  }
}

/** A worker and the questions it has not answered. */
class Link {
  ended = false;
  #worker;
  #loaded;
  #next = 0;
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (reason: unknown) => void }>} */
  #asked = new Map();

  /**
   * @param {Worker} worker
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Module | undefined} blind
   */
  constructor(worker, module, blind) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      const asked = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if (data.error) asked?.reject(revive(data.error));
      else asked?.resolve(data.value);
    };
    // Its script did not load or the policy lets it not run: no answer will come.
    worker.onerror = worker.onmessageerror = (event) => {
      if ("preventDefault" in event) event.preventDefault();
      this.end(new LoadError("FETCH", "the worker did not start"));
    };
    this.#loaded = this.#send({ op: "load", module, blind });
    this.#loaded.catch((/** @type {unknown} */ error) => this.end(error));
  }

  /** @param {object} work */
  async ask(work) {
    await this.#loaded;
    return this.#send(work);
  }

  /**
   * @param {object} message
   * @returns {Promise<unknown>}
   */
  #send(message) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  /** @param {unknown} reason */
  end(reason) {
    this.ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(reason);
    this.#asked.clear();
  }
}

/** Numbers a second, over about the last second. */
class Pace {
  /** @type {[number, number][]} */
  #marks;

  /** @param {number} now milliseconds */
  constructor(now) {
    this.#marks = [[now, 0]];
  }

  /**
   * @param {number} now
   * @param {number} done
   */
  at(now, done) {
    const marks = this.#marks;
    marks.push([now, done]);
    while (marks.length > 2 && now - marks[1][0] > 1000) marks.shift();
    const [then, before] = marks[0];
    return now > then ? ((done - before) * 1000) / (now - then) : 0;
  }
}

/** @param {import("./worker.js").PlainError} error */
function revive({ name, code, message }) {
  switch (name) {
    case "RecipeError":
      return new RecipeError(/** @type {import("./index.js").RecipeErrorCode} */ (code), message);
    case "InputError":
      return new InputError(/** @type {import("./index.js").InputErrorCode} */ (code), message);
    case "LoadError":
      return new LoadError(/** @type {import("./index.js").LoadErrorCode} */ (code), message);
  }
  return new SealbookError(code, message);
}
