// The client and the native directory: people register, find each other, lose
// their connection, withdraw, move into another epoch.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { Memory, meet } from "./discovery.js";
import { inPage, inWorkerd } from "./engines.js";
import { output } from "./package.js";
import { enter, equip, line, nextEpoch, start, until } from "./server.js";

const { installed, built, package_, core, remove } = await equip();
after(remove);

const ANN = "+442079460201";
const BEN = "+442079460202";
/** @param {number} n @param {number} [from] */
const crowd = (n, from = 0) => Array.from({ length: n }, (_, i) => `+44207946${String(300 + from + i).padStart(4, "0")}`);
/** @param {Promise<unknown>} call */
const failure = (call) => call.then(() => assert.fail("nothing was thrown"), (error) => error);

test("two people find each other; one withdraws and disappears; a restart changes nothing", async (t) => {
  let server = await start(t, built.dir, "two");
  const { discover, Directory } = package_;
  const open = () => Directory.open(server.url, { ...core, key: server.key });
  let directory = await open();
  const [ann, ben] = [await enter(server, directory, ANN, 1), await enter(server, directory, BEN, 2)];
  const state = new Memory();
  const contacts = [{ name: "all", numbers: ["020 7946 0201", "020 7946 0202", "020 7946 0203", "999"] }];
  /** @param {typeof ann} account @param {Memory} [state] */
  const look = async (account, state) => {
    const { found, warnings, counts } = await discover({ directory, contacts, region: "GB", account, state });
    return { found: found.map(({ number, handle, flags }) => [number, handle?.[0], flags]), warnings: warnings.map(({ code }) => code), counts };
  };
  /** @param {unknown} want @param {typeof ann} [account] */
  const finds = (want, account = ann) => until(async () => JSON.stringify((await look(account, account === ann ? state : undefined)).found) === JSON.stringify(want));
  const began = Date.now();
  await finds([[ANN, 1, 1], [BEN, 2, 2]]);
  await finds([[ANN, 1, 1], [BEN, 2, 2]], ben);
  console.log(`counts: found ${((Date.now() - began) / 1000).toFixed(1)} s after registering`);

  const held = await directory.me(ann.credential);
  assert.deepEqual([held.account, held.tag, held.scopes, held.epoch, held.renewal], [ann.account, ann.receipt.tag, ["search", "discoverable"], directory.parameters.epoch, null]);
  assert.equal(held.budget.available, held.budget.limit - held.budget.used);

  assert.equal(await server.stop(), 0);
  server = await start(t, built.dir, "two");
  assert.equal(server.key, directory.key);
  directory = await open();
  const again = await look(ann, state);
  assert.deepEqual([again.found, again.warnings, again.counts.known, again.counts.charged], [[[ANN, 1, 1], [BEN, 2, 2]], [], 3, 8]);

  await directory.publish({ account: ben, handle: new Uint8Array(32).fill(7), flags: 7 });
  await finds([[ANN, 1, 1], [BEN, 7, 7]]);
  assert.deepEqual((await look(ann, state)).warnings, ["HANDLE"], "Ben shows something else than at first");

  const tag = ben.receipt.tag ?? "";
  const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
  await until(() => directory.absent(withdrawal, tag));
  assert.equal(await directory.absent(withdrawal, ann.receipt.tag ?? ""), false);
  await finds([[ANN, 1, 1]]);
  for (const call of [() => directory.withdraw(ben.credential), () => directory.me(ben.credential), () => look(ben), () => directory.publish({ account: ben, handle: new Uint8Array(32) })]) {
    const error = await failure(call());
    assert.deepEqual([error.code, error.problem.status, error.problem.code], ["PROBLEM", 401, "credential_unknown"]);
  }
  // Whoever comes again is found again; who lost everything leaves by a code.
  await enter(server, directory, BEN, 3);
  await finds([[ANN, 1, 1], [BEN, 3, 3]]);
  const { registration } = await directory.register(BEN);
  const gone = await directory.withdrawByCode({ registration, number: BEN, code: await server.code(registration) });
  assert.equal(gone.account, ben.account);
  await finds([[ANN, 1, 1]]);
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
    // A page of an origin that the operator names.
    /** @type {typeof server} */
    let named;
    const page = await inPage(installed.package, "engines/meet-page.js", {
      "/server.json": () => JSON.stringify({ url: named.url, key: named.key, numbers: ["+442079460211", "+442079460212"] }),
      "/code/*": (registration) => named.code(registration),
    }, async (origin) => {
      named = await start(t, built.dir, "named", "-origins", origin);
      return named.url;
    });
    assert.deepEqual(page.results, { met: 2 });
    const stranger = await inPage(installed.package, "engines/meet-page.js", {
      "/server.json": () => JSON.stringify({ url, key, numbers: ["+442079460211", "+442079460212"] }),
      "/code/*": server.code,
    }, url);
    assert.match(stranger.results.error, /^DirectoryError: the connection to the directory failed/);
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
  const server = await start(t, built.dir, "refusals", "-budget", "1096", "-renewal", "3600");
  const directory = await package_.Directory.open(server.url, { ...core, key: server.key });
  const { registration } = await directory.register(ANN);
  const right = await server.code(registration);
  const wrong = right === "00000000" ? "00000001" : "00000000";
  const given = { registration, number: ANN, scopes: /** @type {const} */ (["search"]) };
  const error = await failure(directory.confirm({ ...given, code: wrong }));
  assert.deepEqual([error.code, error.problem], ["PROBLEM", { status: 403, code: "code_wrong", triesLeft: 4 }]);
  assert.equal((await failure(directory.confirm({ ...given, code: right, number: BEN }))).problem.code, "code_wrong");
  assert.equal((await failure(directory.confirm({ ...given, code: right, registration: "0".repeat(32) }))).problem.code, "registration_unknown");
  const ann = await directory.confirm({ ...given, code: right });
  assert.deepEqual([ann.receipt.tag, ann.receipt.scopes], [null, ["search"]]);
  assert.equal((await failure(directory.confirm({ ...given, code: right }))).problem.code, "registration_unknown");

  // Who has the number's codes alone waits, and can be refused once.
  const other = await directory.register(ANN);
  const code = await server.code(other.registration);
  const wait = await failure(directory.confirm({ ...given, registration: other.registration, code }));
  assert.deepEqual([wait.code, wait.renewal.registration], ["RENEWAL", other.registration]);
  const { renewal } = await package_.discover({ directory, contacts: [], account: ann });
  assert.deepEqual([renewal?.ready, renewal?.refused], [wait.retryAt, false]);
  await directory.refuseRenewal(ann.credential);
  const later = await package_.discover({ directory, contacts: [], account: ann });
  assert.ok(later.renewal?.refused && later.renewal.ready > new Date(Date.now() + 6 * 86_400_000));
  assert.equal((await failure(directory.refuseRenewal(ann.credential))).problem.code, "renewal_final");
  // With the credential it goes at once.
  const mine = await directory.confirm({ ...given, registration: other.registration, code, account: ann });
  assert.equal(mine.account, ann.account);

  const state = new Memory();
  for (const n of [9, 15]) await package_.discover({ directory, contacts: crowd(n), account: mine, state });
  const spent = await package_.discover({ directory, contacts: crowd(290), account: mine, state });
  assert.equal(spent.waiting?.numbers, 275);
  assert.ok((spent.waiting?.until?.getTime() ?? 0) > Date.now());
  assert.equal((await directory.me(mine.credential)).budget.used, 8 + 8 + 64 + 8);
});

