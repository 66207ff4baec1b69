// What SHA-256 of a number costs in wasm, and what SIMD would give: a call of the core
// for 8,000 numbers; one block alone, all rounds in a row, as scalars and as vectors of
// four messages. Both are made here, so that nothing but the instructions differs; the
// least of many runs counts: node tests/bench/sha256.mjs

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** @typedef {number[]} Code */
/** @param {number} n @returns {Code} */
const unsigned = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)]);
/** @param {number} n 32 bits @returns {Code} */
const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)]);
/** @param {number} id @param {Code} bytes @returns {Code} */
const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];
/** @param {Code} code with its locals before @returns {Code} */
const body = (code) => [...unsigned(code.length + 1), ...code, 0x0b];
/** @param {number} i @returns {Code} */
const get = (i) => [0x20, ...unsigned(i)];
/** @param {number} i @returns {Code} */
const set = (i) => [0x21, ...unsigned(i)];
/** @param {number} n @returns {Code} */
const i32 = (n) => [0x41, ...signed(n | 0)];

const primes = Array.from({ length: 320 }, (_, n) => n).filter((n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0)).slice(0, 64);
/** @param {number} x the first 32 bits behind the point */
const fraction = (x) => Math.floor((x % 1) * 2 ** 32);
const K = primes.map((p) => fraction(Math.cbrt(p)));
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));

/** The instructions in which the two differ. */
const kinds = {
  scalar: {
    lanes: 1, type: 0x7f, and: [0x71], or: [0x72], xor: [0x73], add: [0x6a], constant: i32,
    rotate: (/** @type {number} */ x, /** @type {number} */ n) => [...get(x), ...i32(n), 0x78], shift: (/** @type {number} */ x, /** @type {number} */ n) => [...get(x), ...i32(n), 0x76],
    load: (/** @type {number} */ at) => [...get(0), 0x28, 2, ...unsigned(at)], store: (/** @type {number} */ at) => [0x36, 2, ...unsigned(at)],
    choose: (/** @type {number} */ e, /** @type {number} */ f, /** @type {number} */ g) => [...get(g), ...get(e), ...get(f), ...get(g), 0x73, 0x71, 0x73],
  },
  vectors: {
    lanes: 4, type: 0x7b, and: [0xfd, 0x4e], or: [0xfd, 0x50], xor: [0xfd, 0x51], add: [0xfd, 0xae, 1],
    constant: (/** @type {number} */ n) => [0xfd, 0x0c, ...new Uint8Array(Uint32Array.of(n, n, n, n).buffer)],
    rotate: (/** @type {number} */ x, /** @type {number} */ n) => [...get(x), ...i32(n), 0xfd, 0xad, 1, ...get(x), ...i32(32 - n), 0xfd, 0xab, 1, 0xfd, 0x50],
    shift: (/** @type {number} */ x, /** @type {number} */ n) => [...get(x), ...i32(n), 0xfd, 0xad, 1],
    load: (/** @type {number} */ at) => [...get(0), 0xfd, 0, 4, ...unsigned(at)], store: (/** @type {number} */ at) => [0xfd, 0x0b, 4, ...unsigned(at)],
    choose: (/** @type {number} */ e, /** @type {number} */ f, /** @type {number} */ g) => [...get(f), ...get(g), ...get(e), 0xfd, 0x52],
  },
};

/**
 * A module whose f(at, n) hashes the block at `at` n times and writes the digest
 * behind it. Words of several messages lie beside each other.
 * @param {typeof kinds.scalar} kind
 */
