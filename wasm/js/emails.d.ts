/**
 * Digests of e-mail addresses, as the platforms that take digests of numbers take
 * them: SHA-256 of an address in the vendor's own normal form.
 *
 * ```js
 * import { emailDigest } from "sealbook/emails";
 * emailDigest(sealbook, "Jane.Doe@gmail.com ", "google-email");   // of janedoe@gmail.com
 * ```
 *
 * A digest of an address is personal data: addresses can be guessed as numbers can.
 */

import type { Sealbook } from "./index.js";

/** Where something is left out of what stands before the "@". */
export type Where = "keep" | "gmail" | "gmail.com" | "all";

export type EmailRecipeId =
  | "meta-email" | "google-email" | "uid2-email" | "reddit-email" | "microsoft-email"
  | "tiktok-email" | "pinterest-email" | "snap-email" | "linkedin-email" | "x-email";

/** How a vendor wants addresses. All are trimmed and their ASCII letters made lower-case. */
export interface EmailRecipe {
  /** Stable name. */
  readonly id: string;
  /** Who takes such digests. */
  readonly vendor: string;
  /** Where dots are left out; "gmail" is gmail.com and googlemail.com. */
  readonly dots: Where;
  /** Where a plus and what is behind it are left out. */
  readonly tag: Where;
  /** Where all but ASCII letters and digits is left out; nowhere if left out itself. */
  readonly symbols?: Where;
  /** How the SHA-256 is written. */
  readonly encoding: "hex" | "base64";
  /** How sure the recipe is; not all sources could be checked. */
  readonly confidence: "confirmed-official-vector" | "confirmed-in-code-or-doc-no-vector" | "recall-only";
  /** Where it is written down. */
  readonly source: string;
}

/** Those that are known, in no order. */
export const emailRecipes: readonly EmailRecipe[];

/** The address that is hashed. @throws {InputError} TEXT for what is no address @throws {RecipeError} RECIPE */
export function normalizeEmail(address: string, recipe: EmailRecipeId | EmailRecipe): string;

/** The digest of an address. @throws {InputError} TEXT for what is no address @throws {RecipeError} RECIPE */
export function emailDigest(sealbook: Sealbook, address: string, recipe: EmailRecipeId | EmailRecipe): string;
