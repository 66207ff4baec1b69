// Directories that lie, in every field they can: what a client sends stays the
// same for everybody, ends where it should, and is kept as evidence. Each row is
// run by a client that finds people, one that finds nobody, and one that is the
// first but for a number.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { Double, base64, base64url, hex, integer, join as joined, json, octets, problem } from "./double.js";
import { install, loaded } from "./package.js";
import { Client, Rig, numberOf, seeded } from "./rule.js";

/** @typedef {import("./double.js").Answer} Answer */
/** @typedef {import("./double.js").Asked} Asked */

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

const START = Date.parse("2026-11-01T10:20:00Z");
const HOUR = 3_600_000;
const SWAPPED = "+12025550143";

/** What a directory does, in the sync in which it lies. */
class Liar {
  /**
   * @param {Rig} rig
   * @param {Double} double
   * @param {Client[]} clients
   */
  constructor(rig, double, clients) {
    this.rig = rig;
    this.double = double;
    this.clients = clients;
  }

  /** Bends answers to some requests. @param {RegExp} path @param {(answer: Answer, asked: Asked, nth: number) => Answer | void | Promise<Answer | void>} bend */
  answers(path, bend) {
    let nth = 0;
    const before = this.double.bend;
    this.double.bend = async (asked, answer) => (path.test(asked.path) ? bend((await before(asked, answer)) ?? answer, asked, nth++) : before(asked, answer));
  }

  /** Publishes, after some time. @param {Parameters<Double["publish"]>[0]} [lies] @param {number} [wait] */
  async publish(lies, wait = 30 * 60_000) {
    this.rig.pass(wait);
    await this.double.publish(lies);
  }

  /** Somebody comes, somebody goes, and it is published. */
  async moves() {
    this.double.stranger();
    this.double.leave(numberOf(3));
    await this.publish();
  }

  /** What is asked from now on is answered by another directory. @param {Double} other */
  by(other) {
    for (const client of this.clients) client.double = other;
  }
}

/** @param {Answer} answer @param {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>} alter @returns {Answer} */
const altered = (answer, alter) => ({ ...answer, body: alter(answer.body.slice()) });
/** @param {number} at @param {number} [bit] @returns {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>} */
const flip = (at, bit = 1) => (bytes) => {
  bytes[at < 0 ? bytes.length + at : at] ^= bit;
  return bytes;
};
const GONE = () => problem(410, "version_gone");
const PARAMETERS = /^\/v2\/directory$/;
const UPDATE = /^\/v2\/log\/update/;
const ROOT = /^\/v2\/states\/\d+\/root$/;
const TAGS = /^\/v2\/states\/\d+\/tags$/;
const CHANGES = /^\/v2\/changes\/\d+(\/\d+)?$/;
const RECORDS = /\/records$/;
const EVALUATIONS = /^\/v2\/evaluations$/;

/** Limits that would hide less. */
const LIMITS = { batch: 512, batches: [1, 2, 8, 64], budget: 8, refill_per_day: 0, code_digits: 4, code_tries: 1000, code_seconds: 1e6, sends_per_hour: 1000, block: 1 };

/**
 * row: of the table in the protocol's text on this. code: null where all goes
 * well. until: the last step. evidence: texts that the directory signed. first:
 * at the first contact. again: what the next sync, with a true directory, says.
 * @typedef {{ row: number, what: string, lie: (liar: Liar) => unknown, code: string | null, until: string, evidence: number, first?: boolean, warnings?: string[], again?: string | null, records?: number, saved?: boolean }} Row
 */