function kernel({ lanes, type, and, or, xor, add, constant, rotate, shift, load, store, choose }) {
  // Local 0 is `at`, then come a to h, 16 words and one more.
  const state = (/** @type {number} */ i) => 1 + (i & 7), word = (/** @type {number} */ i) => 9 + (i & 15), more = 25;
  const three = (/** @type {Code} */ p, /** @type {Code} */ q, /** @type {Code} */ r) => [...p, ...q, ...xor, ...r, ...xor];
  const code = [1, 25, type, ...START.flatMap((h, i) => [...constant(h), ...set(state(i))])];
  for (let i = 0; i < 16; i++) code.push(...load(4 * lanes * i), ...set(word(i)));
  for (let r = 0; r < 64; r++) {
    const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, i) => state(i - r + 64));
    if (r >= 16) {
      const [x, y] = [word(r + 1), word(r + 14)];
      code.push(...get(word(r)), ...three(rotate(x, 7), rotate(x, 18), shift(x, 3)), ...add, ...get(word(r + 9)), ...add, ...three(rotate(y, 17), rotate(y, 19), shift(y, 10)), ...add, ...set(word(r)));
    }
    code.push(
      ...get(h), ...constant(K[r]), ...get(word(r)), ...add, ...add, ...choose(e, f, g), ...add, ...three(rotate(e, 6), rotate(e, 11), rotate(e, 25)), ...add, ...set(more),
      ...get(more), ...get(d), ...add, ...set(d),
      ...get(more), ...three(rotate(a, 2), rotate(a, 13), rotate(a, 22)), ...add, ...get(a), ...get(b), ...and, ...get(a), ...get(b), ...or, ...get(c), ...and, ...or, ...add, ...set(h),
    );
  }
  for (let i = 0; i < 8; i++) code.push(...get(0), ...get(state(i)), ...constant(START[i]), ...add, ...store(4 * lanes * (16 + i)));
  const loop = [0, 0x03, 0x40, ...get(0), 0x10, 0, ...get(1), ...i32(1), 0x6b, 0x22, 1, 0x0d, 0, 0x0b];
  const bytes = Uint8Array.from([
    0, 97, 115, 109, 1, 0, 0, 0, ...section(1, [2, 0x60, 1, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 0]), ...section(3, [2, 0, 1]), ...section(5, [1, 0, 1]),
    ...section(7, [2, 1, 109, 2, 0, 1, 102, 0, 1]), ...section(10, [2, ...body(code), ...body(loop)]),
  ]);
  return /** @type {{ m: WebAssembly.Memory, f: (at: number, n: number) => void }} */ (/** @type {unknown} */ (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports));
}

/** The least of many runs, nanoseconds an item. @param {() => number} run answers how many it did */
function least(run) {
  let best = Infinity;
  for (let i = 0; i < 300; i++) {
    const began = performance.now();
    const items = run();
    if (i > 50) best = Math.min(best, ((performance.now() - began) * 1e6) / items);
  }
  return best;
}
/** @param {string} what @param {number} ns */
const say = (what, ns) => console.log(`${what.padEnd(60)} ${ns.toFixed(0).padStart(5)} ns`);

const numbers = Array.from({ length: 8000 }, (_, i) => `+4420794${60000 + (i % 1000)}`);
const core = /** @type {any} */ ((await WebAssembly.instantiate(await readFile(new URL("../../wasm/core/core.wasm", import.meta.url)))).instance.exports);
core._initialize?.();
const put = (/** @type {string} */ text) => new TextEncoder().encodeInto(text, new Uint8Array(core.memory.buffer, core.input(), 256 << 10)).written;
core.parse(put(numbers.join("\n")), 0, 0);
for (const [what, recipe] of [["the core: SHA-256 of a number, as hexadecimal digits", "e164_plus/sha256/hex"], ["the core: MD5", "e164_plus/md5/hex"], ["the core: the number's text alone", 'form=e164_plus alg=plain enc=text template="{n}"']]) {
  const handle = core.recipe(put(recipe));
  if (handle < 0) throw new Error(recipe);
  say(what, least(() => core.digest(handle, 0)));
}
for (const [name, kind] of Object.entries(kinds)) {
  const { m, f } = kernel(/** @type {typeof kinds.scalar} */ (kind));
  const { lanes } = kind;
  const view = new DataView(m.buffer);
  for (let lane = 0; lane < lanes; lane++) {
    const padded = Buffer.alloc(64);
    padded.write(`${numbers[lane]}\x80`, "latin1");
    padded.writeUInt32BE(8 * numbers[lane].length, 60);
    for (let i = 0; i < 16; i++) view.setUint32(4 * (lanes * i + lane), padded.readUInt32BE(4 * i), true);
  }
  f(0, 1);
  for (let lane = 0; lane < lanes; lane++) {
    const digest = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * (lanes * (16 + i) + lane), true).toString(16).padStart(8, "0")).join("");
    if (digest !== createHash("sha256").update(numbers[lane]).digest("hex")) throw new Error(`${name}: a wrong digest`);
  }
  say(`a block alone, ${name}`, least(() => {
    f(0, 2000);
    return 2000 * lanes;
  }));
}
say("node:crypto, createHash", least(() => {
  for (let i = 0; i < 500; i++) createHash("sha256").update(numbers[i]).digest("hex");
  return 500;
}));
