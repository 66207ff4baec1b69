// An address book to the numbers in it that a person could have registered.

import { InputError } from "../errors.js";

/** Types of numbers where no code reaches a person. */
const SERVICES = new Set(["PREMIUM_RATE", "SHARED_COST", "VOICEMAIL"]);

/** @typedef {import("./discover.js").Contact} Contact */

/**
 * @param {import("../index.js").Sealbook} sealbook
 * @param {readonly Contact[]} contacts
 * @param {string | undefined} region of numbers without "+"
 * @returns {{ owners: Map<string, number[]>, counts: import("./discover.js").BookCounts }} owners: number to positions in contacts
 */
export function numbersOf(sealbook, contacts, region) {
  if (!Array.isArray(contacts)) throw new InputError("TYPE", "contacts must be an array");
  /** Texts and whose they are, by region, because a call has one. @type {Map<string | undefined, { texts: string[], contacts: number[] }>} */
  const groups = new Map();
  contacts.forEach((/** @type {Contact} */ contact, at) => {
    const own = (typeof contact === "object" && contact?.region) || region;
    const group = groups.get(own) ?? { texts: [], contacts: [] };
    groups.set(own, group);
    for (const text of textsOf(contact)) {
      group.texts.push(text);
      group.contacts.push(at);
    }
  });
  /** @type {Map<string, number[]>} */
  const owners = new Map();
  const counts = { contacts: contacts.length, texts: 0, numbers: 0, repeated: 0, unreadable: 0, invalid: 0, services: 0, extensions: 0 };
  for (const [own, group] of groups) {
    sealbook.parseAll(group.texts, { region: own }).forEach((number, i) => {
      counts.texts++;
      // Nobody can prove to hold a number that was never given out, an
      // emergency or short number among them, or one behind a switchboard.
      if (number.error !== null) counts.unreadable++;
      else if (!number.valid) counts.invalid++;
      else if (SERVICES.has(number.type)) counts.services++;
      else if (number.extension !== "") counts.extensions++;
      else {
        const known = owners.get(number.e164);
        if (known !== undefined) counts.repeated++;
        if (known === undefined) owners.set(number.e164, [group.contacts[i]]);
        else if (known.at(-1) !== group.contacts[i]) known.push(group.contacts[i]);
      }
    });
  }
  counts.numbers = owners.size;
  return { owners, counts };
}

/**
 * @param {Contact} contact
 * @returns {string[]}
 */
function textsOf(contact) {
  if (typeof contact === "string") return [contact];
  if (typeof contact !== "object" || contact === null || !Array.isArray(contact.numbers)) {
    throw new InputError("TYPE", "a contact is a text or has an array of numbers");
  }
  return contact.numbers.map((number) => (typeof number === "string" ? number : number?.text));
}
