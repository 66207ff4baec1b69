// A directory that lies, breaks or dawdles, in every request: the client says
// so with a code, and what it remembers stays as it was.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Memory, stranger, town } from "./discovery.js";
import { base64url, bytesOf, integer, join, json, problem } from "./double.js";
import { install, loaded } from "./package.js";

/** @typedef {import("./double.js").Asked} Asked */
/** @typedef {import("./double.js").Answer} Answer */
/** @typedef {import("./double.js").Double} Double */

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/discover")} */
let package_;
/** @type {import("./whole.js").Loaded} */
let core;

before(async () => {
  installed = await install();
  const { load } = await import(pathToFileURL(path(installed.package, "index.js")).href);
  package_ = await import(pathToFileURL(path(installed.package, "discovery/discover.js")).href);
  core = await loaded(installed.package);
});
after(() => installed?.remove());

const NUMBER = "+442079460103";
const BEN = "+442079460102";

/** Every request that there is, by a call that sends it. @type {Record<string, (t: Awaited<ReturnType<typeof town>>, state: Memory, open: (options?: object) => Promise<import("sealbook/discover").Directory>) => Promise<unknown>>} */
const calls = {
  "GET /v1/directory": (_, __, open) => open(),
  "POST /v1/registrations": ({ directory }) => directory.register(NUMBER),
  "POST /v1/registrations/ID": ({ join }) => join(NUMBER, 3),
  "PUT /v1/me/record": ({ directory, ann }) => directory.publish({ ...ann, handle: new Uint8Array(32) }),
  "GET /v1/me": ({ directory, ann }) => directory.me(ann.credential),
  "DELETE /v1/me": ({ directory, ann }) => directory.withdraw(ann.credential),
  "POST /v1/evaluations": ({ directory, ann }, state) => package_.discover({ directory, contacts: [BEN, NUMBER], credential: ann.credential, state }),
  "GET /v1/buckets/0/tags": ({ directory, ann }, state) => package_.discover({ directory, contacts: [BEN], credential: ann.credential, state }),
  "GET /v1/buckets/0/records": ({ directory, ann }, state) => package_.discover({ directory, contacts: [BEN], credential: ann.credential, state }),
};

/** @param {Asked} asked */
const nameOf = ({ method, path }) => `${method} ${path.replace(/[0-9a-f]{32}$/, "ID")}`;

/** @param {() => Promise<unknown>} call */
async function failure(call) {
  const error = await call().then(() => assert.fail("nothing was thrown"), (error) => error);
  if (!(error instanceof package_.DirectoryError)) throw error;
  assert.doesNotMatch(error.message, /\d{6}|\+\d/, "a number in a message");
  return error;
}