/** @type {Row[]} */
const ROWS = [
  ...[1, 17].map((bits) => /** @type {Row} */ ({
    row: 1, what: `${bits} bucket bits`, code: "NOTE", until: "D", evidence: 1,
    lie: ({ double }) => { double.bendParameters = (p) => ({ ...p, bucket_bits: bits }); },
  })),
  ...Object.entries(LIMITS).map(([name, value]) => /** @type {Row} */ ({
    row: 2, what: `${name} ${value}`, code: "NOTE", until: "D", evidence: 1,
    lie: ({ double }) => { double.bendParameters = (p) => ({ ...p, limits: { ...p.limits, [name]: value } }); },
  })),
  { row: 2, what: "another protocol", code: "PROTOCOL", until: "D", evidence: 1, lie: ({ double }) => { double.bendParameters = (p) => ({ ...p, protocol: 3 }); } },
  { row: 3, what: "another key in the parameters", code: "KEY", until: "U", evidence: 2, lie: ({ double }) => { double.bendParameters = (p) => ({ ...p, public_key: base64url(core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), "x")).publicKey) }); } },
  {
    row: 4, what: "another key, and a log forked for it", code: "CONSISTENCY", until: "U", evidence: 1,
    lie: async (liar) => {
      const fork = liar.double.fork();
      fork.oprf = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), "x"));
      [fork.leaves, fork.leafHashes, fork.states] = [[], [], []];
      for (let i = 0; i < 9; i++) await fork.publish();
      liar.by(fork);
    },
  },
  {
    row: 4, what: "a fork of equal size", code: "CONSISTENCY", until: "U", evidence: 2,
    lie: async (liar) => {
      const fork = liar.double.fork();
      for (const list of /** @type {unknown[][]} */ ([fork.leaves, fork.leafHashes, fork.states])) list.pop();
      fork.stranger();
      await fork.publish();
      liar.by(fork);
    },
  },
  {
    row: 5, what: "one batch by another key", code: "PROOF", until: "E", evidence: 1,
    lie: async (liar) => {
      await liar.moves();
      const other = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), "x"));
      liar.answers(EVALUATIONS, (answer, { body }) => {
        const { evaluated, proof } = other.evaluate(body);
        return { ...answer, body: joined(evaluated, proof) };
      });
    },
  },
  ...[
    /** @type {const} */ (["one element by another key", flip(32 * 3)]), /** @type {const} */ (["the proof", flip(-1)]),
    /** @type {const} */ (["elements swapped", (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => joined(bytes.subarray(32, 64), bytes.subarray(0, 32), bytes.subarray(64))]),
  ].map(([what, alter]) => /** @type {Row} */ ({
    row: 5, what, code: "PROOF", until: "E", evidence: 1,
    lie: (liar) => liar.answers(EVALUATIONS, (answer) => altered(answer, alter)),
  })),
  {
    row: 6, what: "the log rolled back", code: "ROLLBACK", until: "U", evidence: 1,
    lie: (liar) => {
      const fork = liar.double.fork();
      for (const list of /** @type {unknown[][]} */ ([fork.leaves, fork.leafHashes, fork.states])) list.pop();
      liar.by(fork);
    },
  },
  {
    row: 7, what: "the key changes within the epoch", code: "RULES", until: "U", evidence: 2,
    lie: async (liar) => {
      liar.double.oprf = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), "x"));
      await liar.publish();
    },
  },
  { row: 7, what: "bits in the leaf", code: "RULES", until: "U", evidence: 2, lie: (liar) => liar.publish({ leaf: (lines) => { lines.bucket_bits = "1"; } }) },
  { row: 7, what: "the version falls", code: "RULES", until: "U", evidence: 2, lie: (liar) => liar.publish({ skip: -1 }) },
  { row: 7, what: "the version stays", code: "RULES", until: "U", evidence: 2, lie: (liar) => liar.publish({ skip: 0 }) },
  { row: 7, what: "the epoch falls", code: "RULES", until: "U", evidence: 2, lie: async (liar) => { liar.double.epoch--; await liar.publish(); } },
  { row: 7, what: "the time falls", code: "RULES", until: "U", evidence: 2, lie: (liar) => liar.publish({ leaf: (lines) => { lines.time = "2026-11-01T09:00:00Z"; } }) },
  { row: 8, what: "frozen for 25 hours and a second", code: "STALE", until: "U", evidence: 1, lie: (liar) => liar.rig.pass(25 * HOUR + 1000) },
  ...[
    /** @type {const} */ (["a tag less", (/** @type {Double} */ d) => d.rows().slice(1)]), /** @type {const} */ (["a tag more", (/** @type {Double} */ d) => { d.stranger(); return d.rows(); }]),
    /** @type {const} */ (["one tag alone", (/** @type {Double} */ d) => d.rows().slice(0, 1)]),
    /** @type {const} */ (["another tag", (/** @type {Double} */ d) => d.rows().slice(1).concat([["ffffffffff", new Uint8Array(64)]])]),
  ].map(([what, rows]) => /** @type {Row} */ ({
    row: 9, what: `own file of tags: ${what}`, code: "INCLUSION", until: "T", evidence: 1, first: true,
    lie: async (liar) => {
      const fork = liar.double.fork();
      const mine = rows(fork);
      await fork.publish({ rows: mine, skip: 0 });
      const { tags } = fork.last;
      liar.answers(TAGS, (answer) => ({ ...answer, body: tags }));
    },
  })),
  { row: 10, what: "the tags of the version before", code: "TAGS", until: "T", evidence: 1, first: true, lie: async (liar) => { const { tags } = liar.double.last; await liar.publish(); liar.answers(TAGS, () => octets(tags)); } },
  { row: 10, what: "the records of the version before", code: "TAGS", until: "R", evidence: 1, first: true, lie: async (liar) => { const before = liar.double.states.length; await liar.publish(); liar.answers(/states\/\d+\/records/, async (_, asked) => liar.double.answer({ ...asked, path: `/v2/states/${liar.double.states[before - 1].version}/records` })); } },
  { row: 10, what: "changes to the version after", code: "TAGS", until: "T", evidence: 1, lie: async (liar) => { await liar.moves(); const fork = liar.double.fork(); fork.stranger(); await fork.publish(); const more = fork.last.changes; liar.answers(CHANGES, (answer) => altered(answer, (bytes) => joined(bytes, more))); } },
  ...[404, 410].map((status) => /** @type {Row} */ ({ row: 10, what: `${status} for every version`, code: "TAGS", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(ROOT, () => problem(status, "version_gone")) })),
  { row: 10, what: "410 for changes up to a version", code: "TAGS", until: "T", evidence: 1, lie: async (liar) => { await liar.moves(); liar.answers(CHANGES, GONE); } },
  { row: 10, what: "410 for records of a version", code: "TAGS", until: "R", evidence: 1, first: true, lie: (liar) => liar.answers(/states\/\d+\/records/, GONE) },
  { row: 11, what: "changes of an hour gone", code: "PROBLEM", until: "T", evidence: 1, lie: async (liar) => { await liar.publish({}, 2 * HOUR); liar.answers(/^\/v2\/changes\/\d+$/, GONE); } },
  { row: 11, what: "changes of an hour empty", code: "TAGS", until: "T", evidence: 1, lie: async (liar) => { await liar.publish({}, 20 * 60_000); await liar.publish({}, 2 * HOUR); liar.answers(/^\/v2\/changes\/\d+$/, () => octets(new Uint8Array(0))); } },
  { row: 11, what: "a version left out", code: "TAGS", until: "T", evidence: 1, lie: async (liar) => { await liar.publish(); await liar.moves(); const { changes } = liar.double.last; liar.answers(CHANGES, () => octets(changes)); } },
  { row: 11, what: "another chain", code: "TAGS", until: "T", evidence: 1, lie: (liar) => liar.publish({ leaf: (lines) => { lines.changes = base64(new Uint8Array(32)); } }) },
  { row: 11, what: "changes that lie", code: "TAGS", until: "T", evidence: 1, lie: async (liar) => { await liar.moves(); liar.answers(CHANGES, (answer) => altered(answer, flip(-3))); } },
  { row: 11, what: "changes that were logged, and do not give the tags", code: "INCLUSION", until: "T", evidence: 1, lie: async (liar) => { liar.double.stranger("0000000001"); await liar.publish({ changes: (file) => flip(40)(file) }); } },
  { row: 12, what: "more people in the leaf than in the file", code: "TAGS", until: "T", evidence: 1, first: true, lie: (liar) => liar.publish({ leaf: (lines) => { lines.people = "600"; } }) },
  { row: 12, what: "2²⁴ + 1 people in the leaf", code: "SIZE", until: "U", evidence: 1, lie: (liar) => liar.publish({ leaf: (lines) => { lines.people = "16777217"; } }) },
  { row: 12, what: "2²⁴ + 1 people in the file", code: "TAGS", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(TAGS, (answer) => altered(answer, (bytes) => joined(bytes.subarray(0, 24), integer(16777217, 4), bytes.subarray(28)))) },
  { row: 12, what: "a count without bits", code: "TAGS", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(TAGS, (answer) => altered(answer, (bytes) => joined(bytes.subarray(0, 9), integer(15, 1), bytes.subarray(10, 24), integer(16777216, 4), bytes.subarray(28)))) },
  { row: 12, what: "a gigabyte announced", code: "SIZE", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(TAGS, (answer) => ({ ...answer, headers: { "content-length": "1000000000" } })) },
  { row: 12, what: "a gigabyte announced for the update", code: "SIZE", until: "U", evidence: 0, first: true, lie: (liar) => liar.answers(UPDATE, (answer) => ({ ...answer, headers: { "content-length": "1000000000" } })) },
  { row: 12, what: "more than is right, as a bomb unpacks", code: "SIZE", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(TAGS, (answer) => ({ ...answer, headers: { "content-length": `${gzipSync(new Uint8Array(1 << 20)).length}` }, body: new Uint8Array(1 << 20) })) },
  { row: 12, what: "ones without end", code: "TAGS", until: "T", evidence: 1, first: true, lie: (liar) => liar.answers(TAGS, (answer) => altered(answer, (bytes) => joined(bytes.subarray(0, 28), new Uint8Array(bytes.length - 28).fill(255)))) },
  { row: 13, what: "another record", code: "RECORD", until: "R", evidence: 1, lie: async (liar) => { await liar.moves(); liar.answers(/changes\/.*records$/, (answer) => altered(answer, flip(-9))); } },
  { row: 13, what: "a record too few", code: "RECORD", until: "R", evidence: 1, lie: async (liar) => { await liar.moves(); liar.answers(/changes\/.*records$/, (answer) => altered(answer, (bytes) => bytes.slice(0, -64))); } },
  { row: 13, what: "a record too many", code: "SIZE", until: "R", evidence: 1, lie: async (liar) => { await liar.moves(); liar.answers(/changes\/.*records$/, (answer) => altered(answer, (bytes) => joined(bytes, new Uint8Array(64)))); } },
  { row: 14, what: "one record of all is another", code: "RECORD", until: "R", evidence: 1, first: true, lie: (liar) => liar.answers(RECORDS, (answer) => altered(answer, flip(28 + 64 * 300))) },
  { row: 14, what: "records as a part", code: "PROBLEM", until: "R", evidence: 1, first: true, lie: (liar) => liar.answers(RECORDS, (answer) => ({ ...answer, status: 206 })) },
  { row: 15, what: "records withheld", code: "PROBLEM", until: "R", evidence: 1, first: true, lie: (liar) => liar.answers(RECORDS, () => problem(403, "not_found")) },
  ...[PARAMETERS, UPDATE, ROOT, TAGS, RECORDS, /^\/v2\/me$/, EVALUATIONS].map((path, i) => /** @type {Row} */ ({
    row: 16, what: `304 to ${path.source}`, code: "PROBLEM", until: "DUTTRME"[i], evidence: i >= 2 && i <= 4 ? 1 : 0, first: true,
    lie: (liar) => liar.answers(path, () => ({ status: 304, headers: { etag: '"you"' }, body: new Uint8Array(0) })),
  })),
  { row: 16, what: "an ETag and a cookie of one's own", code: null, until: "E", evidence: 0, lie: (liar) => liar.answers(/./, (answer) => ({ ...answer, headers: { ...answer.headers, etag: '"you"', "set-cookie": "who=you", "last-modified": "Sun, 01 Nov 2026 00:00:00 GMT" } })) },
  ...[301, 302, 303, 307, 308].map((status, i) => /** @type {Row} */ ({
    row: 17, what: `${status} to a path of one's own`, code: "PROBLEM", until: "DUTRE"[i], evidence: i === 2 || i === 3 ? 1 : 0, first: true,
    lie: (liar) => liar.answers([PARAMETERS, UPDATE, TAGS, RECORDS, EVALUATIONS][i], () => ({ status, headers: { location: "https://you.example/v2/you" }, body: new Uint8Array(0) })),
  })),
  ...[PARAMETERS, UPDATE, TAGS, RECORDS, EVALUATIONS].map((path, i) => /** @type {Row} */ ({
    row: 18, what: `no answer to ${path.source}`, code: "SLOW", until: "DUTRE"[i], evidence: 0, first: true,
    lie: (liar) => liar.answers(path, () => { liar.rig.pass(30_000); return new Promise(() => {}); }),
  })),
  { row: 18, what: "a connection that breaks", code: "NETWORK", until: "T", evidence: 0, first: true, lie: (liar) => liar.answers(TAGS, () => { throw new TypeError("broken"); }) },
  { row: 19, what: "429 for a batch", code: "BUDGET", until: "E", evidence: 0, lie: (liar) => liar.answers(EVALUATIONS, () => problem(429, "budget_exceeded", { available: 3 }, { "retry-after": "999999999" })), saved: true },
  { row: 19, what: "503 for a batch", code: "PROBLEM", until: "E", evidence: 0, lie: (liar) => liar.answers(EVALUATIONS, () => problem(503, "store_busy", {}, { "retry-after": "Fri, 01 Nov 2999 00:00:00 GMT" })) },
  { row: 20, what: "contacts' tags twice, and records that do not open", code: null, until: "E", evidence: 0, lie: async (liar) => { for (let i = 0; i < 9; i++) liar.double.stranger(/** @type {any} */ (liar.double.of(numberOf(i))).tag); for (const account of liar.double.accounts.values()) if (account.number === numberOf(10)) account.record = seeded(3)(64); await liar.publish(); } },
  { row: 22, what: "a new epoch at each sync", code: null, until: "E", evidence: 0, lie: async (liar) => { liar.rig.pass(HOUR); await liar.double.nextEpoch(); } },
  { row: 24, what: "rows made up to pass the limit of records", code: null, until: "E", evidence: 0, lie: async (liar) => { while (liar.double.rows().length <= 2048) liar.double.stranger(); await liar.publish(); } },
  { row: 25, what: "a leaf an hour ahead", code: "CLOCK", until: "U", evidence: 1, lie: (liar) => liar.publish({ leaf: (lines) => { lines.time = "2026-11-01T15:00:00Z"; } }) },
  { row: 25, what: "a leaf of the year 2099", code: "CLOCK", until: "U", evidence: 1, lie: (liar) => liar.publish({ leaf: (lines) => { lines.time = "2099-01-01T00:00:00Z"; } }) },
];

