// Finding contacts: what is charged, what is remembered, how it goes on after
// an interruption. The directory is one in memory; discover-server.test.mjs has
// the real one, discover-lies and rule-lies.test.mjs those that lie.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Memory, stranger, town } from "./discovery.js";
import { hex, sha256 } from "./double.js";
import { install, loaded, root } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/discover")} */
let package_;
/** @type {import("./whole.js").Loaded} */
let core;

before(async () => {
  installed = await install();
  package_ = await import(pathToFileURL(join(installed.package, "discovery/discover.js")).href);
  core = await loaded(installed.package);
});
after(() => installed?.remove());

const ANN = "+442079460101";
const BEN = "+442079460102";
/** @param {number} n */
const crowd = (n) => Array.from({ length: n }, (_, i) => `+44207946${String(300 + i).padStart(4, "0")}`);

/** What was asked for, with how many elements were in each batch. @param {import("./double.js").Asked[]} asked */
const told = (asked) => asked.map(({ method, path, body }) => `${method} ${path.replace(/\d{6}/, "H")}${path.endsWith("evaluations") ? ` ${body.length / 32}` : ""}`);

test("only new contacts are charged, and only what changed is read", async () => {
  const { double, directory, ann } = await town(package_, core);
  const state = new Memory();
  const run = (/** @type {string[]} */ contacts) => {
    double.asked = [];
    return package_.discover({ directory, contacts, account: ann, state });
  };
  const first = await run([stranger(1), stranger(2), ...crowd(7)]);
  assert.deepEqual([first.counts.known, first.counts.evaluated, first.counts.charged, first.counts.budget], [0, 9, 64, 5120 - 64]);
  assert.deepEqual(told(double.asked), ["GET /v2/directory", "GET /v2/log/update?from=0", "GET /v2/states/3/root", "GET /v2/states/3/tags", "GET /v2/states/3/records", "GET /v2/me", "POST /v2/evaluations 64"]);
  assert.equal(first.counts.unopened, 2); // strangers have sealed no record

  // Nothing was published, nothing is new: eight random elements all the same.
  const second = await run([stranger(1), stranger(2), ...crowd(7)]);
  assert.deepEqual([second.counts.known, second.counts.evaluated, second.counts.charged], [9, 0, 8]);
  assert.deepEqual(told(double.asked), ["GET /v2/directory", "GET /v2/log/update?from=3", "GET /v2/me", "POST /v2/evaluations 8"]);

  await double.enrol("+442079460177", ["discoverable"], 7);
  await double.publish();
  const third = await run([stranger(1), "+442079460177", "+442079460178"]);
  assert.deepEqual([third.counts.known, third.counts.evaluated, third.counts.charged, third.found.length], [1, 2, 8, 1]);
  assert.deepEqual(told(double.asked), ["GET /v2/directory", "GET /v2/log/update?from=3", "GET /v2/states/4/root", "GET /v2/changes/H/4", "GET /v2/changes/H/4/records", "GET /v2/me", "POST /v2/evaluations 8"]);
  assert.equal(double.charged, 64 + 8 + 8);
});