test("every request, broken in every way", async () => {
  const broken = new TypeError("the connection is lost");
  /** @type {[string, string[], (answer: Answer) => Answer][]} */
  const faults = [
    ["the connection breaks", ["NETWORK"], () => { throw broken; }],
    ["500", ["PROBLEM"], () => problem(500, "internal")],
    ["503 with a time", ["PROBLEM"], () => problem(503, "store_busy", {}, { "retry-after": "7" })],
    ["500 in HTML that echoes", ["PROBLEM"], () => ({ status: 500, headers: {}, body: join(`<h1>${NUMBER}</h1>`) })],
    ["a redirect", ["PROBLEM"], () => ({ status: 302, headers: { location: "https://elsewhere.example" }, body: new Uint8Array(0) })],
    ["200 in HTML", ["ANSWER", "TAGS", "SIZE", "PROBLEM"], () => ({ status: 200, headers: {}, body: join("<!doctype html>") })],
    ["nothing", ["ANSWER", "TAGS", "PROBLEM", "RECORD"], ({ status }) => ({ status: status === 204 ? 200 : status, headers: {}, body: new Uint8Array(0) })],
    ["cut short", ["ANSWER", "TAGS", "RECORD", "PROBLEM"], ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: body.slice(0, -1) })],
    ["a byte more", ["SIZE", "ANSWER", "TAGS", "RECORD", "PROBLEM"], ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: join(body, "x") })],
    ["too long by its own account", ["SIZE", "PROBLEM"], ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers: { ...headers, "content-length": "1000000000" }, body })],
    ["noise", ["ANSWER", "TAGS", "PROOF", "RECORD", "PROBLEM", "EPOCH", "SIZE"], ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: crypto.getRandomValues(body.slice()) })],
    ["JSON of nothing", ["ANSWER", "TAGS", "RECORD", "PROBLEM", "KEY", "NOTE"], () => json(200, {})],
    ["JSON null", ["ANSWER", "TAGS", "RECORD", "PROBLEM"], () => ({ ...json(200, {}), body: join("null") })],
  ];
  let n = 0;
  for (const [name, call] of Object.entries(calls)) {
    const t = await town(package_, core, { people: 6 });
    const state = new Memory();
    await package_.discover({ directory: t.directory, contacts: [BEN], credential: t.ann.credential, state });
    if (name.endsWith("/tags")) state.bytes = null; // else a delta would do
    for (const [fault, codes, bend] of faults) {
      const before = state.bytes;
      const { charged } = t.double;
      let bent = 0;
      t.double.bend = (asked, answer) => {
        if (nameOf(asked) !== name) return;
        bent++;
        return bend(answer);
      };
      const error = await failure(() => call(t, state, t.open));
      assert.ok(bent > 0 && codes.includes(error.code), `${name}, ${fault}: ${error.code}`);
      if (error.code === "PROBLEM") assert.equal(typeof error.problem?.status, "number");
      if (fault === "503 with a time") assert.ok(Math.abs((error.retryAt?.getTime() ?? 0) - Date.now() - 7000) < 1500);
      if (fault === "the connection breaks") assert.equal(error.cause, broken);
      if (!name.endsWith("/tags")) assert.equal(state.bytes === before || !name.startsWith("POST"), true, `${name}, ${fault}: the state`);
      if (name === "POST /v1/evaluations") assert.equal(state.bytes, before);
      else assert.ok(name.endsWith("/tags") || t.double.charged === charged, "nothing is charged");
      state.bytes = before;
      n++;
    }
  }
  console.log(`counts: ${n} broken answers`);
});

test("proofs", async () => {
  const t = await town(package_, core);
  const other = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32).fill(9), new Uint8Array(1)));
  const element = 32;
  /** @type {[string, string, (asked: Asked, answer: Answer, all: { evaluated: Uint8Array, proof: Uint8Array }) => { evaluated: Uint8Array, proof: Uint8Array }][]} */
  const lies = [
    ["another key, with its proof", "PROOF", ({ body }) => other.evaluate(body)],
    ["another key, with the right proof", "PROOF", ({ body }, _, { proof }) => ({ evaluated: other.evaluate(body).evaluated, proof })],
    ["one element by another key", "PROOF", ({ body }, _, { evaluated, proof }) => ({ evaluated: join(other.evaluate(body.slice(0, element)).evaluated, evaluated.slice(element)), proof })],
    ["two elements in each other's place", "PROOF", (_, __, { evaluated, proof }) => ({ evaluated: join(evaluated.slice(element, 2 * element), evaluated.slice(0, element), evaluated.slice(2 * element)), proof })],
    ["what was sent", "PROOF", ({ body }, _, { proof }) => ({ evaluated: body, proof })],
    ["the identity", "PROOF", (_, __, { evaluated, proof }) => ({ evaluated: join(new Uint8Array(element), evaluated.slice(element)), proof })],
    ["no element", "PROOF", (_, __, { evaluated, proof }) => ({ evaluated: join(new Uint8Array(element).fill(255), evaluated.slice(element)), proof })],
    ["a proof of zeros", "PROOF", (_, __, { evaluated }) => ({ evaluated, proof: new Uint8Array(64) })],
    ["half of the proof changed", "PROOF", (_, __, { evaluated, proof }) => ({ evaluated, proof: proof.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) })],
  ];
  const state = new Memory();
  const contacts = [BEN];
  for (const [name, code, lie] of lies) {
    t.double.bend = (asked, answer) => {
      const { body } = answer;
      const count = asked.body.length / element;
      if (nameOf(asked) === "POST /v1/evaluations") {
        const { evaluated, proof } = lie(asked, answer, { evaluated: body.slice(0, element * count), proof: body.slice(element * count) });
        return { ...answer, body: join(evaluated, proof) };
      }
      if (nameOf(asked) !== "POST /v1/registrations/ID") return;
      if (/two|one element/.test(name)) return { ...answer, body: join("{}") };
      const given = JSON.parse(new TextDecoder().decode(body));
      const blinded = bytesOf(JSON.parse(new TextDecoder().decode(asked.body)).blinded);
      const { evaluated, proof } = lie({ ...asked, body: blinded }, answer, { evaluated: bytesOf(given.evaluated), proof: bytesOf(given.proof) });
      return json(201, { ...given, evaluated: base64url(evaluated), proof: base64url(proof) });
    };
    const error = await failure(() => package_.discover({ directory: t.directory, contacts, credential: t.ann.credential, state }));
    assert.equal(error.code, code, name);
    assert.equal(state.bytes, null, name);
    assert.match((await failure(() => t.join(NUMBER, 3))).code, /two|one element/.test(name) ? /ANSWER/ : /PROOF/, name);
  }
  t.double.bend = ({ path }, answer) => (path.endsWith("evaluations") ? { ...answer, headers: { "sealbook-epoch": "8" } } : undefined);
  assert.equal((await failure(() => package_.discover({ directory: t.directory, contacts, credential: t.ann.credential, state }))).code, "EPOCH");
  assert.equal(state.bytes, null);
  console.log(`counts: ${2 * lies.length + 1} false evaluations`);
});

