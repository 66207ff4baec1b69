/**
 * People out of exported contacts: vCard 2.1, 3.0 and 4.0, the CSV of Google,
 * Apple, Outlook and of tables in general, and plain lists; in any cut and of
 * any size, in constant memory. It is a module of its own (auditor.wasm), so
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
 * looked whether they are numbers. `Sealbook.parse` does that.
 */

import type { LoadOptions } from "./index.js";

/** Loads auditor.wasm; the same options and errors as `load`. @throws {LoadError} */
export function loadContacts(options?: LoadOptions): Promise<Contacts>;

export interface Contacts {
  readonly module: WebAssembly.Module;
  /** SHA-256 of the bytes that run, as in Sealbook. */
  readonly sha256: string | null;
  /**
   * Reads a file: texts are taken as UTF-8 (cut them anywhere but inside a character), bytes in the encoding that they
   * show. Each file has a reader of its own, so several may be read at once.
   * Entries come in the order of the file, the summary last. If the source
   * throws, the entries before come first, then its error.
   * @throws {InputError} OPTION or TYPE, before anything is read
   */
  read(source: FileSource, options?: ReadOptions): AsyncGenerator<Entry[], void, void>;
}

export type FileSource =
  | Blob
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Response
  | ReadableStream<Uint8Array>
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

export interface ReadOptions {
  /** Found out by default. */
  format?: FileFormat;
  /** Of a table; found out by default. */
  delimiter?: "," | ";" | "\t";
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

export type FileFormat = "vcard" | "csv" | "list";

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
}

export type ProblemCode =
  | "EMPTY_FILE" | "NOT_TEXT" | "UNKNOWN_FORMAT" | "NO_NUMBER_COLUMN" | "NO_SUCH_COLUMN"
  | "BINARY_LINE" | "LINE_TOO_LONG" | "VALUE_TOO_LONG" | "BAD_LINE" | "UNCLOSED_QUOTE"
  | "MISSING_BEGIN" | "MISSING_END" | "TRUNCATED" | "UNREADABLE_CHARSET" | "TOO_MANY_COLUMNS";

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
  readonly delimiter: "," | ";" | "\t" | null;
  /** As TextDecoder calls it; null for one that is not known. */
  readonly encoding: string | null;
  /** False where only the ASCII part of the encoding is read: decode the text and read it again for the names. */
  readonly readable: boolean;
  /** Reading ended early; a problem says why. */
  readonly fatal: boolean;
}
