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

test("what a page downloads in all", async () => {
  const pages = await import("../bench/pages.mjs");
  const [page, , , , , , form] = await pages.sizes();
  assert.ok(page.what.includes("sealbook") && page.brotli <= 50_000, String(page.brotli));
  assert.ok(form.what.includes("sealbook-phone") && form.brotli - page.brotli <= 16_000, String(form.brotli - page.brotli));
  await output(process.execPath, ["tests/toolchains/table.mjs", "-check"], root); // throws unless it is current
  console.log(`counts: a page of ${page.brotli} bytes brotli, ${form.brotli - page.brotli} more with the element`);
});
