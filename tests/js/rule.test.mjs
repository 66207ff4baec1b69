// The rule: what a client sends is a function of what the directory publishes
// to everybody, of how many new numbers it looks for, rounded up, of when it
// last did so, and of random bytes. 20 syncs of address books that share no
// number; every planted leak turns this red. rule-lies.test.mjs has directories
// that lie.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Double, bytesOf, hex } from "./double.js";
import { install, loaded } from "./package.js";
import { Client, Rig, below, numberOf, seeded } from "./rule.js";

/** @typedef {typeof import("sealbook/discover")} Discover */

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {Discover} */
let package_;
/** @type {import("./whole.js").Loaded} */
let core;

before(async () => {
  installed = await install();
  package_ = await import(pathToFileURL(join(installed.package, "discovery/discover.js")).href);
  core = await loaded(installed.package);
});
after(() => installed?.remove());

const START = Date.parse("2026-11-01T10:20:00Z");
const HOUR = 3_600_000;

/** Where the numbers of each book begin: they share none. */
const BOOKS = { A: 0, B: 1000, C: 2100, D: 3200, own: 7900 };

/**
 * Lives through some syncs of a town, and what all clients sent.
 * @param {Discover} discover
 * @param {{ syncs: number, people?: number, books?: number, names?: string, fail?: number }} options books: about how many numbers each has; fail: the sync in which the evaluation is refused
 */
async function town(discover, { syncs, people = 2000, books: size = 1024, names = "ABCDE", fail = 0 }) {
  const rig = new Rig(START);
  try {
    const random = seeded(2026);
    const double = await Double.make(core, { random });
    const range = (/** @type {number} */ from, /** @type {number} */ n) => Array.from({ length: n }, (_, i) => numberOf(from + i));
    const books = {
      A: range(BOOKS.A, size - 124 * size / 1024), // a third of them is registered
      B: range(BOOKS.B, size), // none is
      C: range(BOOKS.C, 950), // all of them join while it goes on
      D: range(BOOKS.D, size - size / 16), // drawn anywhere: nobody's
    };
    const friends = books.A.slice(0, books.A.length / 3);
    for (const [i, number] of friends.entries()) await double.enrol(number, ["discoverable"], i % 200);
    while (double.accounts.size < people - 10) double.stranger();
    // Two strangers and a contact share a tag.
    const shared = /** @type {import("./double.js").Account} */ (double.of(friends[7]));
    double.stranger(shared.tag);
    double.stranger(shared.tag);

    /** @type {Record<string, Client>} */
    const clients = {};
    for (const [i, name] of [...names].entries()) {
      // E is A, by the same random bytes, but for one number: a friend's.
      const book = name === "E" ? books.A.map((number, at) => (at === books.A.length - 1 ? "+12025550143" : number)) : [...books[/** @type {"A"} */ (name)]];
      const client = new Client(rig, discover, core, double, book, { seed: i });
      clients[name] = await client.join(numberOf(BOOKS.own + i), 200 + i);
      client.random = seeded(name === "E" ? 1000 : 1000 + i);
    }
    await double.enrol("+12025550143", ["discoverable"], 77);

    const joined = { C: 0 };
    /** @type {Record<string, import("./rule.js").Outcome[]>} */
    const outcomes = Object.fromEntries([...names].map((name) => [name, []]));
    const strangers = [...double.accounts.values()].filter(({ number }) => number === "").map(({ credential }) => credential);
    for (let sync = 1; sync <= syncs; sync++) {
      const come = (/** @type {number} */ n) => { while (n-- > 0) strangers.push(double.stranger()); };
      const go = (/** @type {number} */ n) => { while (n-- > 0) double.accounts.delete(/** @type {string} */ (strangers.splice(below(random, strangers.length), 1)[0])); };
      for (let versions = 1 + below(random, 3); versions > 0; versions--) {
        // Strangers come, go, and change, anywhere in the list.
        come(below(random, 6));
        go(below(random, 6));
        for (let n = below(random, 6); n > 0; n--) {
          const account = double.accounts.get(strangers[below(random, strangers.length)]);
          if (account) account.record = random(64);
        }
        // Contacts do, too, and somebody in the same block and the next one.
        const friend = friends[below(random, friends.length)];
        if (double.of(friend) === undefined) await double.enrol(friend, ["discoverable"], 9);
        else if (below(random, 2) === 0) double.leave(friend);
        else await double.reseal(friend, below(random, 200));
        const near = double.rows().findIndex(([tag]) => tag >= (double.of(friends[3])?.tag ?? "80"));
        for (const at of [near + 1, near + 256]) {
          const [tag] = double.rows()[at % double.rows().length];
          const account = [...double.accounts.values()].find((account) => account.tag === tag && account.number === "");
          if (account) account.record = random(64);
        }
        for (let n = 0; n < 25 && names.includes("C") && joined.C < 950; n++) {
          await double.enrol(books.C[joined.C++], ["discoverable"], 5);
          go(1);
        }
        rig.pass(20 * 60_000 + below(random, 40 * 60_000));
        await double.publish();
      }
      if (sync === 5) {
        shared.record = random(64); // of those that share a tag one changes
        await double.publish();
      }
      if (sync === 12) come(150);
      if (sync === 16) go(150);
      if (sync === 12 || sync === 16) await double.publish();
      if (sync === 15) await double.nextEpoch();
      // Longer away than changes are kept.
      if (sync === 18) rig.pass(9 * 24 * HOUR);
      rig.pass(HOUR);
      if (sync === 18) await double.publish();
      for (const [i, name] of [...names].entries()) {
        const client = clients[name];
        if ([3, 7, 13].includes(sync)) {
          // 1 to 8 numbers more, or none: nobody can tell.
          const more = name === "B" ? 0 : name === "E" ? 4 : name === "A" ? 4 : 1 + ((sync + 3 * i) % 8);
          const from = { A: 960, B: 2050, C: 3060, D: 4170, E: 960 }[name] ?? 0;
          for (let n = 0; n < more; n++) client.book.push(numberOf(from + sync + 7 * n));
        }
        double.bend = ({ path }) => (sync === fail && path === "/v2/evaluations" ? { status: 503, headers: { "retry-after": "99999999" }, body: new Uint8Array(0) } : undefined);
        outcomes[name].push(await client.sync());
        double.bend = () => {};
      }
    }
    return { outcomes, clients, double };
  } finally {
    rig.restore();
  }
}

