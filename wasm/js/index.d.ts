/**
 * Sealbook: phone numbers to E.164, and E.164 to the digests that platforms
 * exchange, computed where the caller is by one WebAssembly core that imports
 * nothing.
 *
 * A hash of a phone number is personal data: a region's mobile numbers can be
 * tried one after another in minutes (`sealbook/blind` does it).
 *
 * ```js
 * import { load } from "sealbook";
 * const sealbook = await load();
 * sealbook.parse("020 7946 0123", "GB").e164;                  // "+442079460123"
 * sealbook.digest("+442079460123", "google-enhanced-conversions");
 * ```
 *
 * Texts: any string. More than 250 UTF-16 units is TOO_LONG; a lone surrogate
 * counts as U+FFFD. Regions: two capital letters as in ISO 3166-1; "" or
 * undefined for none, so that only numbers with "+" and a calling code are read.
 */

import type { AbortSignal, Response, URL, WasmModule } from "./platform.js";
import type { RecipeId, Region } from "./names.js";
import type { RecipeInfo } from "./recipes.js";
export type { RecipeId, RecipeInfo, Region };

/** A string that is no literal: nobody can know what it will be. */
type Variable<S extends string> = string extends S ? S : never;

/**
 * A region: two capital letters as in ISO 3166-1, "" for none. A literal that is
 * none, such as "UK", is an error of types; a string variable is accepted.
 */
export type RegionLike<S extends string = string> = Region | "" | (S & Variable<S>);

/** What the core may be given as. */
export type Source = string | URL | Response | ArrayBuffer | ArrayBufferView | WasmModule;