test("keys and notes", async () => {
  const t = await town(package_, core);
  const other = await town(package_, core);
  /** @param {object} [options] */
  const code = async (options) => (await failure(() => t.open(options))).code;
  assert.equal(await code({ key: other.double.key }), "KEY");
  const [name, id, key] = t.double.key.split("+");
  for (const bad of ["", "directory.example", `${name}+${id}+${key?.slice(1)}`, `${name}+00000000+${key}`, `other.example+${id}+${key}`, `${name}+${id}+B${key?.slice(1)}`, `${name} +${id}+${key}`]) {
    assert.equal(await code({ key: bad }), "KEY", bad);
  }
  // Unpinned, the key that is shown must still be the one that signed.
  t.double.bend = (_, answer) => json(200, { ...JSON.parse(new TextDecoder().decode(answer.body)), key: other.double.key });
  assert.equal(await code({ key: undefined }), "NOTE");

  const parameters = await t.double.parameters();
  const { double } = t;
  /** @type {[string, string, () => Promise<unknown>][]} */
  const notes = [
    ["of another signer", "NOTE", () => other.double.note("sealbook directory v1", parameters)],
    ["of another kind", "NOTE", () => double.note("sealbook receipt v1", parameters)],
    ["altered", "NOTE", async () => (await double.note("sealbook directory v1", parameters)).replace('"epoch":7', '"epoch":8')],
    ["with text before", "NOTE", async () => `x${await double.note("sealbook directory v1", parameters)}`],
    ["with a second signature", "NOTE", async () => `${await double.note("sealbook directory v1", parameters)}— witness.example ${btoa("0123456789")}\n`],
    ["without a signature", "NOTE", async () => (await double.note("sealbook directory v1", parameters)).split("— ")[0]],
    ["cut short", "NOTE", async () => (await double.note("sealbook directory v1", parameters)).slice(0, -2)],
    ["of two lines more", "NOTE", () => double.note("sealbook directory v1\nmore\nmore", parameters)],
    ["of no object", "NOTE", () => double.note("sealbook directory v1", [1])],
    ["no text", "NOTE", async () => 7],
    ["of another protocol", "PROTOCOL", () => double.note("sealbook directory v1", { ...parameters, protocol: 2 })],
    ["of another name", "NOTE", () => double.note("sealbook directory v1", { ...parameters, name: "elsewhere.example" })],
    ["without a public key", "NOTE", () => double.note("sealbook directory v1", { ...parameters, public_key: undefined })],
    ["a public key that is the identity", "NOTE", () => double.note("sealbook directory v1", { ...parameters, public_key: base64url(new Uint8Array(32)) })],
    ["a public key that is none", "NOTE", () => double.note("sealbook directory v1", { ...parameters, public_key: base64url(new Uint8Array(32).fill(255)) })],
    ["a negative epoch", "NOTE", () => double.note("sealbook directory v1", { ...parameters, epoch: -1 })],
    ["33 bits", "NOTE", () => double.note("sealbook directory v1", { ...parameters, bucket_bits: 33 })],
    ["no batches", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, batches: [] } })],
    ["batches over the limit", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, batches: [8, 2048] } })],
    ["batches that show the count", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, batches: [8, 15] } })],
    ["batches of one", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, batches: [1, 8] } })],
    ["batches in disorder", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, batches: [64, 8] } })],
    ["blocks of nothing", "NOTE", () => double.note("sealbook directory v1", { ...parameters, limits: { ...parameters.limits, block: 0 } })],
    ["another consent text", "NOTE", () => double.note("sealbook directory v1", { ...parameters, consent: { ...parameters.consent, text: "all of it" } })],
    ["a time that is none", "NOTE", () => double.note("sealbook directory v1", { ...parameters, time: "today" })],
  ];
  for (const [what, want, note] of notes) {
    t.double.bend = async () => json(200, { key: double.key, note: await note() });
    assert.equal(await code(), want, what);
  }
  console.log(`counts: ${notes.length} false notes`);
});