/** @param {Awaited<ReturnType<typeof town>>} lived */
function needRule({ outcomes }) {
  const names = Object.keys(outcomes);
  let requests = 0;
  for (const [sync, first] of outcomes[names[0]].entries()) {
    for (const name of names) {
      const outcome = outcomes[name][sync];
      assert.deepEqual(outcome.lines, first.lines, `sync ${sync + 1}: what ${name} sends is what ${names[0]} does`);
      assert.deepEqual([outcome.code, outcome.changed], [first.code, first.changed], `sync ${sync + 1}: what comes of it for ${name}`);
      assert.ok(outcome.lines.every((line) => line.includes(" work 0 ")), `sync ${sync + 1}: ${name} makes nothing of an answer before the last`);
      assert.equal(outcome.until, "E", `sync ${sync + 1}: ${name} evaluates, and does so last`);
      for (const fields of outcome.headers) {
        for (const field of ["cookie", "if-none-match", "if-modified-since", "if-range"]) assert.equal(fields[field], undefined, `${name} sends ${field}`);
      }
      outcome.lines.forEach((line, i) => assert.equal("authorization" in outcome.headers[i], /\/v2\/(me|evaluations)\b/.test(line), `credentials: ${line}`));
      requests += outcome.lines.length;
    }
  }
  return requests;
}

/**
 * Every element is computed again from the transcript; no blind and no element
 * is there twice.
 * @param {Client[]} clients
 * @param {Double} double
 */
