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

import type { RecipeInfo } from "./recipes.js";
export type { RecipeInfo };

/** What the core may be given as. */
export type Source = string | URL | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

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
export function compile(options?: LoadOptions): Promise<WebAssembly.Module>;

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
  readonly type: NumberType;
  /** It lies in a range that its region has given out. */
  readonly valid: boolean;
  /** Its length is right, if only for local dialling; says less than `valid`. */
  readonly possible: boolean;
  readonly possibility: Possibility;
  /** The same as `e164`. */
  toString(): string;
}

/** A text that is not a phone number; the same shape, nothing of the text. */
export interface Failure {
  readonly error: NumberErrorCode;
  readonly e164: null;
  readonly callingCode: null;
  readonly extension: null;
  readonly region: null;
  readonly type: null;
  readonly valid: false;
  readonly possible: false;
  readonly possibility: null;
}

export type Result = PhoneNumber | Failure;

/** How a number is written before it is hashed. */
export type Form =
  | "e164_plus" | "digits_cc" | "intl_00" | "national_0" | "national_nsn"
  | "spaced_intl" | "rfc3966" | "email";

/** A recipe of the caller's own. Its salt and key are as secret as the caller keeps them. */
export interface OwnRecipe {
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
export type RecipeLike = string | RecipeFacts | RecipeInfo | OwnRecipe;

export interface RegionOption {
  /** Default region of texts without "+". */
  region?: string;
}

/** An item of a batch: a text, or a text with its own default region. */
export type Item = string | { readonly text: string; readonly region?: string };

/** One item's answer. Rows come in the order of the items, one for each. */
export interface Row<I = Item> {
  /** Position among all items, from 0. */
  readonly index: number;
  readonly input: I;
  readonly number: Result;
  /** A digest for each of the options' recipes, in their order; null where there is no number. */
  readonly digests: readonly (string | null)[];
}

export interface Progress {
  /** Items answered. */
  readonly done: number;
  /** All items, where that is known: arrays and sets. */
  readonly total: number | null;
}

export interface BatchOptions extends RegionOption {
  recipes?: readonly RecipeLike[];
  /** Ends the batch with the signal's reason; rows given out before stay good. */
  signal?: AbortSignal;
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
  readonly recipe: RecipeFacts;
  readonly digest: string;
}

/** A loaded core. Methods answer at once; only `batch` is asynchronous. */
export interface Sealbook {
  /** Version of libphonenumber's metadata, such as "9.0.40". */
  readonly metadataVersion: string;
  /** SHA-256 of the bytes that run, hexadecimal; null if a WebAssembly.Module was given or no SubtleCrypto is at hand. */
  readonly sha256: string | null;
  /** The compiled core, to post to workers. */
  readonly module: WebAssembly.Module;
  /** Bytes of memory the core holds; it never grows. */
  readonly memoryBytes: number;
  /** Published recipes, in order; `sealbook/recipes` has all that is known of each. */
  readonly recipes: readonly RecipeFacts[];
  /** Supported regions, in alphabetical order. */
  readonly regions: readonly string[];
  /** The country calling code of a region, 0 where it is not supported. */
  callingCode(region: string): number;

  /** @throws {NumberError} @throws {InputError} */
  parse(text: string, region?: string): PhoneNumber;
  /** As parse, but a text that is no number is a {@link Failure}, not an error. @throws {InputError} */
  tryParse(text: string, region?: string): Result;
  /** The E.164 form and nothing else: the quickest call. @throws {NumberError} @throws {InputError} */
  e164(text: string, region?: string): string;
  /** @throws {NumberError} @throws {InputError} */
  format(number: string | PhoneNumber, format: PlainFormat, region?: string): string;

  /** Digest of a number. @throws {NumberError} @throws {RecipeError} @throws {InputError} */
  digest(number: string | PhoneNumber, recipe: RecipeLike, region?: string): string;
  /** Digests of a number by every published recipe that is computed here and for numbers. @throws {NumberError} @throws {InputError} */
  digests(number: string | PhoneNumber, region?: string): Digest[];
  /** Digest of a text as it is; e-mail recipes trim it and make it lower-case. At most 256 KiB of UTF-8. @throws {RecipeError} @throws {InputError} */
  hash(text: string, recipe: RecipeLike): string;
  /** The one name of a recipe, salt and key included; says whether there is such a recipe. @throws {RecipeError} */
  recipe(recipe: RecipeLike): string;

  /** Results in the order of the texts, one for each. @throws {InputError} */
  parseAll(texts: readonly string[], options?: RegionOption): Result[];
  /** E.164 forms in the order of the texts, a {@link Failure} for each that is no number. The quickest way for many. @throws {InputError} */
  e164All(texts: readonly string[], options?: RegionOption): (string | Failure)[];
  /** Digests in the order of the texts, a {@link Failure} for each that is no number. @throws {RecipeError} @throws {InputError} */
  digestAll(texts: readonly string[], recipe: RecipeLike, options?: RegionOption): (string | Failure)[];
  /** Digests of texts as they are, in their order. @throws {RecipeError} @throws {InputError} */
  hashAll(texts: readonly string[], recipe: RecipeLike): string[];

  /**
   * Works through a source of any length in constant memory, some thousand rows
   * at a time, and reads on only when asked for more. If the source throws, the
   * rows before come first, then its error.
   * @throws {RecipeError} @throws {InputError} before anything is read
   */
  batch<I extends Item>(source: Iterable<I> | AsyncIterable<I>, options?: BatchOptions): AsyncGenerator<Row<I>[], void, void>;

}

/** What all errors of this package are. No message contains a number, digest, salt or key. */
export class SealbookError extends Error {
  constructor(code: string, message: string, options?: ErrorOptions);
  /** Stable; the same in Go, in the core and here. */
  readonly code: string;
}

/** A text is not a phone number. */
export class NumberError extends SealbookError {
  constructor(code: NumberErrorCode);
  readonly code: NumberErrorCode;
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
  readonly code: RecipeErrorCode;
}

export type InputErrorCode =
  /** Not a string, or not an array of strings. */
  | "TYPE"
  /** Not two capital letters or "001". */
  | "REGION"
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
  readonly code: LoadErrorCode;
}
