// Finding contacts: what is charged, what is remembered, how it goes on after
// an interruption. The directory is one in memory; discover-server.test.mjs has
// the real one, discover-lies.test.mjs one that lies.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Memory, stranger, town } from "./discovery.js";
import { install, loaded } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/discover")} */
let package_;
/** @type {import("./whole.js").Loaded} */
let core;

before(async () => {
  installed = await install();
  const { load } = await import(pathToFileURL(join(installed.package, "index.js")).href);
  package_ = await import(pathToFileURL(join(installed.package, "discovery/discover.js")).href);
  core = await loaded(installed.package);
});
after(() => installed?.remove());

/** @param {number} n */
const crowd = (n) => Array.from({ length: n }, (_, i) => `+4420794603${String(i).padStart(2, "0")}`.slice(0, 13));

/** The paths that were asked for, and how many elements were in each batch. @param {import("./double.js").Asked[]} asked */
const told = (asked) => asked.map(({ method, path, body }) => `${method} ${path}${path.endsWith("evaluations") ? ` ${body.length / 32}` : ""}`);

test("only new contacts are charged, and only what changed is read", async () => {
  const { double, directory, ann } = await town(package_, core);
  const state = new Memory();
  const run = (/** @type {string[]} */ contacts) => package_.discover({ directory, contacts, credential: ann.credential, state });
  const first = await run([stranger(1), stranger(2), ...crowd(7)]);
  assert.deepEqual([first.counts.known, first.counts.evaluated, first.counts.charged], [0, 9, 64]);
  assert.equal(first.counts.budget, 5120 - 64);

  double.asked = [];
  const second = await run([stranger(1), stranger(2), ...crowd(7)]);
  assert.deepEqual([second.counts.known, second.counts.evaluated, second.counts.charged, second.counts.budget], [9, 0, 0, null]);
  assert.equal(told(double.asked)[0], `GET /v1/buckets/0/delta?since=${double.version}`);

  await double.enrol("+442079460177", ["discoverable"]);
  double.asked = [];
  const third = await run([stranger(1), "+442079460177", "+442079460178"]);
  assert.deepEqual([third.counts.known, third.counts.evaluated, third.counts.charged], [1, 2, 8]);
  assert.ok(!told(double.asked).some((line) => line.includes("/tags")), "a delta was enough");
  assert.equal(third.counts.unopened, 2); // strangers have sealed no record

  // Too old for a delta: the whole file, and if that is the known one, not even that.
  double.forget();
  double.asked = [];
  await run([stranger(1)]);
  assert.deepEqual(told(double.asked).slice(0, 2), [`GET /v1/buckets/0/delta?since=${double.version - 1}`, "GET /v1/buckets/0/tags"]);
  assert.equal(double.asked[1].headers["if-none-match"], undefined); // a delta gave no ETag
  double.bend = ({ path }) => (path.includes("delta") ? { status: 410, headers: {}, body: new Uint8Array(0) } : undefined);
  double.asked = [];
  await run([stranger(1)]);
  assert.equal(double.asked[1].headers["if-none-match"], `"t${double.version}"`);
  assert.equal(double.charged, 64 + 8);
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
  const { found, counts } = await package_.discover({ directory, contacts, region: "GB", credential: ann.credential });
  assert.deepEqual(found.map(({ contact, index, number }) => [contact, index, number]), [[contacts[0], 0, "+442079460102"], [contacts[2], 2, "+442079460102"]]);
  const { contacts: people, texts, numbers, repeated, unreadable, invalid, services, extensions } = counts;
  assert.deepEqual({ people, texts, numbers, repeated, unreadable, invalid, services, extensions },
    { people: 7, texts: 9, numbers: 2, repeated: 3, unreadable: 1, invalid: 1, services: 1, extensions: 1 });
  assert.equal(double.charged, 8);

  // In the order of the contacts and of their numbers, whatever the order of tags.
  const own = ["+442079460101", "+442079460102"];
  for (const numbers of [own, [...own].reverse()]) {
    const both = await package_.discover({ directory, contacts: [{ numbers }, numbers[1]], credential: ann.credential });
    assert.deepEqual(both.found.map(({ index, number }) => [index, number]), [[0, numbers[0]], [0, numbers[1]], [1, numbers[1]]]);
  }

  const nobody = await package_.discover({ directory, contacts: [], credential: ann.credential });
  assert.deepEqual([nobody.found, nobody.counts.charged], [[], 0]);
});

