// The choice of a default region: its names, and the guess made for it.

import { make } from "./dom.js";
import { drawn, language, t } from "./language.js";

/** @typedef {"none" | "browser" | "numbers" | "contacts" | "link" | "chosen"} Why how a region came to be the default */

/** By language: to make one takes an engine longer than to ask it for all regions. @type {Map<string, Intl.DisplayNames>} */
const names = new Map();

/** @param {string} region */
export function regionName(region) {
  if (region === "001") return t("region.world");
  const now = language();
  const known = names.get(now) ?? new Intl.DisplayNames(now, { type: "region" });
  names.set(now, known);
  return known.of(region) ?? region;
}

/**
 * Fills a select with regions, in the page's language and its order.
 * @param {HTMLSelectElement} select
 * @param {readonly [region: string, callingCode: number][]} regions
 * @param {boolean} none whether "no region" is a choice
 */
export function offerRegions(select, regions, none) {
  drawn(() => {
    const chosen = select.value;
    const collator = new Intl.Collator(language());
    const named = regions
      .map(([region, code]) => ({ region, code, name: regionName(region) }))
      .sort((a, b) => collator.compare(a.name, b.name));
    select.replaceChildren(
      ...(none ? [make("option", { value: "" }, t("region.none"))] : []),
      ...named.map(({ region, code, name }) => make("option", { value: region }, `${name} +${code}`)),
    );
    select.value = chosen;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  });
}