/** A town with three clients: one that finds 20 people, one nobody, and the first but for a number. @param {boolean} first @param {number} [records] */
async function town(first, records) {
  const rig = new Rig(START);
  const random = seeded(1);
  const double = await Double.make(core, { random });
  const numbers = Array.from({ length: 60 }, (_, i) => numberOf(i));
  for (let i = 0; i < 20; i++) await double.enrol(numbers[i], ["discoverable"], i);
  await double.enrol(SWAPPED, ["discoverable"], 90);
  while (double.accounts.size < 500) double.stranger();
  const books = [numbers, numbers.map((_, i) => numberOf(1000 + i)), numbers.map((number, i) => (i === 59 ? SWAPPED : number))];
  const clients = [];
  for (const [i, book] of books.entries()) {
    const client = new Client(rig, package_, core, double, book, { seed: i, records });
    clients.push(await client.join(numberOf(7000 + i), 100 + i));
    client.random = seeded(1000 + i % 2);
  }
  rig.pass(60_000);
  await double.publish();
  if (!first) for (const client of clients) assert.equal((await client.sync()).code, null);
  double.asked = [];
  return { rig, double, clients };
}

for (const row of ROWS) {
  test(`${row.row}: ${row.what}`, async () => {
    const { rig, double, clients } = await town(row.first ?? false, row.records);
    try {
      const liar = new Liar(rig, double, clients);
      await row.lie(liar);
      // Two new numbers each, so that there is something to evaluate.
      clients.forEach((client, i) => client.book.push(numberOf(4000 + 10 * (i % 2)), numberOf(4001 + 10 * (i % 2))));
      const states = clients.map(({ state }) => state.bytes);
      const now = Date.now();
      /** @type {import("./rule.js").Outcome[]} */
      const outcomes = [];
      for (const client of clients) {
        outcomes.push(await client.sync());
        // Each has the clock of the first.
        if (Date.now() !== now) rig.back(now);
      }
      const [first] = outcomes;
      outcomes.forEach((outcome, i) => {
        const { lines, code, until, evidence, changed, result } = outcome;
        assert.deepEqual(lines, first.lines, `what client ${i} sends`);
        assert.deepEqual([code, until, evidence], [row.code, row.until, row.evidence], `client ${i}: ${result?.message ?? ""}`);
        assert.equal(changed, row.code === null || row.saved === true, `client ${i}: whether its state changed`);
        if (!changed) assert.equal(clients[i].state.bytes, states[i]);
        assert.ok(lines.every((line) => line.includes(" work 0 ")));
        if (code !== null && result instanceof Error) assert.doesNotMatch(result.message, /\d{6}/);
      });
      for (const { bodies } of [first]) {
        bodies.forEach((body, n) => {
          const other = outcomes[2].bodies[n];
          const at = Array.from({ length: body.length / 32 }, (_, i) => 32 * i).filter((at) => hex(body.subarray(at, at + 32)) !== hex(other.subarray(at, at + 32)));
          // Of the swapped number there is an element where the book is new.
          assert.equal(at.length, row.first || row.row === 22 ? 1 : 0);
        });
      }
      // A true directory again: what was paid for is known, what was not is asked
      // in the same size.
      if (row.row === 19) {
        double.bend = () => {};
        for (const client of clients) assert.match((await client.sync()).lines.at(-1) ?? "", /evaluations .* 256 -> 200/);
      }
    } finally {
      rig.restore();
    }
  });
}

