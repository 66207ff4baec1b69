// What the client writes down of what it sends, checked by the verifier's own
// hand: all is explained to the last byte, and what was altered is seen.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { Memory } from "./discovery.js";
import { enter, equip, start, until } from "./server.js";

const { built, package_, core, remove } = await equip();
after(remove);

const ANN = "+442079460201";
const BEN = "+442079460202";
/** @param {number} n */
const crowd = (n) => Array.from({ length: n }, (_, i) => `+44207946${String(300 + i).padStart(4, "0")}`);

/** @param {string} file @returns {Promise<{ code: number, out: string, err: string }>} */
const verify = (file) => new Promise((resolve) => {
  execFile(built.verifier, ["transcript", file], { maxBuffer: 64 << 20 }, (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }));
});

test("transcripts, checked by the verifier", async (t) => {
  const server = await start(t, built.dir, "transcripts");
  const directory = await package_.Directory.open(server.url, { ...core, key: server.key });
  const transcript = directory.transcript();
  const ann = await enter(server, directory, ANN, 1, { transcript });
  await enter(server, directory, BEN, 2);
  const state = new Memory();
  await until(async () => (await package_.discover({ directory, contacts: [BEN, ...crowd(70)], account: ann, state, transcript })).found.length === 1);
  await package_.discover({ directory, contacts: [BEN, ...crowd(71)], account: ann, state, transcript });
  // Without records: one friend's handle is asked for.
  const bare = new Memory();
  await package_.discover({ directory, contacts: [BEN], account: ann, state: bare, records: 0, transcript });
  assert.equal((await package_.askHandle({ directory, number: BEN, state: bare, transcript }))?.flags, 2);
  await directory.publish({ account: ann, handle: new Uint8Array(32).fill(5), flags: 5, transcript });
  await directory.me(ann.credential, { transcript });
  await directory.withdraw(ann.credential, { transcript });
  const text = String(transcript);
  assert.ok(!text.includes(ann.credential), "the credential is left out");
  assert.equal(text.split("\n").length, transcript.length + 2);
  const good = join(built.dir, "good.jsonl");
  await writeFile(good, text);
  const { code, out, err } = await verify(good);
  assert.equal(code, 0, out + err);

  /** @type {[string, (line: any, n: number) => void][]} */
  const changes = [
    ["another number", ({ items }) => { if (items?.[0].number) items[0].number = "+442079460999"; }],
    ["another blind", ({ items }) => { if (items) items[0].blind = items[1]?.blind ?? `B${items[0].blind.slice(1)}`; }],
    ["an item less", ({ items }) => { if (items?.length > 1) items.pop(); }],
    ["two items in each other's place", ({ items }) => { if (items?.length > 1) [items[0], items[1]] = [items[1], items[0]]; }],
    ["a byte more in a body", ({ request }) => { if (request.path === "/v2/evaluations") request.body += "AAAA"; }],
    ["another element in a body", ({ request }) => { if (request.path === "/v2/evaluations") request.body = `B${request.body.slice(1)}`; }],
    ["a header more", ({ request }) => { request.headers["x-address-book"] = "+442079460202"; }],
    ["a path with more", ({ request }) => { if (request.path.endsWith("/tags")) request.path += "?contact=442079460202"; }],
    ["a validator", ({ request }) => { if (request.path.endsWith("/tags")) request.headers["if-none-match"] = "\"you\""; }],
    ["another version", ({ request }) => { request.path = request.path.replace(/(states\/)\d+/, "$19"); }],
    ["another size of the log", ({ request }) => { request.path = request.path.replace(/from=[1-9]\d*/, "from=77"); }],
    ["a batch less full", ({ items, request }) => { if (items?.length === 256) { items.splice(100); request.body = request.body.slice(0, 4266) + "AA"; } }],
    ["another record", ({ record }) => { if (record) record.flags++; }],
  ];
  for (const [what, change] of changes) {
    let n = 0;
    const lines = text.trimEnd().split("\n").map((line, i) => {
      if (i === 0) return line;
      const value = JSON.parse(line);
      change(value, n);
      const changed = JSON.stringify(value);
      if (changed !== line) n++;
      return changed;
    });
    assert.ok(n > 0, what);
    const file = join(built.dir, "changed.jsonl");
    await writeFile(file, `${lines.join("\n")}\n`);
    const { code, out, err } = await verify(file);
    assert.equal(code, 1, `${what}: ${out}${err}`);
  }
  console.log(`counts: ${transcript.length} requests explained, ${changes.length} changes seen`);
});