test("batches hide the count", async () => {
  const { double, directory, open, ann } = await town(package_, core);
  double.batches = [8, 64]; // what was opened before says otherwise
  for (const [n, sizes] of /** @type {[number, number[]][]} */ ([[1, [8]], [8, [8]], [9, [64]], [64, [64]], [65, [256]]])) {
    double.asked = [];
    await package_.discover({ directory, contacts: crowd(n), credential: ann.credential });
    assert.deepEqual(told(double.asked).filter((line) => line.startsWith("POST")), sizes.map((size) => `POST /v1/evaluations ${size}`));
    const bodies = double.asked.filter(({ method }) => method === "POST").map(({ body }) => Buffer.from(body).toString("hex").match(/.{64}/g));
    assert.equal(new Set(bodies.flat()).size, sizes[0], "no element twice");
  }
  const small = await open();
  double.asked = [];
  await package_.discover({ directory: small, contacts: crowd(70), credential: ann.credential });
  assert.deepEqual(told(double.asked).slice(0, 2), ["POST /v1/evaluations 64", "POST /v1/evaluations 8"]);
});

test("decoys: as many as wanted blocks, the same in every run, two without a match", async () => {
  const { double, directory, ann } = await town(package_, core, { people: 98, crowd: 6300 });
  double.block = 1; // what a directory wishes makes no difference
  const state = new Memory();
  /** @param {string[]} contacts */
  const blocksOf = async (contacts) => {
    double.asked = [];
    const { counts } = await package_.discover({ directory, contacts, credential: ann.credential, state });
    const blocks = double.asked.filter(({ path }) => path.endsWith("/records")).map(({ headers }) => (Number(/\d+/.exec(headers.range)?.[0]) - 28) / (64 * 256));
    assert.equal(blocks.shift(), -28 / (64 * 256)); // the header
    assert.deepEqual(blocks, [...blocks].sort((a, b) => a - b), "in order");
    return { counts, blocks };
  };
  const none = await blocksOf(["+442079460401"]);
  assert.deepEqual([none.counts.blocks, none.counts.decoys, none.blocks.length], [0, 2, 2]);
  const one = await blocksOf(["+442079460102"]);
  assert.deepEqual([one.counts.blocks, one.counts.decoys], [1, 1]);
  assert.deepEqual((await blocksOf(["+442079460102"])).blocks, one.blocks);
  const many = await blocksOf(Array.from({ length: 9 }, (_, i) => stranger(i)));
  assert.equal(many.counts.decoys, many.counts.blocks);
  assert.equal(new Set(many.blocks).size, many.blocks.length);
  const all = await blocksOf(Array.from({ length: 98 }, (_, i) => stranger(i)));
  assert.equal(all.blocks.length, 25);
  assert.equal(all.counts.unopened, 98);
  // Of another seed the decoys are others.
  const others = new Set();
  for (let i = 0; i < 8; i++) {
    state.bytes = null;
    others.add(String((await blocksOf(["+442079460102"])).blocks));
  }
  assert.ok(others.size > 1);
});