test("4: a fork at the first contact passes, and comparing names it", async () => {
  const { rig, double, clients } = await town(true);
  try {
    const fork = double.fork();
    fork.stranger();
    for (const list of /** @type {unknown[][]} */ ([fork.leaves, fork.leafHashes, fork.states])) list.pop();
    await fork.publish();
    clients[1].double = fork;
    const [one, other] = [await clients[0].sync(), await clients[1].sync()];
    assert.deepEqual([one.code, other.code], [null, null]);
    const logs = [one, other].map(({ result }) => [result.log.size, hex(result.log.root)]);
    assert.equal(logs[0][0], logs[1][0]);
    assert.notEqual(logs[0][1], logs[1][1]);
  } finally {
    rig.restore();
  }
});

test("5: of two batches the one that is proved is kept", async () => {
  const { rig, double, clients } = await town(true);
  try {
    const [client] = clients;
    client.book = Array.from({ length: 1030 }, (_, i) => numberOf(i));
    let n = 0;
    double.bend = ({ path }, answer) => (path === "/v2/evaluations" && n++ === 1 ? altered(answer, flip(0)) : undefined);
    const { code, changed } = await client.sync();
    assert.deepEqual([code, changed], ["PROOF", true]);
    double.bend = () => {};
    const { lines, result } = await client.sync();
    assert.match(lines.at(-1) ?? "", /evaluations .* 256 -> 200/); // eight elements
    assert.deepEqual([result.counts.known, result.counts.evaluated, result.found.length], [1024, 6, 20]);
  } finally {
    rig.restore();
  }
});

