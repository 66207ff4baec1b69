// One instance of the Go program. It answers one request at a time: what Go
// waits for, such as the database, belongs to the request that asked. So do its
// timers: one of a request that is over would never ring, and one of a request
// that goes on elsewhere would let Go work there for another.

import "./wasm_exec.js";
import app from "./app.wasm";
import { Objects } from "./objects.js";

/** What a request gets when Go itself is at fault. */
export class Broken extends Error {}

export class Instance {
  /** How many requests it has answered. */
  answered = 0;
  #go = new Go();
  /** Where the library finds the request's env and ctx. @type {NonNullable<typeof context>} */
  #context;
  /** @type {WebAssembly.Memory} */
  #memory;
  /** Ends the request under way. @type {(error: Broken) => void} */
  #fail = () => {};
  /** When Go wants to be woken, in milliseconds, and what does that: it has one timer at a time. */
  #due = Infinity;
  #timer = 0;
  #timers = 0;

  /**
   * Starts Go, which runs until it waits for requests.
   * @param {Platform["evaluator"]} evaluator
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  constructor(evaluator, env, ctx) {
    this.#context = { env, ctx, platform: { evaluator, objects: new Objects(() => this.#context.env.PUBLISHED) } };
    this.#keepTime();
    const instance = new WebAssembly.Instance(app, this.#go.importObject);
    this.#memory = /** @type {WebAssembly.Memory} */ (instance.exports.mem);
    this.#go.exit = () => this.#fail(new Broken("the program ended"));
    // Go looks at it once, while it starts, and that without a pause: so the
    // instances don't see each other's.
    globalThis.context = this.#context;
    try {
      this.#go.run(instance).catch(() => this.#fail(new Broken("the program broke off")));
    } finally {
      globalThis.context = undefined;
    }
    if (this.#context.platform.handle === undefined) throw new Broken("the program did not start; its log says why");
  }

  /** Gives Go timers that are those of the request under way. */
  #keepTime() {
    /** @type {Record<string, (sp: number) => void>} */
    const calls = /** @type {any} */ (this.#go.importObject.gojs);
    // func scheduleTimeoutEvent(ms int64) int32
    calls["runtime.scheduleTimeoutEvent"] = (sp) => {
      const stack = new DataView(this.#memory.buffer, sp >>> 0);
      this.#due = Date.now() + Number(stack.getBigInt64(8, true));
      stack.setInt32(16, ++this.#timers, true);
      this.#wind();
    };
    // func clearTimeoutEvent(id int32)
    calls["runtime.clearTimeoutEvent"] = () => {
      this.#due = Infinity;
      clearTimeout(this.#timer);
    };
  }

  /** Sets the timer, in the request under way. */
  #wind() {
    clearTimeout(this.#timer);
    if (this.#due === Infinity) return;
    const ring = () => this.#go._resume();
    this.#timer = /** @type {number} */ (/** @type {unknown} */ (setTimeout(ring, Math.max(this.#due - Date.now(), 0))));
  }

  /** Bytes of memory, which never become fewer. */
  get size() {
    return this.#memory.buffer.byteLength;
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @param {Incoming} incoming
   * @returns {Promise<Outgoing>}
   */
  answer(env, ctx, { method, target, fields, body, fault, address }) {
    return this.#ask(env, ctx, (platform, answer) => platform.handle?.(method, target, fields, body, fault, address, answer));
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @returns {Promise<Outgoing>}
   */
  clean(env, ctx) {
    return this.#ask(env, ctx, (platform, answer) => platform.clean?.(answer));
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @returns {Promise<Outgoing>} in whose fields stands in how many milliseconds to come again
   */
  publish(env, ctx) {
    return this.#ask(env, ctx, (platform, answer) => platform.publish?.(answer));
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @returns {Promise<Outgoing>} in whose fields stands the index of what can be read
   */
  index(env, ctx) {
    return this.#ask(env, ctx, (platform, answer) => platform.index?.(answer));
  }

  /**
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @param {(platform: Platform, answer: Answer) => void} call
   * @returns {Promise<Outgoing>}
   */
  async #ask(env, ctx, call) {
    this.#context.env = env;
    this.#context.ctx = ctx;
    this.answered++;
    this.#wind();
    try {
      return await new Promise((resolve, reject) => {
        this.#fail = reject;
        call(this.#context.platform, (status, fields, body, panicked) => resolve({ status, fields, body, panicked }));
      });
    } finally {
      clearTimeout(this.#timer);
    }
  }
}
