// In which region somebody's contacts were written down; package
// wasm/contacts/sift says how, and tests/vectors/sift.json holds both to the same
// answers.

/** @typedef {import("./contacts.js").Contender} Contender */

/** Most texts without calling code that are looked at. */
const SAMPLE = 300;
/** Texts read at once. */
const PIECE = 1024;

/**
 * @param {import("./index.js").Sealbook} sealbook
 * @param {import("./format.js").Formats} formats
 * @param {Iterable<string>} texts
 * @param {readonly (string | null | undefined)[]} [hints]
 * @returns {import("./contacts.js").RegionGuess}
 */
export function guessRegion(sealbook, formats, texts, hints = []) {
  const regions = new Map(sealbook.regions.map((region) => [region, { region, fit: 0, valid: 0, written: 0, international: 0 }]));
  const [national, sample, known] = count(sealbook, texts, regions);

  const somewhere = new Set();
  for (const [region, c] of regions) {
    const code = sealbook.callingCode(region);
    for (const [i, number] of sealbook.parseAll(sample, { region }).entries()) {
      if (number.error !== null || number.callingCode !== code) continue;
      const { valid } = number;
      if (number.possibility !== "IS_POSSIBLE" || (valid && number.region !== region)) continue;
      const written = sameGroups(sample[i], formats.national(number));
      if (written) c.written++;
      if (valid) c.valid++;
      if (!valid && !written) continue;
      c.fit++;
      somewhere.add(i);
    }
  }
  const contenders = fitting([...regions.values()], somewhere.size);
  const decision = decide(contenders, regions, known, hints);
  return { ...decision, contenders, national, known };
}

/**
 * Counts numbers by calling code and collects those without one.
 * @param {import("./index.js").Sealbook} sealbook
 * @param {Iterable<string>} texts
 * @param {Map<string, { international: number }>} regions
 * @returns {[national: number, sample: string[], known: number]}
 */
function count(sealbook, texts, regions) {
  /** @type {string[]} */
  const sample = [];
  let national = 0;
  let known = 0;
  /** @param {string[]} piece */
  const look = (piece) => {
    for (const [i, number] of sealbook.parseAll(piece).entries()) {
      if (number.error === "INVALID_COUNTRY_CODE") {
        national++;
        if (sample.length < SAMPLE) sample.push(piece[i]);
      } else if (number.error === null && number.valid) {
        const c = regions.get(number.region ?? "");
        if (c === undefined) continue;
        c.international++;
        known++;
      }
    }
  };
  let piece = [];
  for (const text of texts) {
    if (piece.push(text) < PIECE) continue;
    look(piece);
    piece = [];
  }
  look(piece);
  return [national, sample, known];
}

/** @param {Contender} c */
const points = (c) => c.fit + c.written;

/** Tells contenders apart. @param {Contender} c */
const rank = (c) => points(c) + c.valid;

/** Whether a region comes within a tenth of the best. @param {Contender} c @param {number} best */
const fits = (c, best) => points(c) > 0 && 10 * points(c) >= 9 * best;

/**
 * The regions that fit, the best first and else by the alphabet; none if even
 * the best fits less than half of the texts.
 * @param {Contender[]} all
 * @param {number} texts that fit somewhere
 */
function fitting(all, texts) {
  const best = all.reduce((a, b) => (points(b) > points(a) ? b : a));
  if (2 * best.fit < texts) return [];
  return all.filter((c) => fits(c, points(best))).sort((a, b) => rank(b) - rank(a));
}

/**
 * @param {readonly Contender[]} contenders
 * @param {ReadonlyMap<string, Contender>} regions
 * @param {number} known
 * @param {readonly (string | null | undefined)[]} hints
 * @returns {{ region: string | null, decided: import("./contacts.js").Decided }}
 */
function decide(contenders, regions, known, hints) {
  const hinted = hints.map((hint) => regions.get(hint ?? "")).filter((c) => c !== undefined);
  const [first, second] = contenders;
  if (first === undefined) {
    const home = [...regions.values()].find((c) => c.international >= 3 && 2 * c.international > known);
    if (home) return { region: home.region, decided: "CALLING_CODE" };
    return hinted.length > 0 ? { region: hinted[0].region, decided: "HINT" } : { region: null, decided: "NONE" };
  }
  if (second === undefined) return { region: first.region, decided: "NUMBERS" };
  const hint = hinted.find((c) => contenders.includes(c));
  if (hint) return { region: hint.region, decided: "HINT" };
  const [a, b] = [...contenders].sort((x, y) => y.international - x.international);
  if (a.international > b.international) return { region: a.region, decided: "CALLING_CODE" };
  if (rank(first) > rank(second)) return { region: first.region, decided: "NUMBERS" };
  return { region: null, decided: "NONE" };
}

/**
 * Whether two texts have the same ASCII digits in the same groups, and more
 * than one.
 * @param {string} a
 * @param {string} b
 */
function sameGroups(a, b) {
  const groups = a.match(/\d+/g) ?? [];
  return groups.length > 1 && groups.join(" ") === (b.match(/\d+/g) ?? []).join(" ");
}

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
