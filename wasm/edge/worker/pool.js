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
/** How often it looks whether there is one. */
const LOOK = 10;

/** What is answered where Go cannot. */
const failed = problem(500, "internal", "Internal Server Error", "The directory failed; its operator can see why.");
export const busy = problem(503, "store_busy", "Service Unavailable", "Too many requests are under way; nothing was changed.", "retry-after:1\n");

export class Pool {
  /** @type {Instance[]} */
  #idle = [];
  /** Instances there are, and those about to be made. */
  #count = 0;

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

  /**
   * Waits for room, and answers whether there came any. Each looks by a clock of
   * its own: a promise that one request settles for another may let the other go
   * on in its place, once V8 has compiled that, and there nothing that it stands on
   * is its own (workerd's handle_cross_request_promise_resolution is not enough).
   */
  async #enter() {
    for (const end = Date.now() + PATIENCE; this.#count >= INSTANCES;) {
      if (Date.now() >= end) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    this.#count++;
    return true;
  }

  /** @param {Instance | null} instance to be kept */
  #leave(instance) {
    if (instance !== null) this.#idle.push(instance);
    this.#count--;
  }
}
