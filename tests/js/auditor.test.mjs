// The auditor from the packed package, on small captures.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/auditor")} */
let auditor;
/** @type {typeof import("sealbook")} */
let sealbook;

before(async () => {
  installed = await install();
  auditor = await import(pathToFileURL(join(installed.package, "auditor.js")).href);
  sealbook = await import(pathToFileURL(join(installed.package, "index.js")).href);
});
after(() => installed?.remove());

/** @param {string} name @param {string | Uint8Array<ArrayBuffer>} content */
const file = (name, content) => new File([content], name);

/** @param {object} postData @param {string} [url] */
const har = (postData, url = "https://api.example/contacts?n=1") =>
  JSON.stringify({ log: { creator: { name: "test", version: "1" }, entries: [{ startedDateTime: "2026-03-05T12:00:00Z", request: { method: "POST", url, headers: [], postData, bodySize: -1 }, response: { status: 200, headers: [], content: { size: 0 } } }] } });

async function start(options = {}) {
  const audit = await (await auditor.loadAuditor()).start({ region: "GB", ...options });
  const added = audit.add([{ name: "Ada\tExample", numbers: ["020 7946 0018", "999"], emails: ["ada@example.org"] }, { name: "Bob", numbers: ["+44 113 496 0654"] }]);
  assert.deepEqual(added, { people: 2, numbers: 2, emails: 1, codeless: 0, useless: 1 });
  return audit;
}

test("a leak in a HAR, and in a file beside it", async () => {
  const audit = await start();
  const { capture, findings, unreadable } = await audit.read(file("a.har", har({ mimeType: "application/json", text: JSON.stringify({ who: btoa("tel:+442079460018") }) })));
  assert.equal(capture.format, "har");
  assert.equal(capture.creator, "test 1");
  assert.equal(capture.verdict, "found");
  assert.deepEqual(unreadable, []);
  assert.equal(findings.length, 1);
  const [finding] = findings;
  assert.equal(finding?.contact, "Ada Example");
  assert.equal(finding?.e164, "+442079460018");
  assert.equal(finding?.certainty, "certain");
  assert.equal(finding?.location, "body");
  assert.equal(finding?.time, "1772712000000000000");

  /** @type {string[]} */
  const asked = [];
  const there = await audit.read(file("b.har", har({ _file: "bodies/1.bin" })), { beside: (path) => (asked.push(path), file(path, "0113 496 0654")) });
  assert.deepEqual(asked, ["bodies/1.bin"]);
  assert.deepEqual(there.findings.map(({ contact, certainty }) => [contact, certainty]), [["Bob", "likely"]]);
  const missing = await audit.read(file("b.har", har({ _file: "bodies/1.bin" })));
  assert.deepEqual([missing.capture.verdict, missing.unreadable.map(({ reason }) => reason)], ["cannot tell", ["FILE_MISSING"]]);
  const clean = await audit.read(file("c.har", har({ text: "nobody" })));
  assert.deepEqual([clean.capture.verdict, clean.findings.length], ["clean", 0]);
});

test("a large capture, progress and cancelling", async () => {
  const audit = await start();
  const large = file("large.har", har({ text: "some words, ".repeat(200_000) + "+442079460018" }));
  let last = 0;
  const { findings } = await audit.read(large, { onProgress: (done, size) => { assert.ok(done >= last && size === 2 * large.size); last = done; } });
  assert.equal(last, 2 * large.size);
  assert.equal(findings.length, 1);
  const stop = new AbortController();
  const reason = new Error("enough");
  await assert.rejects(audit.read(large, { signal: stop.signal, onProgress: () => stop.abort(reason) }), reason);
  assert.equal((await audit.read(large)).findings.length, 1);
  // Whoever wants to cancel has a turn between two pieces.
  const late = new AbortController();
  let pieces = 0;
  const end = audit.read(large, { signal: late.signal, onProgress: () => { if (++pieces === 2) setImmediate(() => late.abort(reason)); } });
  await assert.rejects(end, reason);
  assert.ok(pieces < 5, `${pieces} pieces`);
});

/**
 * A file that notes which of its bytes are asked for, and from where on they cannot be read.
 * @param {string} name @param {Buffer} content @param {number} [broken]
 */
function noted(name, content, broken = Infinity) {
  const asked = /** @type {[from: number, to: number][]} */ ([]);
  return {
    name, size: content.length, asked,
    slice: (/** @type {number} */ from, /** @type {number} */ to) => ({
      async arrayBuffer() {
        asked.push([from, to]);
        if (to > broken) throw new Error("the disk is gone");
        return new Uint8Array(content.subarray(from, to)).buffer;
      },
    }),
  };
}

test("bytes are asked for while the module works, one block ahead", async () => {
  const audit = await start();
  const text = har({ text: "some words, ".repeat(1_100_000) + "+442079460018" });
  const blocks = Array.from({ length: 4 }, (_, i) => [i << 22, Math.min((i + 1) << 22, text.length)]);
  const straight = noted("large.har", Buffer.from(text));
  const seen = /** @type {number[]} */ ([]);
  const { capture, findings } = await audit.read(straight, { onProgress: () => seen.push(straight.asked.length) });
  assert.deepEqual(straight.asked, [...blocks, ...blocks.slice(1)], "its checksum, then what is in it, of which the first block is there");
  assert.deepEqual(seen.slice(0, 17), [...Array(16).fill(2), 3], "the second while the first is worked on, and no third");
  assert.equal(findings.length, 1);
  assert.equal(capture.sha256, createHash("sha256").update(text).digest("hex"));

  // An entry in the midst of a block names a body: the module goes on from there.
  const beside = noted("1.bin", Buffer.from("x ".repeat(2_500_000) + "0113 496 0654"));
  const entry = (/** @type {object} */ postData) => JSON.parse(har(postData)).log.entries[0];
  const entries = [entry({ text: "words ".repeat(50_000) }), entry({ _file: "1.bin" }), entry({ text: "words ".repeat(300_000) + "+442079460018" })];
  const both = await audit.read(noted("b.har", Buffer.from(JSON.stringify({ log: { entries } }))), { beside: () => beside });
  assert.deepEqual(both.findings.map(({ contact, request_index: at }) => [contact, at]), [["Bob", 1], ["Ada Example", 2]]);
  assert.deepEqual(beside.asked, [[0, 4 << 20], [4 << 20, beside.size]]);
});