test("receipts", async () => {
  const t = await town(package_, core);
  const { double } = t;
  const other = await town(package_, core);
  const zeros = new Uint8Array(16);
  /** @type {[string, string, (good: any, signer?: Double) => Promise<string>][]} */
  const receipts = [
    ["of another account", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, account: Buffer.from(zeros).toString("hex") })],
    ["of another tag", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, tag: base64url(zeros.slice(0, 5)) })],
    ["without the tag", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, tag: null })],
    ["of another bucket", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, bucket: 1 })],
    ["of another epoch", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, epoch: 8 })],
    ["of fewer scopes", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, scopes: ["search"] })],
    ["of more scopes", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, scopes: ["search", "discoverable", "share"] })],
    ["of another consent", "RECEIPT", (good) => double.note("sealbook receipt v1", { ...good, consent_sha256: "0".repeat(64) })],
    ["of another signer", "NOTE", (good) => other.double.note("sealbook receipt v1", good)],
    ["of a withdrawal", "NOTE", (good) => double.note("sealbook withdrawal v1", good)],
  ];
  for (const [what, code, lie] of receipts) {
    double.bend = async (asked, answer) => {
      if (nameOf(asked) !== "POST /v1/registrations/ID") return;
      const given = JSON.parse(new TextDecoder().decode(answer.body));
      return json(201, { ...given, receipt: await lie(JSON.parse(given.receipt.split("\n")[1])) });
    };
    double.asked = [];
    assert.equal((await failure(() => t.join(NUMBER, 3))).code, code, what);
    assert.ok(!double.asked.some(({ method }) => method === "PUT"), "no record is published then");
  }
  /** @type {[string, string, (good: any) => Promise<string>][]} */
  const withdrawals = [
    ["of another account", "RECEIPT", (good) => double.note("sealbook withdrawal v1", { ...good, account: "0".repeat(32) })],
    ["of a later epoch", "RECEIPT", (good) => double.note("sealbook withdrawal v1", { ...good, epoch: 8 })],
    ["without a version", "NOTE", (good) => double.note("sealbook withdrawal v1", { ...good, absent_from_version: undefined })],
    ["of another signer", "NOTE", (good) => other.double.note("sealbook withdrawal v1", good)],
    ["of a registration", "NOTE", (good) => double.note("sealbook receipt v1", good)],
  ];
  for (const [what, code, lie] of withdrawals) {
    double.bend = () => {};
    const { credential, account } = await t.join(NUMBER, 3);
    double.bend = async (asked, answer) => {
      if (asked.method !== "DELETE") return;
      const given = JSON.parse(new TextDecoder().decode(answer.body));
      return json(200, { receipt: await lie(JSON.parse(given.receipt.split("\n")[1])) });
    };
    assert.equal((await failure(() => t.directory.withdraw(credential, { account }))).code, code, what);
  }
  // A tag that is still published, and a version before the promised one.
  double.bend = () => {};
  const { credential, account, receipt } = await t.join(NUMBER, 3);
  const kept = { ...[...double.accounts.values()].at(-1) };
  const withdrawal = await t.directory.withdraw(credential, { account });
  const tag = String(receipt.tag);
  assert.equal(await t.directory.absent(withdrawal, tag), true);
  double.version -= 2;
  assert.equal(await t.directory.absent(withdrawal, tag), false);
  double.version += 2;
  double.accounts.set("kept", /** @type {any} */ (kept));
  double.publish();
  assert.equal(await t.directory.absent(withdrawal, tag), false);
  console.log(`counts: ${receipts.length + withdrawals.length} false receipts`);
});