test("a connection that breaks at each request: nothing is charged twice", async (t) => {
  const server = await start(t, built.dir, "line");
  const way = await line(t, server.url);
  const directory = await package_.Directory.open(way.url, { ...core, key: server.key });
  const ann = await enter(server, directory, ANN, 1);
  await enter(server, directory, BEN, 2);
  const used = async () => (await directory.me(ann.credential)).budget.used;
  let state = new Memory();
  const run = (/** @type {string[]} */ contacts) => package_.discover({ directory, contacts, account: ann, state });
  const contacts = [BEN, ...crowd(7)];
  await until(async () => (await run(contacts)).found.length === 1);
  state = new Memory();
  way.asked = 0;
  await run(contacts);
  const requests = way.asked;
  assert.equal(requests, 7);
  let charged = await used();
  let interruptions = 0;
  for (let at = 0; at < requests; at++) {
    for (const how of /** @type {const} */ (["before", "after"])) {
      state = new Memory();
      way.asked = 0;
      way.cut = (n) => (n === at ? how : null);
      const error = await failure(run(contacts));
      assert.equal(error.code, "NETWORK", `request ${at}, ${how}`);
      way.cut = () => null;
      const { found } = await run(contacts);
      assert.deepEqual(found.map(({ number }) => number), [BEN]);
      // Only an evaluation whose own answer was lost is paid for again.
      const now = await used();
      assert.equal(now - charged, at === 6 && how === "after" ? 16 : 8, `request ${at}, ${how}`);
      charged = now;
      interruptions++;
    }
  }
  console.log(`counts: ${interruptions} interruptions`);
});

