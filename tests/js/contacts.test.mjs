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

test("a file of each format", async () => {
  const lines = (await readFile(join(folder, "formats/formats.jsonl"), "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 53);
  for (const { file, want = [], refused } of lines) {
    const entries = await read(await readFile(join(folder, "formats", file)));
    assert.deepEqual(entries.flatMap((e) => (e.kind === "person" ? e.numbers.map((n) => [n.text, e.name]) : [])), want, file);
    assert.equal(entries.flatMap((e) => (e.kind === "problem" && e.fatal ? [e.code] : []))[0], refused, file);
  }
});

test("quoted-printable letters of East Asia", async () => {
  const card = (/** @type {string} */ charset, /** @type {string} */ name) =>
    `BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=${charset};ENCODING=QUOTED-PRINTABLE:${name}\r\nTEL:020 7946 0018\r\nEND:VCARD\r\n`;
  for (const [charset, name, want] of [
    ["SHIFT_JIS", "=8ER=93c;=91=BE=98Y", "山田太郎"], // trail bytes of ASCII
    ["SHIFT_JIS", "=83=5C;=83=5C", "ソソ"], // a backslash
    ["EUC-JP", "=BB=B3=C5=C4;=C2=C0=CF=BA", "山田太郎"],
    ["GB2312", "=CD=F5;=D0=A1=C3=F7", "王小明"],
    ["BIG5", "=B3=AF;=A4j=A4=E5", "陳大文"],
    ["KS_C_5601-1987", "=B1=E8;=B9=CE=BC=F6", "김민수"],
    ["ISO-2022-JP", "=1B$B;3ED=1B(B;=1B$BB@O:=1B(B", "山田太郎"],
  ]) {
    const [person] = await read(card(charset, name));
    assert.equal(person.kind === "person" && person.name, want, charset);
  }
});

test("a file that makes the reader keep more than it may", async () => {
  // No file reaches the 32 MiB; so they are made 2 in a copy, as tests/reader/memory_test.go does.
  let code = (await readFile(join(root, "wasm/reader/contacts.wasm"))).toString("latin1");
  for (const [from, to] of [["\x3f\x00\x41\x81\x04\x49", "\x3f\x00\x41\x81\x00\x49"], ["\x42\x81\x80\x80\x10", "\x42\x81\x80\x80\x01"]]) {
    assert.ok(code.includes(from));
    code = code.replaceAll(from, to);
  }
  const reader = await contacts.loadContacts({ wasm: new Uint8Array(Buffer.from(code, "latin1")), integrity: false });
  /** @param {string} text */
  const all = async (text) => {
    const entries = [];
    for await (const some of reader.read(text)) entries.push(...some);
    return entries;
  };
  const hoard = `{"name":"Ines Field"${Array.from({ length: 16_000 }, (_, i) => `,"phones${i}":["020 7946 0018 ${"x".repeat(i % 40)}"]`).join("")}}`;
  await assert.rejects(all(hoard), (/** @type {any} */ error) => error instanceof sealbook.InputError && error.code === "MEMORY" && !error.message.includes("7946"));
  // Each file has an instance of its own, so the next is read.
  const [person] = await all("Name,Phone\nInes Field,020 7946 0018\n").then((entries) => entries.filter(({ kind }) => kind === "person"));
  assert.ok(person?.kind === "person");
  assert.deepEqual([person.name, person.numbers.map(({ text }) => text)], ["Ines Field", ["020 7946 0018"]]);
});
