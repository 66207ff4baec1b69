// The worker that holds the numbers, on "Verify a hash" and "Find contacts".
// The page asks it for the little that it shows, so that a book of any size
// leaves the page free.

import { loadContacts, regionHints } from "../js/contacts.js";
import { loadBlind } from "../js/blind.js";
import { loadFormats } from "../js/format.js";
import { load } from "../js/index.js";
import { bodies, contactsOf } from "./bodies.js";
import { csv, field } from "./csv.js";
import { hashesIn, match, shapes } from "./match.js";
import { readFile } from "./reader.js";
import { MOST, readNumbers, select, sum, typed } from "./rows.js";
import { Refusal, serve } from "./serve.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").View} View */
/** @typedef {import("./serve.js").Progress} Progress */

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
/** @type {import("../js/format.js").Formats} */
let formats;
/** @type {import("../js/contacts.js").Contacts} */
let contacts;
/** Loads blind.wasm where the page gave it. @type {() => Promise<import("../js/blind.js").Blind>} */
let blind;
/** @type {(value: void) => void} */
let begin;
/** Settles once the core runs: a hash may be pasted before. */
const opened = new Promise((/** @type {(value: void) => void} */ resolve) => { begin = resolve; });

/** @type {readonly import("./reader.js").Entry[]} */
let entries = [];
/** @type {readonly import("./reader.js").Mail[]} */
let mails = [];
/** @type {Row[]} */
let rows = [];
let people = 0;
/** In which region the entries were written down. @type {import("./rows.js").Guess | null} */
let guess = null;
/** @type {Row[]} */
let shown = [];
let view = "";

/** Counts what replaces the rows, so that what was begun before can notice. */
let generation = 0;
let matches = 0;
/** @type {readonly import("./match.js").Matched[]} */
let matched = [];

/** Ends what has been stopped or overtaken. @param {number} mine its generation */
function current(mine) {
  if (mine !== generation) throw new Refusal("STOPPED");
}

/**
 * Looks at other entries.
 * @param {readonly import("./reader.js").Entry[]} list
 * @param {readonly import("./reader.js").Mail[]} [addresses] of the same people
 */
async function take(list, addresses = []) {
  entries = list;
  mails = addresses;
  const { region, decided, habit } = contacts.guessRegion(sealbook, list.map(({ written, country }) => ({ text: written, country })), regionHints(sealbook));
  guess = { region, decided, habit };
}

/** @param {string} region @param {Progress} progress */
async function reread(region, progress) {
  const mine = ++generation;
  const read = await readNumbers(sealbook, contacts, entries, region, guess?.habit ?? "ANY", (share) => {
    current(mine);
    progress({ step: "numbers", share });
  });
  current(mine);
  rows = read;
  view = "";
  return sum(rows, people, guess);
}

/** Most bytes of a file of hashes: 100,000 in a wide table. */
const MOST_BYTES = 64 << 20;

/** @param {Blob} file */
async function textOf(file) {
  if (file.size === 0) throw new Refusal("EMPTY_FILE");
  if (file.size > MOST_BYTES) throw new Refusal("FILE_TOO_LARGE");
  const bytes = await file.arrayBuffer().catch(() => { throw new Refusal("FILE_UNREADABLE"); });
  if (new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 4096)).includes(0)) throw new Refusal("NOT_TEXT");
  return new TextDecoder().decode(bytes);
}

