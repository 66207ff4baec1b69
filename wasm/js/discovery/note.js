// Notes of a directory: a line that names the kind, a line of JSON, an empty
// line, and one signature.
//
//   sealbook receipt v2
//   {"account":"…",…}
//
//   — directory.example Az3grl…

import { Verifier, openNote } from "../trust/note.js";
import { DirectoryError } from "./problem.js";

/** Longest note, UTF-16 units. */
const MOST = 1 << 20;

/**
 * Compact JSON as Go writes it.
 * @param {unknown} value
 */
export const canonical = (value) => JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029"));

/**
 * Whether a value is an object with these fields, in this order, and no other.
 * @param {unknown} value
 * @param {readonly string[]} fields
 */
export const hasFields = (value, fields) =>
  typeof value === "object" && value !== null && Object.keys(value).join() === fields.join();

/**
 * @param {unknown} text name+hash+base64
 * @param {string} [name] that it must be of
 * @returns {Promise<Verifier>}
 * @throws {DirectoryError} KEY, CRYPTO
 */
export async function readKey(text, name) {
  if (globalThis.crypto?.subtle === undefined) throw new DirectoryError("CRYPTO", "there is no SubtleCrypto here; a page needs https for that");
  let verifier;
  try {
    verifier = await Verifier.read(text);
  } catch (cause) {
    if (/** @type {any} */ (cause)?.code !== "FORMAT") throw new DirectoryError("CRYPTO", "Ed25519 is not available here, or this is no key of it", { cause });
  }
  if (verifier === undefined || verifier.witness || (name !== undefined && verifier.name !== name)) {
    throw new DirectoryError("KEY", "a directory's key is its name, +, eight hexadecimal digits, + and an Ed25519 key in base64");
  }
  return verifier;
}

/**
 * Verifies a note and reads what it says.
 * @param {Verifier} verifier
 * @param {"sealbook directory v2" | "sealbook receipt v2" | "sealbook withdrawal v2"} kind
 * @param {unknown} note
 * @param {readonly string[]} fields that it must have, in their order
 * @returns {Promise<Record<string, any>>}
 * @throws {DirectoryError} NOTE
 */
export async function openStatement(verifier, kind, note, fields) {
  if (typeof note !== "string" || note.length > MOST) throw new DirectoryError("NOTE", "no note");
  let text;
  try {
    ({ text } = await openNote(note, [verifier]));
  } catch (cause) {
    throw new DirectoryError("NOTE", "the note is not signed by the directory's key", { cause });
  }
  const wrong = (/** @type {string} */ what) => new DirectoryError("NOTE", what, { evidence: [note] });
  const [first, json, end, ...more] = text.split("\n");
  // The signature is over the text alone; all else has its one form: a line.
  if (first !== kind || end !== "" || more.length > 0 || note.slice(text.length).split("\n").length !== 3) throw wrong("a note of another kind");
  let content;
  try {
    content = JSON.parse(json);
  } catch {
    throw wrong("the note is signed but malformed");
  }
  // What is signed has no room for more than it shows.
  if (!hasFields(content, fields) || canonical(content) !== json) throw wrong("the note is signed but malformed");
  return content;
}
