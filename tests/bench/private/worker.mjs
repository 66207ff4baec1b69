// Runs the scan of private.go in workerd, with 16 bytes at a time in WebAssembly:
// prints the address, and answers
//
//   POST /table            fills the table with what a seed gives; answers nothing
//   POST /answer?N         the query as body: scans N times, answers the XOR
//
// It ends with its input.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../package.json", import.meta.url));
const { Miniflare } = require("miniflare");

const PAGES = 1040; // 65 MiB: a table of 64, and the answer

/** A section of a module. @param {number} id @param {number[]} body */
const section = (id, body) => [id, ...leb(body.length), ...body];

/** @param {number} n */
function leb(n) {
  const out = [];
  for (; n > 127; n >>= 7) out.push(n & 127 | 128);
  return [...out, n];
}

/** xor(to, from, length): to ^= from, 64 bytes a turn. The opcodes are those of the specification's appendix. */
function assemble() {
  const get = (/** @type {number} */ n) => [0x20, n];
  const turn = [0, 16, 32, 48].flatMap((at) => [
    ...get(0), ...get(0), 0xfd, 0x00, 4, at, ...get(1), 0xfd, 0x00, 4, at, // v128.load
    0xfd, 0x51, // v128.xor
    0xfd, 0x0b, 4, at, // v128.store
  ]);
  const step = (/** @type {number} */ local) => [...get(local), 0x41, 0xc0, 0x00, 0x6a, 0x21, local]; // += 64
  const code = [0, 0x03, 0x40, ...turn, ...step(0), ...step(1), ...get(2), 0x41, 0xc0, 0x00, 0x6b, 0x22, 2, 0x0d, 0, 0x0b, 0x0b];
  const named = (/** @type {string} */ name) => [name.length, ...Buffer.from(name)];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...leb(PAGES)]),
    ...section(7, [2, ...named("memory"), 2, 0, ...named("xor"), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

const script = `
import module from "./xor.wasm";
const TABLE = 64 << 20, SIZE = 16 << 10;
const { memory, xor } = new WebAssembly.Instance(module).exports;
const bytes = new Uint8Array(memory.buffer);
export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/table") {
      const words = new Uint32Array(memory.buffer, 0, TABLE / 4);
      for (let i = 0, x = 1; i < words.length; i++) {
        x = Math.imul(x, 1664525) + 1013904223 | 0;
        words[i] = x;
      }
      return new Response();
    }
    const query = new Uint8Array(await request.arrayBuffer());
    for (let n = Number(search.slice(1)); n > 0; n--) {
      bytes.fill(0, TABLE, TABLE + SIZE);
      for (let i = 0; i < TABLE / SIZE; i++) if (query[i >> 3] >> (i & 7) & 1) xor(TABLE, i * SIZE, SIZE);
    }
    return new Response(bytes.slice(TABLE, TABLE + SIZE));
  },
};`;

const folder = await mkdtemp(join(tmpdir(), "private-"));
await writeFile(join(folder, "xor.wasm"), assemble());
await writeFile(join(folder, "main.js"), script);
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: join(folder, "main.js") }, { type: "CompiledWasm", path: join(folder, "xor.wasm") }],
  modulesRoot: folder, cf: false, telemetry: { enabled: false }, host: "127.0.0.1", port: 0, compatibilityDate: "2026-04-26",
});
console.log(JSON.stringify({ url: (await miniflare.ready).origin }));
process.stdin.on("end", async () => {
  await miniflare.dispose();
  await rm(folder, { recursive: true });
  process.exit(0);
}).resume();