const work = {
  /** @param {{ core: WebAssembly.Module, format: WebAssembly.Module }} asked */
  async open(asked) {
    [sealbook, formats] = await Promise.all([load({ wasm: asked.core }), loadFormats({ wasm: asked.format })]);
    begin();
    return {
      regions: sealbook.regions.map((region) => /** @type {[string, number]} */ ([region, sealbook.callingCode(region)])),
      hint: regionHints(sealbook)[0] ?? null,
      metadata: sealbook.metadataVersion,
      sha256: sealbook.sha256,
    };
  },

  /** What reads numbers and files: larger than the core, it comes later. @param {{ contacts: WebAssembly.Module, blind?: WebAssembly.Module }} asked */
  async extend(asked) {
    contacts = await loadContacts({ wasm: asked.contacts });
    blind = () => loadBlind({ wasm: asked.blind });
  },

  /** @param {{ text: string, region: string }} asked @param {Progress} progress */
  async text({ text, region }, progress) {
    await take(typed(text));
    people = 0;
    return reread(region, progress);
  },

  /** @param {{ file: Blob, region: string }} asked @param {Progress} progress */
  async file({ file, region }, progress) {
    const mine = ++generation;
    const read = await readFile(contacts, file, MOST, (share) => {
      current(mine);
      progress({ step: "file", share });
    });
    current(mine);
    await take(read.entries, read.mails);
    people = read.people;
    const { format, problems, problemCount, emails, cut } = read;
    return { format, problems, problemCount, emails, cut, sum: await reread(region, progress) };
  },

  /** Contacts that were picked. @param {{ people: { name: string, numbers: string[] }[], region: string }} asked @param {Progress} progress */
  async picked(asked, progress) {
    await take(asked.people.flatMap(({ name, numbers }, i) =>
      numbers.map((written) => ({ line: i + 1, person: i + 1, label: "", name, written, country: "" }))));
    people = asked.people.length;
    return reread(asked.region, progress);
  },

  /** The same numbers with another default region. @param {{ region: string }} asked @param {Progress} progress */
  region({ region }, progress) {
    return reread(region, progress);
  },

  /** Some of the rows that a view selects. @param {{ view: View, from: number, count: number }} asked */
  view(asked) {
    const key = JSON.stringify(asked.view);
    if (key !== view) {
      shown = select(rows, asked.view);
      view = key;
    }
    const from = Math.max(0, Math.min(asked.from, shown.length - 1));
    // A line of a megabyte would be one on the page, too.
    const cut = (/** @type {string} */ text) => (text.length > 120 ? text.slice(0, 120) + "…" : text);
    return {
      total: shown.length,
      from,
      rows: shown.slice(from, from + asked.count).map((row) => ({ ...row, name: cut(row.name), written: cut(row.written) })),
    };
  },

  /** What a number becomes. @param {{ index: number }} asked */
  digests({ index }) {
    const row = rows[index];
    if (!row || row.e164 === null) throw new Refusal("NO_ROW");
    const number = sealbook.parse(row.e164);
    return {
      name: row.name, e164: row.e164, region: row.region, type: row.type, valid: row.valid,
      international: formats.international(number), national: formats.national(number),
      digests: sealbook.digests(row.e164).map(({ recipe, digest }) => ({ id: recipe.id, digest })),
    };
  },

  /**
   * Whose digests, and made how: of a text, or of a file of them.
   * @param {{ text: string | Blob }} asked
   * @param {Progress} progress
   */
  async match({ text }, progress) {
    const mine = ++matches;
    await opened;
    const then = generation;
    const stale = () => mine !== matches || then !== generation;
    const read = typeof text === "string" ? text : await textOf(text);
    const { hashes, others, cut, broken } = hashesIn(read);
    if (hashes.length === 0 && broken === null) throw new Refusal("NOT_A_HASH");
    const numbers = rows.map((row) => row.e164);
    const compared = numbers.reduce((n, number) => n + (number === null ? 0 : 1), 0);
    const found = await match(sealbook, formats, numbers, broken ? [...hashes, broken] : hashes, stale, progress);
    const whole = broken ? found.pop() : undefined;
    // One that was broken over lines, or the only one there is.
    const single = whole && (whole.matches.length > 0 || hashes.length === 0) ? whole : found.length === 1 ? found[0] : null;
    matched = single ? [] : found;
    return {
      total: found.length, yours: found.filter((one) => one.matches.length > 0).length, others, cut, compared,
      single: single && {
        bytes: (single.matches[0]?.bytes ?? single.hash.readings[0].length / 2), more: single.more,
        shapes: shapes(sealbook, single.hash.readings),
        matches: single.matches.map((one) => ({ ...one, row: rows[one.index] })),
      },
    };
  },

  /** Some of the hashes that were compared: those of the numbers first. @param {{ from: number, count: number }} asked */
  matched({ from, count }) {
    const order = [...matched.filter((one) => one.matches.length > 0), ...matched.filter((one) => one.matches.length === 0)];
    const start = Math.max(0, Math.min(from, order.length - 1));
    return {
      from: start, total: order.length,
      rows: order.slice(start, start + count).map(({ hash, matches: [first] }) => ({
        line: hash.line, text: hash.text.slice(0, 140), match: first ? { ...first, row: rows[first.index] } : null,
      })),
    };
  },

  /** All of them as a file, in their order. */
  matchedCsv() {
    const lines = ["line,hash,e164,name,form,algorithm,recipes"];
    for (const { hash, matches: [first] } of matched) {
      const row = first ? rows[first.index] : null;
      lines.push([String(hash.line), hash.text, row?.e164 ?? "", row?.name ?? "", first?.form ?? "", first?.algorithm ?? "", first?.recipes.join(" ") ?? ""].map(field).join(","));
    }
    return new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" });
  },

  /** The selected rows as a file. @param {{ view: View, recipes: string[] }} asked */
  csv(asked) {
    return csv(sealbook, select(rows, asked.view), asked.recipes);
  },

  /** What three ways to ask about the numbers would send. @param {undefined} _ @param {Progress} progress */
  async bodies(_, progress) {
    const mine = generation;
    return bodies(sealbook, await blind(), rows, (share) => {
      current(mine);
      progress(share);
    });
  },

  /** A number as a person types their own. @param {{ text: string, region: string }} asked */
  number({ text, region }) {
    const number = sealbook.parse(text, region);
    return { e164: number.e164, international: formats.international(number), valid: number.valid && number.extension === "" };
  },

  /** The numbers that somebody can have, as a directory is asked about them. */
  contacts() {
    return contactsOf(rows);
  },

  /**
   * Whom an audit looks for: people with their numbers, as written, and addresses.
   * A typed line is a person.
   */
  people() {
    /** @type {Map<number, import("../js/auditor.js").Wanted & { numbers: string[], emails: string[] }>} */
    const all = new Map();
    const of = (/** @type {number} */ key, /** @type {string} */ name) => {
      const person = all.get(key) ?? { name, numbers: [], emails: [] };
      all.set(key, person);
      return person;
    };
    for (const { person, line, name, written } of entries) of(person || -line, name).numbers.push(written);
    for (const { person, name, address } of mails) of(person, name).emails.push(address);
    return [...all.values()];
  },

  /** Ends what is under way; the rows from before stay. */
  stop() {
    generation++;
    matches++;
  },
};

serve(work);

/** @typedef {typeof work} Book */
