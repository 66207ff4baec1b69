// Reads a file of contacts into what the book keeps of it.

import { Refusal } from "./serve.js";

/**
 * @typedef {{ line: number, person: number, label: string, name: string, written: string, country: string }} Entry
 * @typedef {{ line: number, code: string }} Problem
 * @typedef {{ person: number, name: string, address: string }} Mail
 * @typedef {{ entries: Entry[], mails: Mail[], problems: Problem[], problemCount: number, emails: number, people: number, format: string, cut: boolean }} Read
 */

/**
 * @param {import("../js/contacts.js").Contacts} contacts
 * @param {Blob} file
 * @param {number} most how many entries are kept
 * @param {(share: number) => void} progress
 * @returns {Promise<Read>}
 */
export async function readFile(contacts, file, most, progress) {
  /** @type {Read} */
  const found = { entries: [], mails: [], problems: [], problemCount: 0, emails: 0, people: 0, format: "unknown", cut: false };
  try {
    for await (const some of contacts.read(file, { onProgress: ({ bytes }) => progress(Math.min(1, bytes / file.size)) })) {
      for (const entry of some) take(found, entry, most);
      if (found.cut) break;
    }
  } catch (error) {
    // The file was moved or changed while it was read.
    if (error instanceof DOMException) throw new Refusal("FILE_UNREADABLE");
    throw error;
  }
  return found;
}

/**
 * @param {Read} found
 * @param {import("../js/contacts.js").Entry} entry
 * @param {number} most
 */
function take(found, entry, most) {
  switch (entry.kind) {
    case "person":
      for (const { text, label, line, country } of entry.numbers) {
        if (found.entries.length < most) found.entries.push({ line, person: entry.index, label, name: entry.name, written: text, country });
        else found.cut = true;
      }
      for (const { text } of entry.emails) if (found.mails.length < most) found.mails.push({ person: entry.index, name: entry.name, address: text });
      found.emails += entry.emails.length;
      found.people = entry.index;
      break;
    case "problem":
      if (entry.fatal) throw new Refusal(entry.code);
      // Ten thousand bad lines would say no more than the first hundred.
      if (found.problemCount++ < 100) found.problems.push({ line: entry.line, code: entry.code });
      break;
    case "summary":
      found.people = entry.people;
      found.format = entry.format ?? "unknown";
      break;
  }
}