function needFresh(clients, double) {
  const seen = { blinds: new Set(), elements: new Set() };
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const oprf = core.blind.oprf.client(new Uint8Array(double.oprf.publicKey));
  let computed = 0;
  for (const text of clients.flatMap(({ transcripts }) => transcripts)) {
    for (const { request, items } of text.trimEnd().split("\n").slice(1).map((line) => JSON.parse(line))) {
      if (items === undefined) continue;
      const body = bytesOf(request.body);
      const inputs = items.map((/** @type {any} */ item) => item.number ?? bytesOf(item.padding));
      const blinds = Uint8Array.from(items.flatMap((/** @type {any} */ item) => [...bytesOf(item.blind)]));
      assert.equal(hex(oprf.blindWith(inputs, blinds)), hex(body));
      for (let at = 0; at < blinds.length; at += 32) {
        const scalar = BigInt(`0x${hex(blinds.slice(at, at + 32).reverse())}`);
        assert.ok(scalar > 0n && scalar < order, "a canonical blind");
        seen.blinds.add(scalar);
        seen.elements.add(hex(body.subarray(at, at + 32)));
        computed++;
      }
    }
  }
  assert.equal(seen.blinds.size, computed, "no blind twice");
  assert.equal(seen.elements.size, computed, "no element twice");
  return computed;
}

test("20 syncs of address books that share no number", async () => {
  const lived = await town(package_, { syncs: 20 });
  const { outcomes, clients } = lived;
  const requests = needRule(lived);
  // Something was tested: A and C find people, B and D nobody, records were read
  // and not read, changes and whole files.
  const found = (/** @type {string} */ name) => outcomes[name].map(({ result }) => result.found.length);
  assert.ok(found("A").every((n) => n > 250), String(found("A")));
  assert.deepEqual([new Set(found("B")), new Set(found("D"))], [new Set([0]), new Set([0])]);
  assert.ok(found("C")[0] < 100 && found("C")[19] === 950, String(found("C")));
  assert.deepEqual(outcomes.A.map(({ result }) => result.log.records), Array.from({ length: 20 }, (_, i) => i < 11 || i > 14));
  const paths = outcomes.A.map(({ lines }) => lines.map((line) => /\/v2\/\S*/.exec(line)?.[0] ?? "").join(" "));
  assert.match(paths[0], /states\/\d+\/tags \S+records/);
  assert.match(paths[1], /changes\/\d+ .*changes\/\d+\/\d+ .*changes\/\S+\/records/);
  assert.match(paths[4], /changes\/\d+\/\d+ \S+states\/\d+\/records/, "a shared tag: all records");
  assert.doesNotMatch(paths[12], /records/);
  assert.match(paths[14], /states\/\d+\/tags/, "a new epoch");
  assert.match(paths[17], /states\/\d+\/tags \S+records/, "longer away than changes are kept");

  // The swap: the same client by the same random bytes, one number another: of
  // all that was sent one element differs in each epoch.
  let differ = 0;
  let elements = 0;
  outcomes.A.forEach(({ bodies }, sync) => bodies.forEach((body, i) => {
    const other = outcomes.E[sync].bodies[i];
    assert.equal(other.length, body.length);
    for (let at = 0; at < body.length; at += 32) {
      elements++;
      if (hex(body.subarray(at, at + 32)) !== hex(other.subarray(at, at + 32))) differ++;
    }
  }));
  assert.equal(differ, 2);
  assert.ok(outcomes.E[0].result.found.some((/** @type {any} */ { number }) => number === "+12025550143"));

  const computed = needFresh([..."ABCD"].map((name) => clients[name]), lived.double);
  console.log(`counts: ${requests} requests of 5 clients in 20 syncs, ${elements} elements swapped, ${computed} blinds`);
});

