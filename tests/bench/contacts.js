// 5,000 people from a file to numbers: read, the region guessed, the numbers read and
// sifted; runs in a page and in Node.

const people = 5000;

/** @param {(i: string) => string} make @param {number} [n] */
const times = (make, n = people) => Array.from({ length: n }, (_, i) => make(String(i % 1000).padStart(3, "0"))).join("");

/** Files of so many people, and the numbers in them. */
export const files = {
  vCard: times((i) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ines Field ${i}\r\nN:Field;Ines ${i};;;\r\nTEL;TYPE=CELL:020 7946 0${i}\r\nEMAIL:i${i}@example.org\r\nEND:VCARD\r\n`),
  CSV: `Name,Phone\n${times((i) => `Ines Field ${i},+44 20 7946 0${i}\n`)}`,
  JSON: `[${times((i) => `{"firstName":"Ines","lastName":"Field ${i}","phones":[{"type":"mobile","value":"020 7946 0${i}"}]},\n`)}{}]`,
  "CSV, each cell with words and two numbers": `Name,Phone\n${times((i) => `Ines Field ${i},Tel: 44 20 7946 0${i} / 0019 (home)\n`)}`,
};

/**
 * @param {import("../../wasm/js/contacts.js").Contacts} contacts
 * @param {import("../../wasm/js/index.js").Sealbook} sealbook
 * @param {string} text
 */
async function book(contacts, sealbook, text) {
  const fields = [];
  for await (const entries of contacts.read(text)) {
    for (const entry of entries) {
      if (entry.kind === "person") for (const { text, country } of entry.numbers) fields.push({ text, country: country ?? undefined });
    }
  }
  const { region, habit } = contacts.guessRegion(sealbook, fields, ["GB"]);
  return contacts.sift(sealbook, fields, { region: region ?? "", habit }).filter(({ reason }) => reason === null).length;
}

/**
 * @param {import("../../wasm/js/contacts.js").Contacts} contacts
 * @param {import("../../wasm/js/index.js").Sealbook} sealbook
 * @param {{ parsePhoneNumberFromString(text: string, region: string): { number: string } | undefined }} peer libphonenumber-js/max
 * @returns {Promise<{ what: string, ms: number, peer: number }[]>} milliseconds, the least of seven in turns
 */
export async function measure(contacts, sealbook, peer) {
  /** @type {Map<string, { ms: number, peer: number }>} */
  const all = new Map();
  for (let round = 0; round < 7; round++) {
    for (const [what, text] of Object.entries(files)) {
      const begin = performance.now();
      const kept = await book(contacts, sealbook, text);
      const read = performance.now();
      if (kept < people) throw new Error(`${what}: ${kept} numbers`);
      // What is simplest: the numbers cut out with a pattern, and libphonenumber-js.
      const found = (text.match(/(?:\+|\b0|\b44 )[0-9 ]{10,14}/g) ?? []).filter((number) => peer.parsePhoneNumberFromString(number, "GB"));
      const end = performance.now();
      if (found.length < people) throw new Error(`${what}: ${found.length} numbers by a pattern`);
      const least = all.get(what) ?? { ms: Infinity, peer: Infinity };
      all.set(what, { ms: Math.min(least.ms, read - begin), peer: Math.min(least.peer, end - read) });
    }
  }
  return [...all].map(([what, { ms, peer }]) => ({ what, ms, peer }));
}
