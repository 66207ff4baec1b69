// The client and the native directory: people register, find each other, lose
// their connection, withdraw.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { Memory, meet } from "./discovery.js";
import { inPage, inWorkerd } from "./engines.js";
import { output } from "./package.js";
import { enter, equip, line, nextEpoch, start } from "./server.js";

const { installed, built, package_, core, remove } = await equip();
after(remove);

const ANN = "+442079460201";
const BEN = "+442079460202";
/** @param {number} n @param {number} [from] */
const crowd = (n, from = 0) => Array.from({ length: n }, (_, i) => `+44207946${String(300 + from + i).padStart(4, "0")}`);

test("two people find each other; one withdraws and disappears; a restart changes nothing", async (t) => {
  let server = await start(t, built.dir, "two");
  const { discover, Directory } = package_;
  const open = () => Directory.open(server.url, { ...core, key: server.key });
  let directory = await open();
  const [ann, ben] = [await enter(server, directory, ANN, 1), await enter(server, directory, BEN, 2)];
  const state = new Memory();
  /** @param {string} credential @param {Memory} [state] */
  const look = async (credential, state) => {
    const { found, counts } = await discover({ directory, contacts: [{ name: "all", numbers: ["020 7946 0201", "020 7946 0202", "020 7946 0203", "999"] }], region: "GB", credential, state });
    return { found: found.map(({ number, handle, flags }) => [number, handle[0], flags]), counts };
  };
  assert.deepEqual((await look(ann.credential, state)).found, [[ANN, 1, 1], [BEN, 2, 2]]);
  assert.deepEqual((await look(ben.credential)).found, [[ANN, 1, 1], [BEN, 2, 2]]);

  const held = await directory.me(ann.credential);
  assert.deepEqual([held.account, held.tag, held.bucket, held.scopes, held.epoch], [ann.account, ann.receipt.tag, 0, ["search", "discoverable"], directory.parameters.epoch]);
  assert.equal(held.budget.used, 8);
  assert.equal(held.budget.available, held.budget.limit - 8);

  assert.equal(await server.stop(), 0);
  server = await start(t, built.dir, "two");
  assert.equal(server.key, directory.key);
  directory = await open();
  const again = await look(ann.credential, state);
  assert.deepEqual([again.found, again.counts.known, again.counts.charged], [[[ANN, 1, 1], [BEN, 2, 2]], 3, 0]);

  await directory.publish({ ...ben, handle: new Uint8Array(32).fill(7), flags: 7 });
  assert.deepEqual((await look(ann.credential, state)).found, [[ANN, 1, 1], [BEN, 7, 7]]);

  const tag = ben.receipt.tag ?? "";
  const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
  assert.equal(await directory.absent(withdrawal, tag), true);
  assert.equal(await directory.absent(withdrawal, ann.receipt.tag ?? ""), false);
  assert.deepEqual((await look(ann.credential, state)).found, [[ANN, 1, 1]]);
  for (const call of [() => directory.withdraw(ben.credential), () => directory.me(ben.credential), () => look(ben.credential), () => directory.publish({ ...ben, handle: new Uint8Array(32) })]) {
    const error = await call().then(() => assert.fail("nothing was thrown"), (error) => error);
    assert.deepEqual([error.code, error.problem.status, error.problem.code], ["PROBLEM", 401, "credential_unknown"]);
  }
  // Whoever comes again is found again.
  await enter(server, directory, BEN, 3);
  assert.deepEqual((await look(ann.credential, state)).found, [[ANN, 1, 1], [BEN, 3, 3]]);
});