/**
 * Lets a directory touch the own entry of a client, and says what it is warned of.
 * @param {(liar: Liar, own: import("./double.js").Account) => Promise<void>} lie
 */
async function own(lie) {
  const { rig, double, clients } = await town(false);
  try {
    const [client, bystander] = clients;
    await lie(new Liar(rig, double, clients), /** @type {import("./double.js").Account} */ (double.of(numberOf(7000))));
    const outcome = await client.sync();
    const other = await bystander.sync();
    assert.deepEqual(outcome.lines, other.lines, "nothing is sent by itself");
    const later = await client.sync();
    const { warnings } = outcome.result;
    assert.deepEqual(later.result.warnings.map((/** @type {any} */ { code }) => code), warnings.map((/** @type {any} */ { code }) => code), "it is said until the person does something");
    return warnings.map((/** @type {any} */ { code, what, evidence }) => [code, what, evidence.length]);
  } finally {
    rig.restore();
  }
}

test("21: the own tag goes, comes twice, the own record is another", async () => {
  assert.deepEqual(await own(async (liar, { tag }) => { await liar.publish({ rows: liar.double.rows().filter(([other]) => other !== tag) }); }), [["OWN", "tag", 2]]);
  assert.deepEqual(await own(async (liar, { tag }) => { liar.double.stranger(tag); await liar.publish(); }), [["OWN", "tag", 2]]);
  assert.deepEqual(await own(async (liar, account) => { account.record = new Uint8Array(64); await liar.publish(); }), [["OWN", "record", 2]]);
  const held = (/** @type {Liar} */ liar, /** @type {object} */ change) => liar.answers(/^\/v2\/me$/, (answer) => ({ ...answer, body: json(200, { ...JSON.parse(new TextDecoder().decode(answer.body)), ...change }).body }));
  assert.deepEqual(await own(async (liar) => held(liar, { record: base64url(new Uint8Array(64)) })), [["OWN", "record", 2]]);
  assert.deepEqual(await own(async (liar) => held(liar, { tag: "AAAAAAA" })), [["OWN", "tag", 2]]);
  assert.deepEqual(await own(async (liar) => { await liar.moves(); }), []);
});

