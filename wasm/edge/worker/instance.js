// One instance of the Go program. It answers one request at a time: what Go
// waits for, such as the database, belongs to the request that asked.

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

  /**
   * Starts Go, which runs until it waits for requests.
   * @param {Platform["evaluator"]} evaluator
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  constructor(evaluator, env, ctx) {
    this.#context = { env, ctx, platform: { evaluator, objects: new Objects(() => this.#context.env.PUBLISHED) } };
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
  #ask(env, ctx, call) {
    this.#context.env = env;
    this.#context.ctx = ctx;
    this.answered++;
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      call(this.#context.platform, (status, fields, body, panicked) => resolve({ status, fields, body, panicked }));
    });
  }
}