test("an interrupted run goes on where it was, and nothing is charged twice", async () => {
  const contacts = [...crowd(90), "+442079460102"];
  const requests = 2 + 1 + 1 + 2; // batches, tags, header, blocks
  for (let lost = 0; lost < requests; lost++) {
    for (const when of ["before", "after"]) {
      const { double, open, ann } = await town(package_, core, { crowd: 600 });
      double.batches = [64];
      const directory = await open();
      const state = new Memory();
      double.asked = [];
      double.charged = 0;
      let n = -1; // opening
      const { fetch } = double;
      /** @type {typeof globalThis.fetch} */
      const broken = async (...request) => {
        const mine = n++;
        if (mine === lost && when === "before") throw new TypeError("the connection is lost");
        const response = await fetch(...request);
        if (mine === lost) throw new TypeError("the connection is lost");
        return response;
      };
      const interrupted = await open({ fetch: broken });
      const error = await package_.discover({ directory: interrupted, contacts, credential: ann.credential, state }).catch((error) => error);
      assert.equal(error.code, "NETWORK", `request ${lost}`);
      const again = await package_.discover({ directory, contacts, credential: ann.credential, state });
      assert.deepEqual(again.found.map(({ number }) => number), ["+442079460102"]);
      // Only where the answer itself was lost, the same batch is paid for again.
      const twice = lost < 2 && when === "after" ? 64 : 0;
      assert.equal(double.charged, 128 + twice, `request ${lost} lost ${when} it came`);
      assert.equal(again.counts.known, lost === 0 ? 0 : lost === 1 ? 64 : 91);
    }
  }
  console.log(`counts: ${2 * requests} interruptions`);
});

test("a spent budget", async () => {
  const { double, open, ann } = await town(package_, core);
  double.batches = [8, 64];
  double.budget = 100;
  const directory = await open();
  const state = new Memory();
  const began = Date.now();
  const error = await package_.discover({ directory, contacts: crowd(90), credential: ann.credential, state }).catch((error) => error);
  assert.ok(error instanceof package_.DirectoryError);
  assert.equal(error.code, "BUDGET");
  assert.deepEqual(error.problem, { status: 429, code: "budget_exceeded", available: 36 });
  const wait = (error.retryAt?.getTime() ?? 0) - began;
  assert.ok(wait >= 86_400_000 && wait < 86_500_000);
  assert.match(error.message, /try again at 20\d\d-/);
  assert.equal(double.charged, 64);
  for (const account of double.accounts.values()) account.used = 0;
  const { counts } = await package_.discover({ directory, contacts: crowd(90), credential: ann.credential, state });
  assert.deepEqual([counts.known, counts.evaluated, double.charged], [64, 26, 128]);
});

test("cancelling, at every request", async () => {
  const { double, open, ann } = await town(package_, core, { crowd: 600 });
  const reason = new Error("enough");
  const contacts = ["+442079460102", ...crowd(3)];
  const whole = new Memory();
  const directory = await open();
  double.asked = [];
  await package_.discover({ directory, contacts, credential: ann.credential, state: whole });
  const requests = double.asked.length;
  assert.equal(requests, 5);
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
    const error = await package_.discover({ directory, contacts, credential: ann.credential, state, signal: controller.signal }).catch((error) => error);
    assert.deepEqual([error.code, error.cause], ["CANCELLED", reason], `request ${at}`);
    assert.equal(double.asked.length, at < 4 ? at : 5); // blocks are read side by side
    assert.equal(state.saves, at <= 1 ? 0 : at === 2 ? 1 : 2);
  }
  const aborted = AbortSignal.abort(reason);
  double.asked = [];
  for (const call of [
    () => open({ signal: aborted }),
    () => directory.register("+442079460102", { signal: aborted }),
    () => directory.confirm({ registration: "0".repeat(32), number: "+442079460102", code: "123456", scopes: ["search"], signal: aborted }),
    () => directory.publish({ credential: ann.credential, recordKey: ann.recordKey, handle: new Uint8Array(32), signal: aborted }),
    () => directory.me(ann.credential, { signal: aborted }),
    () => directory.withdraw(ann.credential, { signal: aborted }),
  ]) {
    assert.equal((await call().catch((/** @type {any} */ error) => error)).code, "CANCELLED", String(call));
  }
  assert.equal(double.asked.length, 0);
});

