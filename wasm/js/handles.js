// Recipes as callers name them, and the handles by which the core knows them.

import { RecipeError, accepted } from "./errors.js";
import { spec } from "./spec.js";

/** @typedef {import("./index.js").RecipeLike} RecipeLike */

const EMAIL = /^(?:form=email |email\/)/;

export const notForNumbers = () => new RecipeError("NOT_COMPUTABLE", "the recipe is for e-mail addresses, not for numbers");

export class Handles {
  #core;
  /** @type {Map<string, number>} */
  #known = new Map();
  /**
   * What each handle stands for. Of recipes that are not published the core
   * holds some, and overwrites the oldest.
   * @type {Map<number, string>}
   */
  #names = new Map();
  /** Of the published recipes, by id. @type {Map<string, string> | undefined} */
  #forms;

  /** @param {import("./core.js").Core} core */
  constructor(core) {
    this.#core = core;
  }

  /**
   * The canonical text of a recipe.
   * @param {RecipeLike} recipe
   */
  text(recipe) {
    const text = name(recipe);
    this.#find(text);
    return text;
  }

  /**
   * The handle of a recipe, good until the next call of this method. It may
   * use the core's input; the last parse stays.
   * @param {RecipeLike} recipe
   */
  get(recipe) {
    return this.#find(name(recipe));
  }

  /**
   * As get, for hashing many numbers. Recipes for e-mail addresses give nothing of
   * a number, and nothing must not pass for a digest.
   * @param {RecipeLike} recipe
   */
  getForNumbers(recipe) {
    const text = name(recipe);
    if (EMAIL.test(text) || this.form(text) === "email") {
      throw notForNumbers();
    }
    return this.#find(text);
  }

  /** The form of a published recipe. @param {string} id */
  form(id) {
    return (this.#forms ??= new Map(this.#core.built().recipes.map(({ id, form }) => [id, form]))).get(id);
  }

  /** @param {string} text */
  #find(text) {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const core = this.#core;
    const handle = accepted(core.exports.recipe(core.writeAll(text)));
    const before = this.#names.get(handle);
    if (before !== undefined) this.#known.delete(before);
    this.#names.set(handle, text);
    this.#known.set(text, handle);
    return handle;
  }
}

/** A recipe in text. @param {RecipeLike} recipe */
export function name(recipe) {
  if (typeof recipe === "string") return recipe;
  if (typeof recipe !== "object" || recipe === null) throw new RecipeError("SPEC", "a recipe is a text or an object");
  const { id } = /** @type {{ id?: unknown }} */ (recipe);
  if (id !== undefined && typeof id !== "string") throw new RecipeError("SPEC");
  return id ?? spec(/** @type {import("./index.js").OwnRecipe} */ (recipe));
}
