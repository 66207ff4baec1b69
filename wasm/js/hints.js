// Regions that a machine's own settings speak for; see contacts.d.ts.

/**
 * @param {import("./index.js").Sealbook} sealbook
 * @param {{ languages?: readonly string[], timeZone?: string }} [of]
 * @returns {string[]}
 */
export function regionHints({ regions }, { languages = ownLanguages(), timeZone = ownTimeZone() } = {}) {
  const locales = languages.flatMap((tag) => {
    try {
      return [new Intl.Locale(tag)];
    } catch {
      return []; // such as "C", which some systems have
    }
  });
  const known = (/** @type {string | undefined} */ region) => (region !== undefined && regions.includes(region) ? [region] : []);
  const named = locales.flatMap(({ region }) => known(region));
  const likely = locales.slice(0, 1).flatMap((locale) => known(locale.maximize().region));
  const zoned = known(regionOf(timeZone, [...named, ...likely, ...regions]));
  return [...new Set([...named, ...zoned, ...likely])];
}

/** @returns {readonly string[]} */
function ownLanguages() {
  return globalThis.navigator?.languages ?? [Intl.DateTimeFormat().resolvedOptions().locale];
}

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The answers so far, by time zone. @type {Map<string, string | undefined>} */
const asked = new Map();

/**
 * The region that a time zone is of: in CLDR one at most, and none for those of
 * no place, such as UTC. Engines take up to a millisecond to list a region's
 * zones, so it is looked for once, in a list that begins with the likeliest.
 * @param {string} timeZone
 * @param {readonly string[]} regions
 */
function regionOf(timeZone, regions) {
  if (!asked.has(timeZone)) asked.set(timeZone, timeZone.includes("/") ? regions.find((region) => zonesOf(region).includes(timeZone)) : undefined);
  return asked.get(timeZone);
}

/** The time zones of a region; none where the engine does not know. @param {string} region @returns {readonly string[]} */
function zonesOf(region) {
  const locale = /** @type {Intl.Locale & { getTimeZones?(): string[], timeZones?: string[] }} */ (new Intl.Locale("und", { region }));
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
