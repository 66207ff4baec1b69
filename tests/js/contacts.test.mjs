// The reader of contacts from the packed package, on the same files and
// answers that the Go package is tested with.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install, root } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/contacts")} */
let contacts;
/** @type {typeof import("sealbook")} */
let sealbook;
const folder = join(root, "wasm/contacts/testdata");

before(async () => {
  installed = await install();
  contacts = await import(pathToFileURL(join(installed.package, "contacts.js")).href);
  sealbook = await import(pathToFileURL(join(installed.package, "index.js")).href);
});
after(() => installed?.remove());

/**
 * All entries.
 * @param {import("sealbook/contacts").FileSource} source
 * @param {import("sealbook/contacts").ReadOptions} [options]
 */
async function read(source, options) {
  const entries = [];
  for await (const some of (await contacts.loadContacts()).read(source, options)) entries.push(...some);
  return entries;
}

/** @param {import("sealbook/contacts").Entry[]} entries */
const flat = (entries) =>
  entries.flatMap((entry) =>
    entry.kind === "person" ? [...entry.numbers.map((n) => [entry.index, entry.name, n.line, "number", n.text, n.label, n.note]), ...entry.emails.map((e) => [entry.index, entry.name, e.line, "email", e.text, e.label, e.note])]
    : entry.kind === "problem" ? [[entry.person, "", entry.line, "code", entry.code, "", ""]] : []).map(String).sort();

test("files", async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  let rows = 0;
  for (const file of files) {
    const want = JSON.parse(await readFile(join(folder, file), "utf8"));
    const bytes = new Uint8Array(await readFile(join(folder, file.slice(0, -".json".length))));
    const all = want.entries.map((/** @type {any} */ e) =>
      String([e.person ?? 0, e.code ? "" : e.name ?? "", e.line, e.number ? "number" : e.email ? "email" : "code", e.number ?? e.email ?? e.code, e.label ?? "", e.note ?? ""])).sort();
    const one = async function* () {
      for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
    };
    for (const source of [bytes, new Blob([bytes]), new Blob([bytes]).stream(), new Response(bytes), one()]) {
      const entries = await read(source);
      assert.deepEqual(flat(entries), all, file);
      const summary = entries.at(-1);
      assert.ok(summary?.kind === "summary", file);
      assert.deepEqual([summary.format, summary.people, summary.bytes, summary.delimiter], [want.format ?? null, want.people, bytes.length, want.delimiter ?? null], file);
      const columns = entries.find(({ kind }) => kind === "columns");
      assert.deepEqual(columns?.kind === "columns" ? columns.columns.filter(({ role }) => role !== "") : [], want.columns ?? [], file);
    }
    rows += all.length;
  }
  assert.ok(files.length >= 34 && rows > 100, `${files.length} files, ${rows} rows`);
  console.log(`counts: ${rows} rows of ${files.length} files of contacts, each from 5 kinds of source`);
});

test("many people, an abort, sources that throw", async () => {
  const people = 20_000;
  const text = Array.from({ length: people }, (_, i) => `Person ${i},+44207946${String(i % 1000).padStart(4, "0")}`).join("\n");
  const entries = await read(`Name,Phone\n${text}\n`);
  assert.equal(entries.filter(({ kind }) => kind === "person").length, people);

  // A person with very many numbers comes in parts; none is lost.
  const card = `BEGIN:VCARD\nVERSION:3.0\nFN:Busy\n${"TEL:+442079460123\n".repeat(2500)}END:VCARD\n`;
  const parts = (await read(card)).flatMap((entry) => (entry.kind === "person" ? [entry] : []));
  assert.deepEqual(parts.map(({ index, numbers }) => [index, numbers.length]), [[1, 1000], [1, 1000], [1, 500]]);

  const stop = new AbortController();
  let seen = 0;
  const reason = new Error("enough");
  await assert.rejects(async () => {
    for await (const some of (await contacts.loadContacts()).read(text, { signal: stop.signal, onProgress: () => stop.abort(reason) })) seen += some.length;
  }, reason);
  assert.ok(seen > 0 && seen < people);

  let cancelled = false;
  const hangs = new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void (cancelled = true) });
  const late = new AbortController();
  setTimeout(() => late.abort(reason), 20);
  await assert.rejects(read(hangs, { signal: late.signal }), reason);
  assert.ok(cancelled);

  const broken = function* () {
    yield "+442079460123\n+442079460124\n+442079460125\n".repeat(400);
    throw reason;
  };
  seen = 0;
  await assert.rejects(async () => {
    for await (const some of (await contacts.loadContacts()).read(broken())) seen += some.length;
  }, reason);
  assert.equal(seen, 1200);
});

test("refusals", async () => {
  const reader = await contacts.loadContacts();
  assert.equal(reader, await contacts.loadContacts());
  assert.throws(() => reader.read(/** @type {any} */ (7)), { name: "InputError", code: "TYPE" });
  assert.throws(() => reader.read("", { format: /** @type {any} */ ("xlsx") }), { name: "InputError", code: "OPTION" });
  assert.throws(() => reader.read("", { number: "a\nb" }), { name: "InputError", code: "OPTION" });
  await assert.rejects(read("", { delimiter: /** @type {any} */ (":") }), { name: "InputError", code: "OPTION" });
  await assert.rejects(read(/** @type {any} */ ([7])), { name: "InputError", code: "TYPE" });
  const empty = await read("");
  assert.deepEqual(empty.map((e) => (e.kind === "problem" ? [e.code, e.fatal] : e.kind === "summary" ? [e.fatal, e.format] : [])), [["EMPTY_FILE", true], [true, null]]);
  const bytes = await readFile(join(installed.package, "contacts.wasm"));
  const core = await readFile(join(installed.package, "core.wasm"));
  /** @type {[any, string | false | undefined, string][]} */
  const cases = [[bytes.subarray(1), undefined, "INTEGRITY"], [bytes.subarray(0, 5000), false, "COMPILE"], [core, undefined, "INTEGRITY"], [core, false, "EXPORTS"], [new WebAssembly.Module(core), undefined, "EXPORTS"]];
  for (const [wasm, integrity, code] of cases) {
    await assert.rejects(contacts.loadContacts({ wasm, ...(integrity === undefined ? {} : { integrity }) }), (error) => error instanceof sealbook.LoadError && error.code === code);
  }
});