test("a number of two contacts, and numbers that are no use", async () => {
  const { directory, ann, double } = await town(package_, core);
  const contacts = [
    { name: "Ben", numbers: ["020 7946 0102", "+44 20 7946 0102", { text: "999" }] },
    { name: "Ben's office", numbers: ["020 7946 0102 ext. 7", "0909 879 0123"], region: "GB" },
    { name: "Ben at home", numbers: ["tel:+44-20-7946-0102"] },
    "ask Bob", "+1 212 555 0123", { name: "nobody", numbers: [] },
    { name: "in New York", numbers: ["(212) 555-0123"], region: "US" },
  ];
  const { found, counts } = await package_.discover({ directory, contacts, region: "GB", account: ann });
  assert.deepEqual(found.map(({ contact, index, number }) => [contact, index, number]), [[contacts[0], 0, BEN], [contacts[2], 2, BEN]]);
  const { contacts: people, texts, numbers, repeated, unreadable, invalid, services, extensions } = counts;
  assert.deepEqual({ people, texts, numbers, repeated, unreadable, invalid, services, extensions },
    { people: 7, texts: 9, numbers: 2, repeated: 3, unreadable: 1, invalid: 1, services: 1, extensions: 1 });
  assert.equal(double.charged, 8);
  // In the order of the contacts and of their numbers, whatever the order of tags.
  for (const numbers of [[ANN, BEN], [BEN, ANN]]) {
    const both = await package_.discover({ directory, contacts: [{ numbers }, numbers[1]], account: ann });
    assert.deepEqual(both.found.map(({ index, number }) => [index, number]), [[0, numbers[0]], [0, numbers[1]], [1, numbers[1]]]);
  }
  const nobody = await package_.discover({ directory, contacts: [], account: ann });
  assert.deepEqual([nobody.found, nobody.counts.charged], [[], 8]);
});

test("batches hide the count", async () => {
  const { double, directory, ann } = await town(package_, core);
  for (const [n, sizes] of /** @type {[number, number[]][]} */ ([[0, [8]], [1, [8]], [8, [8]], [9, [64]], [64, [64]], [65, [256]], [300, [1024]]])) {
    double.asked = [];
    await package_.discover({ directory, contacts: crowd(n), account: ann });
    const bodies = double.asked.filter(({ method }) => method === "POST").map(({ body }) => hex(body).match(/.{64}/g) ?? []);
    assert.deepEqual(bodies.map(({ length }) => length), sizes);
    assert.equal(new Set(bodies.flat()).size, sizes[0], "no element twice");
  }
});

test("an interrupted run goes on where it was, and nothing proved is charged twice", async () => {
  const contacts = [...crowd(90), BEN];
  let interruptions = 0;
  for (let lost = 0; lost < 7; lost++) {
    for (const when of ["before", "after"]) {
      const { double, open, ann } = await town(package_, core);
      const state = new Memory();
      double.charged = 0;
      let n = -1; // opening
      /** @type {typeof globalThis.fetch} */
      const broken = async (...request) => {
        const mine = n++;
        if (mine === lost && when === "before") throw new TypeError("the connection is lost");
        const response = await double.fetch(...request);
        if (mine === lost) throw new TypeError("the connection is lost");
        return response;
      };
      await assert.rejects(package_.discover({ directory: await open({ fetch: broken }), contacts, account: ann, state }), { code: "NETWORK" });
      assert.equal(state.bytes, null);
      const again = await package_.discover({ directory: await open(), contacts, account: ann, state });
      assert.deepEqual(again.found.map(({ number }) => number), [BEN]);
      // Only where the answer itself was lost, the batch is paid for again.
      assert.equal(double.charged, 256 + (lost === 6 && when === "after" ? 256 : 0), `request ${lost} lost ${when} it came`);
      interruptions++;
    }
  }
  // Of two batches the first is kept.
  const { double, open, ann } = await town(package_, core);
  const many = Array.from({ length: 1100 }, (_, i) => `+44${i < 700 ? 207946 : 113496}${String(300 + i % 700).padStart(4, "0")}`);
  const state = new Memory();
  double.bend = ({ path, body }) => { if (path.endsWith("evaluations") && body.length === 32 * 256) throw new TypeError("lost"); };
  await assert.rejects(package_.discover({ directory: await open(), contacts: many, account: ann, state }), { code: "NETWORK" });
  double.bend = () => {};
  const { counts } = await package_.discover({ directory: await open(), contacts: many, account: ann, state });
  assert.deepEqual([counts.known, counts.evaluated, counts.charged], [1024, 76, 256]);
  console.log(`counts: ${interruptions} interruptions`);
});

