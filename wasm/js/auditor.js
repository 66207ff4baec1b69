// Contacts in recordings of an app's traffic; see auditor.d.ts for what there
// is, and the package comment of wasm/auditor for the calls.

import { InputError } from "./errors.js";
import { compileFrom } from "./load.js";
import { start as instantiate } from "./module.js";
import * as pin from "./pin.js";
import { turn } from "./turn.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

/** @typedef {import("./auditor.js").Auditor} Public */
/** @typedef {import("./auditor.js").AuditOptions} AuditOptions */
/** @typedef {import("./auditor.js").AuditReadOptions} AuditReadOptions */
/** @typedef {import("./auditor.js").CaptureFile} CaptureFile */
/** @typedef {import("./auditor.js").Report} Report */
/** @typedef {import("./auditor.js").Wanted} Wanted */

const INPUT_SIZE = 256 << 10;
/** Bytes that a file is asked for at once where they follow each other: to ask takes Chromium a millisecond. */
const BLOCK_SIZE = 4 << 20;

/** @satisfies {import("./module.js").Kind} */
const KIND = {
  name: "the auditor",
  abi: 1,
  functions: ["output", "begin", "people", "keys", "capture", "feed", "end", "missing", "report", "hash", "hashed", "requests", "page"],
};
const ROW = -2;
const OPTION = -3;
const STATE = -9;
const MEMORY = -10;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The package's own module, loaded or on its way. @type {Promise<Auditor> | null} */
let own = null;

/**
 * @param {import("./index.js").LoadOptions} [options]
 * @returns {Promise<Public>}
 */
export function loadAuditor(options = {}) {
  if (options.wasm !== undefined || options.integrity !== undefined) return start(options);
  own ??= start(options).catch((error) => {
    own = null;
    throw error;
  });
  return own;
}

/** @param {import("./index.js").LoadOptions} options */
async function start(options) {
  const { module, sha256 } = await compileFrom(options, () => new URL("./auditor.wasm", import.meta.url), pin.auditor);
  await calls(module); // looks at its version
  return new Auditor(module, sha256);
}

/** @param {WebAssembly.Module} module */
const calls = (module) => instantiate(module, KIND, (exports) => new Calls(exports));

/** @implements {Public} */
class Auditor {
  /**
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   */
  constructor(module, sha256) {
    this.module = module;
    this.sha256 = sha256;
  }

  /** @param {AuditOptions} [options] */
  async start({ region = "", salts = [], keyLog, limits = {} } = {}) {
    const fresh = await calls(this.module);
    if (region !== "" && !/^[A-Z]{2}$/.test(region)) throw new InputError("OPTION", "region is two capital letters, or empty");
    if (salts.some((salt) => /[\n\r]/.test(salt))) throw new InputError("OPTION", "a salt is one line");
    const names = /** @type {const} */ ({ body: "max-body", unpacked: "max-unpacked", depth: "max-depth", layers: "max-layers", findings: "max-findings" });
    for (const [name, limit] of Object.entries(limits)) {
      if (!(name in names) || !Number.isSafeInteger(limit) || limit < 1) throw new InputError("OPTION", "limits are whole numbers above 0");
    }
    const lines = [
      `region\t${region}\n`, ...salts.map((salt) => `salt\t${salt}\n`),
      ...Object.entries(limits).map(([name, limit]) => `${names[/** @type {keyof typeof names} */ (name)]}\t${limit}\n`),
    ].join("");
    fresh.give("begin", encoder.encode(lines));
    if (keyLog !== undefined) {
      const bytes = typeof keyLog === "string" ? encoder.encode(keyLog) : keyLog;
      for (let at = 0; at < bytes.length; at += INPUT_SIZE) fresh.give("keys", bytes.subarray(at, at + INPUT_SIZE));
    }
    return new Audit(fresh);
  }
}

/** @implements {import("./auditor.js").Audit} */
class Audit {
  #calls;
  #person = 0;

  /** @param {Calls} calls */
  constructor(calls) {
    this.#calls = calls;
  }

