/**
 * People out of exported contacts: vCard 2.1, 3.0 and 4.0, the CSV of Google,
 * Apple, Outlook and of tables in general, and plain lists; in any cut and of
 * any size, in constant memory. It is a module of its own (contacts.wasm), so
 * that a page loads it only when a file comes.
 *
 * ```js
 * import { loadContacts } from "sealbook/contacts";
 * const contacts = await loadContacts();
 * for await (const entries of contacts.read(file)) {
 *   for (const entry of entries) if (entry.kind === "person") show(entry.name, entry.numbers);
 * }
 * ```
 *
 * What is read is what the file says: numbers are as written, and nobody has
 * looked whether they are numbers. `guessRegion` finds out how to read those
 * without a calling code, `sift` which of them are worth hashing or looking for:
 *
 * ```js
 * const { region } = contacts.guessRegion(sealbook, texts, regionHints(sealbook));
 * for (const { text, e164, reason } of contacts.sift(sealbook, texts, { region: region ?? "" })) {
 *   if (reason === null) look(e164);
 *   else list(text, reason);
 * }
 * ```
 */

import type { AbortSignal, Blob, ReadableStream, Response, WasmModule } from "./platform.js";
import type { Repair } from "./repairs.js";
import type { LoadOptions, NumberErrorCode, NumberType, Result, Sealbook } from "./index.js";

/** Loads contacts.wasm; the same options and errors as `load`. @throws {LoadError} */
export function loadContacts(options?: LoadOptions): Promise<Contacts>;

/**
 * The numbers in one field, however people filled it; loads both modules the first
 * time. `Contacts.field` does the same at once, for many.
 * @throws {LoadError}
 * @throws {InputError} TYPE, OPTION or REGION
 */
export function read(text: string, options?: FieldOptions): Promise<FieldResult>;

export interface Contacts {
  readonly module: WasmModule;
  /** SHA-256 of the bytes that run, as in Sealbook. */
  readonly sha256: string | null;
  /**
   * Reads a file: texts are taken as UTF-8 (cut them anywhere but inside a character), bytes in the encoding that they
   * show. Each file has a reader of its own, so several may be read at once.
   * Entries come in the order of the file, the summary last. If the source
   * throws, the entries before come first, then its error.
   * @throws {InputError} OPTION or TYPE, before anything is read; MEMORY
   */
  read(source: FileSource, options?: ReadOptions): AsyncGenerator<Entry[], void, void>;
  /**
   * In which region numbers were written down, and how, for that is how to read
   * those without a calling code: the fields as somebody filled them, with their
   * rows' countries where there are some. A guess: show it, and let it be changed.
   *
   * Each region and way of writing is a hypothesis, and a number is evidence for
   * it, the stronger the rarer what it looks like is; premium-rate numbers say
   * nothing. Hints, the numbers that have a calling code, and countries speak for
   * regions too. Where two are nearly as likely and would read the numbers
   * otherwise, there is none. At most 100 numbers without plus are looked at.
   * @throws {InputError} TYPE
   */
  guessRegion(sealbook: Sealbook, fields: Iterable<string | { text: string; country?: string }>, hints?: readonly (string | null | undefined)[]): RegionGuess;
  /**
   * The numbers in a field, however people filled it: with a label or a name, an
   * extension, several numbers, a link to a chat, damaged by a spreadsheet, with
   * the country code and no plus. What was mended is said. Either there are
   * numbers, or an error.
   * @throws {InputError} TYPE, OPTION or REGION
   */
  field(sealbook: Sealbook, text: string, options?: FieldOptions): FieldResult;
  /**
   * Which numbers are worth looking for, and why the others are not: at least an
   * answer for each field, in their order, so that nothing is lost; as many as it has
   * numbers, which are found as `field` finds them.
   * @throws {InputError} OPTION or TYPE
   */
  sift(sealbook: Sealbook, fields: readonly (string | { text: string; country?: string })[], options?: SiftOptions): Sifted[];
  /**
   * Whether a text is an emergency number of a region or another short one,
   * which can be called inside it alone. null for all else, with "+" always.
   */
  shortNumber(text: string, region: string): "EMERGENCY" | "SHORT" | null;
}

