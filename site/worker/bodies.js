// What three ways to ask about contacts send, to the byte. Nothing here sends
// anything, and nothing could: the worker that this runs in is sealed.

import { batches } from "../js/discovery/evaluate.js";
import { base64url } from "../js/bytes.js";
import { isAskable } from "./rows.js";
import { nextTurn } from "./serve.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../js/index.js").Sealbook} Sealbook */

/**
 * A body, and the start of it as a text.
 * @typedef {{ body: Blob, start: string, more: number }} Body more: bytes that `start` leaves out
 */

/** How many numbers are asked about at most: the protocol's default. */
const MOST = 5120;
const ELEMENT = 32;
/** Characters of a body that are shown. */
const SHOWN = 4000;

/**
 * The numbers that somebody can have registered, each once, with the first name it has.
 * @param {readonly Row[]} rows
 * @returns {{ name: string, numbers: [string] }[]}
 */
export function contactsOf(rows) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const row of rows) {
    const { e164, name } = row;
    if (e164 !== null && isAskable(row) && !names.get(e164)) names.set(e164, name);
  }
  return [...names].map(([number, name]) => ({ name, numbers: [number] }));
}

/**
 * @param {Sealbook} sealbook
 * @param {import("../js/blind.js").Blind} blind
 * @param {readonly Row[]} rows
 * @param {(share: number) => void} progress
 */
export async function bodies(sealbook, blind, rows, progress) {
  const people = contactsOf(rows);
  const numbers = people.map(({ numbers: [number] }) => number);
  const hashes = numbers.length === 0 ? [] : sealbook.digestAll(numbers, "e164_plus/sha256/hex");
  return {
    numbers: numbers.length,
    plain: json({ contacts: people.map(({ name, numbers: [number] }) => ({ name, number })) }),
    hashed: json({ hashes }),
    blinded: await blinded(blind, numbers.slice(0, MOST), progress),
  };
}

/** @param {object} value @returns {Body} */
function json(value) {
  const text = JSON.stringify(value);
  const start = text.slice(0, SHOWN);
  return { body: new Blob([text], { type: "application/json" }), start, more: new Blob([text.slice(SHOWN)]).size };
}

/**
 * The batches as `discover` would send them, one after another, and in
 * `secrets` a line for each element: what went in, and its blind.
 * @param {import("../js/blind.js").Blind} blind
 * @param {readonly string[]} numbers
 * @param {(share: number) => void} progress
 */
async function blinded(blind, numbers, progress) {
  // No directory is asked yet. What is blinded does not depend on its key.
  const { publicKey } = blind.oprf.server(blind.oprf.deriveKey(crypto.getRandomValues(new Uint8Array(32)), new Uint8Array(0)));
  const client = blind.oprf.client(publicKey);
  const plan = batches(numbers.length);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {string[]} */
  const secrets = [];
  let done = 0;
  for (const { numbers: count, size } of plan) {
    const padding = Array.from({ length: size - count }, () => crypto.getRandomValues(new Uint8Array(ELEMENT)));
    const inputs = [...numbers.slice(done, done + count), ...padding];
    const { blinds, blinded: elements } = client.blind(inputs);
    parts.push(new Uint8Array(elements));
    for (const [i, input] of inputs.entries()) {
      const blind = base64url(blinds.subarray(ELEMENT * i, ELEMENT * (i + 1)));
      secrets.push(JSON.stringify(typeof input === "string" ? { number: input, blind } : { padding: base64url(input), blind }) + "\n");
    }
    done += count;
    progress(done / numbers.length);
    await nextTurn();
  }
  const body = new Blob(parts, { type: "application/octet-stream" });
  const lines = parts.flatMap((part) => elementsOf(part)).slice(0, SHOWN / (2 * ELEMENT));
  return {
    numbers: numbers.length,
    padding: secrets.length - numbers.length,
    batches: plan.map(({ size }) => size),
    body,
    start: lines.join("\n"),
    more: body.size - lines.length * ELEMENT,
    secrets: new Blob(secrets, { type: "application/jsonl" }),
  };
}

/** Elements in hexadecimal. @param {Uint8Array} bytes */
function elementsOf(bytes) {
  return Array.from({ length: bytes.length / ELEMENT }, (_, i) =>
    Array.from(bytes.subarray(ELEMENT * i, ELEMENT * (i + 1)), (b) => b.toString(16).padStart(2, "0")).join(""));
}
