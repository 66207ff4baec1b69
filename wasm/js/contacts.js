// People out of exported contacts; see contacts.d.ts for what there is, and
// the package comment of wasm/reader for the calls.

import { InputError, LoadError } from "./errors.js";
import { load } from "./index.js";
import { compileFrom } from "./load.js";
import { start as instantiate } from "./module.js";
import * as pin from "./pin.js";
import { guessRegion, readField } from "./fields.js";
import { sift } from "./sift.js";
import { turn } from "./turn.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

export { regionHints } from "./hints.js";
export { usualDrop } from "./sift.js";

/** @typedef {import("./contacts.js").Entry} Entry */
/** @typedef {import("./contacts.js").Person} Person */
/** @typedef {import("./contacts.js").ContactText} ContactText */
/** @typedef {import("./contacts.js").FileSource} FileSource */
/** @typedef {import("./contacts.js").ReadOptions} ReadOptions */
/** @typedef {import("./contacts.js").Contacts} Public */

const ABI = 2;
const INPUT_SIZE = 256 << 10;
const OUTPUT_SIZE = 512 << 10;
/** Bytes taken from a source at once: a page stays quick. */
const PIECE = 64 << 10;
/** Most numbers and addresses of one entry. */
const MOST = 1000;

/** @satisfies {import("./module.js").Kind} */
const KIND = {
  name: "the reader of contacts",
  abi: ABI,
  functions: ["output", "contacts_begin", "contacts_feed", "contacts_finish", "contacts_encoding", "contacts_short",
    "field_ask", "field_choose", "guess_begin", "guess_ask", "guess_take", "guess_best"],
};
const FORMATS = /** @type {const} */ ([null, "vcard", "csv", "list", "ldif", "json", "xml"]);
/** What contacts_short answers. */
const SHORT = /** @type {const} */ ([null, "SHORT", "EMERGENCY"]);
/** A number has no more UTF-16 units. */
const MAX_UNITS = 250;
/** What contacts_feed answers for a file that makes it keep too much. */
const MEMORY = -10;
const FATAL = new Set(["EMPTY_FILE", "NOT_TEXT", "UNKNOWN_FORMAT", "NO_NUMBER_COLUMN", "NO_SUCH_COLUMN", "UNSUPPORTED"]);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The package's own reader, loaded or on its way. @type {Promise<Contacts> | null} */
let own = null;

/**
 * @param {import("./index.js").LoadOptions} [options]
 * @returns {Promise<Public>}
 */
export function loadContacts(options = {}) {
  if (options.wasm !== undefined || options.integrity !== undefined || options.signal !== undefined) return start(options);
  own ??= start(options).catch((error) => {
    own = null;
    throw error;
  });
  return own;
}

/**
 * @param {string} text
 * @param {import("./contacts.js").FieldOptions} [options]
 */
export async function read(text, options) {
  const [contacts, sealbook] = await Promise.all([loadContacts(), load()]);
  return contacts.field(sealbook, text, options);
}

/** @param {import("./index.js").LoadOptions} options */
async function start(options) {
  const { module, sha256 } = await compileFrom(options, () => new URL("./contacts.wasm", import.meta.url), pin.contacts);
  return new Contacts(module, sha256, await Session.start(module));
}

/** @implements {Public} */
class Contacts {
  #session;

  /**
   * @param {WebAssembly.Module} module
   * @param {string | null} sha256
   * @param {Session} session for what needs no file
   */
  constructor(module, sha256, session) {
    this.module = module;
    this.sha256 = sha256;
    this.#session = session;
  }

  /**
   * @param {string} text
   * @param {string} region
   */
  shortNumber(text, region) {
    return this.#session.short(text, region);
  }