test("21: a tag that is not published two states after the receipt", async () => {
  const rig = new Rig(START);
  try {
    const double = await Double.make(core, { random: seeded(1) });
    const client = await new Client(rig, package_, core, double, [numberOf(1)], { seed: 1 }).join(numberOf(7000), 1);
    const said = [];
    for (let n = 0; n < 3; n++) {
      said.push((await client.sync()).result.warnings.map((/** @type {any} */ { what }) => what));
      await double.publish({ rows: [] });
    }
    assert.deepEqual(said, [[], [], ["tag"]]);
  } finally {
    rig.restore();
  }
});

test("23: what was false for one version is seen in the changes", async () => {
  assert.deepEqual(await own(async (liar, account) => {
    const { record } = account;
    account.record = new Uint8Array(64);
    await liar.publish();
    account.record = record;
    await liar.publish();
  }), [["OWN", "record", 2]]);
  assert.deepEqual(await own(async (liar, { tag }) => {
    await liar.publish({ rows: liar.double.rows().filter(([other]) => other !== tag) });
    await liar.publish();
  }), [["OWN", "tag", 2]]);
});

test("21: own acts are no reason to warn", async () => {
  const { rig, double, clients } = await town(false);
  try {
    const [client] = clients;
    for (const mark of [1, 2]) {
      client.account = await client.directory?.publish({ account: /** @type {any} */ (client.account), handle: new Uint8Array(32).fill(mark) });
      if (mark === 1) await double.publish();
    }
    rig.pass(HOUR);
    await double.publish();
    assert.deepEqual((await client.sync()).result.warnings, []);
    // Registered again: the tag stays, the record is a random one until it is put.
    const { registration } = await /** @type {any} */ (client.directory).register(numberOf(7000));
    client.account = await client.directory?.confirm({ registration, number: numberOf(7000), code: double.code, scopes: ["search", "discoverable"], handle: new Uint8Array(32) });
    await double.publish();
    assert.deepEqual((await client.sync()).result.warnings, []);
    // An older record of the person's own is another all the same.
    const { record } = /** @type {any} */ (double.of(numberOf(7000)));
    client.account = await client.directory?.publish({ account: /** @type {any} */ (client.account), handle: new Uint8Array(32).fill(7) });
    rig.pass(60_000);
    await double.publish();
    assert.deepEqual((await client.sync()).result.warnings, []);
    /** @type {any} */ (double.of(numberOf(7000))).record = record;
    rig.pass(60_000);
    await double.publish();
    assert.deepEqual((await client.sync()).result.warnings.map((/** @type {any} */ { what }) => what), ["record"]);
  } finally {
    rig.restore();
  }
});