test("two people in each engine, from another origin than the directory's", async (t) => {
  const server = await start(t, built.dir, "engines");
  const { url, key } = server;
  // Codes are shown on the terminal; whoever registers elsewhere asks here.
  const codes = createServer(async (request, response) => response.end(await server.code(request.url?.slice(1) ?? "")));
  await new Promise((resolve) => codes.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (codes.address());
  try {
    assert.deepEqual(await meet(package_, core, { url, key, code: server.code, numbers: [ANN, BEN] }), { met: 2 });
    const page = await inPage(installed.package, "engines/meet-page.js", {
      "/server.json": () => JSON.stringify({ url, key, numbers: ["+442079460211", "+442079460212"] }),
      "/code/*": server.code,
    }, url);
    assert.deepEqual(page.results, { met: 2 });
    // Chromium complains of the one answer that is a refusal.
    assert.deepEqual(page.complaints.filter((text) => !text.includes("401")), []);
    const worker = await inWorkerd(installed.package, "engines/meet-workerd.js", ["discovery.js", "double.js"],
      JSON.stringify({ url, key, numbers: ["+442079460221", "+442079460222"], codes: `http://127.0.0.1:${port}/` }));
    assert.deepEqual(worker, { met: 2 });
  } finally {
    codes.close();
  }
  console.log("counts: 3 engines");
});

test("refusals of a true directory", async (t) => {
  const server = await start(t, built.dir, "refusals", "-budget", "1088");
  const directory = await package_.Directory.open(server.url, { ...core, key: server.key });
  const { registration } = await directory.register(ANN);
  const right = await server.code(registration);
  const wrong = right === "000000" ? "000001" : "000000";
  const given = { registration, number: ANN, scopes: /** @type {const} */ (["search"]) };
  /** @param {Promise<unknown>} call */
  const failure = (call) => call.then(() => assert.fail("nothing was thrown"), (error) => error);
  const error = await failure(directory.confirm({ ...given, code: wrong }));
  assert.deepEqual([error.code, error.problem], ["PROBLEM", { status: 403, code: "code_wrong", triesLeft: 4 }]);
  assert.equal((await failure(directory.confirm({ ...given, code: right, number: BEN }))).problem.code, "code_wrong");
  assert.equal((await failure(directory.confirm({ ...given, code: right, registration: "0".repeat(32) }))).problem.code, "registration_unknown");
  const { credential, receipt } = await directory.confirm({ ...given, code: right });
  assert.deepEqual([receipt.tag, receipt.scopes], [null, ["search"]]);
  assert.equal((await failure(directory.confirm({ ...given, code: right }))).problem.code, "registration_unknown");

  const ben = await enter(server, directory, BEN, 2, { scopes: ["discoverable"] });
  assert.equal((await failure(package_.discover({ directory, contacts: [ANN], credential: ben.credential }))).problem.code, "scope_missing");

  const state = new Memory();
  for (const n of [9, 15]) await package_.discover({ directory, contacts: crowd(n), credential, state });
  const spent = await failure(package_.discover({ directory, contacts: crowd(290), credential, state }));
  assert.equal(spent.code, "BUDGET");
  assert.equal(spent.problem.code, "budget_exceeded");
  assert.equal(spent.problem.available, 1016);
  assert.ok(spent.retryAt > new Date());
  assert.equal((await directory.me(credential)).budget.used, 72);
  const { counts } = await package_.discover({ directory, contacts: crowd(15), credential, state });
  assert.deepEqual([counts.known, counts.charged], [15, 0]);
  // A search account is not listed, but somebody who is looked for there is.
  const { found } = await package_.discover({ directory, contacts: [BEN, ANN], credential });
  assert.deepEqual(found.map(({ number }) => number), [BEN]);
});

test("a connection that breaks at each request: nothing is charged twice", async (t) => {
  const server = await start(t, built.dir, "line");
  const way = await line(t, server.url);
  const open = () => package_.Directory.open(way.url, { ...core, key: server.key });
  const directory = await open();
  const ann = await enter(server, directory, ANN, 1);
  await enter(server, directory, BEN, 2);
  const used = async () => (await directory.me(ann.credential)).budget.used;
  // 260 numbers: a batch of 1,024; then one of 8 when a contact comes.
  let state = new Memory();
  const run = (/** @type {string[]} */ contacts) => package_.discover({ directory, contacts, credential: ann.credential, state });
  way.asked = 0;
  await run([BEN, ...crowd(7)]);
  const requests = way.asked;
  assert.equal(requests, 4); // batch, tags, header, the one block
  let charged = await used();
  assert.equal(charged, 8);
  let interruptions = 0;
  for (let at = 0; at < requests; at++) {
    for (const how of /** @type {const} */ (["before", "after"])) {
      state = new Memory();
      way.asked = 0;
      way.cut = (n) => (n === at ? how : null);
      const error = await run([BEN, ...crowd(7)]).then(() => assert.fail("nothing was thrown"), (error) => error);
      assert.equal(error.code, "NETWORK", `request ${at}, ${how}`);
      way.cut = () => null;
      const { found, counts } = await run([BEN, ...crowd(7)]);
      assert.deepEqual(found.map(({ number }) => number), [BEN]);
      // What came was kept. Only an evaluation whose own answer was lost is paid for again.
      const lost = at === 0 && how === "after";
      assert.equal(counts.charged, at === 0 ? 8 : 0);
      const now = await used();
      assert.equal(now - charged, lost ? 16 : 8, `request ${at}, ${how}`);
      charged = now;
      interruptions++;
    }
  }
  // New contacts alone are charged, and each batch is kept though the next breaks.
  way.asked = 0;
  way.cut = (n) => (n === 0 ? "before" : null);
  await assert.rejects(run([BEN, ...crowd(60)]), { code: "NETWORK" });
  way.cut = () => null;
  const { counts } = await run([BEN, ...crowd(60)]);
  assert.deepEqual([counts.known, counts.evaluated, counts.charged], [8, 53, 64]);
  assert.equal(await used(), charged + 64);
  console.log(`counts: ${interruptions} interruptions`);
});

test("another epoch, with buckets: all is computed anew, and consent to buckets is asked", async (t) => {
  const { Directory, discover } = package_;
  let server = await start(t, built.dir, "epochs");
  const { url, key } = server;
  const open = () => Directory.open(url, { ...core, key });
  const before = await open();
  const ann = await enter(server, before, ANN, 1);
  await enter(server, before, BEN, 2);
  const state = new Memory();
  const contacts = [BEN, ...crowd(20)];
  const old = { directory: before, contacts, credential: ann.credential, state };
  assert.equal((await discover(old)).found.length, 1);
  await server.stop();
  await nextEpoch(built.dir, "epochs", 4);
  server = await start(t, built.dir, "epochs", "-addr", new URL(url).host);

  await assert.rejects(discover(old), { code: "EPOCH" });
  const directory = await open();
  assert.deepEqual([directory.parameters.epoch, directory.parameters.bucketBits], [before.parameters.epoch + 1, 4]);
  await assert.rejects(discover({ ...old, directory }), { code: "BUCKETS" });
  const erased = await discover({ ...old, directory, bucketBits: 4 }).catch((error) => error);
  assert.equal(erased.problem.code, "credential_unknown");

  const again = await enter(server, directory, ANN, 1);
  const ben = await enter(server, directory, BEN, 2);
  assert.notEqual(again.account, ann.account);
  const run = () => discover({ directory, contacts, credential: again.credential, state, bucketBits: 4 });
  const first = await run();
  assert.deepEqual(first.found.map(({ number }) => number), [BEN]);
  assert.deepEqual([first.counts.known, first.counts.evaluated], [0, 21]);
  assert.ok(first.counts.buckets > 3);
  const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
  assert.equal(withdrawal.bucket, ben.receipt.bucket);
  assert.equal(await directory.absent(withdrawal, ben.receipt.tag ?? ""), true);
  assert.deepEqual([(await run()).found, (await run()).counts.charged], [[], 0]);
});

test("this client and the native command find each other", async (t) => {
  const server = await start(t, built.dir, "native");
  const directory = await package_.Directory.open(server.url, { ...core, key: server.key });
  const ann = await enter(server, directory, ANN, 1);
  /** @param {...string} args */
  const verifier = (...args) => output(built.verifier, args, built.dir);
  await verifier("register", "--directory", server.url, "--key", server.key, "--account", "ben.account",
    "--scope", "search", "--scope", "discoverable", "--handle", "@ben", "--flags", "7", BEN);
  await verifier("confirm", "--account", "ben.account", await server.nthCode(2));
  const { found } = await package_.discover({ directory, contacts: [BEN, ...crowd(3)], credential: ann.credential });
  assert.deepEqual(found.map(({ number, handle, flags }) => [number, Buffer.from(handle).toString().replaceAll("\0", ""), flags]), [[BEN, "@ben", 7]]);

  await writeFile(join(built.dir, "contacts.txt"), [ANN, ...crowd(3)].join("\n"));
  const answer = JSON.parse(await verifier("discover", "--account", "ben.account", "--contacts", "contacts.txt", "--json"));
  assert.deepEqual(answer.found.map((/** @type {any} */ { number, flags }) => [number, flags]), [[ANN, 1]]);
  await directory.withdraw(ann.credential);
  assert.deepEqual(JSON.parse(await verifier("discover", "--account", "ben.account", "--contacts", "contacts.txt", "--json")).found, []);
});