test("another epoch: an account moves, and all is computed anew", async (t) => {
  const { Directory, discover } = package_;
  let server = await start(t, built.dir, "epochs");
  const { url, key } = server;
  const before = await Directory.open(url, { ...core, key });
  const ann = await enter(server, before, ANN, 1);
  const ben = await enter(server, before, BEN, 2);
  const state = new Memory();
  const contacts = [BEN, ...crowd(20)];
  await until(async () => (await discover({ directory: before, contacts, account: ann, state })).found.length === 1);
  await server.stop();
  await nextEpoch(built.dir, "epochs");
  server = await start(t, built.dir, "epochs", "-addr", new URL(url).host);

  // The account is of the epoch before: it is known, and may not search.
  assert.equal((await failure(discover({ directory: before, contacts, account: ann, state }))).problem.code, "credential_unknown");
  const directory = await Directory.open(url, { ...core, key });
  assert.equal(directory.parameters.epoch, ann.receipt.epoch + 1);
  const handle = new Uint8Array(32).fill(9);
  const [moved, other] = [await directory.move({ account: ann, number: ANN, handle, flags: 9 }), await directory.move({ account: ben, number: BEN, handle, flags: 9 })];
  assert.notEqual(moved.account, ann.account);
  assert.equal((await failure(directory.move({ account: ann, number: ANN, handle }))).code, "PROBLEM");
  await until(async () => {
    const { found, counts, warnings } = await discover({ directory, contacts, account: moved, state });
    assert.ok(counts.known === 0 || counts.known === 21);
    assert.ok(warnings.every(({ code }) => code === "HANDLE"), JSON.stringify(warnings));
    return found.length === 1 && found[0].flags === 9;
  });
  const withdrawal = await directory.withdraw(other.credential, { account: other.account });
  await until(() => directory.absent(withdrawal, other.receipt.tag ?? ""));
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
  const state = new Memory();
  await until(async () => {
    const { found } = await package_.discover({ directory, contacts: [BEN, ...crowd(3)], account: ann, state });
    return JSON.stringify(found.map(({ number, handle, flags }) => [number, Buffer.from(handle ?? []).toString().replaceAll("\0", ""), flags])) === JSON.stringify([[BEN, "@ben", 7]]);
  });
  await writeFile(join(built.dir, "contacts.txt"), [ANN, ...crowd(3)].join("\n"));
  const discover = async () => JSON.parse(await verifier("discover", "--account", "ben.account", "--contacts", "contacts.txt", "--json"));
  await until(async () => JSON.stringify((await discover()).found.map((/** @type {any} */ { number, flags }) => [number, flags])) === JSON.stringify([[ANN, 1]]));
  await directory.withdraw(ann.credential);
  await until(async () => (await discover()).found.length === 0);
});