export interface LoadOptions {
  /**
   * Where the core comes from; the package's own core.wasm beside index.js by
   * default. Cloudflare Workers and bundlers pass a module:
   * `import core from "sealbook/core.wasm"; load({ wasm: core })`.
   */
  wasm?: Source | PromiseLike<Source>;
  /**
   * SHA-256 the bytes must have, as 64 hexadecimal digits or `sha256-BASE64`.
   * By default that of the core this package was published with; false runs
   * another build. A WebAssembly.Module shows no bytes, so for it only
   * interface, imports and version are checked.
   */
  integrity?: string | false;
  /** Ends the load with a LoadError whose cause is the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Loads the core and makes it ready: a few milliseconds, once. Calls with the
 * same options share one load and one result; after a failure the next call
 * tries again.
 * @throws {LoadError} never anything else
 */
export function load(options?: LoadOptions): Promise<Sealbook>;

/**
 * Checks and compiles the core without starting it: compile once, post the
 * module to workers, give it to their `load`.
 * @throws {LoadError}
 */
export function compile(options?: LoadOptions): Promise<WasmModule>;

/** The core that this package was published with. */
export const published: {
  /** SHA-256 of core.wasm, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Length of core.wasm, bytes. */
  readonly bytes: number;
  /** Version of the core's interface. */
  readonly abi: number;
  /** Version of libphonenumber's metadata inside. */
  readonly metadataVersion: string;
};

/** Why a text is not a phone number; libphonenumber's names. */
export type NumberErrorCode =
  | "INVALID_COUNTRY_CODE"
  | "NOT_A_NUMBER"
  | "TOO_SHORT_AFTER_IDD"
  | "TOO_SHORT_NSN"
  | "TOO_LONG";

export type NumberType =
  | "UNKNOWN"
  | "FIXED_LINE"
  | "MOBILE"
  | "FIXED_LINE_OR_MOBILE"
  | "TOLL_FREE"
  | "PREMIUM_RATE"
  | "SHARED_COST"
  | "VOIP"
  | "PERSONAL_NUMBER"
  | "PAGER"
  | "UAN"
  | "VOICEMAIL";

/** Whether a number's length is right. */
export type Possibility =
  | "IS_POSSIBLE"
  | "IS_POSSIBLE_LOCAL_ONLY"
  | "INVALID_COUNTRY_CODE"
  | "TOO_SHORT"
  | "INVALID_LENGTH"
  | "TOO_LONG";

/** How the core writes a number; `sealbook/format` has the ways with spaces. */
export type PlainFormat =
  /** +442079460123 */
  | "E164"
  /** 442079460123 */
  | "DIGITS"
  /** 00442079460123 */
  | "DIALLED"
  /** 2079460123 */
  | "SIGNIFICANT";

/** A text that is a phone number. */
export interface PhoneNumber {
  /** null: a number was read. Tells it from {@link Failure}. */
  readonly error: null;
  /** "+" and at most 20 digits. */
  readonly e164: string;
  /** Country calling code, 1–999. */
  readonly callingCode: number;
  /** Digits of the extension, "" without one. E.164 has no room for it. */
  readonly extension: string;
  /** The number's own region, "001" for those without geography, null where none is known. */
  readonly region: string | null;
  /** What kind of line it is. */
  readonly type: NumberType;
  /** It lies in a range that its region has given out. */
  readonly valid: boolean;
  /** Its length is right, if only for local dialling; says less than `valid`. */
  readonly possible: boolean;
  /** Whether its length is right, and what is wrong with it. */
  readonly possibility: Possibility;
  /** The same as `e164`. */
  toString(): string;
}

/** A text that is not a phone number; the same shape, nothing of the text. */
export interface Failure {
  /** Why; the other members are there so that both can be read alike. */
  readonly error: NumberErrorCode;
  /** No number. */
  readonly e164: null;
  /** No number. */
  readonly callingCode: null;
  /** No number. */
  readonly extension: null;
  /** No number. */
  readonly region: null;
  /** No number. */
  readonly type: null;
  /** Never. */
  readonly valid: false;
  /** Never. */
  readonly possible: false;
  /** No number. */
  readonly possibility: null;
}

export type Result = PhoneNumber | Failure;

/** A failure that only some calls have; the same shape. */
export type Refused<Code> = Omit<Failure, "error"> & { readonly error: Code };

/** How a number is written before it is hashed. */
export type Form =
  | "e164_plus" | "digits_cc" | "intl_00" | "national_0" | "national_nsn"
  | "spaced_intl" | "rfc3966" | "email";

/** A recipe of the caller's own. Its salt and key are as secret as the caller keeps them. */
export interface OwnRecipe {
  /** How the number is written. */
  form: Form;
  /** md5, sha1, sha224, sha256, sha384, sha512; hmac- and one of these, with a key; plain for no hash. */
  algorithm: string;
  /**
   * hex (the default), hex-upper, base64, base64-nopad, base64url,
   * base64url-nopad, base64-of-hex; text for plain.
   */
  encoding?: string;
  /** Bytes of the digest that are kept, 1 to one less than all; all by default. */
  truncation?: number;
  /**
   * What is hashed: "{n}" once for the number, "{salt}" at most twice, and any
   * text with a backslash before literal braces and backslashes; at most 128
   * bytes. "{n}" by default.
   */
  template?: string;
  /** 1–64 bytes; text is taken as UTF-8. */
  salt?: string | Uint8Array;
  /** Key of an HMAC, 1–128 bytes; text is hexadecimal. */
  key?: string | Uint8Array;
}

/**
 * A recipe: the id of a published one ("meta-capi"), one of them, a name of the
 * grid ("e164_plus/sha256/hex", "digits_cc/sha1/hex/10"), an own recipe as an
 * object or as its one-line text ("form=… alg=…", see wasm/recipe).
 */
export type RecipeLike<S extends string = string> =
  | RecipeId
  | `${Form}/${"md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | "plain"}/${string}`
  | `form=${string}`
  | (S & Variable<S>)
  | RecipeFacts | RecipeInfo | OwnRecipe;

export interface RegionOption<G extends string = string> {
  /** Default region of texts without "+". */
  region?: RegionLike<G>;
}

/** An item of a batch: a text, or a text with its own default region. */
export type Item = string | { readonly text: string; readonly region?: string };

/** One item's answer. Rows come in the order of the items, one for each. */
export interface Row<I = Item> {
  /** Position among all items, from 0. */
  readonly index: number;
  /** The item itself. */
  readonly input: I;
  /** The number, or why there is none; REGION: the item's own region is none. */
  readonly number: Result | Refused<"REGION">;
  /** A digest for each of the options' recipes, in their order; null where there is no number. */
  readonly digests: readonly (string | null)[];
}

/** Which numbers get a digest. */
export interface DigestOptions {
  /**
   * Refuse numbers in no range that is in use, with the code INVALID. Without
   * it a digest is made of whatever `parse` reads, such as "12" in GB.
   */
  validOnly?: boolean;
}

export interface Progress {
  /** Items answered. */
  readonly done: number;
  /** All items, where that is known: arrays and sets. */
  readonly total: number | null;
}

export interface BatchOptions<R extends string = string, G extends string = string> extends RegionOption<G>, DigestOptions {
  /** Digests of each row, in this order. */
  recipes?: readonly RecipeLike<R>[];
  /** Ends the batch with the signal's reason; rows given out before stay good. */
  signal?: AbortSignal;
  /** Called after each piece of the work. */
  onProgress?: (progress: Progress) => void;
  /** Most rows given out at once, 1–8192; 4096 by default. */
  rows?: number;
  /** Milliseconds after which rows are given out though a slow source could give more; 50 by default. */
  patience?: number;
}

/** What the core knows of a published recipe. */
export interface RecipeFacts {
  /** Stable name, such as "meta-capi". */
  readonly id: string;
  /** How the number is written before it is hashed. */
  readonly form: Form;
  /** A hash, "hmac-" and a hash, "plain" for none, "unsupported". */
  readonly algorithm: string;
  /** How the digest is written; "text" for plain, "none" for unsupported. */
  readonly encoding: string;
  /** Bytes of the digest, 0 where it is no hash. */
  readonly bytes: number;
  /** False where the algorithm is known and not computed here. */
  readonly computable: boolean;
}

/** The digest of one number by one recipe. */
export interface Digest {
  /** By which recipe. */
  readonly recipe: RecipeFacts;
  /** As the recipe writes it. */
  readonly digest: string;
}

/** A loaded core. Methods answer at once; only `batch` is asynchronous. */
export interface Sealbook {
  /** Version of libphonenumber's metadata, such as "9.0.40". */
  readonly metadataVersion: string;
  /** SHA-256 of the bytes that run, hexadecimal; null if a WebAssembly.Module was given or no SubtleCrypto is at hand. */
  readonly sha256: string | null;
  /** The compiled core, to post to workers. */
  readonly module: WasmModule;
  /** Bytes of memory the core holds; it never grows. */
  readonly memoryBytes: number;
  /** Published recipes, in order; `sealbook/recipes` has all that is known of each. */
  readonly recipes: readonly RecipeFacts[];
  /** Supported regions, in alphabetical order. */
  readonly regions: readonly string[];
  /** The country calling code of a region, 0 where it is not supported. */
  callingCode<G extends string>(region: RegionLike<G>): number;

