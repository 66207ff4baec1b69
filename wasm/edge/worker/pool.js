// The Go instances of an isolate. Starting one takes some milliseconds of CPU,
// so a few are kept; each belongs to one request at a time.

import { evaluatorOf } from "./evaluator.js";
import { Broken, Instance } from "./instance.js";
import { problem } from "./problem.js";

/** How many there are at most, and all are kept; further requests wait. All share 128 MB. */
const INSTANCES = 4;
/** What an instance is given up at, for it never gives memory back: answers and bytes. */
const ANSWERS = 1000;
const SIZE = 28 << 20;
/** How long a request waits for an instance, in milliseconds. */
const PATIENCE = 30_000;

/** What is answered where Go cannot. */
const failed = problem(500, "internal", "Internal Server Error", "The directory failed; its operator can see why.");
export const busy = problem(503, "store_busy", "Service Unavailable", "Too many requests are under way; nothing was changed.", "retry-after:1\n");

export class Pool {
  /** @type {Instance[]} */
  #idle = [];
  /** Instances there are, and those about to be made. */
  #count = 0;
  /** Requests that wait, the first first. @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @param {Incoming} incoming
   * @returns {Promise<Outgoing>}
   */
  answer(env, ctx, incoming) {
    return this.#use(env, ctx, (instance) => instance.answer(env, ctx, incoming));
  }

  /**
   * Erases what has had its time.
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  async clean(env, ctx) {
    await this.#use(env, ctx, (instance) => instance.clean(env, ctx));
  }

  /**
   * The index of what can be read, from the database; null where that failed.
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @returns {Promise<string | null>}
   */
  async index(env, ctx) {
    const answer = await this.#use(env, ctx, (instance) => instance.index(env, ctx));
    return answer.status === 200 ? answer.fields : null;
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @param {(instance: Instance) => Promise<Outgoing>} use
   */
  async #use(env, ctx, use) {
    let entered = false;
    /** @type {Instance | null} what is kept */
    let kept = null;
    try {
      const evaluator = await evaluatorOf();
      entered = await this.#enter();
      if (!entered) return busy;
      const instance = this.#idle.pop() ?? new Instance(evaluator, env, ctx);
      const answer = await use(instance);
      if (answer.panicked) return failed;
      if (instance.answered < ANSWERS && instance.size < SIZE) kept = instance;
      return answer;
    } catch (error) {
      // Broken says nothing of a request; another error might.
      console.error(`error: ${error instanceof Broken ? error.message : "the worker failed"}`);
      return failed;
    } finally {
      if (entered) this.#leave(kept);
    }
  }

  /** Waits for room, and answers whether there came any. */
  async #enter() {
    if (this.#count < INSTANCES) {
      this.#count++;
      return true;
    }
    /** @type {() => void} */
    let turn = () => {};
    // The timer does more than end the wait: a request that waits for nothing of
    // its own is taken for hung.
    let timer = 0;
    const came = await new Promise((resolve) => {
      turn = () => resolve(true);
      this.#waiting.push(turn);
      timer = /** @type {number} */ (/** @type {unknown} */ (setTimeout(() => resolve(false), PATIENCE)));
    });
    clearTimeout(timer);
    if (!came) this.#waiting = this.#waiting.filter((other) => other !== turn);
    return came;
  }

  /** @param {Instance | null} instance to be kept */
  #leave(instance) {
    if (instance !== null) this.#idle.push(instance);
    const next = this.#waiting.shift();
    if (next === undefined) this.#count--;
    else next(); // the room is handed on
  }
}
