// What the page "This page" says of what was served.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build, launch, open, root, serve, until } from "./harness.js";

let site, server, browser;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("the core that runs is the published one, and imports nothing", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page, faults } = await open(context, server.base + "this-page.html");
  await until(async () => /Yes/.test(await page.locator("#core-same").innerText()), "the comparison");
  const core = await readFile(join(root, "wasm/core/core.wasm"));
  assert.equal(await page.locator("#core-running").innerText(), sha256(core));
  assert.equal(await page.locator("#core-published").innerText(), sha256(core));
  assert.match(await page.locator("#core-imports").innerText(), /^None/);
  assert.deepEqual((await page.locator("#core-exports").innerText()).split(" "), WebAssembly.Module.exports(new WebAssembly.Module(core)).map(({ name }) => name));
  // And so for every other module of the build.
  for (const [name, path] of [["format", "format/format"], ["contacts", "reader/contacts"], ["blind", "blind/blind"], ["auditor", "auditor/auditor"]]) {
    const module = await readFile(join(root, `wasm/${path}.wasm`));
    await until(async () => await page.locator(`#${name}-same`).count() === 1, name);
    assert.equal(await page.locator(`#${name}-running`).textContent(), sha256(module), name);
    assert.match(await page.locator(`#${name}-same`).textContent(), /^Yes/, name);
    assert.match(await page.locator(`#${name}-imports`).textContent(), /^None/, name);
  }
  assert.equal((await readdir(site.dir)).filter((file) => file.endsWith(".wasm")).length, 5, "no module of the site is left out");
  assert.deepEqual(faults, []);

  // The list names every file that it can, and the hashes are those served.
  const listed = await page.locator("#files tr").evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[2].textContent]));
  const files = [];
  for (const file of await readdir(site.dir, { recursive: true })) {
    if ((await stat(join(site.dir, file))).isFile() && !file.endsWith(".br")) files.push(file);
  }
  const without = files.filter((file) => !/\.html$|^sw\.js$|^SHA256SUMS$|^_headers$/.test(file));
  const names = listed.map(([name]) => name);
  for (const file of without) assert.ok(names.includes(file), file);
  for (const [name, sum] of listed) {
    assert.equal(sum, sha256(await readFile(join(site.dir, name))), name);
  }
  assert.ok(listed.length >= 10, `${listed.length} files`);
  await context.close();
});

test("the command shown checks the site from outside", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(context, server.base + "this-page.html");
  const command = await page.locator("#command-files").textContent();
  assert.match(command, /sha256sum -c SHA256SUMS/);
  // What it does, without curl: every line of the list against what is served.
  const sums = (await (await fetch(server.base + "SHA256SUMS")).text()).trim().split("\n");
  for (const line of sums) {
    const [sum, name] = line.split("  ");
    const response = await fetch(server.base + name);
    assert.equal(response.status, 200, name);
    assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sum, name);
  }
  assert.ok(sums.length >= 15, `${sums.length} files`);
  await promisify(execFile)("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: site.dir });
  await context.close();
});
