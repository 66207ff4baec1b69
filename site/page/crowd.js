// A search on all cores: a worker for each, every one given the next range
// when it has done its last.

import { Caller } from "./caller.js";
import { wasms } from "./loaded.js";

/** @typedef {import("../worker/search.js").Search} Search */
/** @typedef {{ tried: number, size: number, seconds: number, rate: number }} State rate in numbers per second */
/** @typedef {{ found: string | null, ended: "found" | "none" | "stopped", state: State }} Outcome */

/** Seconds that a range should take: long enough to cost little, short enough to stop soon and to end together. */
const TURN = 0.12;
const FIRST = 4096;
const MOST = 4_000_000;

export class Crowd {
  /** @type {Caller<Search>[]} */
  #workers = [];
  #stopped = false;

  /** How many search at once. */
  static get cores() {
    return Math.min(64, navigator.hardwareConcurrency || 4);
  }

  /**
   * Searches until the number is found, all are tried, or it is stopped.
   * @param {{ digest: string, recipe: import("../js/index.js").RecipeLike, region: string }} wanted
   * @param {(state: State) => void} progress called often: draw when it suits
   * @returns {Promise<Outcome>} rejects with a WorkError
   */
  async search(wanted, progress) {
    this.#stopped = false;
    this.#workers = Array.from({ length: Crowd.cores }, () => new Caller("worker/search.js"));
    try {
      const modules = await wasms("core", "blind", "format");
      const sizes = await Promise.all(this.#workers.map(async (worker) => {
        await worker.ask("open", modules);
        return worker.ask("begin", wanted);
      }));
      return await this.#run(sizes[0], progress);
    } catch (error) {
      if (this.#stopped) return { found: null, ended: "stopped", state: { tried: 0, size: 0, seconds: 0, rate: 0 } };
      throw error;
    } finally {
      for (const worker of this.#workers) worker.stop();
      this.#workers = [];
    }
  }

  /** Ends the search at once, in the middle of a range. */
  stop() {
    this.#stopped = true;
    for (const worker of this.#workers) worker.stop();
  }

  /**
   * @param {number} size
   * @param {(state: State) => void} progress
   * @returns {Promise<Outcome>}
   */
  async #run(size, progress) {
    const start = performance.now();
    let next = 0;
    let tried = 0;
    /** @type {string | null} */
    let found = null;
    const state = () => {
      const seconds = (performance.now() - start) / 1000;
      return { tried, size, seconds, rate: seconds > 0 ? tried / seconds : 0 };
    };
    await Promise.all(this.#workers.map(async (worker) => {
      let count = FIRST;
      while (next < size && found === null && !this.#stopped) {
        const from = next;
        const length = Math.min(count, size - from);
        next += length;
        let answer;
        try {
          answer = await worker.ask("run", { from, count: length });
        } catch (error) {
          if (this.#stopped || found !== null) return;
          throw error;
        }
        tried += answer.tried;
        if (answer.found !== null) {
          found = answer.found;
          // What the others do is in vain now.
          for (const other of this.#workers) other.stop();
        }
        const rate = length / Math.max(0.1, answer.milliseconds) * 1000;
        count = Math.max(1024, Math.min(MOST, Math.round(rate * TURN)));
        progress(state());
      }
    }));
    return { found, ended: found !== null ? "found" : this.#stopped ? "stopped" : "none", state: state() };
  }
}
