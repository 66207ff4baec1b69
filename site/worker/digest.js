// Digests by recipes of any form. The core writes plain forms; numbers in
// another are written by format.wasm, and their texts hashed.

/** @typedef {import("../js/index.js").Sealbook} Sealbook */
/** @typedef {import("../js/format.js").Formats} Formats */

/** Forms with a layout. @type {Readonly<Record<string, import("../js/format.js").Format>>} */
const LAYOUTS = { national_0: "NATIONAL_DIGITS", spaced_intl: "INTERNATIONAL", rfc3966: "RFC3966" };

/**
 * @param {Sealbook} sealbook
 * @param {Formats} formats
 * @param {readonly string[]} numbers in E.164
 * @param {string} recipe an id or a name
 * @param {string} form of the recipe
 */
export function digestAll(sealbook, formats, numbers, recipe, form) {
  const layout = LAYOUTS[form];
  if (layout) return sealbook.hashAll(formats.formatAll(numbers, layout), recipe);
  return sealbook.digestAll(numbers, recipe);
}
