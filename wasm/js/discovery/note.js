// Signed notes (C2SP signed-note), as a directory writes them: a line that
// names the kind, a line of JSON, an empty line, and one signature.
//
//   sealbook receipt v1
//   {"account":"…",…}
//
//   — directory.example Az3grl…

import { concat, equal, fromBase64, hex, utf8 } from "./bytes.js";
import { DirectoryError } from "./problem.js";

/** Algorithm byte of Ed25519 keys. */
const ED25519 = 1;
/** Longest note, UTF-16 units. */
const MOST = 1 << 20;

/**
 * Compact JSON as Go writes it.
 * @param {unknown} value
 */
const canonical = (value) => JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029"));

/**
 * Whether a value is an object with these fields, in this order, and no other.
 * @param {unknown} value
 * @param {readonly string[]} fields
 */
export const hasFields = (value, fields) =>
  typeof value === "object" && value !== null && Object.keys(value).join() === fields.join();

/** Who signs: a name, and a key that its notes are verified with. */
export class Verifier {
  /**
   * @param {string} name
   * @param {Uint8Array} id first 4 bytes of the hash of name and key
   * @param {CryptoKey} key
   * @param {string} text
   */
  constructor(name, id, key, text) {
    this.name = name;
    this.id = id;
    this.key = key;
    this.text = text;
  }

  /**
   * @param {unknown} text name+hash+base64, as golang.org/x/mod/sumdb/note writes it
   * @returns {Promise<Verifier>}
   * @throws {DirectoryError} KEY
   */
  static async read(text) {
    const [, name, id, key] = /^([^\s+]{1,253})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(typeof text === "string" ? text : "") ?? [];
    const bytes = fromBase64(key);
    if (bytes === null || bytes[0] !== ED25519) throw new DirectoryError("KEY", "a directory's key is its name, +, eight hexadecimal digits, + and an Ed25519 key in base64");
    const { subtle } = globalThis.crypto ?? {};
    if (subtle === undefined) throw new DirectoryError("CRYPTO", "there is no SubtleCrypto here; a page needs https for that");
    const hash = new Uint8Array(await subtle.digest("SHA-256", concat(utf8(`${name}\n`), bytes))).subarray(0, 4);
    if (hex(hash) !== id) throw new DirectoryError("KEY", "the key does not go with its hash: it was altered or cut");
    try {
      const imported = await subtle.importKey("raw", bytes.subarray(1), { name: "Ed25519" }, false, ["verify"]);
      return new Verifier(name, hash, imported, /** @type {string} */ (text));
    } catch (cause) {
      throw new DirectoryError("CRYPTO", "Ed25519 is not available here, or this is no key of it", { cause });
    }
  }

  /**
   * Verifies a note and reads what it says.
   * @param {"sealbook directory v1" | "sealbook receipt v1" | "sealbook withdrawal v1"} kind
   * @param {unknown} note
   * @param {readonly string[]} fields that it must have, in their order
   * @returns {Promise<Record<string, any>>}
   * @throws {DirectoryError} NOTE
   */
  async open(kind, note, fields) {
    if (typeof note !== "string" || note.length > MOST) throw new DirectoryError("NOTE", "no note");
    const cut = note.lastIndexOf("\n\n") + 1;
    const text = note.slice(0, cut);
    if (/[\0-\x09\x0b-\x1f]/.test(text) || !note.isWellFormed()) throw new DirectoryError("NOTE", "not a signed note");
    await this.#verify(utf8(text), note.slice(cut + 1));
    const [first, json, end, ...more] = text.split("\n");
    if (first !== kind || end !== "" || more.length > 0) throw new DirectoryError("NOTE", "a note of another kind");
    let content;
    try {
      content = JSON.parse(json);
    } catch (cause) {
      throw new DirectoryError("NOTE", "the note is signed but malformed", { cause });
    }
    // One form alone: what is signed has no room for more than it shows.
    if (!hasFields(content, fields) || canonical(content) !== json) throw new DirectoryError("NOTE", "the note is signed but malformed");
    return content;
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} text
   * @param {string} line
   */
  async #verify(text, line) {
    const start = `— ${this.name} `;
    const signature = line.startsWith(start) && line.endsWith("\n") ? fromBase64(line.slice(start.length, -1)) : null;
    const right = signature !== null && equal(signature.subarray(0, 4), this.id) &&
      (await crypto.subtle.verify({ name: "Ed25519" }, this.key, signature.subarray(4), text));
    if (!right) throw new DirectoryError("NOTE", "the note is not signed by the directory's key");
  }
}
