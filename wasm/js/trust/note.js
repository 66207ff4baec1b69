// Signed notes (C2SP signed-note v1.0.0): a text, an empty line, and a line for
// each signature. Keys of Ed25519 sign the text, keys of witnesses (C2SP
// tlog-cosignature v1.0.0) the text behind a line with a time.

import { concat, equal, fromBase64, hex, sha256, utf8 } from "../bytes.js";
import { need } from "./trust.js";

/** First bytes of keys, for their kind. */
const ED25519 = 1;
const COSIGNATURE = 4;
/** Bytes of a key's id, and of a cosignature's time. */
const ID = 4;
const TIME = 8;
/** Most signatures of a note. */
const MOST = 100;

/** Who signs: a name, and a key that its notes are verified with. */
export class Verifier {
  /**
   * @param {string} text name+id+key
   * @param {string} name
   * @param {Uint8Array} id first 4 bytes of the hash of name and key
   * @param {boolean} witness
   * @param {CryptoKey} key
   */
  constructor(text, name, id, witness, key) {
    this.text = text;
    this.name = name;
    this.id = id;
    this.witness = witness;
    this.key = key;
  }

  /**
   * @param {unknown} text name+hash+base64, as golang.org/x/mod/sumdb/note writes it
   * @returns {Promise<Verifier>}
   * @throws {import("./trust.js").TrustError} FORMAT
   */
  static async read(text) {
    const [all, name, id, encoded] = /^([^\s+]{1,253})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(typeof text === "string" ? text : "") ?? [];
    const key = fromBase64(encoded);
    const hash = key && (await sha256(concat(utf8(`${name}\n`), key))).subarray(0, ID);
    need(all && key && hash && hex(hash) === id && [ED25519, COSIGNATURE].includes(key[0]), "FORMAT", "not a verifier key");
    return new Verifier(all, name, hash, key[0] === COSIGNATURE,
      await crypto.subtle.importKey("raw", key.subarray(1), { name: "Ed25519" }, false, ["verify"]));
  }

  /**
   * @param {string} text of a note
   * @param {Uint8Array<ArrayBuffer>} signature what stands behind the id
   */
  async signed(text, signature) {
    let message = text;
    if (this.witness) {
      if (signature.length !== TIME + 64) return false;
      const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
      message = `cosignature/v1\ntime ${time}\n${text}`;
      signature = signature.subarray(TIME);
    }
    return crypto.subtle.verify({ name: "Ed25519" }, this.key, signature, utf8(message));
  }
}

/**
 * Verifies the signatures of a note by known keys; there may be others.
 * @param {unknown} note
 * @param {readonly Verifier[]} verifiers
 * @returns {Promise<{ text: string, signers: Set<Verifier> }>}
 * @throws {import("./trust.js").TrustError} FORMAT, SIGNATURE
 */
export async function openNote(note, verifiers) {
  const cut = typeof note === "string" ? note.lastIndexOf("\n\n") + 1 : 0;
  // No control characters, and nothing that is not UTF-8.
  need(cut > 1 && typeof note === "string" && !/[\0-\x09\x0b-\x1f]/.test(note) && note.isWellFormed() && note.endsWith("\n"), "FORMAT", "not a signed note");
  const text = note.slice(0, cut);
  const lines = note.slice(cut + 1, -1).split("\n");
  need(lines.length <= MOST, "FORMAT", "a note with too many signatures");
  /** @type {Set<Verifier>} */
  const signers = new Set();
  for (const line of lines) {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
    const signature = fromBase64(encoded);
    need(signature && signature.length > ID, "FORMAT", "a malformed signature");
    const verifier = verifiers.find((v) => v.name === name && equal(v.id, signature.subarray(0, ID)));
    if (verifier === undefined || signers.has(verifier)) continue;
    need(await verifier.signed(text, signature.subarray(ID)), "SIGNATURE", "a signature that does not hold");
    signers.add(verifier);
  }
  need(signers.size > 0, "SIGNATURE", "not signed by the key");
  return { text, signers };
}
