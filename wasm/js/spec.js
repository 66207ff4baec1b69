// An own recipe as the one line that package recipe in wasm/recipe reads. The
// line holds the salt and the key: as secret as they are.

import { RecipeError } from "./errors.js";
import { hex } from "./hex.js";
import { TextDecoder, TextEncoder } from "./utf8.js";

/**
 * @param {import("./index.js").OwnRecipe} own
 * @throws {RecipeError}
 */
export function spec(own) {
  const { truncation, template = "{n}", salt, key } = own;
  const encoding = own.encoding ?? (own.algorithm === "plain" ? "text" : "hex");
  let line = `form=${word(own.form)} alg=${word(own.algorithm)} enc=${word(encoding)}`;
  if (truncation !== undefined) line += ` trunc=${word(String(truncation))}`;
  if (typeof template !== "string") throw new RecipeError("SPEC");
  line += ` template="${template.replace(/\\[^]|"/g, (part) => (part === '"' ? '\\"' : part))}"`;
  if (salt !== undefined) line += ` salt=${written(salt)}`;
  if (key !== undefined) line += ` key=${typeof key === "string" ? word(key.toLowerCase()) : digits(key)}`;
  // The core would read U+FFFD instead, and no one would know.
  if (/\p{Surrogate}/u.test(line)) throw new RecipeError("SPEC", "a lone surrogate in a recipe");
  return line;
}

/**
 * A field without spaces, so that no field can bring another one along.
 * @param {unknown} field
 */
function word(field) {
  if (typeof field !== "string" || !/^[\w-]+$/.test(field)) throw new RecipeError("SPEC");
  return field;
}

/**
 * A salt in its one spelling: quoted if it is text, hexadecimal otherwise.
 * @param {string | Uint8Array} salt
 */
function written(salt) {
  let text = salt;
  if (typeof text !== "string") {
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(/** @type {Uint8Array<ArrayBuffer>} */ (text));
    } catch {
      return `0x${digits(/** @type {Uint8Array} */ (salt))}`;
    }
  }
  return /[\0-\x1f\x7f-\x9f]/.test(text)
    ? `0x${hex(new TextEncoder().encode(text))}`
    : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** @param {Uint8Array} bytes */
function digits(bytes) {
  if (!(bytes instanceof Uint8Array)) throw new RecipeError("SPEC");
  return hex(bytes);
}
