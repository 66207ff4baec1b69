// A directory that lies, breaks or dawdles, in every request: the client says
// so with a code, and what it remembers stays as it was.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Memory, town } from "./discovery.js";
import { base64url, bytesOf, join, json, problem } from "./double.js";
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
  package_ = await import(pathToFileURL(path(installed.package, "discovery/discover.js")).href);
  core = await loaded(installed.package);
});
after(() => installed?.remove());

const NUMBER = "+442079460103";
const BEN = "+442079460102";

/** @typedef {Awaited<ReturnType<typeof town>>} Town */

/** @param {Town} t @param {Memory} state @param {number} [records] */
const look = ({ directory, ann }, state, records) => package_.discover({ directory, contacts: [BEN, NUMBER], account: ann, state, records });

/** A search after somebody came, so that changes are read. @param {Town} t @param {Memory} state */
async function later(t, state) {
  await look(t, state);
  t.double.stranger();
  await t.double.publish();
  return () => look(t, state);
}

/**
 * Every request that there is, by a call that sends it; what must be before is
 * done first.
 * @type {Record<string, (t: Town, state: Memory) => Promise<() => Promise<unknown>>>}
 */
const calls = {
  "GET /v2/directory": async ({ open }) => () => open(),
  "POST /v2/registrations": async ({ directory }) => () => directory.register(NUMBER),
  "POST /v2/registrations/ID": async ({ join }) => () => join(NUMBER, 3),
  "PUT /v2/me/record": async ({ directory, ann }) => () => directory.publish({ account: ann, handle: new Uint8Array(32) }),
  "POST /v2/me/epoch": async ({ directory, ann }) => () => directory.move({ account: ann, number: "+442079460101", handle: new Uint8Array(32) }),
  "DELETE /v2/me/renewal": async ({ directory, ann }) => () => directory.refuseRenewal(ann.credential),
  "DELETE /v2/me": async ({ directory, ann }) => () => directory.withdraw(ann.credential),
  "GET /v2/log/update": async (t, state) => () => look(t, state),
  "GET /v2/states/N/root": async (t, state) => () => look(t, state),
  "GET /v2/states/N/tags": async (t, state) => () => look(t, state),
  "GET /v2/states/N/records": async (t, state) => () => look(t, state),
  "GET /v2/changes/N/N": later,
  "GET /v2/changes/N/N/records": later,
  "GET /v2/me": async (t, state) => () => look(t, state),
  "POST /v2/evaluations": async (t, state) => () => look(t, state),
  "GET /v2/states/N/hashes": async (t, state) => {
    await look(t, state, 0);
    return () => package_.askHandle({ directory: t.directory, number: BEN, state });
  },
};

/** @param {Asked} asked */
const nameOf = ({ method, path }) => `${method} ${path.replace(/[0-9a-f]{32}$/, "ID").replace(/\?.*/, "").replace(/\/\d+/g, "/N")}`;

/** @param {() => Promise<unknown>} call */
async function failure(call) {
  const error = await call().then(() => assert.fail("nothing was thrown"), (error) => error);
  if (!(error instanceof package_.DirectoryError)) throw error;
  assert.doesNotMatch(error.message, /\d{6}|\+\d/, "a number in a message");
  return error;
}