test("progress", async () => {
  const { double, open, ann } = await town(package_, core, { bits: 2 });
  double.batches = [8];
  /** @type {string[]} */
  const said = [];
  await package_.discover({ directory: await open(), contacts: crowd(12), credential: ann.credential, bucketBits: 2, onProgress: ({ phase, done, total }) => said.push(`${phase} ${done}/${total}`) });
  assert.deepEqual(said.slice(0, 6), ["evaluate 8/12", "evaluate 12/12", "tags 1/4", "tags 2/4", "tags 3/4", "tags 4/4"]);
  assert.match(said.at(-1) ?? "", /^records (\d+)\/\1$/);
});

test("a state that is damaged, of another directory, or cannot be kept", async () => {
  const { directory, ann } = await town(package_, core);
  const other = await town(package_, core);
  const state = new Memory();
  const contacts = crowd(2);
  await package_.discover({ directory, contacts, credential: ann.credential, state });
  const good = /** @type {Uint8Array} */ (state.bytes);
  const never = () => assert.fail("saved");
  /** @param {import("sealbook/discover").StateStore} state @param {import("sealbook/discover").Directory} of @param {string} credential */
  const codeWith = (state, of = directory, credential = ann.credential) =>
    package_.discover({ directory: of, contacts, credential, state }).then(() => null, (error) => error.code);
  for (let at = 0; at < good.length; at += 97) {
    const bytes = good.slice();
    bytes[at] ^= 1;
    assert.equal(await codeWith({ load: () => bytes, save: never }), "STATE", `byte ${at}`);
  }
  assert.equal(await codeWith({ load: () => good.subarray(0, good.length - 1), save: never }), "STATE");
  assert.equal(await codeWith({ load: () => good, save: never }, other.directory, other.ann.credential), "STATE");
  const fails = async () => { throw new Error("disk full"); };
  assert.equal(await codeWith({ load: fails, save: never }), "STATE");
  assert.equal(await codeWith({ load: () => null, save: fails }), "STATE");
  assert.equal(await codeWith({ load: () => good, save: () => {} }), null);
});

test("another epoch makes old evaluations useless, another key for the same is refused", async () => {
  const { double, open, ann } = await town(package_, core);
  const state = new Memory();
  const run = async () => package_.discover({ directory: await open(), contacts: crowd(2), credential: ann.credential, state });
  await run();
  double.oprf = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), new Uint8Array(1)));
  assert.equal((await run().catch((error) => error)).code, "KEY");
  double.epoch++;
  assert.deepEqual((await run()).counts.known, 0);
  assert.deepEqual((await run()).counts.known, 2);
  double.epoch--;
  assert.equal((await run().catch((error) => error)).code, "EPOCH");
});

test("more bucket bits than the caller accepts", async () => {
  const { double, directory, ann } = await town(package_, core, { bits: 3 });
  double.asked = [];
  for (const bucketBits of [undefined, 0, 2]) {
    await assert.rejects(package_.discover({ directory, contacts: crowd(2), credential: ann.credential, ...(bucketBits === undefined ? {} : { bucketBits }) }), { code: "BUCKETS" });
  }
  await assert.rejects(package_.discover({ directory, contacts: crowd(2), credential: ann.credential, bucketBits: 21 }), { code: "RANGE" });
  assert.equal(double.asked.length, 0);
  await package_.discover({ directory, contacts: crowd(2), credential: ann.credential, bucketBits: 20 });
});

test("people who may search without being found, and the other way round", async () => {
  const { double, directory, ann, join: enter } = await town(package_, core);
  const searcher = await enter("+442079460111", 3, ["search"]);
  assert.equal(searcher.receipt.tag, null);
  assert.ok(!double.asked.at(-1)?.path.endsWith("/record"), "no record is published");
  const { found } = await package_.discover({ directory, contacts: ["+442079460111", "+442079460102"], credential: ann.credential });
  assert.deepEqual(found.map(({ number }) => number), ["+442079460102"]);
  await directory.publish({ ...ann, handle: new Uint8Array(32).fill(9), flags: 0xffffffff });
  const seen = await package_.discover({ directory, contacts: ["+442079460101"], credential: searcher.credential });
  assert.deepEqual(seen.found.map(({ handle, flags }) => [handle[0], flags]), [[9, 0xffffffff]]);
});
