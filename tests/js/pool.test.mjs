// Pool on Node's threads, and workers that die, do not start or are given up; and
// loads that are given up.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook")} */
let sealbook;
/** @type {typeof import("sealbook/workers")} */
let workers;
/** @type {WebAssembly.Module} */
let module;

before(async () => {
  installed = await install();
  const entry = (/** @type {string} */ name) => import(pathToFileURL(join(installed.package, `dist/${name}.js`)).href);
  sealbook = await entry("index");
  workers = await entry("workers");
  module = await sealbook.compile();
});
after(() => installed?.remove());

const texts = Array.from({ length: 5000 }, (_, i) => `020 7946 0${String(i % 1000).padStart(3, "0")}`);

/**
 * A worker made here, of the core itself, that dies at some of its questions.
 * @param {(asked: number) => boolean} dies
 */
const fake = (dies) => {
  let asked = 0;
  /** @type {any} */
  const worker = {
    onmessage: null, onerror: null, onmessageerror: null,
    terminate: () => {},
    postMessage: async (/** @type {any} */ { id, op, items, first, region }) => {
      if (op === "load") return queueMicrotask(() => worker.onmessage({ data: { id, value: null } }));
      if (dies(asked++)) return queueMicrotask(() => worker.onerror({}));
      const core = await sealbook.load();
      worker.onmessage({ data: { id, value: core.e164All(items, { region }).map((e164, i) => ({ index: first + i, e164 })) } });
    },
  };
  return worker;
};

test("rows and a search on threads", async () => {
  const pool = new workers.Pool(module, { workers: 2 });
  let pieces = 0;
  const rows = await pool.rows(texts, { region: "GB", recipes: ["meta-capi"], onRows: () => pieces++ });
  const core = await sealbook.load();
  assert.equal(pieces, 5);
  assert.deepEqual(rows.map(({ index }) => index), texts.map((_, i) => i));
  assert.deepEqual(rows.map(({ digests }) => digests[0]), core.digestAll(texts, "meta-capi", { region: "GB" }));
  await assert.rejects(pool.rows(["1"], { recipes: [/** @type {any} */ ("meta")] }), { name: "RecipeError", code: "RECIPE" });
  await assert.rejects(pool.search("00", "meta-capi", "GB"), { name: "InputError", code: "DIGEST" });
  await assert.rejects(pool.rows(texts, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  assert.equal((await pool.rows(["020 7946 0123"], { region: "GB" }))[0].e164, "+442079460123");
  pool.close();
  await assert.rejects(pool.rows(["1"]), { name: "AbortError" });
});

test("the rows of a worker that dies are done by another", async () => {
  let made = 0;
  const pool = new workers.Pool(module, { workers: 2, worker: () => { const first = made++ < 2; return fake((asked) => first && asked === 1); } });
  const rows = await pool.rows(texts, { region: "GB" });
  assert.deepEqual(rows.map(({ e164 }) => e164), (await sealbook.load()).e164All(texts, { region: "GB" }));
  assert.ok(made > 2, "others were made");
  // Rows over which every worker dies.
  const poisoned = new workers.Pool(module, { workers: 1, worker: () => fake(() => true) });
  await assert.rejects(poisoned.rows(["1"], { region: "GB" }), { name: "SealbookError", code: "WORKER" });
});

test("workers that do not start", async () => {
  const none = new workers.Pool(module, { workers: 1, worker: () => { throw new Error("refused"); } });
  await assert.rejects(none.rows(["1"]), { name: "LoadError", code: "FETCH" });
  const wrong = new workers.Pool(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), { workers: 1 });
  await assert.rejects(wrong.rows(["1"]), { name: "LoadError", code: "EXPORTS" });
  for (const size of [0, 65, 1.5, NaN]) assert.throws(() => new workers.Pool(module, { workers: size }), { name: "InputError", code: "RANGE" });
});

test("a script of the app's own in the worker's place", async () => {
  for (const said of [null, "ready", { id: 99 }, { type: "hello" }]) {
    const worker = { .../** @type {any} */ (fake(() => false)), postMessage: () => queueMicrotask(() => worker.onmessage({ data: said })) };
    await assert.rejects(new workers.Pool(module, { workers: 1, worker: () => worker }).rows(["1"]), { name: "LoadError", code: "FETCH" }, JSON.stringify(said));
  }
  // One that says nothing at all is given up after a minute.
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let asked = () => {};
    const waiting = new Promise((resolve) => (asked = () => resolve(undefined)));
    const mute = { .../** @type {any} */ (fake(() => false)), postMessage: () => asked() };
    const refused = assert.rejects(new workers.Pool(module, { workers: 1, worker: () => mute }).rows(["1"]), { name: "LoadError", code: "FETCH" });
    await waiting;
    mock.timers.tick(60_000);
    await refused;
  } finally {
    mock.timers.reset();
  }
});