test("what a confirmed person gets is not lost where publishing fails", async () => {
  const t = await town(package_, core);
  t.double.bend = ({ method }) => {
    if (method !== "PUT") return;
    for (const account of t.double.accounts.values()) if (account.number === NUMBER) account.record = crypto.getRandomValues(new Uint8Array(64));
    return problem(503, "store_busy", {}, { "retry-after": "1" });
  };
  const error = await failure(() => t.join(NUMBER, 3));
  assert.deepEqual([error.code, error.problem?.code], ["PROBLEM", "store_busy"]);
  assert.ok(error.confirmed && error.retryAt);
  t.double.bend = () => {};
  const look = async () => (await package_.discover({ directory: t.directory, contacts: [NUMBER], credential: t.ann.credential })).found.length;
  assert.equal(await look(), 0);
  await t.directory.publish({ ...error.confirmed, handle: new Uint8Array(32) });
  assert.equal(await look(), 1);
});

test("tags", async () => {
  const t = await town(package_, core);
  const { double } = t;
  const head = (/** @type {object} */ change, magic = "SBT1") => {
    const h = { epoch: 7, bits: 0, zero: 0, bucket: 0, version: double.version, count: 2, tags: ["aaaaa", "bbbbb"], ...change };
    return join(magic, integer(h.epoch, 4), integer(h.bits, 1), integer(h.zero, 3), integer(h.bucket, 4), integer(h.version, 8), integer(h.count, 4), ...h.tags);
  };
  /** @type {[string, string, Uint8Array<ArrayBuffer>][]} */
  const files = [
    ["another epoch", "EPOCH", head({ epoch: 8 })],
    ["other bits", "TAGS", head({ bits: 1 })],
    ["a byte that is not zero", "TAGS", head({ zero: 1 })],
    ["another bucket", "TAGS", head({ bucket: 1 })],
    ["the magic of records", "TAGS", head({}, "SBR1")],
    ["a version beyond all", "TAGS", head({ version: 2 ** 53 })],
    ["more tags than it says", "TAGS", head({ count: 1 })],
    ["fewer tags than it says", "TAGS", head({ count: 3 })],
    ["a count beyond all", "TAGS", head({ count: 2 ** 32 - 1 })],
    ["disorder", "TAGS", head({ tags: ["bbbbb", "aaaaa"] })],
    ["disorder in the last byte", "TAGS", head({ tags: ["aaaa\x81", "aaaa\x80"].map((tag) => Uint8Array.from(tag, (c) => c.charCodeAt(0))) })],
  ];
  for (const [what, code, body] of files) {
    const state = new Memory();
    double.bend = ({ path }) => (path.endsWith("/tags") ? { status: 200, headers: {}, body } : undefined);
    assert.equal((await failure(() => package_.discover({ directory: t.directory, contacts: [BEN], credential: t.ann.credential, state }))).code, code, what);
    assert.equal(state.saves, 1, what); // what was paid for
  }

  const state = new Memory();
  const run = () => package_.discover({ directory: t.directory, contacts: [BEN], credential: t.ann.credential, state });
  double.bend = () => {};
  await run();
  const since = double.version;
  await double.enrol(NUMBER, ["discoverable"]);
  /** @param {object} change */
  const delta = (change) => {
    const d = { epoch: 7, bits: 0, bucket: 0, from: since, to: double.version, added: /** @type {string[]} */ ([]), removed: /** @type {string[]} */ ([]), adds: -1, ...change };
    return join("SBD1", integer(d.epoch, 4), integer(d.bits, 1), new Uint8Array(3), integer(d.bucket, 4), integer(d.from, 8), integer(d.to, 8), integer(d.adds < 0 ? d.added.length : d.adds, 4), integer(d.removed.length, 4), ...d.added, ...d.removed);
  };
  const { bytes } = state;
  /** @type {[string, string | null, Uint8Array<ArrayBuffer>][]} */
  const deltas = [
    ["another epoch", "EPOCH", delta({ epoch: 6 })],
    ["another bucket", "TAGS", delta({ bucket: 1 })],
    ["backwards", "TAGS", delta({ to: since - 1 })],
    ["fewer than it says", "TAGS", delta({ adds: 1 })],
    ["disorder", "TAGS", delta({ added: ["bbbbb", "aaaaa"] })],
    ["disorder in what was removed", "TAGS", delta({ removed: ["bbbbb", "aaaaa"] })],
    // These could be of another history, which is no lie: the file settles it.
    ["from another version", null, delta({ from: since - 1 })],
    ["removes what was never there", null, delta({ removed: ["aaaaa"] })],
    ["removes more than there is", null, delta({ removed: Array(100).fill("aaaaa") })],
    ["leaves out what was added", null, delta({})],
  ];
  for (const [what, code, body] of deltas) {
    state.bytes = bytes;
    double.bend = ({ path }) => (path.includes("/delta") ? { status: 200, headers: {}, body } : undefined);
    if (code !== null) {
      assert.equal((await failure(run)).code, code, what);
      assert.equal(state.bytes, bytes, what);
    } else {
      double.asked = [];
      assert.equal((await run()).found.length, 1, what);
      assert.ok(double.asked.some(({ path }) => path.endsWith("/tags")), what);
    }
  }
  console.log(`counts: ${files.length} false files, ${deltas.length} false deltas`);
});