test("what the budget does not cover waits, and what it covers is found", async () => {
  const { double, open, ann } = await town(package_, core);
  double.budget = 1100;
  await double.publish(); // it is among the parameters that the log names
  const directory = await open();
  const state = new Memory();
  const many = [BEN, ...Array.from({ length: 1100 }, (_, i) => `+44${i < 700 ? 207946 : 113496}${String(300 + i % 700).padStart(4, "0")}`)];
  const began = Date.now();
  const first = await package_.discover({ directory, contacts: many, account: ann, state });
  assert.equal(first.waiting?.numbers, 77);
  const wait = (first.waiting?.until?.getTime() ?? 0) - began;
  assert.ok(wait >= 86_400_000 && wait < 86_500_000);
  assert.deepEqual([first.found.length, first.counts.evaluated, first.counts.charged, double.charged], [1, 1024, 1024, 1024]);
  for (const account of double.accounts.values()) account.used = 0;
  const { counts, waiting } = await package_.discover({ directory, contacts: many, account: ann, state });
  assert.deepEqual([counts.known, counts.evaluated, double.charged, waiting], [1024, 77, 1024 + 256, null]);
});

test("who may not search watches the own entry", async () => {
  const { double, directory, join } = await town(package_, core);
  const shy = await join("+442079460103", 3, ["discoverable"]);
  double.asked = [];
  const { found, warnings, counts } = await package_.discover({ directory, contacts: [BEN], account: shy });
  assert.deepEqual([found, warnings, counts.charged, double.asked.filter(({ method }) => method === "POST").length], [[], [], 0, 0]);
});

test("cancelling, at every request", async () => {
  const { double, open, ann } = await town(package_, core);
  const reason = new Error("enough");
  const contacts = [BEN, ...crowd(3)];
  const directory = await open();
  double.asked = [];
  await package_.discover({ directory, contacts, account: ann, state: new Memory() });
  const requests = double.asked.length;
  assert.equal(requests, 7);
  for (let at = 0; at <= requests; at++) {
    const state = new Memory();
    const controller = new AbortController();
    double.asked = [];
    if (at === 0) controller.abort(reason);
    double.bend = async (asked) => {
      if (double.asked[at - 1] !== asked) return;
      controller.abort(reason);
      await new Promise(() => {}); // a fetch that looks at no signal
    };
    const error = await package_.discover({ directory, contacts, account: ann, state, signal: controller.signal }).catch((error) => error);
    assert.deepEqual([error.code, error.cause], ["CANCELLED", reason], `request ${at}`);
    assert.equal(double.asked.length, at);
    assert.equal(state.saves, 0);
  }
  double.bend = () => {};
  const aborted = AbortSignal.abort(reason);
  double.asked = [];
  for (const call of [
    () => open({ signal: aborted }),
    () => directory.register(BEN, { signal: aborted }),
    () => directory.confirm({ registration: "0".repeat(32), number: BEN, code: "12345678", scopes: ["search"], signal: aborted }),
    () => directory.move({ account: ann, number: ANN, handle: new Uint8Array(32), signal: aborted }),
    () => directory.publish({ account: ann, handle: new Uint8Array(32), signal: aborted }),
    () => directory.me(ann.credential, { signal: aborted }),
    () => directory.refuseRenewal(ann.credential, { signal: aborted }),
    () => directory.withdraw(ann.credential, { signal: aborted }),
  ]) {
    assert.equal((await call().catch((/** @type {any} */ error) => error)).code, "CANCELLED", String(call));
  }
  assert.equal(double.asked.length, 0);
});

test("progress", async () => {
  const { directory, ann } = await town(package_, core);
  /** @type {string[]} */
  const said = [];
  await package_.discover({ directory, contacts: crowd(12), account: ann, onProgress: ({ phase, done, total }) => said.push(`${phase} ${done}/${total}`) });
  assert.deepEqual(said, ["tags 0/1", "records 0/1", "evaluate 12/12"]);
});

