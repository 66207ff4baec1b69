// Work spread over module workers, or over threads in Node; see workers.d.ts.

import { SealbookError } from "./error.js";
import { InputError, LoadError, RecipeError } from "./errors.js";
import { places } from "./places.js";

/** @typedef {import("./workers.js").PlainRow} PlainRow */
/** @typedef {import("./workers.js").RowsOptions} RowsOptions */
/** @typedef {import("./workers.js").SearchOptions} SearchOptions */
/** @typedef {import("./workers.js").SearchResult} SearchResult */
/** @typedef {import("./index.js").RecipeLike} RecipeLike */
/** @typedef {import("./places.js").Workerlike} Workerlike */
/** @typedef {import("./places.js").Make} Make */

/** Items of a piece of work: some milliseconds, digests included. */
const ROWS = 1000;
/** Milliseconds that a piece of a search should take: what a cancelled one still runs. */
const SLICE = 50;
/** Numbers of a search's first piece, before its pace is known. */
const FIRST = 1 << 14;

/** Milliseconds in which a worker has to say that it has started. */
const SILENCE = 60_000;
/** Workers that may die over one piece of work before it is given up. */
const DEATHS = 3;

export class Pool {
  #module;
  /** @type {WebAssembly.Module | undefined} */
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
    const size = workers ?? Math.max(1, Math.min(globalThis.navigator?.hardwareConcurrency ?? 4, 64));
    if (!Number.isInteger(size) || size < 1 || size > 64) throw new InputError("RANGE", "workers must be 1–64");
    this.size = size;
    this.#module = module;
    this.#blind = blind;
    this.#make = worker === undefined ? places : [worker];
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
    await this.#run(signal, Math.ceil(items.length / ROWS), async (ask, live) => {
      while (next < items.length && live()) {
        const first = next;
        next += ROWS;
        const some = /** @type {PlainRow[]} */ (
          await ask({ op: "rows", items: items.slice(first, first + ROWS), first, region, recipes })
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
    if (typeof region !== "string") throw new InputError("REGION", "a search needs a region");
    signal?.throwIfAborted();
    this.#blind ??= (await (await import("./blind.js")).loadBlind()).module;
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
    await this.#run(signal, this.size, async (ask, live) => {
      for (let count = FIRST; next < size && found === null && live(); ) {
        const from = next;
        next += BigInt(count);
        const sent = performance.now();
        const answer = /** @type {{ found: string | null, size: bigint }} */ (
          await ask({ op: "search", digest, recipe, region, from, count })
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
   * signal comes. What a worker was asked when it died, another is asked.
   * @param {AbortSignal | undefined} signal
   * @param {number} most
   * @param {(ask: (work: object) => Promise<unknown>, live: () => boolean) => Promise<void>} job
   */
  async #run(signal, most, job) {
    signal?.throwIfAborted();
    if (this.#closed) throw new DOMException("the pool is closed", "AbortError");
    let live = true;
    /** @type {() => void} */
    let unlisten = () => {};
    try {
      // Listened for first: what makes a worker may abort as well.
      /** @type {Promise<void>} */
      const aborted = new Promise((_, reject) => {
        const abort = () => reject(signal?.reason);
        signal?.addEventListener("abort", abort);
        unlisten = () => signal?.removeEventListener("abort", abort);
      });
      const work = Array.from({ length: Math.min(this.size, most) }, (_, i) => job((work) => this.#ask(i, work), () => live));
      await Promise.race([Promise.all(work), aborted]);
    } finally {
      live = false;
      unlisten();
    }
  }

  /**
   * @param {number} i of the worker
   * @param {object} work
   */
  async #ask(i, work) {
    for (let deaths = 0; ; ) {
      let link = this.#links[i];
      if (link === undefined || link.ended) this.#links[i] = link = new Link(this.#make, this.#module);
      try {
        return await link.ask(work, this.#blind);
      } catch (error) {
        if (error !== DIED) throw error;
        if (this.#closed) throw new DOMException("the pool is closed", "AbortError");
        if (++deaths === DEATHS) throw new SealbookError("WORKER", `${DEATHS} workers died over the same rows`);
      }
    }
  }
}

/** What those are told who asked a worker that died. */
const DIED = new Error("the worker died");

/** A worker and the questions it has not answered. */
class Link {
  ended = false;
  /** @type {Workerlike | null} */
  #worker = null;
  #loaded;
  /** @type {Promise<unknown> | undefined} */
  #blind;
  #next = 0;
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (reason: unknown) => void }>} */
  #asked = new Map();

  /**
   * @param {readonly Make[]} makes
   * @param {WebAssembly.Module} module
   */
  constructor(makes, module) {
    this.#loaded = this.#start(makes, module);
    this.#loaded.catch((/** @type {unknown} */ error) => this.end(error));
  }

  /**
   * Tries one place after the other.
   * @param {readonly Make[]} makes
   * @param {WebAssembly.Module} module
   */
  async #start(makes, module) {
    /** @type {unknown} */
    let cause;
    for (const make of makes) {
      let worker;
      try {
        worker = await make();
      } catch (error) {
        cause = error; // no such file, no workers here, or the policy refuses them
        continue;
      }
      if (this.ended) return worker.terminate();
      this.#worker = worker;
      let answered = false;
      worker.onmessage = ({ data }) => {
        if (this.#worker !== worker) return;
        const asked = this.#asked.get(data?.id);
        // Nothing of ours: a script of the app lies where the worker was to be.
        if (asked === undefined) return answered ? undefined : this.#fail(DIED);
        answered = true;
        this.#asked.delete(data.id);
        if (data.error) asked?.reject(revive(data.error));
        else asked?.resolve(data.value);
        if (this.#asked.size === 0) worker.unref?.();
      };
      // No answer will come.
      worker.onerror = worker.onmessageerror = (event) => {
        if ("preventDefault" in event) /** @type {Event} */ (event).preventDefault();
        if (this.#worker !== worker) return;
        if (answered) this.end(DIED);
        else this.#fail(DIED);
      };
      const silent = setTimeout(() => this.#fail(DIED), SILENCE);
      try {
        return await this.#send({ op: "load", module });
      } catch (error) {
        if (error !== DIED) throw error;
        worker.terminate();
      } finally {
        clearTimeout(silent);
      }
    }
    throw new LoadError("FETCH", "no worker started: this runtime has none, or the page's policy lets it not run", cause);
  }

  /**
   * @param {object} work
   * @param {WebAssembly.Module | undefined} blind
   */
  async ask(work, blind) {
    await this.#loaded;
    if (blind !== undefined) await (this.#blind ??= this.#send({ op: "blind", module: blind }));
    return this.#send(work);
  }

  /**
   * @param {object} message
   * @returns {Promise<unknown>}
   */
  #send(message) {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      if (worker === null || this.ended) return reject(DIED);
      const id = this.#next++;
      this.#asked.set(id, { resolve, reject });
      worker.ref?.();
      worker.postMessage({ id, ...message });
    });
  }

  /** @param {unknown} reason */
  #fail(reason) {
    for (const { reject } of this.#asked.values()) reject(reason);
    this.#asked.clear();
  }

  /** @param {unknown} reason */
  end(reason) {
    this.ended = true;
    this.#worker?.terminate();
    this.#fail(reason);
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