test("records", async () => {
  const t = await town(package_, core);
  const { double, directory, ann } = t;
  const run = () => package_.discover({ directory, contacts: [BEN, stranger(1)], credential: ann.credential });
  /** @param {(asked: Asked, answer: Answer, header: boolean) => Answer} bend */
  const bending = (bend) => {
    double.bend = (asked, answer) => (asked.path.endsWith("/records") ? bend(asked, answer, asked.headers.range === "bytes=0-27") : undefined);
  };
  // Altered records do not open: their people are not found, nobody else is.
  bending((_, answer, header) => (header ? answer : { ...answer, body: answer.body.map((byte, i) => (i % 64 === 20 ? byte ^ 1 : byte)) }));
  const { found, counts } = await run();
  assert.deepEqual([found.length, counts.unopened], [0, 2]);
  // Records in each other's place neither.
  const all = double.sorted();
  const bens = /** @type {any} */ (all.find(({ number }) => number === BEN));
  const strangers = /** @type {any} */ (all.find(({ number }) => number === stranger(1)));
  double.bend = () => {};
  [bens.record, strangers.record] = [strangers.record, bens.record];
  assert.equal((await run()).found.length, 0);
  [bens.record, strangers.record] = [strangers.record, bens.record];
  assert.equal((await run()).found.length, 1);

  /** @type {[string, string, (answer: Answer, header: boolean) => Answer][]} */
  const lies = [
    ["another count", "RECORD", (answer, header) => (header ? { ...answer, body: answer.body.map((byte, i) => (i === 27 ? byte ^ 1 : byte)) } : answer)],
    ["no ETag", "RECORD", (answer) => ({ ...answer, headers: {} })],
    ["another epoch", "EPOCH", (answer, header) => (header ? { ...answer, body: answer.body.map((byte, i) => (i === 7 ? byte ^ 1 : byte)) } : answer)],
    ["the magic of tags", "RECORD", (answer, header) => (header ? { ...answer, body: answer.body.map((byte, i) => (i === 2 ? 84 : byte)) } : answer)],
    ["a version that is never that of the tags", "TAGS", (answer, header) => (header ? { ...answer, body: answer.body.map((byte, i) => (i === 23 ? byte ^ 1 : byte)) } : answer)],
    ["an ETag that never stays", "TAGS", (answer, header) => (header ? answer : { ...answer, headers: { etag: '"x"' } })],
    ["the whole file instead of a part", "PROBLEM", (answer, header) => (header ? answer : { ...answer, status: 200 })],
  ];
  for (const [what, code, lie] of lies) {
    bending((_, answer, header) => lie(answer, header));
    assert.equal((await failure(run)).code, code, what);
  }
  // Somebody comes while records are read: it is done again, with the new tags.
  let arrivals = 0;
  double.bend = async ({ headers }) => {
    if (headers.range === "bytes=0-27" && arrivals++ < 3) {
      await double.enrol(`+4420794605${String(arrivals).padStart(2, "0")}`, ["discoverable"]);
    }
  };
  assert.equal((await run()).found.length, 1);
  assert.equal(arrivals, 4);
  console.log(`counts: ${lies.length + 2} false records`);
});

