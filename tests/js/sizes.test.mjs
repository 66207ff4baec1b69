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
  const { code, data } = parts(wasm);
  assert.ok(code.length + data.length > 0.95 * wasm.length && code.length + data.length < wasm.length, "code and data are nearly all");
  const source = await readFile(join(root, "wasm/number/tables.go"), "utf8");
  const { bytes, missing } = tables(source, data);
  assert.ok(bytes.length > 20_000);
  assert.ok(missing.includes("formatData") && !missing.includes("automataData"), "the layouts are in format.wasm alone");
  assert.deepEqual(tables(source, data.subarray(0, 1)).bytes.length, 0);
});