test("every request, broken in every way", async () => {
  const broken = new TypeError("the connection is lost");
  const bytes = ["ANSWER", "TAGS", "RECORD", "PROBLEM", "NOTE", "INCLUSION", "SIZE", "PROOF"];
  /** @type {[string, string[], (answer: Answer) => Answer][]} */
  const faults = [
    ["the connection breaks", ["NETWORK"], () => { throw broken; }],
    ["500", ["PROBLEM"], () => problem(500, "internal")],
    ["503 with a time", ["PROBLEM"], () => problem(503, "store_busy", {}, { "retry-after": "7" })],
    ["500 in HTML that echoes", ["PROBLEM"], () => ({ status: 500, headers: {}, body: join(`<h1>${NUMBER}</h1>`) })],
    ["a redirect", ["PROBLEM"], () => ({ status: 302, headers: { location: "https://elsewhere.example" }, body: new Uint8Array(0) })],
    ["200 in HTML", bytes, () => ({ status: 200, headers: {}, body: join("<!doctype html>") })],
    ["nothing", bytes, ({ status }) => ({ status: status === 204 ? 200 : status, headers: {}, body: new Uint8Array(0) })],
    ["cut short", bytes, ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: body.slice(0, -1) })],
    ["a byte more", bytes, ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: join(body, "x") })],
    ["too long by its own account", ["SIZE", "PROBLEM"], ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers: { ...headers, "content-length": "1000000000" }, body })],
    ["noise", bytes, ({ status, headers, body }) => ({ status: status === 204 ? 200 : status, headers, body: crypto.getRandomValues(body.slice()) })],
    ["JSON of nothing", [...bytes, "KEY"], () => json(200, {})],
    ["JSON null", bytes, () => ({ ...json(200, {}), body: join("null") })],
  ];
  let n = 0;
  for (const [name, prepare] of Object.entries(calls)) {
    const t = await town(package_, core, { people: 6 });
    const state = new Memory();
    const call = await prepare(t, state);
    for (const [fault, codes, bend] of faults) {
      const before = state.bytes;
      const { charged } = t.double;
      let bent = 0;
      t.double.bend = (asked, answer) => {
        if (nameOf(asked) !== name) return;
        bent++;
        return bend(answer);
      };
      const error = await failure(call);
      assert.ok(bent > 0 && codes.includes(error.code), `${name}, ${fault}: ${error.code}`);
      if (error.code === "PROBLEM") assert.equal(typeof error.problem?.status, "number");
      if (fault === "503 with a time") assert.ok(Math.abs((error.retryAt?.getTime() ?? 0) - Date.now() - 7000) < 1500);
      if (fault === "the connection breaks") assert.equal(error.cause, broken);
      assert.equal(state.bytes, before, `${name}, ${fault}: the state`);
      if (name !== "POST /v2/evaluations") assert.equal(t.double.charged, charged, "nothing is charged");
      if (name === "POST /v2/me/epoch" || name === "DELETE /v2/me") Object.assign(t, { ann: await t.join("+442079460101", 1) });
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
      if (nameOf(asked) === "POST /v2/evaluations") {
        const { evaluated, proof } = lie(asked, answer, { evaluated: body.slice(0, element * count), proof: body.slice(element * count) });
        return { ...answer, body: join(evaluated, proof) };
      }
      if (nameOf(asked) !== "POST /v2/registrations/ID") return;
      if (/two|one element/.test(name)) return { ...answer, body: join("{}") };
      const given = JSON.parse(new TextDecoder().decode(body));
      const blinded = bytesOf(JSON.parse(new TextDecoder().decode(asked.body)).blinded);
      const { evaluated, proof } = lie({ ...asked, body: blinded }, answer, { evaluated: bytesOf(given.evaluated), proof: bytesOf(given.proof) });
      return json(201, { ...given, evaluated: base64url(evaluated), proof: base64url(proof) });
    };
    const error = await failure(() => package_.discover({ directory: t.directory, contacts, account: t.ann, state }));
    assert.equal(error.code, code, name);
    assert.equal(state.bytes, null, name);
    assert.match((await failure(() => t.join(NUMBER, 3))).code, /two|one element/.test(name) ? /ANSWER/ : /PROOF/, name);
  }
  t.double.bend = ({ path }, answer) => (path.endsWith("evaluations") ? { ...answer, headers: { "sealbook-epoch": "8" } } : undefined);
  assert.equal((await failure(() => package_.discover({ directory: t.directory, contacts, account: t.ann, state }))).code, "EPOCH");
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

  const { double } = t;
  const parameters = { ...await double.parameters(), time: "2026-11-01T00:00:00Z" };
  double.bend = async () => json(200, { key: double.key, note: await double.note("sealbook directory v2", parameters) });
  assert.equal((await t.open()).parameters.epoch, 7);
  /** @type {[string, string, () => Promise<unknown>][]} */
  const notes = [
    ["of another signer", "NOTE", () => other.double.note("sealbook directory v2", parameters)],
    ["of another kind", "NOTE", () => double.note("sealbook receipt v2", parameters)],
    ["altered", "NOTE", async () => (await double.note("sealbook directory v2", parameters)).replace('"epoch":7', '"epoch":8')],
    ["with text before", "NOTE", async () => `x${await double.note("sealbook directory v2", parameters)}`],
    ["with a second signature", "NOTE", async () => `${await double.note("sealbook directory v2", parameters)}— witness.example ${btoa("0123456789")}\n`],
    ["without a signature", "NOTE", async () => (await double.note("sealbook directory v2", parameters)).split("— ")[0]],
    ["cut short", "NOTE", async () => (await double.note("sealbook directory v2", parameters)).slice(0, -2)],
    ["of two lines more", "NOTE", () => double.note("sealbook directory v2\nmore\nmore", parameters)],
    ["of no object", "NOTE", () => double.note("sealbook directory v2", [1])],
    ["no text", "NOTE", async () => 7],
    ["of another protocol", "PROTOCOL", () => double.note("sealbook directory v2", { ...parameters, protocol: 1 })],
    ["of another name", "NOTE", () => double.note("sealbook directory v2", { ...parameters, name: "elsewhere.example" })],
    ["without a public key", "NOTE", () => double.note("sealbook directory v2", { ...parameters, public_key: undefined })],
    ["a public key that is the identity", "NOTE", () => double.note("sealbook directory v2", { ...parameters, public_key: base64url(new Uint8Array(32)) })],
    ["a public key that is none", "NOTE", () => double.note("sealbook directory v2", { ...parameters, public_key: base64url(new Uint8Array(32).fill(255)) })],
    ["a negative epoch", "NOTE", () => double.note("sealbook directory v2", { ...parameters, epoch: -1 })],
    ["33 bits", "NOTE", () => double.note("sealbook directory v2", { ...parameters, bucket_bits: 33 })],
    ["no batches", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, batches: [] } })],
    ["batches over the limit", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, batches: [8, 2048] } })],
    ["batches that show the count", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, batches: [8, 15] } })],
    ["batches of one", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, batches: [1, 8] } })],
    ["batches in disorder", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, batches: [64, 8] } })],
    ["blocks of nothing", "NOTE", () => double.note("sealbook directory v2", { ...parameters, limits: { ...parameters.limits, block: 0 } })],
    ["another consent text", "NOTE", () => double.note("sealbook directory v2", { ...parameters, consent: { ...parameters.consent, text: "all of it" } })],
    ["a time that is none", "NOTE", () => double.note("sealbook directory v2", { ...parameters, time: "today" })],
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
    ["of another account", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, account: Buffer.from(zeros).toString("hex") })],
    ["of another tag", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, tag: base64url(zeros.slice(0, 5)) })],
    ["without the tag", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, tag: null })],
    ["without the log's root", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, log_root: "" })],
    ["of another epoch", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, epoch: 8 })],
    ["of fewer scopes", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, scopes: ["search"] })],
    ["of more scopes", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, scopes: ["search", "discoverable", "share"] })],
    ["of another consent", "RECEIPT", (good) => double.note("sealbook receipt v2", { ...good, consent_sha256: "0".repeat(64) })],
    ["of another signer", "NOTE", (good) => other.double.note("sealbook receipt v2", good)],
    ["of a withdrawal", "NOTE", (good) => double.note("sealbook withdrawal v2", good)],
  ];
  for (const [what, code, lie] of receipts) {
    double.bend = async (asked, answer) => {
      if (nameOf(asked) !== "POST /v2/registrations/ID") return;
      const given = JSON.parse(new TextDecoder().decode(answer.body));
      return json(201, { ...given, receipt: await lie(JSON.parse(given.receipt.split("\n")[1])) });
    };
    double.asked = [];
    assert.equal((await failure(() => t.join(NUMBER, 3))).code, code, what);
    assert.ok(!double.asked.some(({ method }) => method === "PUT"), "no record is published then");
  }
  /** @type {[string, string, (good: any) => Promise<string>][]} */
  const withdrawals = [
    ["of another account", "RECEIPT", (good) => double.note("sealbook withdrawal v2", { ...good, account: "0".repeat(32) })],
    ["of a later epoch", "RECEIPT", (good) => double.note("sealbook withdrawal v2", { ...good, epoch: 8 })],
    ["without a version", "NOTE", (good) => double.note("sealbook withdrawal v2", { ...good, absent_from_version: undefined })],
    ["of another signer", "NOTE", (good) => other.double.note("sealbook withdrawal v2", good)],
    ["of a registration", "NOTE", (good) => double.note("sealbook receipt v2", good)],
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
  // A tag that is still published, before the promised version and after it.
  double.bend = () => {};
  const { credential, account, receipt } = await t.join(NUMBER, 3);
  const kept = { ...double.of(NUMBER) };
  const withdrawal = await t.directory.withdraw(credential, { account });
  const tag = String(receipt.tag);
  assert.equal(await t.directory.absent(withdrawal, tag), false);
  await double.publish();
  assert.equal(await t.directory.absent(withdrawal, tag), true);
  assert.equal(await t.directory.absent({ ...withdrawal, absentFromVersion: withdrawal.absentFromVersion + 1 }, tag), false);
  double.accounts.set("kept", /** @type {any} */ (kept));
  await double.publish();
  assert.equal(await t.directory.absent(withdrawal, tag), false);
  console.log(`counts: ${receipts.length + withdrawals.length} false receipts`);
});

