// The README's table of sizes is that of the committed modules.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parts, tables } from "../bench/parts.js";
import { output, root } from "./package.js";

test("sizes", async () => {
  await output(process.execPath, ["tests/bench/readme.mjs", "-check"], root); // throws unless they are current
  const wasm = new Uint8Array(await readFile(join(root, "wasm/core/core.wasm")));
  const { code, data, alone } = parts(wasm, ["oprf"]);
  /** @param {Uint8Array[]} bodies */
  const size = (bodies) => bodies.reduce((n, { length }) => n + length, 0);
  assert.ok(size(code) + data.length > 0.95 * wasm.length && size(code) + data.length < wasm.length, "code and data are nearly all");
  assert.ok(size(alone) > 10_000 && size(alone) < size(code) / 2, "the OPRF's code");
  assert.equal(parts(wasm, []).alone.length, 0);
  const source = await readFile(join(root, "wasm/number/tables.go"), "utf8");
  assert.ok(tables(source, data).length > 20_000);
  assert.throws(() => tables(source, data.subarray(1000, 2000)), /is not in the data/);
});