test("elements are uniform, and others by other random bytes", async () => {
  const sets = [];
  const rig = new Rig(START);
  try {
    const double = await Double.make(core);
    for (const [seed, from] of [[1, 0], [2, 0], [3, 4000]]) {
      const client = new Client(rig, package_, core, double, Array.from({ length: 2048 }, (_, i) => numberOf(from + i)), { seed });
      await client.join(numberOf(BOOKS.own + seed), seed);
      const { bodies } = await client.sync();
      assert.deepEqual(bodies.map(({ length }) => length), [32 * 1024, 32 * 1024]);
      sets.push(bodies.flatMap((body) => Array.from({ length: 1024 }, (_, i) => body.subarray(32 * i, 32 * i + 32))));
    }
  } finally {
    rig.restore();
  }
  const [first, again, others] = sets;
  const known = new Set(first.map(hex));
  assert.ok(again.every((element) => !known.has(hex(element))), "the same numbers by other random bytes");
  const ones = (/** @type {Uint8Array[]} */ set) => Array.from({ length: 256 }, (_, bit) => set.reduce((sum, element) => sum + ((element[bit >> 3] >> (bit & 7)) & 1), 0));
  const n = 2048;
  let worst = 0;
  for (const set of sets) {
    const counts = ones(set);
    assert.deepEqual([counts[0], counts[255]], [0, 0]); // bits that are always 0
    const z = counts.slice(1, 255).map((count) => (count - n / 2) / Math.sqrt(n / 4));
    const squares = z.reduce((sum, value) => sum + value * value, 0);
    worst = Math.max(worst, ...z.map(Math.abs));
    assert.ok(z.every((value) => Math.abs(value) < 6.5) && squares > 120 && squares < 400, `${squares}`);
  }
  const [a, b] = [ones(first), ones(others)];
  for (let bit = 1; bit < 255; bit++) assert.ok(Math.abs(a[bit] - b[bit]) / Math.sqrt(n / 2) < 6.5, "two address books");
  console.log(`counts: 3 × 2048 elements, |z| at most ${worst.toFixed(1)}`);
});

/**
 * Leaks, planted into a copy of the package: file, what stands there, and what
 * comes in its place.
 * @type {[string, [string, string, string][], { fail?: number }?][]}
 */
const LEAKS = [
  ["finalises before its last request", [["discovery/discover.js", "  const held = await me(directory, credential, context);\n", ""],
    ["discovery/discover.js", "  const failure = paid.find", "  for (const batch of paid) for (const y of batch.values()) await tagOf(y, epoch);\n  const held = await me(directory, credential, context);\n  const failure = paid.find"]]],
  ["matches before its last request", [["discovery/discover.js", "  const held = await me(directory, credential, context);", "  for (const number of numbers) if (state.outputs.has(number)) { const at = await positions(view, state.outputs.get(number)); const record = recordOf(view); if (record && at.from < at.to) await opened(view, state.outputs.get(number), at, record); }\n  const held = await me(directory, credential, context);"]]],
  ["sends no batch when nothing is new", [["discovery/evaluate.js", "  let left = count;\n  do {", "  let left = count;\n  if (count === 0) return plan;\n  do {"]]],
  ["reads the blocks of its matches", [["discovery/discover.js", "  await saved(state);\n\n  const waiting", "  for (const [number] of found) await readBlocks(directory, view, await positions(view, outputs.get(number)), context);\n  await saved(state);\n\n  const waiting"]]],
  ["reads the blocks of its matches first", [["discovery/discover.js", "  const held = await me(directory, credential, context);", "  for (const number of numbers) { const y = state.outputs.get(number); const at = y && await positions(view, y); if (y && at.from < at.to) { await readBlocks(directory, view, at, context); break; } }\n  const held = await me(directory, credential, context);"]]],
  ["stops at its match", [["discovery/discover.js", "  const synced = await sync(", "  globalThis.leak = numbers.some((number) => state.handles.has(number));\n  const synced = await sync("],
    ["discovery/send.js", "      if (received > most) throw tooLong();", "      if (received > most) throw tooLong();\n      if (globalThis.leak && most === 1 << 16) return concat(...parts, value);"]]],
  ["reads again where a record does not open", [["discovery/discover.js", "  await saved(state);\n\n  const waiting", "  if (looked.unopened > 0 || found.size === 0) await me(directory, credential, context);\n  await saved(state);\n\n  const waiting"]]],
  ["does not pad", [["discovery/evaluate.js", "    plan.push({ numbers, size });", "    plan.push({ numbers, size: Math.max(1, numbers) });"]]],
  ["pads to the next ten", [["discovery/evaluate.js", "    plan.push({ numbers, size });", "    plan.push({ numbers, size: Math.min(1024, 10 * Math.ceil(Math.max(1, numbers) / 10)) });"]]],
  ["asks for changes only with a match", [["discovery/discover.js", "  const synced = await sync(directory, state.view,", "  const synced = await sync(directory, state.handles.size > 0 ? state.view : null,"]]],
  ["sends an ETag", [["discovery/send.js", "      headers,\n      body,", "      headers: { ...headers, ...(method === \"GET\" ? { \"if-none-match\": \"x\" } : {}) },\n      body,"]]],
  ["retries a failed batch without its padding", [["discovery/discover.js", "      answered.failure = error;\n", "      if (numbers > 0) await evaluate(whom, credential, fresh.slice(done, done + numbers), numbers, context).catch(() => {});\n      answered.failure = error;\n"]], { fail: 1 }],
  ["puts its record again", [["discovery/discover.js", "  const before = state.view;\n", "  const before = state.view;\n  if (!state.handles.size) await me(directory, credential, context);\n"]]],
  ["sleeps after a match", [["discovery/discover.js", "  const held = await me(directory, credential, context);", "  if (numbers.some((number) => state.handles.has(number))) await new Promise((resolve) => setTimeout(resolve, 50));\n  const held = await me(directory, credential, context);"]]],
];

