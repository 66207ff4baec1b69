// Words for recipes: how they hash, what they are used for, how sure they are.

import { recipes } from "../js/recipes.js";
import { make } from "./dom.js";
import { has, t } from "./language.js";

/** @typedef {import("../js/recipes.js").RecipeInfo} RecipeInfo */

/** @type {ReadonlyMap<string, RecipeInfo>} */
export const byId = new Map(recipes.map((recipe) => [recipe.id, recipe]));
export const ids = new Set(byId.keys());

/** Published recipes that give a digest of a number, not the number itself. */
export const hashing = recipes.filter(({ computable, form, algorithm }) => computable && form !== "email" && algorithm !== "plain");

/** What confidence looks like; the words beside it say the same. */
const MARKS = /** @type {Record<string, string>} */ ({
  "confirmed-official-vector": "good",
  "confirmed-in-code-or-doc-no-vector": "",
  "recall-only": "warn",
});

/** @param {string} algorithm */
export function algorithmName(algorithm) {
  if (algorithm === "plain") return t("algorithm.plain");
  return algorithm.toUpperCase().replace(/SHA(\d)/, "SHA-$1");
}

/** How it hashes, in one line. @param {Pick<RecipeInfo, "algorithm" | "encoding" | "truncation">} recipe */
export function method({ algorithm, encoding, truncation }) {
  const parts = [algorithmName(algorithm)];
  if (algorithm !== "plain" && has("encoding." + encoding)) parts.push(t("encoding." + encoding));
  if (truncation !== null) parts.push(t("recipe.cut", { n: truncation }));
  return parts.join(" · ");
}

/** What is hashed. @param {string} form */
export function formName(form) {
  return t("form." + form);
}

/** @param {RecipeInfo} recipe */
export function kindChip({ kind }) {
  return make("span", { class: "chip" }, has("kind." + kind) ? t("kind." + kind) : kind);
}

/** @param {RecipeInfo} recipe */
export function confidenceChip({ confidence }) {
  const mark = confidence === "recall-only" ? "? " : "";
  return make("span", { class: `chip ${MARKS[confidence] ?? "warn"}`.trim() }, mark + t("confidence." + (confidence in MARKS ? confidence : "recall-only")));
}

/**
 * The recipes that give one digest: in a line who uses them, and unfolded each
 * of them. A weak source is marked in either.
 * @param {readonly RecipeInfo[]} recipes
 * @param {boolean} open
 * @param {(recipe: RecipeInfo) => Node[]} [actions]
 */
export function uses(recipes, open, actions = () => []) {
  const list = make("ul", { class: "uses" }, ...recipes.map((recipe) => recipeItem(recipe, actions(recipe))));
  if (recipes.length < 2) return list;
  const vendors = new Map(recipes.map(({ vendor, confidence }) => [vendor, confidence === "recall-only" ? `${vendor} (?)` : vendor]));
  return make("details", { class: "users", open },
    make("summary", {}, make("strong", {}, t("recipe.users", { n: recipes.length })), " ", make("span", { class: "faint" }, [...vendors.values()].join(", "))),
    list);
}

/** A recipe as an item of a list. @param {RecipeInfo} recipe @param {Node[]} actions */
function recipeItem(recipe, actions) {
  const { name, vendor, source, notes, use } = recipe;
  return make("li", { "data-recipe": recipe.id },
    make("details", {},
      make("summary", {}, make("span", { class: "use-name" }, name), make("span", { class: "use-chips" }, kindChip(recipe), confidenceChip(recipe))),
      use ? make("p", { class: "use" }, use) : null,
      make("p", {}, t("recipe.by", { vendor, method: method(recipe), id: recipe.id })),
      make("p", { lang: "en" }, t("recipe.source", { source })),
      notes ? make("p", { lang: "en" }, notes) : null,
      ...(actions.length ? [make("p", { class: "row" }, ...actions)] : []),
    ),
  );
}