test("an archive, which is read from its end, is not read ahead", async () => {
  const audit = await start();
  const content = Buffer.from(har({ text: "some words, ".repeat(600_000) + "+442079460018" }));
  const name = Buffer.from("a.har");
  const head = Buffer.alloc(30), central = Buffer.alloc(46), end = Buffer.alloc(22);
  for (const [bytes, signature, at] of /** @type {const} */ ([[head, 0x04034b50, 18], [central, 0x02014b50, 20]])) {
    bytes.writeUInt32LE(signature);
    bytes.writeUInt32LE(content.length, at);
    bytes.writeUInt32LE(content.length, at + 4);
    bytes.writeUInt16LE(name.length, at + 8);
  }
  const before = Buffer.concat([head.subarray(0, 4), Buffer.alloc(996)]); // no member
  central.writeUInt32LE(before.length, 42);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(before.length + head.length + name.length + content.length, 16);
  const zip = noted("a.har.zip", Buffer.concat([before, head, name, content, central, name, end]));
  const { capture, findings } = await audit.read(zip);
  assert.deepEqual([capture.verdict, findings.length], ["found", 1]);
  const tail = zip.asked.findIndex(([from]) => from > zip.size - (128 << 10));
  assert.ok(tail > 0, "it looked at the end");
  assert.deepEqual(zip.asked[tail + 1], [1000, 1000 + (256 << 10)], "and then for no more than it takes");
});

test("what cannot be read is told", async () => {
  const audit = await start();
  for (const [name, content, reason] of /** @type {const} */ ([["x.chls", "x", "EXPORT_AS_HAR"], ["x.har", "{\"log\":{\"entries\":[", "TRUNCATED"], ["x.har", har({ text: "a\ufffdb" }), "BODY_REPLACED"], ["empty", "", "TRUNCATED"]])) {
    const report = await audit.read(file(name, content));
    assert.equal(report.capture.verdict, "cannot tell", name);
    assert.ok(report.unreadable.some((each) => each.reason === reason), `${name}: ${JSON.stringify(report.unreadable)}`);
  }
  // The third block of a file breaks, asked for while the second is looked at; where the
  // reading was given up before, nobody is told.
  const broken = noted("broken.har", Buffer.alloc(12 << 20, "x"), 8 << 20);
  await assert.rejects(audit.read(broken), /the disk is gone/);
  const stop = new AbortController();
  const enough = new Error("enough");
  broken.asked.length = 0;
  await assert.rejects(audit.read(broken, { signal: stop.signal, onProgress: (done) => done > 4 << 20 && stop.abort(enough) }), enough);
  assert.equal(broken.asked.length, 3);
});

test("the checksum, and the report for a complaint", async () => {
  const audit = await start();
  const text = har({ text: "=".repeat(5000) + "&to=%2B442079460018" });
  const [one, two] = [file("one.har", text), file("two.har", har({ text: "nobody" }))];
  const { capture } = await audit.read(one);
  assert.equal(capture.sha256, createHash("sha256").update(text).digest("hex"));
  await audit.read(two);
  const page = await audit.page([{ file: one }, { file: two }], { app: "an <app>", made: "today", tool: "a test" });
  assert.match(page, /^<!doctype html>/);
  for (const part of [capture.sha256, "an &lt;app&gt;", "made today by a test", "POST https://api.example/contacts?n=1", "Cut.", "two.har"]) assert.ok(page.includes(part), part);
  assert.equal((await audit.read(two)).capture.verdict, "clean", "and the audit goes on");
});

test("limits are those of the command", async () => {
  const audit = await start({ limits: { body: 16 } });
  const { unreadable } = await audit.read(file("a.har", har({ text: "some text that is longer" })));
  assert.deepEqual(unreadable.map(({ reason }) => reason), ["TOO_LARGE"]);
  for (const limits of [{ body: 0 }, { colour: 1 }, { depth: 1.5 }]) await assert.rejects(start({ limits }), { name: "InputError", code: "OPTION" });
});

test("refusals", async () => {
  const loaded = await auditor.loadAuditor();
  assert.equal(loaded, await auditor.loadAuditor());
  assert.match(loaded.sha256 ?? "", /^[0-9a-f]{64}$/);
  await assert.rejects(loaded.start({ region: "gb" }), { name: "InputError", code: "OPTION" });
  await assert.rejects(loaded.start({ salts: ["a\nb"] }), { name: "InputError", code: "OPTION" });
  const audit = await start();
  await audit.read(file("x", "x"));
  assert.throws(() => audit.add([]), { name: "InputError", code: "STATE" });
  const core = await readFile(join(installed.package, "core.wasm"));
  await assert.rejects(auditor.loadAuditor({ wasm: core }), (error) => error instanceof sealbook.LoadError && error.code === "INTEGRITY");
  await assert.rejects(auditor.loadAuditor({ wasm: core, integrity: false }), (error) => error instanceof sealbook.LoadError && error.code === "EXPORTS");
});