test("a state that is damaged, of another directory, or cannot be kept", async () => {
  const { directory, ann, double } = await town(package_, core);
  const other = await town(package_, core);
  const state = new Memory();
  const contacts = crowd(2);
  await package_.discover({ directory, contacts, account: ann, state });
  const good = /** @type {Uint8Array} */ (state.bytes);
  const never = () => assert.fail("saved");
  double.asked = [];
  /** @param {import("sealbook/discover").StateStore} state @param {import("sealbook/discover").Directory} of @param {import("sealbook/discover").Account} account */
  const codeWith = (state, of = directory, account = ann) =>
    package_.discover({ directory: of, contacts, account, state }).then(() => null, (error) => error.code);
  for (let at = 0; at < good.length; at += 97) {
    const bytes = good.slice();
    bytes[at] ^= 1;
    assert.equal(await codeWith({ load: () => bytes, save: never }), "STATE", `byte ${at}`);
  }
  assert.equal(await codeWith({ load: () => good.subarray(0, good.length - 1), save: never }), "STATE");
  assert.equal(await codeWith({ load: () => good, save: never }, other.directory, other.ann), "STATE");
  const fails = async () => { throw new Error("disk full"); };
  assert.equal(await codeWith({ load: fails, save: never }), "STATE");
  assert.equal(double.asked.length, 0, "nothing is sent for a state that cannot be read");
  assert.equal(await codeWith({ load: () => null, save: fails }), "STATE");
  assert.equal(await codeWith({ load: () => good, save: () => {} }), null);
});

test("another epoch makes old evaluations useless", async () => {
  const { double, directory, ann } = await town(package_, core);
  const state = new Memory();
  const run = () => package_.discover({ directory, contacts: [BEN, ...crowd(2)], account: ann, state });
  assert.deepEqual((await run()).counts.known, 0);
  await double.nextEpoch();
  const anew = await run();
  assert.deepEqual([anew.counts.known, anew.counts.evaluated, anew.counts.charged, directory.parameters.epoch], [0, 3, 8, 8]);
  assert.deepEqual((await run()).counts.known, 3);
  // The terms may change: what was consented to is the account's own receipt.
  double.consent = "Other terms.";
  await double.publish();
  await run();
  assert.equal(directory.consent.text, "Other terms.");
  assert.notEqual(ann.receipt.consentSha256, directory.consent.sha256);
});

test("parameters and log of two moments are read again, three times at most", async () => {
  const { double, directory, ann } = await town(package_, core);
  const state = new Memory();
  const run = () => package_.discover({ directory, contacts: [BEN], account: ann, state });
  /** @param {number} times the old parameters are shown once the terms have changed */
  const stale = async (times) => {
    const [old] = [await double.answer({ method: "GET", path: "/v2/directory", headers: {}, body: new Uint8Array(0) })];
    double.consent += " And more.";
    await double.publish();
    let n = 0;
    double.asked = [];
    double.bend = ({ path }) => (path === "/v2/directory" && n++ < times ? old : undefined);
  };
  for (const times of [1, 3]) {
    await stale(times);
    assert.equal((await run()).found.length, 1);
    assert.equal(double.asked.filter(({ path }) => path === "/v2/directory").length, times + 1);
  }
  await stale(4);
  const error = await run().catch((error) => error);
  assert.deepEqual([error.code, error.evidence.length, double.asked.length], ["NOTE", 2, 8]);
});

test("the file of the most people", async () => {
  const { Tags, mostBytes } = await import(pathToFileURL(join(installed.package, "discovery/tags.js")).href);
  const { files } = JSON.parse(await readFile(join(root, "tests/vectors/tags.json"), "utf8"));
  const [most] = files.filter((/** @type {any} */ { count }) => count === 2 ** 24);
  const file = new Tags({ epoch: most.epoch, bits: most.bucket_bits, bucket: most.bucket, version: most.version }, new Float64Array(most.count)).write();
  assert.deepEqual([file.length, hex(await sha256(file))], [most.bytes, most.sha256]);
  assert.ok(file.length <= mostBytes(most.count));
  const read = Tags.read(file);
  assert.deepEqual([read.count, read.find(0)], [most.count, { from: 0, to: most.count }]);
});