  /** @param {readonly Wanted[]} people */
  add(people) {
    let rows = "";
    const flush = () => {
      this.#calls.give("people", encoder.encode(rows));
      rows = "";
    };
    for (const { name, numbers, emails = [] } of people) {
      this.#person++;
      for (const [kind, texts] of /** @type {const} */ ([["number", numbers], ["email", emails]])) {
        for (const text of texts) {
          rows += `${kind}\t${this.#person}\t0\t\t\t${line(name)}\t${line(text)}\n`;
          if (rows.length > INPUT_SIZE / 8) flush();
        }
      }
    }
    flush();
    const [count, kept, mails, codeless, useless] = this.#calls.status();
    return { people: count ?? 0, numbers: kept ?? 0, emails: mails ?? 0, codeless: codeless ?? 0, useless: useless ?? 0 };
  }

  /**
   * @param {CaptureFile} file
   * @param {AuditReadOptions} [options]
   * @returns {Promise<Report>}
   */
  async read(file, { beside, onProgress, signal } = {}) {
    const calls = this.#calls;
    const whole = 2 * file.size; // its checksum, then what is in it
    const bytes = new ReadAhead(file);
    for (let at = 0; at < file.size; ) {
      signal?.throwIfAborted();
      const piece = await bytes.from(at);
      calls.give("hash", piece);
      at += piece.length;
      onProgress?.(at, whole);
    }
    calls.check(calls.call("hashed"));
    const sha256 = decoder.decode(calls.output());
    const began = calls.give("capture", encoder.encode(file.name.slice(0, 1000)), file.size >>> 0, Math.floor(file.size / 2 ** 32));
    await this.#feed(began, bytes, beside, (done) => onProgress?.(file.size + done, whole), signal);
    const { capture, ...rest } = report(calls);
    return { capture: { ...capture, sha256 }, ...rest };
  }

  /**
   * @param {readonly { file: CaptureFile, beside?: AuditReadOptions["beside"] }[]} captures as they were read
   * @param {import("./auditor.js").Stated} [stated]
   */
  async page(captures, stated = {}) {
    for (const [i, { file, beside }] of captures.entries()) {
      await this.#feed(this.#calls.check(this.#calls.call("requests", i)), new ReadAhead(file), beside);
    }
    const lines = Object.entries(stated).map(([key, text]) => `${key}\t${line(text)}\n`).join("");
    this.#calls.give("page", encoder.encode(lines));
    return decoder.decode(taken(this.#calls));
  }

  /**
   * Gives the module the bytes that it wants of a file.
   * @param {number} more
   * @param {ReadAhead} bytes its own
   * @param {AuditReadOptions["beside"]} beside
   * @param {(done: number) => void} [progress]
   * @param {AbortSignal} [signal]
   */
  async #feed(more, bytes, beside, progress, signal) {
    const calls = this.#calls;
    /** @type {{ path: string, bytes: ReadAhead | null } | null} */
    let other = null;
    while (more === 1) {
      signal?.throwIfAborted();
      const path = decoder.decode(calls.output());
      const status = calls.status();
      const from = (status[3] ?? 0) + (status[4] ?? 0) * 2 ** 32;
      let source = /** @type {ReadAhead | null} */ (bytes);
      if (path !== "") {
        if (other?.path !== path) {
          const file = await beside?.(path);
          other = { path, bytes: file ? new ReadAhead(file) : null };
        }
        source = other.bytes;
      }
      if (source === null) {
        more = calls.check(calls.call("missing"));
      } else if (from >= source.size) {
        more = calls.check(calls.call("end"));
      } else {
        more = calls.give("feed", await source.from(from));
      }
      if (path === "") progress?.(Math.min(from + INPUT_SIZE, bytes.size));
    }
  }
}

/**
 * A file whose next bytes are on their way while the module works on those before:
 * in a browser they come from another process.
 */
class ReadAhead {
  #file;
  /** What has come, and where in the file it begins. */
  #block = new Uint8Array(0);
  #at = 0;
  /** The first, for who reads the file again. @type {Uint8Array<ArrayBuffer> | null} */
  #first = null;
  /** What was asked for behind it. @type {Promise<ArrayBuffer> | null} */
  #next = null;