test("22: the second new epoch within a day is worth a warning", async () => {
  const { rig, double, clients } = await town(false);
  try {
    const said = [];
    for (let n = 0; n < 3; n++) {
      rig.pass(2 * HOUR);
      await double.nextEpoch();
      const { lines, result } = await clients[0].sync();
      assert.match(lines.at(-1) ?? "", /evaluations .* 2048 ->/, "all numbers anew, padded");
      said.push(result.warnings.map((/** @type {any} */ { code }) => code));
    }
    assert.deepEqual(said, [[], ["EPOCH"], ["EPOCH"]]);
  } finally {
    rig.restore();
  }
});

test("24: one friend's handle is asked for by itself alone, without a credential", async () => {
  const { rig, double, clients } = await town(true, 0);
  try {
    const [client] = clients;
    const { result } = await client.sync();
    assert.deepEqual(result.found.map((/** @type {any} */ { handle }) => handle), Array(20).fill(null));
    assert.ok(!client.outcome.lines.some((line) => /records|hashes/.test(line)));
    client.outcome.lines = [];
    client.outcome.headers = [];
    const asked = await package_.askHandle({ directory: /** @type {any} */ (client.directory), number: numberOf(5), state: client.state });
    assert.deepEqual([asked?.flags, asked?.handle[0]], [5, 5]);
    assert.deepEqual(client.outcome.lines.map((line) => stepsOf(line)), ["directory", "update", "hashes", "records"]);
    assert.ok(client.outcome.headers.every((fields) => fields.authorization === undefined));
    assert.match(client.outcome.headers[3].range, /^bytes=\d+-\d+$/);
    // What is answered is in the log, or it is nothing.
    for (const [path, status, alter, code] of /** @type {[RegExp, number, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, string][]} */ ([
      [/hashes/, 200, flip(0), "INCLUSION"], [/hashes/, 200, (bytes) => bytes.slice(32), "RECORD"], [/records/, 206, flip(0), "RECORD"], [/records/, 200, (bytes) => bytes, "PROBLEM"], [/records/, 206, (bytes) => bytes.slice(64), "RECORD"], [/records/, 404, (bytes) => bytes, "PROBLEM"],
    ])) {
      double.bend = (asked, answer) => (path.test(asked.path) ? { ...altered(answer, alter), status } : undefined);
      const error = await package_.askHandle({ directory: /** @type {any} */ (client.directory), number: numberOf(6), state: client.state }).then(() => null, (error) => error);
      assert.deepEqual([error?.code, error?.evidence.length], [code, 1], `${path}`);
    }
    double.bend = () => {};
    assert.equal((await package_.askHandle({ directory: /** @type {any} */ (client.directory), number: numberOf(59), state: client.state })), null);
    await assert.rejects(package_.askHandle({ directory: /** @type {any} */ (client.directory), number: SWAPPED, state: client.state }), { code: "STATE" });
  } finally {
    rig.restore();
  }
});