/** How most numbers of a file are written: not known, without calling code, or with it and no plus. */
export type Habit = "ANY" | "NATIONAL" | "CODE_WITHOUT_PLUS";

export interface FieldOptions {
  /** Default region of numbers without a calling code; "" for none. */
  region?: string;
  /** What the row's own column of countries says: a region, or a calling code such as "44". */
  country?: string;
  /** How the rest of the file is written; `guessRegion` finds out. */
  habit?: Habit;
}

export interface FieldResult {
  /** At least one where error is null. */
  readonly numbers: readonly FieldNumber[];
  readonly error: FieldErrorCode | null;
}

export interface FieldNumber {
  readonly e164: string;
  /** What of the field it was read from. */
  readonly text: string;
  /** What was mended. */
  readonly repairs: readonly Repair[];
}

export type { Repair };

/** AMBIGUOUS: two readings are as good. ROUNDED: a spreadsheet has lost the last digits. */
export type FieldErrorCode = NumberErrorCode | "AMBIGUOUS" | "ROUNDED";

export interface SiftOptions {
  /** Default region of numbers without a calling code; "" for none. */
  region?: string;
  /** How most of the fields are written; `guessRegion` finds out. */
  habit?: Habit;
  /**
   * What not to keep: INVALID, IMPOSSIBLE, LOCAL_ONLY and types; `usualDrop` by
   * default, [] keeps every text that is a number. Emergency and short numbers
   * are never kept. `[...usualDrop, "FIXED_LINE", "TOLL_FREE"]` keeps mobiles.
   */
  drop?: readonly Reason[];
}

/** Why a number is not kept; the same in Go and on the command line. */
export type Reason =
  /** Of the region's police, fire brigade, ambulance … */
  | "EMERGENCY"
  /** Of another service that can be called inside the region alone. */
  | "SHORT"
  /** Too long or too short. */
  | "IMPOSSIBLE"
  /** Without its area code, and so in many places. */
  | "LOCAL_ONLY"
  /** In no range that is in use, as far as the metadata knows. */
  | "INVALID"
  /** Not a number, or none that is clear. */
  | FieldErrorCode
  /** A valid number of a type that is not wanted. */
  | Exclude<NumberType, "UNKNOWN">;

export interface Sifted {
  /** The field. */
  readonly text: string;
  /** Its place among the fields: those with several numbers have several answers. */
  readonly index: number;
  /** What was mended. */
  readonly repairs: readonly Repair[];
  /** Also of numbers that are not kept; null for emergency and short ones and where there is none. */
  readonly e164: string | null;
  /** null for a number that is kept. */
  readonly reason: Reason | null;
  /** As Sealbook.tryParse reads the number that was found; an error where there is none. */
  readonly number: Result;
}

/**
 * IMPOSSIBLE, LOCAL_ONLY, INVALID, PREMIUM_RATE, SHARED_COST and VOICEMAIL.
 * Toll-free numbers and those of companies are kept: some are registered with
 * services.
 */
export const usualDrop: readonly Reason[];

/**
 * Regions that this browser's or machine's languages and time zone speak for,
 * the strongest first: those that languages name ("en-GB"), those of the time
 * zone where the engine knows them, that in which the first language is mostly
 * spoken.
 */
export function regionHints(sealbook: Sealbook, of?: { languages?: readonly string[]; timeZone?: string }): string[];

/** What decided: numbers without plus, those and a hint, calling codes, the rows' countries, or nothing. */
export type Decided = "NUMBERS" | "HINT" | "CALLING_CODE" | "COUNTRY" | "NONE";

