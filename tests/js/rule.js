// What a client sends depends on no contact and on no match: the rig that shows
// it. Clients stand before one directory in memory, under a clock and random
// bytes of the test's own; every request is written down, and what one client
// sends must be, line by line, what another with another address book sends.

import { mock } from "node:test";
import { Double } from "./double.js";
import { Memory } from "./discovery.js";

/** @typedef {typeof import("sealbook/discover")} Discover */
/** @typedef {import("sealbook").Sealbook} Sealbook */

/** Bytes from a seed, the same in every run (sfc32). @param {number} seed @returns {(n: number) => Uint8Array<ArrayBuffer>} */
export function seeded(seed) {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed | 0];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return (n) => Uint8Array.from({ length: n }, () => next() & 0xff);
}

/** A number below n. @param {(n: number) => Uint8Array} random @param {number} n */
export const below = (random, n) => new DataView(random(4).buffer).getUint32(0) % n;

/** Numbers that are kept for fiction. */
const CITIES = ["20 7946", "113 496", "114 496", "116 496", "131 496", "117 496", "118 496", "121 496"];
/** @param {number} i below 8,000 */
export const numberOf = (i) => `+44${CITIES[Math.floor(i / 1000)].replace(" ", "")}0${String(i % 1000).padStart(3, "0")}`;

/**
 * Takes over clock, timers and random bytes until it is restored. Timers that
 * run while no request is under way are somebody's sleep: the clock jumps to
 * their end. Work that only a match or a proof asks for is counted.
 */
export class Rig {
  /** @type {(n: number) => Uint8Array<ArrayBuffer>} */
  random = seeded(0);
  underWay = 0;
  /** Calls of HMAC and AES since the last request. */
  work = 0;
  /** @type {Map<unknown, number>} */
  #timers = new Map();
  #real = /** @type {const} */ ({ setImmediate: globalThis.setImmediate });

  /** @param {number} now milliseconds */
  constructor(now) {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now });
    const { setTimeout, clearTimeout } = globalThis;
    this.mocked = { setTimeout, clearTimeout };
    globalThis.setTimeout = /** @type {any} */ ((/** @type {() => void} */ run, /** @type {number} */ wait = 0) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        run();
      }, wait);
      this.#timers.set(timer, Date.now() + wait);
      if (this.underWay === 0) this.#real.setImmediate(() => this.#wake());
      return timer;
    });
    globalThis.clearTimeout = (timer) => {
      this.#timers.delete(timer);
      clearTimeout(timer);
    };
    Object.defineProperty(crypto, "getRandomValues", { configurable: true, value: (/** @type {Uint8Array} */ array) => {
      array.set(this.random(array.length));
      return array;
    } });
    for (const name of /** @type {const} */ (["sign", "decrypt"])) {
      const call = /** @type {(...all: unknown[]) => Promise<any>} */ (Object.getPrototypeOf(crypto.subtle)[name]);
      Object.defineProperty(crypto.subtle, name, { configurable: true, value: (/** @type {any[]} */ ...all) => {
        // The directory's own signatures are none of the client's work.
        if (name === "decrypt" || all[0] === "HMAC" && !this.serving) this.work++;
        return call.apply(crypto.subtle, all);
      } });
    }
  }

  serving = false;

  #wake() {
    const [first] = [...this.#timers.values()].sort((a, b) => a - b);
    if (this.underWay === 0 && first !== undefined) mock.timers.tick(Math.max(0, first - Date.now()));
  }

  /** @param {number} milliseconds */
  pass(milliseconds) {
    mock.timers.tick(milliseconds);
  }

  /** Sets the clock back. @param {number} now */
  back(now) {
    mock.timers.setTime(now);
  }

  restore() {
    globalThis.setTimeout = this.mocked.setTimeout;
    globalThis.clearTimeout = this.mocked.clearTimeout;
    mock.timers.reset();
    delete (/** @type {any} */ (crypto).getRandomValues);
    delete (/** @type {any} */ (crypto.subtle).sign);
    delete (/** @type {any} */ (crypto.subtle).decrypt);
  }
}

/**
 * What came of a sync.
 * @typedef {{ lines: string[], bodies: Uint8Array[], code: string | null, evidence: number, changed: boolean, result: any, until: string, headers: Record<string, string>[] }} Outcome
 */

/** A client with an address book, a state, and random bytes of its own. */
export class Client {
  state = new Memory();
  /** @type {string[]} */
  transcripts = [];
  /** @type {Double} that it asks; another one is a directory that tells it something else */
  double;

