// Reads a file of contacts with contacts.wasm; its main.go describes the calls.

import { Refusal, breath } from "./serve.js";

const INPUT = 256 << 10;
const OUTPUT = 512 << 10;

/** Encodings that contacts.wasm recognises and leaves to TextDecoder, by its numbers. */
const ENCODINGS = new Map([[6, "gbk"], [7, "big5"], [8, "shift_jis"], [9, "euc-kr"]]);
const FORMATS = ["unknown", "vcard", "csv", "list"];

/** Problems after which there is nothing to show. */
const FATAL = new Set(["EMPTY_FILE", "NOT_TEXT", "UNKNOWN_FORMAT", "NO_NUMBER_COLUMN", "NO_SUCH_COLUMN"]);

/**
 * @typedef {{ line: number, person: number, label: string, name: string, written: string }} Entry
 * @typedef {{ line: number, code: string }} Problem
 * @typedef {{
 *   memory: WebAssembly.Memory, _initialize?: () => void, abi(): number,
 *   input(): number, output(): number, status(): number,
 *   contacts_begin(format: number, length: number): number,
 *   contacts_feed(offset: number, length: number): number,
 *   contacts_finish(): number,
 * }} Exports
 */

export class Reader {
  /** @param {BufferSource} bytes of contacts.wasm */
  static async start(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes);
    return new Reader(/** @type {Exports} */ (/** @type {unknown} */ (instance.exports)));
  }

  /** @param {Exports} exports */
  constructor(exports) {
    exports._initialize?.();
    this.exports = exports;
    const { buffer } = exports.memory;
    this.input = new Uint8Array(buffer, exports.input(), INPUT);
    this.output = new Uint8Array(buffer, exports.output(), OUTPUT);
    this.status = new Uint32Array(buffer, exports.status(), 8);
    this.decoder = new TextDecoder();
  }

  /**
   * Reads a file to its end.
   * @param {Blob} file
   * @param {number} most how many entries are kept
   * @param {(share: number) => void} progress
   * @returns {Promise<{ entries: Entry[], problems: Problem[], problemCount: number, emails: number, people: number, format: string, cut: boolean }>}
   */
  async read(file, most, progress) {
    const first = await this.#pass(file, most, progress, null);
    const encoding = ENCODINGS.get(this.status[6]);
    // Its bytes are not UTF-8, but the browser knows what they are.
    return encoding ? this.#pass(file, most, progress, encoding) : first;
  }

  /**
   * @param {Blob} file
   * @param {number} most
   * @param {(share: number) => void} progress
   * @param {string | null} encoding
   */
  async #pass(file, most, progress, encoding) {
    /** @type {Awaited<ReturnType<Reader["read"]>>} */
    const result = { entries: [], problems: [], problemCount: 0, emails: 0, people: 0, format: "unknown", cut: false };
    if (this.exports.contacts_begin(0, 0) < 0) throw new Refusal("BROKEN");
    let done = 0;
    const source = encoding
      ? file.stream().pipeThrough(new TextDecoderStream(encoding)).pipeThrough(new TextEncoderStream())
      : file.stream();
    const reader = source.getReader();
    try {
      for (;;) {
        const { value, done: end } = await reader.read();
        if (end) break;
        for (let at = 0; at < value.length; at += INPUT) {
          const piece = value.subarray(at, at + INPUT);
          this.input.set(piece);
          for (let offset = 0; offset < piece.length;) {
            const taken = this.exports.contacts_feed(offset, piece.length - offset);
            if (taken < 0) throw new Refusal("BROKEN");
            offset += taken;
            this.#take(result, most);
          }
        }
        if (!encoding && ENCODINGS.has(this.status[6]) || result.cut) return result;
        done += value.length;
        progress(Math.min(1, done / file.size));
        await breath();
      }
    } catch (error) {
      // The file was moved or changed while it was read.
      if (error instanceof DOMException) throw new Refusal("FILE_UNREADABLE");
      throw error;
    } finally {
      reader.cancel().catch(() => {});
    }
    for (let more = 1; more === 1;) {
      more = this.exports.contacts_finish();
      if (more < 0) throw new Refusal("BROKEN");
      this.#take(result, most);
    }
    result.people = this.status[3];
    result.format = FORMATS[this.status[4]] ?? "unknown";
    return result;
  }

  /**
   * Takes the rows that the output holds.
   * @param {Awaited<ReturnType<Reader["read"]>>} result
   * @param {number} most
   */
  #take(result, most) {
    const text = this.decoder.decode(this.output.subarray(0, this.status[2]));
    if (text === "") return;
    for (const row of text.slice(0, -1).split("\n")) {
      const [kind, person, line, label, , name, written] = row.split("\t");
      if (kind === "number") {
        if (result.entries.length < most) result.entries.push({ line: +line, person: +person, label, name, written });
        else result.cut = true;
      } else if (kind === "email") {
        result.emails++;
      } else if (kind === "problem") {
        if (FATAL.has(label)) throw new Refusal(label);
        // Ten thousand bad lines would say no more than the first hundred.
        if (result.problemCount++ < 100) result.problems.push({ line: +line, code: label });
      }
    }
  }
}
