/**
 * What forms need: formatting while somebody types, exactly as libphonenumber's
 * AsYouTypeFormatter does it; where the caret belongs; the list of regions; what
 * is wrong with a number. `sealbook/element` makes an input of it.
 *
 * ```js
 * import { load } from "sealbook";
 * import { formatInput } from "sealbook/form";
 * const sealbook = await load();
 * formatInput(sealbook, "02079460123", "GB").text;       // "020 7946 0123"
 * ```
 */

import type { NumberErrorCode, Possibility, RegionLike, Result, Sealbook } from "./index.js";

/** A number on its way; the names of libphonenumber's AsYouTypeFormatter. */
export interface AsYouType {
  /** Takes the next character and returns the text so far. A character that is no digit ends the formatting. */
  inputDigit(char: string): string;
  /** The same, and remembers that the caret stands behind it. */
  inputDigitAndRememberPosition(char: string): string;
  /** Where the caret is in the text that was returned last, in UTF-16 units. */
  getRememberedPosition(): number;
  /** Begins anew. */
  clear(): void;
}

/** A formatter for numbers typed in a region; "" for none, where they begin with "+". @throws {InputError} REGION */
export function asYouType<G extends string>(sealbook: Sealbook, region?: RegionLike<G>): AsYouType;

/** A text in an input, and where its caret is. */
export interface Typed {
  /** What belongs into the input. */
  readonly text: string;
  /** Where the caret belongs, in UTF-16 units. */
  readonly caret: number;
}

/**
 * What an input should show after an edit of any kind: typed, deleted, pasted.
 * The caret stays behind the digit that it was behind. A text with anything but
 * digits, a leading plus and what people put between is left as it is.
 * @throws {InputError} TYPE or REGION
 */
export function formatInput<G extends string>(sealbook: Sealbook, text: string, region?: RegionLike<G>, caret?: number | null): Typed;

/** A region for a list. */
export interface ListedRegion {
  /** Two letters. */
  readonly region: string;
  /** Its calling code. */
  readonly callingCode: number;
  /** Its name in the language asked for. */
  readonly name: string;
}

/** All regions with calling codes and names, in the order of a language; the platform's by default. */
export function listRegions(sealbook: Sealbook, locales?: string | readonly string[]): ListedRegion[];

/** What is wrong with a number in a form. */
export type Problem = "EMPTY" | "INVALID" | NumberErrorCode | Exclude<Possibility, "IS_POSSIBLE">;

/** What is wrong, null for a valid number. Show `problems[…]`, or your own words. */
export function problem(result: Result): Exclude<Problem, "EMPTY"> | null;

/** Problems in English words. */
export const problems: Readonly<Record<Problem, string>>;