export interface RegionGuess {
  /** null if nothing tells, or two regions equally. */
  readonly region: string | null;
  readonly habit: Habit;
  readonly decided: Decided;
  /** Regions that fit, the likeliest first; one that a hint or calling codes decided for need not be among them. */
  readonly contenders: readonly Contender[];
  /** Numbers without a plus. */
  readonly national: number;
  /** Valid numbers with one. */
  readonly known: number;
}

export interface Contender {
  readonly region: string;
  /** Numbers without a plus that are valid there, of those that were looked at. */
  readonly fit: number;
  /** Valid numbers with its calling code. */
  readonly international: number;
}

export type FileSource =
  | Blob
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Response
  | ReadableStream
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

export interface ReadOptions {
  /** Found out by default. */
  format?: FileFormat;
  /** Of a table; found out by default. */
  delimiter?: "," | ";" | "\t" | "|";
  /** Column of the numbers in a table, by its header or its position from 1. */
  number?: string | number;
  /** Column of the names, likewise. */
  name?: string | number;
  /** Ends reading with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: FileProgress) => void;
}

export interface FileProgress {
  /** Bytes read. */
  readonly bytes: number;
  /** Bytes there are, where that is known: blobs, texts and buffers. */
  readonly total: number | null;
  readonly people: number;
}

export type FileFormat = "vcard" | "csv" | "list" | "ldif" | "json" | "xml";

export type Entry = Person | Problem | Columns | Summary;

/** What a number or address is called in the file. */
export type Label =
  | "mobile" | "home" | "work" | "main" | "fax" | "pager" | "car" | "assistant" | "other" | "";

export interface ContactText {
  /** As written. */
  readonly text: string;
  readonly label: Label;
  /** The label in the file's own words, where it says more; "" otherwise. */
  readonly note: string;
  /** Of the file, from 1, where it begins. */
  readonly line: number;
  /** What a column of countries says of the number: two capital letters, the digits of a calling code, or "". */
  readonly country: string;
}

export interface Person {
  readonly kind: "person";
  /** Counts people from 1. A person with over 1,000 numbers or addresses comes in several entries with the same index. */
  readonly index: number;
  readonly line: number;
  readonly name: string;
  readonly numbers: readonly ContactText[];
  readonly emails: readonly ContactText[];
}

/** A line that could not be read, or a file. */
export interface Problem {
  readonly kind: "problem";
  readonly line: number;
  /** The person it belongs to, 0 for none. */
  readonly person: number;
  readonly code: ProblemCode;
  /** Nothing more was read. */
  readonly fatal: boolean;
  /** What the file is instead, such as "calendar", or the encoding that was guessed; "" for nothing. */
  readonly what: string;
}

export type ProblemCode =
  | "EMPTY_FILE" | "NOT_TEXT" | "UNKNOWN_FORMAT" | "NO_NUMBER_COLUMN" | "NO_SUCH_COLUMN" | "UNSUPPORTED"
  | "BINARY_LINE" | "LINE_TOO_LONG" | "VALUE_TOO_LONG" | "BAD_LINE" | "UNCLOSED_QUOTE"
  | "MISSING_BEGIN" | "MISSING_END" | "TRUNCATED" | "UNREADABLE_CHARSET" | "TOO_MANY_COLUMNS"
  | "GUESSED_CHARSET" | "BAD_ARCHIVE" | "SKIPPED_FILE";

/** The header of a table, so that a page can offer a choice. */
export interface Columns {
  readonly kind: "columns";
  readonly line: number;
  readonly columns: readonly { readonly header: string; readonly role: string }[];
}

export interface Summary {
  readonly kind: "summary";
  /** With or without a number. */
  readonly people: number;
  readonly bytes: number;
  /** null if that was not found out. */
  readonly format: FileFormat | null;
  readonly delimiter: "," | ";" | "\t" | "|" | null;
  /** As TextDecoder calls it; null for one that is not known. */
  readonly encoding: string | null;
  /** False where the names could not be read, for neither the module nor this engine's TextDecoder knows the encoding. */
  readonly readable: boolean;
  /** Reading ended early; a problem says why. */
  readonly fatal: boolean;
}
