/** The published recipes with what a page says about them, in the order of their handles. */

export interface RecipeInfo {
  /** Stable name, such as "meta-capi". */
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly kind: "ad-matching" | "contact-discovery" | "number-verification" | "crm" | "observed" | "mistake";
  /** What it is used for. */
  readonly use: string;
  /** The same in Simplified Chinese. */
  readonly use_zh: string;
  /** Which spelling of the number is hashed. */
  readonly form:
    | "e164_plus" | "digits_cc" | "intl_00" | "national_0" | "national_nsn"
    | "spaced_intl" | "rfc3966" | "email";
  /** A hash, "hmac-" and a hash, "plain" for none, "unsupported". */
  readonly algorithm: string;
  /** How the digest is written; "text" for plain, "none" for unsupported. */
  readonly encoding: string;
  /** Bytes of the digest that are kept; null for all. */
  readonly truncation: number | null;
  /** What is hashed: {n} is the number, {salt} the salt. */
  readonly template: string;
  readonly salt: string | null;
  /** Key of the HMAC, hexadecimal. */
  readonly key: string | null;
  /** How sure the recipe is; not all sources could be checked. */
  readonly confidence: "confirmed-official-vector" | "confirmed-in-code-or-doc-no-vector" | "recall-only";
  readonly source: string;
  readonly notes: string | null;
  /** False where the algorithm is known and not computed here. */
  readonly computable: boolean;
}

export const recipes: readonly RecipeInfo[];
