// The worker behind "Hash a table": adds columns to a table, row by row. What
// goes out is what `verifier hash --csv` writes, to the byte.

import { emailRecipes, normalizeEmail } from "../js/emails.js";
import { loadFormats } from "../js/format.js";
import { regionHints } from "../js/hints.js";
import { load } from "../js/index.js";
import { digestAll } from "./digest.js";
import { Refusal, nextTurn, serve } from "./serve.js";
import { addNames, bodyEnd, encoder, fields, header, quoted, rowEnd } from "./table.js";

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
/** @type {import("../js/format.js").Formats} */
let formats;
/** Regions that have numbers. @type {ReadonlySet<string>} */
let known = new Set();
let runs = 0;

const HEAD = 1 << 20;
/** Rows at once; and the most bytes of a row. */
const PIECE = 4096;
const LONGEST = 1 << 20;

const NOTHING = new Uint8Array(0);

/** What columns are called that hold numbers, addresses or countries, the likelier first. */
const PHONE = [/^(phone|mobile|tel)(_?number)?$/i, /phone|mobile|\bcell|\btel|handy|电话|手机/i];
const EMAIL = [/^e-?mail([_ ]?address)?$/i, /mail|邮箱|邮件/i];
const COUNTRY = [/^country(_?code)?$/i, /country|^region$|\bland\b|国家/i];

/** @param {readonly string[]} names @param {readonly RegExp[]} patterns */
function guess(names, patterns) {
  for (const pattern of patterns) {
    const at = names.findIndex((name) => pattern.test(name.trim()));
    if (at >= 0) return at;
  }
  return -1;
}

/** @param {Blob} file @param {number} from @param {number} to */
async function part(file, from, to) {
  return new Uint8Array(await file.slice(from, to).arrayBuffer().catch(() => { throw new Refusal("FILE_UNREADABLE"); }));
}

/** @param {Blob} file */
async function headOf(file) {
  if (file.size === 0) throw new Refusal("EMPTY_FILE");
  const data = await part(file, 0, HEAD);
  if (data.includes(0) || data[0] === 0xff && data[1] === 0xfe || data[0] === 0xfe && data[1] === 0xff) throw new Refusal("NOT_TEXT");
  const head = header(data);
  if (head === null) throw new Refusal("NO_HEADER");
  return { ...head, data };
}

/**
 * A column to be added: what it is called, and the recipe of what is hashed in it.
 * @typedef {{ name: string, recipe: string, of: "phone" | "email" }} Column
 *
 * What a row gives: digests by the names of their columns, and why there are none.
 * @typedef {{ e164: string, digests: Map<string, string>, codes: string[] }} Result
 *
 * A row's place in the data, and its result; null if it is not of the table's form.
 * @typedef {{ from: number, body: number, end: number, region: string, phone: string, email: string, result: Result | null }} Row
 *
 * @typedef {{ hashed: number, empty: number, unread: number }} Counts
 */

/** @param {Column} column */
function numberRecipe({ name, recipe: id }) {
  const recipe = sealbook.recipes.find((one) => one.id === id);
  if (!recipe) throw new Refusal("RECIPE");
  return { name, recipe };
}

/** @param {Column} column */
function addressRecipe({ name, recipe: id }) {
  const recipe = emailRecipes.find((one) => one.id === id);
  if (!recipe) throw new Refusal("RECIPE");
  return { name, recipe };
}

/**
 * Digests of numbers, those of a region at once.
 * @param {readonly Row[]} rows
 * @param {readonly ReturnType<typeof numberRecipe>[]} columns
 * @param {Counts} counts
 */