  /** Reads a number as people write them, in a region where it has no "+". @throws {NumberError} @throws {InputError} */
  parse<G extends string>(text: string, region?: RegionLike<G>): PhoneNumber;
  /** As parse, but a text that is no number is a {@link Failure}, not an error. @throws {InputError} */
  tryParse<G extends string>(text: string, region?: RegionLike<G>): Result;
  /** The E.164 form and nothing else: the quickest call. @throws {NumberError} @throws {InputError} */
  e164<G extends string>(text: string, region?: RegionLike<G>): string;
  /** Writes a number without spaces; `sealbook/format` has the other ways. @throws {NumberError} @throws {InputError} */
  format<G extends string>(number: string | PhoneNumber, format: PlainFormat, region?: RegionLike<G>): string;

  /** Digest of a number; a text is parsed first. @throws {NumberError} @throws {RecipeError} @throws {InputError} */
  digest<R extends string, G extends string>(number: string | PhoneNumber, recipe: RecipeLike<R>, region?: RegionLike<G>, options?: DigestOptions): string;
  /** Digests of a number by every published recipe that is computed here and for numbers. @throws {NumberError} @throws {InputError} */
  digests<G extends string>(number: string | PhoneNumber, region?: RegionLike<G>, options?: DigestOptions): Digest[];
  /**
   * Digest of a text that is not parsed: of an address, which e-mail recipes
   * normalise; of a number in a published recipe's own form, all else is refused
   * with TEXT; of any text as it is by a recipe of the grid or an own one. At most
   * 256 KiB of UTF-8.
   * @throws {RecipeError} @throws {InputError}
   */
  hash<R extends string>(text: string, recipe: RecipeLike<R>): string;
  /** The one name of a recipe, salt and key included; says whether there is such a recipe. @throws {RecipeError} */
  recipe<R extends string>(recipe: RecipeLike<R>): string;