test("an abort at any moment", async () => {
  const reason = new Error("enough");
  let aborted = 0;
  // From before the first worker is made until after the last row has come.
  for (let moment = 0; moment < 40; moment++) {
    const stop = new AbortController();
    let moments = 0;
    const tick = () => { if (moments++ === moment) stop.abort(reason); };
    const pool = new workers.Pool(module, { workers: 2, worker: () => {
      tick();
      const worker = /** @type {any} */ (fake((asked) => (tick(), asked === 1 && moment % 3 === 0)));
      const { postMessage } = worker;
      worker.postMessage = (/** @type {any} */ message) => (tick(), postMessage(message));
      return worker;
    } });
    const done = await pool.rows(texts, { region: "GB", signal: stop.signal, onRows: tick, onProgress: tick }).then((rows) => rows.length, (error) => error);
    assert.equal(done, stop.signal.aborted ? reason : texts.length, `moment ${moment}`);
    if (done === reason) aborted++;
    assert.equal((await pool.rows(texts.slice(0, 5), { region: "GB" })).length, 5, "the pool stays good");
    pool.close();
  }
  assert.ok(aborted >= 10, String(aborted));
});

test("loads that stall are given up", async () => {
  /** @type {import("node:http").ServerResponse[]} */
  const open = [];
  let begun = () => {};
  const answering = new Promise((resolve) => (begun = () => resolve(undefined)));
  const server = createServer((_, response) => {
    open.push(response);
    response.write(Buffer.from([0, 97, 115, 109])); // and then nothing
    begun();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const stop = new AbortController();
    const loading = assert.rejects(sealbook.load({ wasm: `http://127.0.0.1:${port}/`, signal: stop.signal }), (/** @type {any} */ error) => error.name === "LoadError" && error.code === "FETCH" && error.cause.message === "enough");
    await answering;
    stop.abort(new Error("enough"));
    await loading;
    await assert.rejects(sealbook.load({ signal: AbortSignal.abort() }), { name: "LoadError", code: "FETCH" });
    const never = new AbortController();
    const waiting = assert.rejects(sealbook.load({ wasm: new Promise(() => {}), signal: never.signal }), { name: "LoadError", code: "FETCH" });
    never.abort();
    await waiting;
  } finally {
    for (const response of open) response.destroy();
    server.close();
  }
  assert.equal((await sealbook.load()).e164("020 7946 0123", "GB"), "+442079460123");
});

test("a source that says nothing for 30 seconds is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {any[]} */
    const silent = [
      { then: () => {} },
      new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
      new Response(new ReadableStream({ start: (to) => to.enqueue(Uint8Array.of(0, 97, 115, 109)), pull: () => new Promise(() => {}) })),
    ];
    for (const wasm of silent) {
      let over = false;
      const refused = assert.rejects(sealbook.load({ wasm }), (/** @type {any} */ error) => error.name === "LoadError" && error.code === "FETCH" && /stalled/.test(error.message)).finally(() => { over = true; });
      // Half a minute passes whenever all that can go on has gone on.
      while (!over) {
        await new Promise((resolve) => void setImmediate(resolve));
        mock.timers.tick(30_000);
      }
      await refused;
    }
  } finally {
    mock.timers.reset();
  }
});
