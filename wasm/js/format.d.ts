/**
 * Numbers as people write them, in a module of its own (format.wasm): whoever
 * only parses and hashes does not load it. It imports nothing, as the core does.
 *
 * ```js
 * import { load } from "sealbook";
 * import { loadFormats } from "sealbook/format";
 * const [sealbook, formats] = await Promise.all([load(), loadFormats()]);
 * const number = sealbook.parse("020 7946 0123", "GB");
 * formats.international(number);                               // "+44 20 7946 0123"
 * sealbook.hash(formats.international(number), "spaced_intl/sha256/hex");
 * ```
 */

import type { WasmModule } from "./platform.js";
import type { LoadOptions, PlainFormat } from "./index.js";

/** Loads format.wasm; the same options and errors as `load`. @throws {LoadError} */
export function loadFormats(options?: LoadOptions): Promise<Formats>;

export type Format =
  | PlainFormat
  /** +44 20 7946 0123 */
  | "INTERNATIONAL"
  /** 020 7946 0123 */
  | "NATIONAL"
  /** tel:+44-20-7946-0123 */
  | "RFC3966"
  /** 02079460123 */
  | "NATIONAL_DIGITS";

/** What can be written: a PhoneNumber or a copy of one, or its E.164 text, perhaps with ";ext=" and an extension. */
export type Writable = string | { readonly e164: string; readonly extension?: string };

/** A loaded format.wasm. Methods answer at once. */
export interface Formats {
  /** @throws {NumberError} @throws {InputError} with code FORMAT */
  format(number: Writable, format: Format): string;
  /** Texts in the order of the numbers; one that is none throws. @throws {NumberError} @throws {InputError} */
  formatAll(numbers: readonly Writable[], format: Format): string[];
  /** As dialled from abroad, extension included. @throws {NumberError} */
  international(number: Writable): string;
  /** As dialled within its country, extension included. @throws {NumberError} */
  national(number: Writable): string;
  /** A tel: URI, extension included. @throws {NumberError} */
  rfc3966(number: Writable): string;
  /** SHA-256 of the bytes that run, hexadecimal; null if a WebAssembly.Module was given or no SubtleCrypto is at hand. */
  readonly sha256: string | null;
  /** The compiled module, to post to workers. */
  readonly module: WasmModule;
}