  /** Results in the order of the texts, one for each. @throws {InputError} */
  parseAll<G extends string>(texts: readonly string[], options?: RegionOption<G>): Result[];
  /** E.164 forms in the order of the texts, a {@link Failure} for each that is no number. The quickest way for many. @throws {InputError} */
  e164All<G extends string>(texts: readonly string[], options?: RegionOption<G>): (string | Failure)[];
  /** Digests in the order of the texts, a {@link Failure} for each that is no number. @throws {RecipeError} @throws {InputError} */
  digestAll<R extends string, G extends string>(texts: readonly string[], recipe: RecipeLike<R>, options?: RegionOption<G> & DigestOptions): (string | Failure | Refused<"INVALID">)[];
  /** As hash, in the order of the texts. @throws {RecipeError} @throws {InputError} */
  hashAll<R extends string>(texts: readonly string[], recipe: RecipeLike<R>): string[];

  /**
   * Works through a source of any length in constant memory, some thousand rows
   * at a time, and reads on only when asked for more. If the source throws, the
   * rows before come first, then its error.
   * @throws {RecipeError} @throws {InputError} before anything is read
   */
  batch<I extends Item, R extends string, G extends string>(source: Iterable<I> | AsyncIterable<I>, options?: BatchOptions<R, G>): AsyncGenerator<Row<I>[], void, void>;
}

/** What all errors of this package are. No message contains a number, digest, salt or key. */
export class SealbookError extends Error {
  constructor(code: string, message: string, options?: { cause?: unknown });
  /** Stable; the same in Go, in the core and here. */
  readonly code: string;
}

/** A text is not a phone number. */
export class NumberError extends SealbookError {
  constructor(code: NumberErrorCode | "INVALID");
  /** libphonenumber's; INVALID where `validOnly` asked for it. */
  readonly code: NumberErrorCode | "INVALID";
}

export type RecipeErrorCode =
  /** No such recipe. */
  | "RECIPE"
  /** A published recipe whose algorithm is not computed here, or one for e-mail addresses asked for a number. */
  | "NOT_COMPUTABLE"
  /** An own recipe that is malformed. */
  | "SPEC"
  /** A recipe whose form has spaces: write the number with `sealbook/format` and hash that text. */
  | "FORM";

export class RecipeError extends SealbookError {
  constructor(code: RecipeErrorCode, message?: string);
  /** Stable; the same in Go, in the core and here. */
  readonly code: RecipeErrorCode;
}

export type InputErrorCode =
  /** Not a string, or not an array of strings. */
  | "TYPE"
  /** No such region; the message has a hint for "UK" and "gb". */
  | "REGION"
  /** A text that a published recipe for numbers does not hash: it is no number in the recipe's form. */
  | "TEXT"
  /** More text than the core takes at once. */
  | "LENGTH"
  /** Not a digest that the recipe could give. */
  | "DIGEST"
  /** A region without mobile numbers. */
  | "SPACE"
  /** No such format. */
  | "FORMAT"
  /** A number out of its range. */
  | "RANGE"
  /** A malformed option of reading contacts. */
  | "OPTION"
  /** A file makes the reader of contacts keep more than it may. */
  | "MEMORY"
  /** A call out of its order. */
  | "STATE"
  /** It was closed before. */
  | "CLOSED";

export class InputError extends SealbookError {
  constructor(code: InputErrorCode, message: string);
  /** Stable; the same in Go, in the core and here. */
  readonly code: InputErrorCode;
}

export type LoadErrorCode =
  /** The bytes could not be read. */
  | "FETCH"
  /** The bytes are not those of the published core. */
  | "INTEGRITY"
  /** Not WebAssembly, or cut short, or refused by the page's policy. */
  | "COMPILE"
  /** The module asks for imports; the core has none. */
  | "IMPORTS"
  /** The module lacks what the core has. */
  | "EXPORTS"
  /** A core of another version of the interface. */
  | "VERSION"
  /** The core's answers are not those expected of it. */
  | "CHECK";

export class LoadError extends SealbookError {
  constructor(code: LoadErrorCode, message: string, cause?: unknown);
  /** Stable; the same in Go, in the core and here. */
  readonly code: LoadErrorCode;
}
