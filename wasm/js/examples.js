// Example numbers: see examples.d.ts.

import { examples, types } from "./examples-of.js";

/** Lines of examples-of.js by region. @type {Map<string, string[]> | undefined} */
let lines;

/**
 * @param {import("./index.js").Sealbook} sealbook
 * @param {string} region
 * @param {import("./examples.js").ExampleType} [type]
 */
export function exampleNumber(sealbook, region, type = "MOBILE") {
  lines ??= new Map(examples.split("\n").map((line) => [line.slice(0, 2), line.slice(3).split(" ")]));
  const text = lines.get(region)?.[types.indexOf(type)];
  return text ? sealbook.parse(`+${sealbook.callingCode(region)}${text}`) : null;
}