test("what a confirmed person gets is not lost where publishing fails", async () => {
  const t = await town(package_, core);
  t.double.bend = ({ method }) => {
    if (method !== "PUT") return;
    const account = t.double.of(NUMBER);
    if (account) account.record = crypto.getRandomValues(new Uint8Array(64));
    return problem(503, "store_busy", {}, { "retry-after": "1" });
  };
  const error = await failure(() => t.join(NUMBER, 3));
  assert.deepEqual([error.code, error.problem?.code], ["PROBLEM", "store_busy"]);
  assert.ok(error.account && error.retryAt);
  t.double.bend = () => {};
  const look = async () => {
    await t.double.publish();
    return (await package_.discover({ directory: t.directory, contacts: [NUMBER], account: t.ann })).found.length;
  };
  assert.equal(await look(), 0);
  const account = await t.directory.publish({ account: error.account, handle: new Uint8Array(32) });
  assert.deepEqual([error.account.records.length, account.records.length], [0, 1]);
  assert.equal(await look(), 1);
});

test("a number that has an account changes hands slowly, and not at all if its owner says so", async () => {
  const t = await town(package_, core);
  t.double.renewal = 86_400_000;
  const error = await failure(() => t.join(BEN, 3));
  assert.deepEqual([error.code, error.renewal?.number, error.account], ["RENEWAL", BEN, null]);
  assert.ok(Math.abs((error.retryAt?.getTime() ?? 0) - Date.now() - 86_400_000) < 2000);
  const again = { ...error.renewal, code: t.double.code, scopes: /** @type {const} */ (["search", "discoverable"]), handle: new Uint8Array(32) };
  assert.equal((await failure(() => t.directory.confirm(/** @type {any} */ (again)))).code, "RENEWAL");
  // With its credential it is renewed at once.
  const mine = await t.directory.confirm(/** @type {any} */ ({ ...again, account: t.ben }));
  assert.equal(mine.account, t.ben.account);
  assert.notEqual(mine.credential, t.ben.credential);
  t.double.bend = ({ method }) => (method === "DELETE" ? problem(409, "renewal_final") : undefined);
  assert.equal((await failure(() => t.directory.refuseRenewal(mine.credential))).problem?.code, "renewal_final");
  t.double.bend = ({ path }, answer) => (path === "/v2/me" ? json(200, { ...JSON.parse(new TextDecoder().decode(answer.body)), renewal: { ready: "2026-12-01T00:00:00Z", refused: false } }) : undefined);
  const { renewal } = await package_.discover({ directory: t.directory, contacts: [], account: mine });
  assert.deepEqual(renewal, { ready: new Date("2026-12-01T00:00:00Z"), refused: false });
});

