// Digests for a table of any length in constant memory:
//
//	node digests.mjs REGION RECIPE <customers.csv >digests.csv
//
// The first line names the columns, one of them "phone". Each line of the answer
// has the number's line and its digest, or what is wrong with it.

import { createInterface } from "node:readline";
import { load } from "sealbook";

const [, , region = "", recipe = "meta-capi"] = process.argv;
const sealbook = await load();
const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]();

/** The fields of a line of CSV; a field with a line break in it is not read. @param {string} line */
const fields = (line) => Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

const head = fields((await lines.next()).value ?? "");
const column = head.findIndex((name) => name.trim().toLowerCase() === "phone");
if (column < 0) {
  console.error('error: no column is named "phone"');
  process.exit(2);
}

/** Lines as texts of numbers. A few thousand at a time: a step of their own for each would take longer than the digests. */
async function* numbers() {
  for await (const line of { [Symbol.asyncIterator]: () => lines }) yield fields(line)[column] ?? "";
}

process.stdout.write("line,digest,error\n");
for await (const rows of sealbook.batch(numbers(), { region, recipes: [recipe], validOnly: true })) {
  const text = rows.map(({ index, number, digests: [digest] }) => `${index + 2},${digest ?? ""},${number.error ?? (digest === null ? "INVALID" : "")}\n`).join("");
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