/**
 * Runs the package with a leak in it.
 * @param {string} what
 * @param {[string, string, string][]} changes
 * @param {(leaky: Discover) => Promise<void>} run
 */
async function planted(what, changes, run) {
  const dir = await mkdtemp(join(tmpdir(), "sealbook-leak-"));
  try {
    await cp(installed.package, dir, { recursive: true });
    for (const [file, from, to] of changes) {
      const text = await readFile(join(dir, file), "utf8");
      assert.equal(text.split(from).length, 2, `${what}: ${file} has that place once`);
      await writeFile(join(dir, file), text.replace(from, () => to));
    }
    await run(await import(pathToFileURL(join(dir, "discovery/discover.js")).href));
  } finally {
    delete /** @type {any} */ (globalThis).leak;
    await rm(dir, { recursive: true });
  }
}

test("blinds that are used twice are seen", async () => {
  // All of these look uniform: statistics alone prove nothing.
  const random = "oprf.blind(inputs, Uint8Array.from({ length: 64 * inputs.length }, (_, i) => ";
  /** @type {[string, string][]} */
  const leaks = [
    ["one scalar for all numbers", `${random}i & 63))`],
    ["a scalar of each number", `${random}{ const input = inputs[i >> 6]; return (typeof input === "string" ? input.charCodeAt(i % input.length) : input[i % 32]) * (i & 63); }))`],
    ["honest", "oprf.blind(inputs)"],
  ];
  for (const [what, to] of leaks) {
    await planted(what, [["discovery/evaluate.js", "oprf.blind(inputs)", to]], async (leaky) => {
      const rig = new Rig(START);
      try {
        const double = await Double.make(core);
        /** @type {Client[]} */
        const clients = [];
        for (const seed of [1, 2]) {
          const client = await new Client(rig, leaky, core, double, [numberOf(1), numberOf(2), numberOf(3)], { seed }).join(numberOf(BOOKS.own + seed), seed);
          await client.sync();
          clients.push(client);
        }
        if (what === "honest") assert.equal(needFresh(clients, double), 16);
        else assert.throws(() => needFresh(clients, double), /twice/, what);
      } finally {
        rig.restore();
      }
    });
  }
});

test("every planted leak is seen", async () => {
  const small = { syncs: 3, people: 500, books: 64, names: "ABD" };
  needRule(await town(package_, small));
  for (const [what, changes, options = {}] of LEAKS) {
    await planted(what, changes, async (leaky) => {
      const lived = await town(leaky, { ...small, ...options });
      assert.throws(() => needRule(lived), assert.AssertionError, what);
    });
  }
  console.log(`counts: ${LEAKS.length} leaks`);
});
