// An own recipe as the one line that package recipe reads.

/** @param {import("./index.js").OwnRecipe} own */
export function spec(own) {
  const parts = [`form=${own.form}`, `alg=${own.algorithm}`];
  if (own.encoding !== undefined) parts.push(`enc=${own.encoding}`);
  if (own.truncation !== undefined) parts.push(`trunc=${own.truncation}`);
  if (own.template !== undefined) parts.push(`template=${own.template}`);
  if (own.salt !== undefined) parts.push(`salt=${own.salt}`);
  if (own.key !== undefined) parts.push(`key=${own.key}`);
  return parts.join(" ");
}
