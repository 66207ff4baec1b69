// The functions of libphonenumber-js that are used most: see compat.d.ts.

import { exampleNumber } from "./examples.js";
import { formatInput } from "./form.js";
import { loadFormats } from "./format.js";
import { load } from "./index.js";

/** @typedef {import("./compat.js").ParseError} ParseErrorType */

/** Their names of the ways to write a number. */
const FORMATS = /** @type {const} */ ({ "E.164": "E164", INTERNATIONAL: "INTERNATIONAL", NATIONAL: "NATIONAL" });

/** What libphonenumber-js throws. */
export class ParseError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "ParseError";
  }
}

/** Their names of what is wrong. @type {Readonly<Record<string, string>>} */
const ERRORS = { INVALID_COUNTRY_CODE: "INVALID_COUNTRY", TOO_SHORT_AFTER_IDD: "TOO_SHORT", TOO_SHORT_NSN: "TOO_SHORT" };

export async function loadCompat() {
  const [sealbook, formats] = await Promise.all([load(), loadFormats()]);
  /** The only region of a calling code. @type {Map<number, string | undefined>} */
  const only = new Map();
  for (const region of sealbook.regions) {
    const code = sealbook.callingCode(region);
    only.set(code, only.has(code) ? undefined : region);
  }

  class PhoneNumber {
    /**
     * @param {import("./index.js").PhoneNumber} number
     * @param {string} [home] where it was written without a calling code
     */
    constructor(number, home) {
      this.number = number.e164;
      this.countryCallingCode = String(number.callingCode);
      this.nationalNumber = number.e164.slice(1 + this.countryCallingCode.length);
      this.country = (number.region === "001" ? undefined : number.region) ?? only.get(number.callingCode) ?? home;
      if (number.extension !== "") this.ext = number.extension;
      Object.defineProperty(this, "about", { value: number, enumerable: false });
    }

    /** @returns {import("./index.js").PhoneNumber} */
    get #about() {
      return /** @type {any} */ (this).about;
    }

    isPossible() {
      return this.#about.possibility === "IS_POSSIBLE";
    }

    isValid() {
      return this.#about.valid;
    }

    isNonGeographic() {
      return this.#about.region === "001";
    }

    getType() {
      const { type } = this.#about;
      return type === "UNKNOWN" ? undefined : type;
    }

    /** @param {{ number: string, ext?: string }} other */
    isEqual(other) {
      return this.number === other.number && this.ext === other.ext;
    }

    /** @param {keyof typeof FORMATS | "RFC3966"} format */
    format(format) {
      if (format === "RFC3966") return `tel:${this.number}${this.ext ? `;ext=${this.ext}` : ""}`;
      if (!Object.hasOwn(FORMATS, format)) throw new Error("Unknown format");
      const text = formats.format(this.#about, FORMATS[format]);
      if (format !== "INTERNATIONAL") return text;
      // They write no hyphens and brackets abroad.
      const [number, ...rest] = text.split(/( ext\. |;ext=)/);
      return [number.replace(/[ ()./-]+/g, " ").trim(), ...rest].join("");
    }

    formatNational() {
      return this.format("NATIONAL");
    }

    formatInternational() {
      return this.format("INTERNATIONAL");
    }

    getURI() {
      return this.format("RFC3966");
    }

    toString() {
      return this.number;
    }
  }

  /** @param {string | { defaultCountry?: string } | undefined} country */
  const regionOf = (country) => {
    const region = (typeof country === "object" ? country?.defaultCountry : country) ?? "";
    return sealbook.callingCode(region) === 0 ? "" : region;
  };

  /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
  const read = (text, country) => {
    if (typeof text !== "string") throw new TypeError("A text for parsing must be a string.");
    return sealbook.tryParse(text, regionOf(country));
  };

  /** @param {string} text @param {import("./index.js").PhoneNumber} number @param {string | { defaultCountry?: string }} [country] */
  function made(text, number, country) {
    const home = regionOf(country);
    return new PhoneNumber(number, !/^[^0-9]*[+＋]/.test(text) && sealbook.callingCode(home) === number.callingCode ? home : undefined);
  }

  /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
  function parsePhoneNumberFromString(text, country) {
    const number = read(text, country);
    return number.error === null ? made(text, number, country) : undefined;
  }

  /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
  function parsePhoneNumberWithError(text, country) {
    const number = read(text, country);
    if (number.error !== null) throw new ParseError(ERRORS[number.error] ?? number.error);
    return made(text, number, country);
  }

  return {
    parsePhoneNumber: parsePhoneNumberWithError,
    parsePhoneNumberWithError,
    parsePhoneNumberFromString,
    /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
    isValidPhoneNumber: (text, country) => read(text, country).valid,
    /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
    isPossiblePhoneNumber: (text, country) => read(text, country).possibility === "IS_POSSIBLE",
    /** @param {string} text @param {string | { defaultCountry?: string }} [country] */
    validatePhoneNumberLength(text, country) {
      const { error, possibility } = read(text, country);
      if (error !== null) return ERRORS[error] ?? error;
      return possibility === "IS_POSSIBLE" ? undefined : possibility === "IS_POSSIBLE_LOCAL_ONLY" ? "TOO_SHORT" : ERRORS[possibility] ?? possibility;
    },
    getCountries: () => [...sealbook.regions],
    /** @param {string} country */
    getCountryCallingCode(country) {
      const code = sealbook.callingCode(country);
      if (code === 0) throw new Error("Unknown country");
      return String(code);
    },
    /** @param {string} country */
    isSupportedCountry: (country) => sealbook.callingCode(country) !== 0,
    /** @param {string} country */
    getExampleNumber(country) {
      const number = exampleNumber(sealbook, country);
      return number === null ? undefined : new PhoneNumber(number);
    },
    AsYouType: class {
      #region;
      #text = "";

      /** @param {string | { defaultCountry?: string }} [country] */
      constructor(country) {
        this.#region = regionOf(country);
      }

      /** @param {string} text more of it */
      input(text) {
        this.#text += text;
        return formatInput(sealbook, this.#text, this.#region).text;
      }

      getNumber() {
        return parsePhoneNumberFromString(this.#text, this.#region);
      }

      reset() {
        this.#text = "";
      }
    },
  };
}