  /**
   * @param {Rig} rig
   * @param {Discover} discover
   * @param {Omit<import("./whole.js").Loaded, "formats">} core
   * @param {Double} double
   * @param {string[]} book
   * @param {{ seed: number, records?: number }} options
   */
  constructor(rig, discover, core, double, book, { seed, records = 128 << 10 }) {
    this.rig = rig;
    this.package = discover;
    this.core = core;
    this.double = double;
    this.book = book;
    this.random = seeded(seed);
    this.records = records;
    /** @type {Outcome} */
    this.outcome = { lines: [], bodies: [], code: null, evidence: 0, changed: false, result: null, until: "", headers: [] };
    this.link = { bend: /** @type {(response: Response, path: string) => Response | Promise<Response>} */ ((response) => response) };
  }

  /** Registers, which is no part of what is compared. @param {string} number @param {number} mark */
  async join(number, mark) {
    this.rig.random = this.random;
    this.directory = await this.package.Directory.open("https://directory.example", { ...this.core, key: this.double.key, fetch: (...all) => this.#fetch(...all) });
    const { registration } = await this.directory.register(number);
    this.account = await this.directory.confirm({ registration, number, code: this.double.code, scopes: ["search", "discoverable"], handle: new Uint8Array(32).fill(mark), flags: mark });
    return this;
  }

  /** @returns {Promise<Outcome>} */
  async sync() {
    const { rig } = this;
    rig.random = this.random;
    rig.work = rig.underWay = 0;
    const saves = this.state.saves;
    this.outcome = { lines: [], bodies: [], code: null, evidence: 0, changed: false, result: null, until: "", headers: [] };
    const { outcome } = this;
    const directory = /** @type {import("sealbook/discover").Directory} */ (this.directory);
    const account = /** @type {import("sealbook/discover").Account} */ (this.account);
    const transcript = directory.transcript();
    try {
      outcome.result = await this.package.discover({ directory, contacts: this.book, account, state: this.state, records: this.records, transcript });
      outcome.code = outcome.result.waiting ? "BUDGET" : null;
    } catch (error) {
      if (!(error instanceof this.package.DirectoryError)) throw error;
      outcome.code = error.code;
      outcome.evidence = error.evidence.length;
      outcome.result = error;
    }
    outcome.changed = this.state.saves !== saves;
    this.transcripts.push(String(transcript));
    return outcome;
  }

  /** @type {typeof globalThis.fetch} */
  #fetch = async (input, init = {}) => {
    const { rig, outcome, link } = this;
    const url = new URL(String(input));
    const path = url.pathname + url.search;
    const fields = Object.entries(/** @type {Record<string, string>} */ (init.headers ?? {}));
    const body = /** @type {Uint8Array} */ (init.body ?? new Uint8Array(0));
    const line = {
      sent: `${rig.underWay} ${new Date().toISOString()} work ${rig.work} ${init.method} ${path} ${fields.map(([name, value]) => `${name}: ${name === "authorization" ? "…" : value}`).join("; ")} ${body.length}`,
      answer: "none",
    };
    rig.work = 0;
    outcome.until = stepOf(path);
    outcome.headers.push(Object.fromEntries(fields));
    if (path === "/v2/evaluations") outcome.bodies.push(body.slice());
    const at = outcome.lines.push(line.sent) - 1;
    const write = (/** @type {string} */ answer) => { outcome.lines[at] = `${line.sent} -> ${answer}`; };
    rig.underWay++;
    /** @type {Response} */
    let response;
    rig.serving = true;
    try {
      response = await link.bend(await this.double.fetch(input, init), path);
    } finally {
      rig.serving = false;
      rig.underWay--;
    }
    const bytes = response.body === null ? new Uint8Array(0) : new Uint8Array(await response.arrayBuffer());
    let read = 0;
    write(`${response.status} 0 open`);
    const stream = new ReadableStream({
      pull(controller) {
        if (read === bytes.length) {
          write(`${response.status} ${read} whole`);
          return controller.close();
        }
        const part = bytes.slice(read, read + 4096);
        read += part.length;
        write(`${response.status} ${read} open`);
        controller.enqueue(part);
      },
    }, { highWaterMark: 0 });
    return new Response([204, 304].includes(response.status) ? null : stream, { status: response.status, headers: response.headers });
  };
}

/** Which step of the protocol's order a request is. @param {string} path */
export function stepOf(path) {
  if (path === "/v2/directory") return "D";
  if (path.startsWith("/v2/log/")) return "U";
  if (path.endsWith("/records") || path.endsWith("/hashes")) return "R";
  if (path.startsWith("/v2/states/") || path.startsWith("/v2/changes/")) return "T";
  return path === "/v2/evaluations" ? "E" : path === "/v2/me" ? "M" : "?";
}
