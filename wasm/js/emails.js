// Digests of e-mail addresses: see emails.d.ts. Twin of wasm/email/email.go.

import { emailRecipes } from "./email-recipes.js";
import { InputError, RecipeError } from "./errors.js";
import { TextEncoder } from "./utf8.js";

export { emailRecipes } from "./email-recipes.js";

/** @typedef {import("./emails.js").EmailRecipe} EmailRecipe */

/** Bytes of the longest address (RFC 5321, section 4.5.3.1). */
const MOST = 320;
/** Something on both sides of one @: no white space, control characters, lone surrogates or replacements of bytes. */
const ADDRESS = /^([^\s@\p{Cc}\p{Cs}\ufffd]+)@([^\s@\p{Cc}\p{Cs}\ufffd]+)$/u;
const encoder = new TextEncoder();

/** @param {string | EmailRecipe} wanted @returns {EmailRecipe} */
function find(wanted) {
  const found = typeof wanted === "string" ? emailRecipes.find(({ id }) => id === wanted) : wanted;
  if (typeof found !== "object" || found === null) throw new RecipeError("RECIPE");
  return found;
}

/** @param {import("./emails.js").Where | undefined} where @param {string} domain */
const applies = (where, domain) => where === "all" || where === domain || (where === "gmail" && /^g(?:oogle)?mail\.com$/.test(domain));

/**
 * @param {string} address
 * @param {string | EmailRecipe} wanted
 */
export function normalizeEmail(address, wanted) {
  const { dots, tag, symbols } = find(wanted);
  if (typeof address !== "string") throw new InputError("TYPE", "an address must be a string");
  const text = address.trim();
  const [, name, host] = (text.length <= MOST && encoder.encode(text).length <= MOST && ADDRESS.exec(text)) || [];
  if (name === undefined) throw new InputError("TEXT", "not an e-mail address");
  const [whole, domain] = [name, host].map((part) => part.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  let local = whole;
  if (applies(tag, domain)) local = local.replace(/\+.*/s, "");
  if (applies(dots, domain)) local = local.replaceAll(".", "");
  if (applies(symbols, domain)) local = local.replace(/[^a-z0-9]/g, "");
  if (local === "") throw new InputError("TEXT", "not an e-mail address");
  return `${local}@${domain}`;
}

/**
 * @param {import("./index.js").Sealbook} sealbook
 * @param {string} address
 * @param {string | EmailRecipe} wanted
 */
export function emailDigest(sealbook, address, wanted) {
  const recipe = find(wanted);
  if (typeof sealbook?.hash !== "function") throw new InputError("TYPE", "not what load answers");
  return sealbook.hash(normalizeEmail(address, recipe), `email/sha256/${recipe.encoding}`);
}