test("24: a thousand rows under one tag cost no thousand requests", async () => {
  const { rig, double, clients } = await town(true, 0);
  try {
    const [client] = clients;
    const { tag } = /** @type {any} */ (double.of(numberOf(5)));
    for (let i = 0; i < 1000; i++) double.stranger(tag);
    await double.publish();
    await client.sync();
    client.outcome.lines = [];
    await package_.askHandle({ directory: /** @type {any} */ (client.directory), number: numberOf(5), state: client.state });
    assert.ok(client.outcome.lines.filter((line) => line.includes("/records")).length <= 2, client.outcome.lines.join("\n"));
  } finally {
    rig.restore();
  }
});

test("a search beside another one keeps to the key of the log", async () => {
  const { rig, double, clients } = await town(true);
  try {
    const [client] = clients;
    const directory = /** @type {any} */ (client.directory);
    const other = core.blind.oprf.server(core.blind.oprf.deriveKey(new Uint8Array(32), "x"));
    // While the first waits for an answer, a second reads parameters that lie.
    let lied = false;
    double.bend = async ({ path, body }, answer) => {
      if (path === "/v2/me" && !lied) {
        lied = true;
        double.bendParameters = (p) => ({ ...p, public_key: base64url(other.publicKey) });
        await directory.read({});
        double.bendParameters = (p) => p;
      }
      if (path !== "/v2/evaluations") return;
      const { evaluated, proof } = other.evaluate(body);
      return { ...answer, body: joined(evaluated, proof) };
    };
    assert.equal((await client.sync()).code, "PROOF");
    assert.ok(lied);
  } finally {
    rig.restore();
  }
});

test("the first handle is kept, another is warned of; two that open are", async () => {
  const { rig, double, clients } = await town(false);
  try {
    const [client] = clients;
    await double.reseal(numberOf(4), 55);
    const own = /** @type {any} */ (double.of(numberOf(5)));
    const more = double.accounts.get(double.stranger(own.tag));
    await double.publish();
    const plain = (await client.sync()).result;
    assert.deepEqual(plain.warnings.map((/** @type {any} */ { code, number }) => [code, number]), [["HANDLE", numberOf(4)]]);
    const found = plain.found.find((/** @type {any} */ { number }) => number === numberOf(4));
    assert.deepEqual([found.handle[0], found.first[0]], [55, 4]);
    /** @type {any} */ (more).record = own.record;
    rig.pass(60_000);
    await double.publish();
    assert.deepEqual((await client.sync()).result.warnings.map((/** @type {any} */ { code, number }) => [code, number]).sort(), [["HANDLE", numberOf(4)], ["TWICE", numberOf(5)]]);
    // Whichever of two comes first, the one that is known is shown.
    const known = own.record;
    for (const mark of [66, 77]) {
      await double.reseal(numberOf(5), mark);
      const other = own.record;
      [own.record, /** @type {any} */ (more).record] = mark === 66 ? [known, other] : [other, known];
      rig.pass(60_000);
      await double.publish();
      const both = (await client.sync()).result;
      assert.deepEqual(both.warnings.filter((/** @type {any} */ { number }) => number === numberOf(5)).map((/** @type {any} */ { code }) => code), ["TWICE"]);
      assert.deepEqual(both.found.filter((/** @type {any} */ { number }) => number === numberOf(5)).map((/** @type {any} */ { handle, first }) => [handle[0], first[0]]), [[5, 5]]);
    }
  } finally {
    rig.restore();
  }
});

/** @param {string} line */
const stepsOf = (line) => /\/v2\/(?:\S*\/)?([a-z]+)/.exec(line)?.[1];

test("every row of the table is there", () => {
  const here = new Set([...ROWS.map(({ row }) => row), 21, 23]);
  assert.deepEqual([...here].sort((a, b) => a - b), Array.from({ length: 25 }, (_, i) => i + 1));
  console.log(`counts: ${ROWS.length} lies of 25 kinds, each before 3 clients`);
});
