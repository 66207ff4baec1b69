// The worker behind "A hash column": adds columns to a table, row by row. What
// goes out is what `verifier hash --csv` writes, to the byte.

import { loadFormats } from "../js/format.js";
import { regionHints } from "../js/hints.js";
import { load } from "../js/index.js";
import { digestAll } from "./digest.js";
import { Refusal, breath, serve } from "./serve.js";
import { bodyEnd, encoder, fields, header, quoted, rowEnd } from "./table.js";

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
/** @type {import("../js/format.js").Formats} */
let formats;
let runs = 0;

const HEAD = 1 << 20;
/** Rows at once; and the most bytes of a row. */
const PIECE = 4096;
const LONGEST = 1 << 20;

/** What columns are called that hold numbers or countries, the likelier first. */
const PHONE = [/^(phone|mobile|tel)(_?number)?$/i, /phone|mobile|\bcell|\btel|handy|电话|手机/i];
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

const work = {
  /** @param {{ core: WebAssembly.Module, format: WebAssembly.Module }} asked */
  async open(asked) {
    [sealbook, formats] = await Promise.all([load({ wasm: asked.core }), loadFormats({ wasm: asked.format })]);
    return {
      regions: sealbook.regions.map((region) => /** @type {[string, number]} */ ([region, sealbook.callingCode(region)])),
      hint: regionHints(sealbook)[0] ?? null,
    };
  },

  /** What a file's columns are called. @param {{ file: Blob }} asked */
  async head({ file }) {
    const { names, delimiter } = await headOf(file);
    return { names, delimiter, phone: guess(names, PHONE), country: guess(names, COUNTRY) };
  },

  /**
   * The file with the columns added.
   * @param {{ file: Blob, column: number, country: number, region: string, recipes: string[] }} asked column, country: from 0; country -1 for none
   * @param {(progress: number) => void} progress
   */
  async add({ file, column, country, region, recipes }, progress) {
    const mine = ++runs;
    const { names, delimiter, end: start, body, data: first } = await headOf(file);
    const code = delimiter.charCodeAt(0);
    const known = new Set(sealbook.regions);
    const chosen = recipes.map((id) => {
      const recipe = sealbook.recipes.find((one) => one.id === id);
      if (!recipe) throw new Refusal("RECIPE");
      return recipe;
    });
    const added = ["e164", ...recipes, "error"];
    if (names.some((name) => added.some((one) => one.toLowerCase() === name.trim().toLowerCase()))) throw new Refusal("COLUMN_TAKEN");
    const out = [new Blob([first.slice(0, body), added.map((name) => delimiter + quoted(name, delimiter)).join(""), first.slice(body, start)])];
    const counts = { rows: 0, hashed: 0, empty: 0, unread: 0, skipped: 0 };

    /** Rows with their results. @param {Uint8Array} data whole rows */
    const piece = (data) => {
      /** @type {{ from: number, body: number, end: number, text: string | null, region: string }[]} */
      const rows = [];
      /** @type {Map<string, number[]>} */
      const byRegion = new Map();
      for (let from = 0; from < data.length;) {
        const found = rowEnd(data, from, code);
        const end = found < 0 ? data.length : found;
        const bodyAt = bodyEnd(data, from, end);
        const cells = bodyAt > from ? fields(data, from, bodyAt, code, country < 0 ? [column] : [column, country]) : null;
        const whole = cells !== null && cells.length === names.length;
        const own = whole && country >= 0 ? cells[country].trim().toUpperCase() : "";
        const at = rows.push({ from, body: bodyAt, end, text: whole ? cells[column] : null, region: own || region }) - 1;
        if (whole) {
          const where = known.has(rows[at].region) ? rows[at].region : "";
          const ats = byRegion.get(where);
          if (ats) ats.push(at);
          else byRegion.set(where, [at]);
        }
        if (bodyAt > from) counts[whole ? "rows" : "skipped"]++;
        from = end;
      }
      /** @type {string[]} */
      const suffixes = Array.from({ length: rows.length }, () => "");
      for (const [where, ats] of byRegion) {
        const read = sealbook.e164All(ats.map((at) => /** @type {string} */ (rows[at].text)), where ? { region: where } : {});
        const good = /** @type {string[]} */ (read.filter((one) => typeof one === "string"));
        const columns = chosen.map((recipe) => digestAll(sealbook, formats, good, recipe.id, recipe.form));
        let n = 0;
        for (const [i, at] of ats.entries()) {
          const one = read[i];
          if (typeof one === "string") {
            suffixes[at] = [one, ...columns.map((digests) => quoted(String(digests[n]), delimiter)), ""].map((cell) => delimiter + cell).join("");
            n++;
            counts.hashed++;
          } else {
            suffixes[at] = delimiter.repeat(chosen.length + 2) + one.error;
            counts[rows[at].text?.trim() === "" ? "empty" : "unread"]++;
          }
        }
      }
      /** @type {Uint8Array[]} */
      const parts = [];
      let size = 0;
      for (const [i, row] of rows.entries()) {
        for (const bytes of [data.subarray(row.from, row.body), encoder.encode(suffixes[i]), data.subarray(row.body, row.end)]) {
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
          await breath();
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