function hashNumbers(rows, columns, counts) {
  /** @type {Map<string, Row[]>} */
  const byRegion = new Map();
  for (const row of rows) {
    const where = known.has(row.region) ? row.region : "";
    const some = byRegion.get(where);
    if (some) some.push(row);
    else byRegion.set(where, [row]);
  }
  for (const [region, some] of byRegion) {
    const read = sealbook.e164All(some.map(({ phone }) => phone), region ? { region } : {});
    const good = /** @type {string[]} */ (read.filter((one) => typeof one === "string"));
    const digests = columns.map(({ name, recipe }) => ({ name, all: digestAll(sealbook, formats, good, recipe.id, recipe.form) }));
    let n = 0;
    for (const [i, { phone, result }] of some.entries()) {
      const one = read[i];
      if (!result) continue;
      if (typeof one === "string") {
        result.e164 = one;
        for (const { name, all } of digests) result.digests.set(name, String(all[n]));
        n++;
        counts.hashed++;
      } else {
        result.codes.push(one.error);
        counts[phone.trim() === "" ? "empty" : "unread"]++;
      }
    }
  }
}

/** The address as a recipe wants it; null for what is none. @param {string} text @param {import("../js/emails.js").EmailRecipe} recipe */
function normal(text, recipe) {
  try {
    return normalizeEmail(text, recipe);
  } catch {
    return null;
  }
}

/**
 * Digests of addresses.
 * @param {readonly Row[]} rows
 * @param {ReturnType<typeof addressRecipe>} column
 * @param {Counts} counts
 */
function hashAddresses(rows, { name, recipe }, counts) {
  const normals = rows.map(({ email }) => normal(email, recipe));
  const digests = sealbook.hashAll(normals.filter((one) => one !== null), `email/sha256/${recipe.encoding}`);
  let n = 0;
  for (const [i, { email, result }] of rows.entries()) {
    if (!result) continue;
    if (normals[i] !== null) {
      result.digests.set(name, String(digests[n++]));
      counts.hashed++;
    } else {
      result.codes.push("NOT_AN_EMAIL");
      counts[email.trim() === "" ? "empty" : "unread"]++;
    }
  }
}

