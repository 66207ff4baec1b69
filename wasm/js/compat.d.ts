/**
 * For going over from libphonenumber-js: the functions that are used most, with
 * their names and answers. All that differs at the call is one await:
 *
 * ```js
 * import { loadCompat } from "sealbook/compat";
 * const { parsePhoneNumber, isValidPhoneNumber } = await loadCompat();
 * parsePhoneNumber("020 7946 0123", "GB").formatInternational();   // "+44 20 7946 0123"
 * ```
 *
 * Validity and types are those of libphonenumber-js/max.
 */

import type { NumberType } from "./index.js";

/** Loads what the functions need: the core and format.wasm. @throws {LoadError} */
export function loadCompat(): Promise<Compat>;

/** What parsePhoneNumberWithError throws; its message is the reason. */
export class ParseError extends Error {
  constructor(message: string);
}

/** A country, or an object with it. */
export type Country = string | { defaultCountry?: string };

/** A number that was read. */
export interface PhoneNumber {
  /** E.164. */
  readonly number: string;
  /** Two letters; undefined where several countries share the calling code and none has given out the number. */
  readonly country: string | undefined;
  /** Digits of the calling code. */
  readonly countryCallingCode: string;
  /** Digits behind it. */
  readonly nationalNumber: string;
  /** Digits of the extension. */
  readonly ext?: string;
  /** Its length is right. */
  isPossible(): boolean;
  /** It is in a range that is in use. */
  isValid(): boolean;
  /** It belongs to no country, such as +800. */
  isNonGeographic(): boolean;
  /** What kind of line it is. */
  getType(): Exclude<NumberType, "UNKNOWN"> | undefined;
  /** The same number and extension. */
  isEqual(other: { readonly number: string; readonly ext?: string }): boolean;
  /** The number written so. */
  format(format: "E.164" | "INTERNATIONAL" | "NATIONAL" | "RFC3966"): string;
  /** 020 7946 0123 */
  formatNational(): string;
  /** +44 20 7946 0123 */
  formatInternational(): string;
  /** tel:+442079460123 */
  getURI(): string;
}

/** The functions. */
export interface Compat {
  /** The same as parsePhoneNumberWithError, as there. @throws {ParseError} */
  parsePhoneNumber(text: string, country?: Country): PhoneNumber;
  /** undefined for what is no number. */
  parsePhoneNumberFromString(text: string, country?: Country): PhoneNumber | undefined;
  /** @throws {ParseError} NOT_A_NUMBER, INVALID_COUNTRY, TOO_SHORT, TOO_LONG */
  parsePhoneNumberWithError(text: string, country?: Country): PhoneNumber;
  /** Whether the text is a number in a range that is in use. */
  isValidPhoneNumber(text: string, country?: Country): boolean;
  /** Whether the text is a number of the right length. */
  isPossiblePhoneNumber(text: string, country?: Country): boolean;
  /** What is wrong with the length, undefined for nothing. */
  validatePhoneNumberLength(text: string, country?: Country): "NOT_A_NUMBER" | "INVALID_COUNTRY" | "TOO_SHORT" | "TOO_LONG" | "INVALID_LENGTH" | undefined;
  /** Supported countries. */
  getCountries(): string[];
  /** Digits of a country's calling code. */
  getCountryCallingCode(country: string): string;
  /** Whether a country is supported. */
  isSupportedCountry(country: string): boolean;
  /** A mobile number of a country. */
  getExampleNumber(country: string): PhoneNumber | undefined;
  /** Formats while somebody types. */
  AsYouType: new (country?: Country) => { input(text: string): string; getNumber(): PhoneNumber | undefined; reset(): void };
}