test("an account moves into a new epoch, and a lost one is withdrawn by a code", async () => {
  const t = await town(package_, core);
  await t.double.nextEpoch();
  const state = new Memory();
  const directory = await t.open();
  const moved = await directory.move({ account: t.ann, number: "+442079460101", handle: new Uint8Array(32).fill(4) });
  assert.deepEqual([moved.receipt.epoch, moved.receipt.scopes, moved.records.length], [8, ["search", "discoverable"], 1]);
  await t.double.publish();
  const { found } = await package_.discover({ directory, contacts: ["+442079460101"], account: moved, state });
  assert.equal(found[0].handle?.[0], 4);
  const { registration } = await directory.register(BEN);
  const withdrawal = await directory.withdrawByCode({ registration, number: BEN, code: t.double.code });
  assert.match(withdrawal.note, /^sealbook withdrawal v2\n/);
  assert.equal(t.double.of(BEN), undefined);
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
    const at = (timeout = 60_000) => Directory.open(`http://127.0.0.1:${port}`, { ...core, key: double.key, timeout });
    const patient = await at(), hasty = await at(300);
    const state = new Memory();
    const run = (directory = patient) => discover({ directory, contacts: [BEN], account: ann, state });
    for (const [name, code] of /** @type {const} */ ([["cut", "NETWORK"], ["drip", "SLOW"], ["silent", "SLOW"], ["endless", "SIZE"]])) {
      fault = name;
      const directory = code === "SLOW" ? hasty : patient;
      for (const call of [() => at(code === "SLOW" ? 300 : undefined), () => run(directory), () => directory.me(ann.credential), () => directory.register(NUMBER)]) {
        assert.equal((await failure(call)).code, code, `${name}: ${call}`);
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
  const shown = await (await double.fetch("https://directory.example/v2/directory")).text();
  const real = globalThis.crypto;
  /** @param {unknown} value */
  const set = (value) => Object.defineProperty(globalThis, "crypto", { value, configurable: true });
  try {
    set({ getRandomValues: real.getRandomValues.bind(real) }); // a page over plain http
    assert.equal((await failure(open)).code, "CRYPTO");
    // The double needs it itself: what it shows was asked before.
    assert.equal((await failure(() => open({ key: undefined, fetch: async () => new Response(shown) }))).code, "CRYPTO", "without a pinned key");
    set({ subtle: { digest: real.subtle.digest.bind(real.subtle), importKey: async () => { throw new DOMException("unknown", "NotSupportedError"); } } });
    assert.equal((await failure(open)).code, "CRYPTO");
  } finally {
    set(real);
  }
  assert.equal((await open()).key, double.key);
});

test("one file sends", async () => {
  const scripts = (await readdir(installed.package, { recursive: true })).filter((name) => name.endsWith(".js") && !/^(dist|examples)\//.test(name)); // dist is made of them
  const ways = /\bfetch\s*\(|\bfetch\b\s*=|globalThis\.fetch|new (XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection)|sendBeacon|\bimport\s*\(/;
  const found = [];
  for (const name of scripts) {
    const code = (await readFile(path(installed.package, name), "utf8")).replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    if (ways.test(code)) found.push(name);
  }
  assert.deepEqual(found.sort(), ["builtin.js", "discovery/send.js", "module.js", "sealbook.js", "source.js", "worker.js", "workers.js"]); // source.js fetches the core, the others import Node's own modules and files of the package
});

test("what a caller gets wrong is never sent", async () => {
  const t = await town(package_, core);
  const { directory, ann } = t;
  t.double.asked = [];
  const registration = "0".repeat(32);
  const handle = new Uint8Array(32);
  const good = { registration, number: NUMBER, code: "12345678", scopes: /** @type {const} */ (["discoverable"]), handle };
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
    ["TYPE", () => directory.publish({ account: { ...ann, recordKey: new Uint8Array(3) }, handle })],
    ["TYPE", () => directory.publish({ account: { ...ann, credential: "no\r\ncredential" }, handle })],
    ["TYPE", () => directory.me("")],
    ["TYPE", () => directory.absent(/** @type {any} */ ({ absentFromVersion: 1 }), "AAAA")],
    ["TYPE", () => package_.discover({ directory, contacts: /** @type {any} */ ("+442079460102"), account: ann })],
    ["TYPE", () => package_.discover({ directory, contacts: [/** @type {any} */ ({ name: "Ben" })], account: ann })],
    ["REGION", () => package_.discover({ directory, contacts: ["020 7946 0102"], region: "uk", account: ann })],
    ["TYPE", () => package_.discover({ directory, contacts: [NUMBER], account: { ...ann, credential: "x" } })],
    ["RANGE", () => package_.discover({ directory, contacts: [NUMBER], account: ann, records: -1 })],
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