const work = {
  /** @param {{ core: WebAssembly.Module, format: WebAssembly.Module }} asked */
  async open(asked) {
    [sealbook, formats] = await Promise.all([load({ wasm: asked.core }), loadFormats({ wasm: asked.format })]);
    known = new Set(sealbook.regions);
    return {
      regions: sealbook.regions.map((region) => /** @type {[string, number]} */ ([region, sealbook.callingCode(region)])),
      hint: regionHints(sealbook)[0] ?? null,
    };
  },

  /** What a file's columns are called. @param {{ file: Blob }} asked */
  async head({ file }) {
    const { names, delimiter } = await headOf(file);
    return { names, delimiter, phone: guess(names, PHONE), email: guess(names, EMAIL), country: guess(names, COUNTRY) };
  },

  /**
   * The file with the columns added, or with `only` these alone.
   * @param {{ file: Blob, phone: number, email: number, country: number, region: string, columns: Column[], preset: boolean, only: boolean }} asked
   *   phone, email, country: columns of the file, from 0; -1 for none
   * @param {(progress: number) => void} progress
   */
  async add({ file, phone, email, country, region, columns, preset, only }, progress) {
    const mine = ++runs;
    const head = await headOf(file);
    const { names, delimiter, end: start, body, data: first } = head;
    const code = delimiter.charCodeAt(0);
    const places = [phone, email, country].filter((place) => place >= 0);
    const numbers = columns.filter(({ of }) => of === "phone").map(numberRecipe);
    const addresses = columns.filter(({ of }) => of === "email").map(addressRecipe);
    if (columns.length === 0 || (numbers.length > 0 && phone < 0) || (addresses.length > 0 && email < 0)) throw new Refusal("NO_COLUMN");
    const added = columns.map(({ name }) => name);
    const line = first.slice(body, start);
    const top = only ? [added.join(",")] : addNames(first, head, preset ? [...added, "error"] : ["e164", ...added, "error"], preset);
    if (top === null) throw new Refusal("COLUMN_TAKEN");
    const out = [new Blob([...top, line])];
    const counts = { rows: 0, skipped: 0, numbers: { hashed: 0, empty: 0, unread: 0 }, addresses: { hashed: 0, empty: 0, unread: 0 } };

    /** What is written for a row. @param {Result} result */
    const written = ({ e164, digests, codes }) => {
      if (only) return columns.map(({ name }) => digests.get(name) ?? "").join(",");
      const cells = columns.map(({ name }) => quoted(digests.get(name) ?? "", delimiter));
      return [...(preset ? [] : [e164]), ...cells, codes.join(" ")].map((cell) => delimiter + cell).join("");
    };

    /** Rows with their results. @param {Uint8Array} data whole rows */
    const piece = (data) => {
      /** @type {Row[]} */
      const rows = [];
      for (let from = 0; from < data.length;) {
        const found = rowEnd(data, from, code);
        const end = found < 0 ? data.length : found;
        const bodyAt = bodyEnd(data, from, end);
        const cells = bodyAt > from ? fields(data, from, bodyAt, code, places) : null;
        const whole = cells !== null && cells.length === names.length;
        const own = whole && country >= 0 ? cells[country].trim().toUpperCase() : "";
        rows.push({
          from, body: bodyAt, end, region: own || region,
          phone: whole && phone >= 0 ? cells[phone] : "", email: whole && email >= 0 ? cells[email] : "",
          result: whole ? { e164: "", digests: new Map(), codes: [] } : null,
        });
        if (bodyAt > from) counts[whole ? "rows" : "skipped"]++;
        from = end;
      }
      const whole = rows.filter(({ result }) => result !== null);
      if (numbers.length > 0) hashNumbers(whole, numbers, counts.numbers);
      for (const column of addresses) hashAddresses(whole, column, counts.addresses);
      /** @type {Uint8Array[]} */
      const parts = [];
      let size = 0;
      for (const { from, body, end, result } of rows) {
        // A row of another form has nothing to add; where it would be all there is, its cells are empty.
        const text = result ? written(result) : only && body > from ? ",".repeat(columns.length - 1) : "";
        for (const bytes of [only ? NOTHING : data.subarray(from, body), encoder.encode(text), data.subarray(body, end)]) {
          parts.push(bytes);
          size += bytes.length;
        }
      }
      const joined = new Uint8Array(size);
      let to = 0;
      for (const bytes of parts) {
        joined.set(bytes, to);
        to += bytes.length;
      }
      // A Blob: the browser may put it where there is room.
      out.push(new Blob([joined]));
    };

    let rest = new Uint8Array(0);
    for (let at = start; at < file.size || rest.length > 0;) {
      const more = await part(file, at, Math.min(file.size, at + HEAD));
      at += more.length;
      let data = new Uint8Array(rest.length + more.length);
      data.set(rest);
      data.set(more, rest.length);
      const last = at >= file.size;
      // Some thousand whole rows at a time.
      let from = 0;
      for (let rows = 0, end = 0; ;) {
        const found = rowEnd(data, end, code);
        const next = found < 0 ? (last ? data.length : -1) : found;
        if (next > 0 && next > end) {
          end = next;
          rows++;
        }
        if (rows === PIECE || next <= 0 || end === data.length) {
          if (end > from) piece(data.subarray(from, end));
          from = end;
          rows = 0;
          await nextTurn();
          if (mine !== runs) throw new Refusal("STOPPED");
        }
        if (next <= 0 || end === data.length) break;
      }
      rest = data.slice(from);
      if (rest.length > LONGEST) throw new Refusal("LINE_TOO_LONG");
      progress(at / file.size);
      if (last) break;
    }
    return { blob: new Blob(out, { type: "text/csv" }), ...counts };
  },

  /** Ends what is under way. */
  stop() {
    runs++;
  },
};

serve(work);

/** @typedef {typeof work} Columns */
