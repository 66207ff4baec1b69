/** The published recipes with what a page says about them; generated from recipes.json. */

export interface RecipeInfo {
  /** Stable name, such as "meta-capi". */
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  /** What it is used for, such as "ad-matching". */
  readonly kind: string;
  readonly form: string;
  readonly algorithm: string;
  readonly encoding: string;
  /** Bytes of the digest that are kept; null for all. */
  readonly truncation: number | null;
  /** How sure the recipe is: "confirmed-official-vector", "confirmed-in-code-or-doc-no-vector", "recall-only". */
  readonly confidence: string;
  /** False where the algorithm is known and not computed here. */
  readonly computable: boolean;
  readonly source: string;
  readonly notes: string | null;
  readonly use: string | null;
}

export const recipes: readonly RecipeInfo[];