  /** @param {CaptureFile} file */
  constructor(file) {
    this.#file = file;
    this.size = file.size;
  }

  /** Bytes from an offset below the size on: some, and at most what the module takes. @param {number} offset */
  async from(offset) {
    const end = this.#at + this.#block.length;
    if (offset >= this.#at && offset < end) {
      await turn(); // or no signal would come before the block's end
    } else {
      // A reader that goes to and fro, as in an archive, gets no more than it takes.
      const follows = offset === end || offset === 0;
      let block = offset === 0 ? this.#first : null;
      if (block === null) {
        const coming = offset === end ? this.#next : null;
        block = new Uint8Array(await (coming ?? this.#ask(offset, follows ? BLOCK_SIZE : INPUT_SIZE)));
        if (block.length === 0) throw new InputError("TYPE", "the file is shorter than it says");
        if (offset === 0) this.#first = block;
      }
      this.#block = block;
      this.#at = offset;
      const behind = offset + block.length;
      this.#next = follows && behind < this.size ? this.#ask(behind, BLOCK_SIZE) : null;
      this.#next?.catch(() => {}); // it is told when they are wanted, if ever
    }
    return this.#block.subarray(offset - this.#at, offset - this.#at + INPUT_SIZE);
  }

  /** @param {number} offset @param {number} count */
  #ask(offset, count) {
    return this.#file.slice(offset, Math.min(offset + count, this.size)).arrayBuffer();
  }
}

/** A field of a row: tab and newline part fields. @param {string} text */
const line = (text) => text.replace(/[\t\n\r\0]/g, " ").slice(0, 4000);

/** What the module hands out. @param {Calls} calls */
function taken(calls) {
  const pieces = [];
  for (;;) {
    const more = calls.check(calls.call("report"));
    pieces.push(calls.output());
    if (more === 0) return joined(pieces);
  }
}

/** @param {Calls} calls */
function report(calls) {
  const lines = decoder.decode(taken(calls)).trimEnd().split("\n").map((text) => JSON.parse(text));
  /** @param {string} type */
  const of = (type) => lines.filter((each) => each.type === type).map(({ type: _, ...rest }) => rest);
  const [capture] = of("capture");
  return { capture, findings: of("finding"), unreadable: of("unreadable") };
}

/** @param {Uint8Array[]} pieces */
function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The module's functions and buffers. */
class Calls {
  /** @param {unknown} exports */
  constructor(exports) {
    this.exports = /** @type {Record<string, (...args: number[]) => number> & { memory: WebAssembly.Memory }} */ (exports);
  }

  /** @param {number} result */
  check(result) {
    if (result >= 0) return result;
    switch (result) {
      case ROW:
      case OPTION:
        throw new InputError("OPTION", "the auditor does not take this");
      case STATE:
        throw new InputError("STATE", "people are added before the first capture");
      case MEMORY:
        throw new InputError("MEMORY", "the people or the capture take more memory than there is");
    }
    throw new Error(`the auditor returned ${result}`);
  }

  /**
   * Writes bytes to the input and calls with their length.
   * @param {string} name
   * @param {Uint8Array} bytes
   * @param {number[]} rest
   */
  give(name, bytes, ...rest) {
    new Uint8Array(this.exports.memory.buffer, this.exports.input(), INPUT_SIZE).set(bytes);
    return this.check(this.call(name, bytes.length, ...rest));
  }

  /**
   * A trap is what the module does when one body needs more than all memory; it
   * is of no use from then on.
   * @param {string} name
   * @param {number[]} args
   */
  call(name, ...args) {
    try {
      return /** @type {(...args: number[]) => number} */ (this.exports[name])(...args);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return MEMORY;
      throw error;
    }
  }

  status() {
    return new Uint32Array(this.exports.memory.buffer, this.exports.status(), 8).slice();
  }

  /** A copy of what the output holds. */
  output() {
    return new Uint8Array(this.exports.memory.buffer, this.exports.output(), this.status()[2]).slice();
  }
}
