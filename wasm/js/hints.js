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
  const named = locales.flatMap(({ region }) => region ?? []);
  const zoned = regions.filter((region) => zonesOf(region).includes(timeZone));
  const likely = locales.slice(0, 1).flatMap((locale) => locale.maximize().region ?? []);
  return [...new Set([...named, ...zoned, ...likely])].filter((region) => regions.includes(region));
}

/** @returns {readonly string[]} */
function ownLanguages() {
  return globalThis.navigator?.languages ?? [Intl.DateTimeFormat().resolvedOptions().locale];
}

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zones of a region; none where the engine does not know. @param {string} region @returns {readonly string[]} */
function zonesOf(region) {
  const locale = /** @type {Intl.Locale & { getTimeZones?(): string[], timeZones?: string[] }} */ (new Intl.Locale("und", { region }));
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