  /**
   * @param {import("./index.js").Sealbook} sealbook
   * @param {readonly (string | { text: string, country?: string })[]} fields
   * @param {import("./contacts.js").SiftOptions} [options]
   */
  sift(sealbook, fields, options = {}) {
    return sift(this.#session, sealbook, fields, options);
  }

  /**
   * @param {import("./index.js").Sealbook} sealbook
   * @param {string} text
   * @param {import("./contacts.js").FieldOptions} [options]
   */
  field(sealbook, text, options) {
    return readField(this.#session, sealbook, text, options);
  }

  /**
   * @param {import("./index.js").Sealbook} sealbook
   * @param {Iterable<string | { text: string, country?: string }>} fields
   * @param {readonly (string | null | undefined)[]} [hints]
   */
  guessRegion(sealbook, fields, hints = []) {
    return guessRegion(this.#session, sealbook, fields, hints);
  }

  /**
   * @param {FileSource} source
   * @param {ReadOptions} [options]
   * @returns {AsyncGenerator<Entry[], void, void>}
   */
  read(source, options = {}) {
    const format = options.format === undefined ? 0 : FORMATS.indexOf(options.format);
    if (format < 0 || options.format === null) throw new InputError("OPTION", "no such format");
    const lines = ["delimiter", "number", "name"].flatMap((key) => {
      const value = options[/** @type {"delimiter" | "number" | "name"} */ (key)];
      return value === undefined ? [] : [`${key}\t${value}\n`];
    });
    if (lines.some((line) => line.indexOf("\n") !== line.length - 1)) throw new InputError("OPTION", "a line feed in an option");
    return entries(this.module, opened(source), format, lines.join(""), options);
  }
}

/**
 * @param {WebAssembly.Module} module
 * @param {Opened} source
 * @param {number} format
 * @param {string} settings
 * @param {ReadOptions} options
 * @returns {AsyncGenerator<Entry[], void, void>}
 */
async function* entries(module, { bytes, total, cancel }, format, settings, { signal, onProgress }) {
  const session = await Session.start(module);
  session.begin(format, settings);
  const people = new People();
  /** @type {unknown} */
  let failure;
  let failed = false;
  let done = 0;
  /** @type {(reason: unknown) => void} */
  let giveUp = () => {};
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener("abort", abort);
  // Before its first piece a source is waited for, too: a generator that has
  // not begun ends without a word to what it would have read.
  let waiting = true;
  try {
    for (;;) {
      signal?.throwIfAborted();
      /** @type {IteratorResult<Uint8Array, void>} */
      let step;
      try {
        waiting = true;
        step = await new Promise((resolve, reject) => {
          giveUp = reject;
          bytes.next().then(resolve, reject);
        });
        waiting = false;
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        waiting = false;
        [failed, failure] = [true, error];
        break;
      }
      if (step.done) break;
      for (const rows of session.feed(step.value)) {
        const some = people.take(rows);
        if (some.length > 0) yield some;
      }
      done += step.value.length;
      onProgress?.({ bytes: done, total, people: session.status[3] });
      await turn();
    }
    for (const rows of session.finish()) {
      const some = people.take(rows);
      if (some.length > 0) yield some;
    }
    const last = people.end();
    if (failed) {
      if (last.length > 0) yield last;
      throw failure;
    }
    yield [...last, session.summary(done)];
  } finally {
    signal?.removeEventListener("abort", abort);
    const closing = bytes.return();
    if (waiting) {
      // The source may never answer; it is told, and not waited for.
      closing.catch(() => {});
      cancel?.().catch(() => {});
    } else {
      await closing;
    }
  }
}

/** The module with one file's state. */
class Session {
  /** @param {WebAssembly.Module} module @returns {Promise<Session>} */
  static start(module) {
    return instantiate(module, KIND, (exports) => new Session(/** @type {any} */ (exports)));
  }

  /**
   * @param {{ memory: WebAssembly.Memory, input(): number, output(): number, status(): number,
   *   contacts_begin(format: number, length: number): number, contacts_feed(offset: number, length: number): number, contacts_finish(): number, contacts_encoding(): number, contacts_short(region: number, length: number): number,
   *   field_ask(region: number, habit: number, length: number): number, field_choose(count: number): number,
   *   guess_begin(): void, guess_ask(length: number): number, guess_take(count: number): number, guess_best(length: number): number }} exports
   */
  constructor(exports) {
    this.exports = exports;
    this.at = { input: exports.input(), output: exports.output(), status: exports.status() };
  }

  // The memory may grow during a call, and the views of before are empty then.

  get input() {
    return new Uint8Array(this.exports.memory.buffer, this.at.input, INPUT_SIZE);
  }

  get output() {
    return new Uint8Array(this.exports.memory.buffer, this.at.output, OUTPUT_SIZE);
  }

  /** rows, bytes taken, bytes of rows, people, format, delimiter, encoding, fatal */
  get status() {
    return new Uint32Array(this.exports.memory.buffer, this.at.status, 8);
  }

  /** What was fed until the encoding shows, which is before there are rows. @type {Uint8Array[] | null} */
  #head = null;
  /** Of an encoding that the module has no tables of. @type {TextDecoder | null} */
  #decoder = null;
  #format = 0;
  #settings = "";

  /**
   * @param {number} format
   * @param {string} settings
   */
  begin(format, settings) {
    this.#head = [];
    this.#decoder = null;
    this.#format = format;
    this.#settings = settings;
    this.#begin();
  }

  #begin() {
    const { read, written } = encoder.encodeInto(this.#settings, this.input);
    if (read < this.#settings.length || this.exports.contacts_begin(this.#format, written) < 0) {
      throw new InputError("OPTION", "an option that is malformed or too long");
    }
  }

  /** @param {Uint8Array} piece of any length */
  *feed(piece) {
    this.#head?.push(piece.slice());
    for (const rows of this.#push(this.#decoder?.decode(piece, { stream: true }) ?? piece)) {
      if (this.#foreign()) return yield* this.#again();
      yield rows;
    }
  }

  *finish() {
    if (this.#decoder) yield* this.#push(this.#decoder.decode());
    for (let more = 1; more === 1; ) {
      more = checked(this.exports.contacts_finish());
      const rows = this.#rows();
      if (this.#foreign()) {
        yield* this.#again();
        yield* this.finish();
        return;
      }
      yield rows;
    }
  }

  /** Whether it shows now that TextDecoder has to help. */
  #foreign() {
    if (this.#head === null || this.status[4] === 0) return false;
    const { label, foreign } = this.#encoding();
    this.#decoder = foreign ? decoderOf(label) : null;
    if (this.#decoder === null) this.#head = null;
    return this.#decoder !== null;
  }

  /** The file's encoding. It overwrites the rows, but there are none yet or they were taken. */
  #encoding() {
    const answer = this.exports.contacts_encoding();
    return { label: decoder.decode(this.output.subarray(0, answer & 0xffff)), foreign: answer > 0xffff };
  }

  /** Begins anew with what was fed, decoded. */
  *#again() {
    const head = this.#head ?? [];
    this.#head = null;
    this.#begin();
    for (const piece of head) yield* this.feed(piece);
  }

  /** @param {Uint8Array | string} piece */
  *#push(piece) {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
    for (let from = 0; from < bytes.length; from += PIECE) {
      const part = bytes.subarray(from, from + PIECE);
      this.input.set(part);
      for (let at = 0; at < part.length; ) {
        const taken = checked(this.exports.contacts_feed(at, part.length - at));
        const rows = this.#rows();
        if (taken === 0 && rows.length === 0) throw new LoadError("CHECK", "the reader of contacts does not go on");
        yield rows;
        at += taken;
      }
    }
  }

  /**
   * @param {string} text
   * @param {string} region
   */
  short(text, region) {
    if (text.length > MAX_UNITS || !/^[A-Z]{2}$/.test(region)) return null;
    const { written } = encoder.encodeInto(text, this.input);
    return SHORT[this.exports.contacts_short(region.charCodeAt(0) | (region.charCodeAt(1) << 8), written)] ?? null;
  }

  /** The rows in the output, a line each. */
  #rows() {
    const text = unquote(decoder.decode(this.output.subarray(0, this.status[2])));
    return text === "" ? [] : text.slice(0, -1).split("\n");
  }

  /**
   * @param {number} bytes
   * @returns {import("./contacts.js").Summary}
   */
  summary(bytes) {
    const [, , , people, format, delimiter, , fatal] = this.status;
    const { label, foreign } = this.#encoding();
    return {
      kind: "summary",
      people,
      bytes,
      format: FORMATS[format] ?? null,
      delimiter: delimiter === 0 ? null : /** @type {"," | ";" | "\t" | "|"} */ (String.fromCharCode(delimiter)),
      encoding: this.#decoder?.encoding ?? (label || null),
      readable: this.#decoder !== null || !foreign && label !== "",
      fatal: fatal !== 0,
    };
  }
}

/** @param {number} answer of contacts_feed or contacts_finish */
function checked(answer) {
  if (answer === MEMORY) throw new InputError("MEMORY", "the file makes the reader keep more than it may");
  if (answer < 0) throw new LoadError("CHECK", "the reader of contacts does not go on");
  return answer;
}

/** Encodings of quoted letters, in the order of contacts.Charset behind GBK. */
const QUOTED = ["gbk", "big5", "shift_jis", "euc-kr", "euc-jp", "iso-2022-jp"];

/**
 * Decodes the letters that quoted-printable values had in them; see quoted.go.
 *
 * @param {string} text
 */
function unquote(text) {
  if (!text.includes("\udb80")) return text; // the upper half of each
  return text.replace(/([\u{f0100}-\u{f0105}])([\u{f0000}-\u{f00ff}]*)/gu, (_, charset, letters) => {
    const bytes = Uint8Array.from(letters, (/** @type {string} */ letter) => (letter.codePointAt(0) ?? 0) & 0xff);
    return decoderOf(QUOTED[(charset.codePointAt(0) ?? 0) & 0xff])?.decode(bytes) ?? "\ufffd";
  });
}

/** @param {string} label */
function decoderOf(label) {
  try {
    return new TextDecoder(label);
  } catch {
    return null; // some engines know no encoding but UTF-8
  }
}

/** Puts rows together to people. */
class People {
  /** The person whose rows are coming in. @type {(Person & { numbers: ContactText[], emails: ContactText[] }) | null} */
  #open = null;
  /** The header whose columns are coming in. @type {{ kind: "columns", line: number, columns: { header: string, role: string }[] } | null} */
  #columns = null;

  /**
   * @param {string[]} rows
   * @returns {Entry[]} what is complete
   */
  take(rows) {
    /** @type {Entry[]} */
    const out = [];
    for (const row of rows) {
      const [kind, index, at, label, note, name, text, country] = row.split("\t");
      const person = Number(index);
      const line = Number(at);
      if (kind === "column") {
        this.#columns ??= { kind: "columns", line, columns: [] };
        this.#columns.columns.push({ header: text, role: label });
        continue;
      }
      if (this.#columns !== null) {
        out.push(this.#columns);
        this.#columns = null;
      }
      if (kind === "problem") {
        const code = /** @type {import("./contacts.js").ProblemCode} */ (label);
        out.push({ kind: "problem", line, person, code, fatal: FATAL.has(code), what: text });
        continue;
      }
      let open = this.#open;
      if (open === null || open.index !== person || open.numbers.length + open.emails.length === MOST) {
        if (open !== null) out.push(open);
        this.#open = open = { kind: "person", index: person, line, name, numbers: [], emails: [] };
      }
      const found = { text, label: /** @type {import("./contacts.js").Label} */ (label), note, line, country };
      (kind === "email" ? open.emails : open.numbers).push(found);
    }
    return out;
  }

  /** @returns {Entry[]} what was still open */
  end() {
    return [this.#columns, this.#open].filter((entry) => entry !== null);
  }
}

/** @typedef {{ bytes: AsyncGenerator<Uint8Array, void, void>, total: number | null, cancel?: () => Promise<void> }} Opened */

/**
 * @param {FileSource} source
 * @returns {Opened}
 */
function opened(source) {
  if (typeof source === "string") return opened(encoder.encode(source));
  if (source instanceof ArrayBuffer) return opened(new Uint8Array(source));
  if (ArrayBuffer.isView(source)) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    return { bytes: cut(bytes), total: bytes.length };
  }
  if (typeof Blob === "function" && source instanceof Blob) return { bytes: slices(source), total: source.size };
  if (typeof Response === "function" && source instanceof Response) {
    return opened(source.body ?? "");
  }
  if (typeof ReadableStream === "function" && source instanceof ReadableStream) {
    const reader = source.getReader();
    return { bytes: pulled(reader), total: null, cancel: () => reader.cancel() };
  }
  if (typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source)) {
    return { bytes: passed(source), total: null };
  }
  throw new InputError("TYPE", "a file is a Blob, text, bytes, a stream or an iterable of these");
}

/** @param {Uint8Array} bytes */
async function* cut(bytes) {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
}

/** @param {Blob} blob */
async function* slices(blob) {
  for (let from = 0; from < blob.size; from += PIECE) {
    yield new Uint8Array(await blob.slice(from, from + PIECE).arrayBuffer());
  }
}

/**
 * Not every browser lets a stream be iterated.
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 */
async function* pulled(reader) {
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if ((ended = done)) return;
      yield /** @type {Uint8Array} */ (value);
    }
  } finally {
    if (!ended) reader.cancel().catch(() => {});
  }
}

/** @param {Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>} source */
async function* passed(source) {
  for await (const piece of source) {
    if (typeof piece === "string") yield encoder.encode(piece);
    else if (piece instanceof Uint8Array) yield piece;
    else throw new InputError("TYPE", "a piece of a file is text or a Uint8Array");
  }
}
