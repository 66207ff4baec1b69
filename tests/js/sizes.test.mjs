// The READMEs' tables of sizes are those of the committed modules and scripts.

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
  const all = await pages.sizes();
  const [page, , , , , , form] = all;
  assert.ok(page.what.includes("sealbook") && page.brotli <= 50_000, String(page.brotli));
  const own = await pages.own();
  assert.ok(own.scripts <= 6_000, `${own.scripts} bytes of scripts beside the module`);
  assert.ok(own.whole <= 50_000, `${own.whole} bytes where nothing is split`);
  assert.ok(form.what.includes("sealbook-phone") && form.brotli - page.brotli <= 16_000, String(form.brotli - page.brotli));
  // Half a KB, because compressors differ with the version of Node.
  const readme = await readFile(join(root, "wasm/js/README.md"), "utf8");
  for (const { what, raw, gzip, brotli } of all) {
    const printed = readme.split("\n").find((line) => line.startsWith(`| ${what} |`))?.match(/\d+\.\d(?= \|)/g)?.map(Number) ?? [];
    assert.equal(printed.length, 3, what);
    [raw, gzip, brotli].forEach((bytes, i) => assert.ok(Math.abs(printed[i] - bytes / 1000) <= 0.5, `${what}: ${printed[i]}, not ${bytes}; node tests/bench/pages.mjs writes them`));
  }
  // The table of entries, each beside "sealbook".
  let entries = 0;
  for (const [, names, sizes] of readme.matchAll(/^\| ((?:`sealbook[a-z/]*`(?:, )?)+) \|.*\| (\d[\d, ]*) \|$/gm)) {
    const named = [...names.matchAll(/`sealbook\/?([a-z]*)`/g)].map(([, name]) => name);
    const printed = sizes.split(", ").map(Number);
    assert.equal(printed.length, named.length, names);
    for (const [i, name] of named.entries()) {
      const bytes = name === "" ? page.brotli : await pages.entry(name);
      assert.ok(Math.abs(printed[i] - bytes / 1000) <= 1, `${name}: ${printed[i]}, not ${bytes}`);
      entries++;
    }
  }
  assert.equal(entries, 10);
  await output(process.execPath, ["tests/toolchains/table.mjs", "-check"], root); // throws unless it is current
  await output(process.execPath, ["tests/bench/table.mjs", "-check"], root); // throws unless there are figures
  console.log(`counts: a page of ${page.brotli} bytes brotli, ${own.scripts} of them scripts, ${own.whole} where nothing is split; ${form.brotli - page.brotli} more with the element; the sizes of ${all.length} pages and ${entries} entries are those of the package's README`);
});