test("on the wire: cut, dripping, silent and endless answers", async () => {
  const { double, open, ann } = await town(package_, core);
  /** @type {"cut" | "drip" | "silent" | "endless" | ""} */
  let fault = "";
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const answer = await double.fetch(`http://127.0.0.1${request.url}`, { method: request.method, headers: /** @type {any} */ (request.headers), body: Buffer.concat(parts) });
    const body = Buffer.from(await answer.arrayBuffer());
    if (fault === "silent") return;
    response.statusCode = answer.status;
    answer.headers.forEach((value, name) => response.setHeader(name, value));
    if (fault === "endless") {
      const more = () => { while (!response.destroyed && response.write(Buffer.alloc(1 << 16))); };
      response.on("drain", more);
      return more();
    }
    if (body.length > 0) response.setHeader("content-length", body.length);
    if (fault === "") return void response.end(body);
    response.write(body.subarray(0, body.length >> 1));
    if (fault === "cut") return void setTimeout(() => request.socket.destroy(), 20);
    const drip = setInterval(() => response.write(Buffer.from("x")), 20);
    request.socket.on("close", () => clearInterval(drip));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const { Directory, discover } = package_;
    const at = (timeout = 300) => Directory.open(`http://127.0.0.1:${port}`, { ...core, key: double.key, timeout });
    const directory = await at();
    const state = new Memory();
    const run = () => discover({ directory, contacts: [BEN], credential: ann.credential, state });
    for (const [name, code] of /** @type {const} */ ([["cut", "NETWORK"], ["drip", "SLOW"], ["silent", "SLOW"], ["endless", "SIZE"]])) {
      fault = name;
      for (const call of [() => at(), run, () => directory.me(ann.credential), () => directory.register(NUMBER)]) {
        const began = Date.now();
        assert.equal((await failure(call)).code, code, `${name}: ${call}`);
        assert.ok(Date.now() - began < 2000);
      }
      assert.equal(state.bytes, null);
    }
    fault = "";
    assert.equal((await run()).found.length, 1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  // Nobody listens any more.
  assert.equal((await failure(() => package_.Directory.open(`http://127.0.0.1:${port}`, { ...core }))).code, "NETWORK");
  void open;
});

test("an engine without SubtleCrypto, or without Ed25519", async () => {
  const { open, double } = await town(package_, core);
  const real = globalThis.crypto;
  /** @param {unknown} value */
  const set = (value) => Object.defineProperty(globalThis, "crypto", { value, configurable: true });
  try {
    set({ getRandomValues: real.getRandomValues.bind(real) }); // a page over plain http
    assert.equal((await failure(open)).code, "CRYPTO");
    set({ subtle: { digest: real.subtle.digest.bind(real.subtle), importKey: async () => { throw new DOMException("unknown", "NotSupportedError"); } } });
    assert.equal((await failure(open)).code, "CRYPTO");
  } finally {
    set(real);
  }
  assert.equal((await open()).key, double.key);
});

test("one file sends", async () => {
  const scripts = (await readdir(installed.package, { recursive: true })).filter((name) => name.endsWith(".js"));
  const ways = /\bfetch\s*\(|\bfetch\b\s*=|globalThis\.fetch|new (XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection)|sendBeacon|\bimport\s*\(/;
  const found = [];
  for (const name of scripts) {
    const code = (await readFile(path(installed.package, name), "utf8")).replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    if (ways.test(code)) found.push(name);
  }
  assert.deepEqual(found.sort(), ["discovery/send.js", "load.js"]); // load.js fetches the core
});

test("what a caller gets wrong is never sent", async () => {
  const t = await town(package_, core);
  const { directory, ann } = t;
  t.double.asked = [];
  const registration = "0".repeat(32);
  const handle = new Uint8Array(32);
  const good = { registration, number: NUMBER, code: "123456", scopes: /** @type {const} */ (["discoverable"]), handle };
  /** @type {[string, () => Promise<unknown>][]} */
  const wrong = [
    ["NUMBER", () => directory.register("999")],
    ["NUMBER", () => directory.register("999", { region: "GB" })],
    ["NUMBER", () => directory.register("020 7946 0102")],
    ["NUMBER", () => directory.register("+44 20 7946 0102 ext. 3")],
    ["TYPE", () => directory.confirm({ ...good, registration: "../me" })],
    ["TYPE", () => directory.confirm({ ...good, code: "12 34" })],
    ["OPTION", () => directory.confirm({ ...good, scopes: [] })],
    ["OPTION", () => directory.confirm({ ...good, scopes: ["search", "search"] })],
    ["OPTION", () => directory.confirm({ ...good, scopes: [/** @type {any} */ ("everything")] })],
    ["TYPE", () => directory.confirm({ ...good, handle: new Uint8Array(31) })],
    ["RANGE", () => directory.confirm({ ...good, flags: -1 })],
    ["TYPE", () => directory.publish({ ...ann, handle, recordKey: new Uint8Array(3) })],
    ["TYPE", () => directory.publish({ ...ann, handle, credential: "no\r\ncredential" })],
    ["TYPE", () => directory.me("")],
    ["TYPE", () => directory.absent({ note: "", account: "", epoch: 7, bucket: 0, absentFromVersion: 1, time: "" }, "AAAA")],
    ["TYPE", () => package_.discover({ directory, contacts: /** @type {any} */ ("+442079460102"), credential: ann.credential })],
    ["TYPE", () => package_.discover({ directory, contacts: [/** @type {any} */ ({ name: "Ben" })], credential: ann.credential })],
    ["REGION", () => package_.discover({ directory, contacts: ["020 7946 0102"], region: "uk", credential: ann.credential })],
    ["TYPE", () => package_.discover({ directory, contacts: [NUMBER], credential: "x" })],
    ["OPTION", () => package_.Directory.open("http://directory.example", { ...core })],
    ["OPTION", () => package_.Directory.open("ftp://localhost", { ...core })],
    ["OPTION", () => package_.Directory.open("no address", { ...core })],
  ];
  for (const [code, call] of wrong) {
    const error = await call().then(() => assert.fail("nothing was thrown"), (error) => error);
    assert.equal(error.code, code, String(call));
    assert.doesNotMatch(error.message, /\d{6}/);
  }
  assert.equal(t.double.asked.length, 0);
});
