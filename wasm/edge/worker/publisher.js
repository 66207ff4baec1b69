// The one publisher: a Durable Object, of which Cloudflare runs one at a time. It
// publishes when something changed and the time has come, wakes itself by an alarm,
// and adds up what the isolates count. Two at once, which may happen while one is
// moved, are no harm: the log takes one leaf for each of its sizes.

import { evaluatorOf } from "./evaluator.js";
import { Instance } from "./instance.js";

/** Between two looks whether it is time, in milliseconds; and after one that failed. */
const LOOK_MS = 1_000;
const AGAIN_MS = 5_000;
/** A wait that is shorter is that for the interval's end: a change makes no difference. */
const INTERVAL_MS = 60_000;
/** What an instance is given up at, for it never gives memory back. */
const SIZE = 48 << 20;
/** How often counts are written down. */
const KEEP_MS = 10_000;

export class Publisher {
  #state;
  #env;
  /** @type {Instance | null} */
  #instance = null;
  /** @type {Promise<Publication> | null} */
  #running = null;
  /** Something changed while it ran. */
  #again = false;
  /** Before then there is nothing to do. */
  #due = 0;
  /** @type {Record<string, number> | null} */
  #counts = null;
  #kept = 0;

  /** @param {DurableState} state @param {Env} env */
  constructor(state, env) {
    this.#state = state;
    this.#env = env;
  }

  /** @param {Request} request */
  async fetch(request) {
    switch (new URL(request.url).pathname) {
      case "/changed":
        await this.#changed();
        return new Response(null, { status: 204 });
      case "/publish":
        return Response.json(await this.publish());
      case "/counts":
        return Response.json(await this.#count(await request.json()));
      default:
        return new Response(null, { status: 404 });
    }
  }

  async alarm() {
    await this.publish();
  }

  async #changed() {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    const at = Math.max(this.#due, Date.now());
    const alarm = await this.#state.storage.getAlarm();
    if (alarm === null || alarm > at) await this.#state.storage.setAlarm(at);
  }

  /**
   * Publishes if it is time. Who asks while that goes on waits for it.
   * @returns {Promise<Publication>}
   */
  publish() {
    return (this.#running ??= this.#publish().finally(() => (this.#running = null)));
  }

  async #publish() {
    this.#again = false;
    /** @type {Publication} */
    const done = { wait: AGAIN_MS, memory: 0 };
    try {
      const instance = (this.#instance ??= new Instance(await evaluatorOf(), this.#env, this.#state));
      const began = Date.now();
      const { status, fields, panicked } = await instance.publish(this.#env, this.#state);
      done.memory = instance.size;
      if (status === 200 && !panicked) {
        const [wait, published] = fields.split(" ");
        done.wait = Number(wait);
        if (published === "1") await this.#count({ sealbook_publications_total: 1, sealbook_publication_milliseconds_sum: Date.now() - began });
      } else await this.#count({ sealbook_publications_failed_total: 1 });
      if (panicked || instance.size > SIZE) this.#instance = null;
    } catch {
      console.error("error: the publisher failed");
      this.#instance = null;
      await this.#count({ sealbook_publications_failed_total: 1 });
    }
    const now = Date.now();
    this.#due = now + (done.wait <= INTERVAL_MS ? done.wait : LOOK_MS);
    await this.#state.storage.setAlarm(this.#again ? this.#due : now + Math.max(done.wait, 100));
    return done;
  }

  /**
   * Adds to the counts, and returns them.
   * @param {Record<string, number>} more
   */
  async #count(more) {
    const counts = (this.#counts ??= /** @type {Record<string, number>} */ (await this.#state.storage.get("counts")) ?? {});
    for (const [name, n] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + n;
    if (Date.now() - this.#kept >= KEEP_MS) {
      this.#kept = Date.now();
      await this.#state.storage.put("counts", counts);
    }
    return counts;
  }
}
