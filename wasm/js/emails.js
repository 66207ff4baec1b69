// Digests of e-mail addresses: see emails.d.ts.

import { InputError, RecipeError } from "./errors.js";

/** @typedef {import("./emails.js").EmailRecipe} EmailRecipe */

/**
 * @param {string} id
 * @param {string} vendor
 * @param {Pick<EmailRecipe, "confidence" | "source"> & Partial<EmailRecipe>} more
 * @returns {EmailRecipe}
 */
const recipe = (id, vendor, more) => Object.freeze({ id, vendor, dots: "keep", tag: "keep", encoding: "hex", ...more });

const recall = { confidence: /** @type {const} */ ("recall-only"), source: "trim and lower case, as the vendor's pages said when last read; not read again for this list" };

/** @type {readonly EmailRecipe[]} */
export const emailRecipes = Object.freeze([
  recipe("meta-email", "Meta", { confidence: "confirmed-official-vector", source: "developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters, the example of em" }),
  recipe("google-email", "Google", { dots: "gmail", confidence: "confirmed-in-code-or-doc-no-vector", source: "developers.google.com/doubleclick-advertisers/guides/conversions_ec, \"Normalization and hashing\"; the samples of Google's client libraries do the same. A page of Google Ads says it of all domains, and of what is behind a plus" }),
  recipe("uid2-email", "IAB Tech Lab", { dots: "gmail.com", tag: "gmail.com", encoding: "base64", confidence: "confirmed-official-vector", source: "IABTechLab/uid2docs@040205a docs/getting-started/gs-normalization-encoding.md" }),
  recipe("reddit-email", "Reddit", { dots: "all", tag: "all", confidence: "confirmed-in-code-or-doc-no-vector", source: "segmentio/action-destinations@01090ba reddit-conversions-api/utils.ts" }),
  recipe("microsoft-email", "Microsoft", { confidence: "confirmed-in-code-or-doc-no-vector", source: "segmentio/action-destinations@0c73b5b ms-bing-capi/sendEvent/index.ts; Microsoft's own page was not read" }),
  recipe("tiktok-email", "TikTok", recall),
  recipe("pinterest-email", "Pinterest", recall),
  recipe("snap-email", "Snap", recall),
  recipe("linkedin-email", "LinkedIn", recall),
  recipe("x-email", "X", recall),
]);

/** @param {string | EmailRecipe} wanted @returns {EmailRecipe} */
function find(wanted) {
  const found = typeof wanted === "string" ? emailRecipes.find(({ id }) => id === wanted) : wanted;
  if (typeof found !== "object" || found === null) throw new RecipeError("RECIPE");
  return found;
}

/** @param {EmailRecipe["dots"]} where @param {string} domain */
const applies = (where, domain) => where === "all" || where === domain || (where === "gmail" && /^g(?:oogle)?mail\.com$/.test(domain));

/**
 * @param {string} address
 * @param {string | EmailRecipe} wanted
 */
export function normalizeEmail(address, wanted) {
  const { dots, tag } = find(wanted);
  if (typeof address !== "string") throw new InputError("TYPE", "an address must be a string");
  const text = address.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const [, name, domain] = /^([^\s@]+)@([^\s@]+)$/.exec(text) ?? [];
  if (name === undefined || text.length > 320) throw new InputError("TEXT", "not an e-mail address");
  let local = name;
  if (applies(tag, domain) && local.indexOf("+") > 0) local = local.slice(0, local.indexOf("+"));
  if (applies(dots, domain)) local = local.replaceAll(".", "");
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
