// Loading: from everywhere the core may come from, once, again after a failure;
// and every file that is not the core is refused with its code.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { install, output, root } from "./package.js";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook")} */
let sealbook;
/** @type {Uint8Array<ArrayBuffer>} */
let core;

before(async () => {
  installed = await install();
  sealbook = await import(pathToFileURL(join(installed.package, "index.js")).href);
  core = new Uint8Array(await readFile(join(installed.package, "core.wasm")));
});
after(() => installed?.remove());

/**
 * @param {unknown} wasm
 * @param {string | false} [integrity]
 * @returns {Promise<{ code: string, message: string } | null>}
 */
const refusal = (wasm, integrity) =>
  sealbook.load({ wasm: /** @type {any} */ (wasm), ...(integrity === undefined ? {} : { integrity }) }).then(
    () => null,
    (error) => {
      assert.ok(error instanceof sealbook.LoadError && error instanceof sealbook.SealbookError, String(error));
      assert.equal(error.name, "LoadError");
      return /** @type {any} */ (error);
    },
  );

/**
 * A module in the binary format.
 * @param {...[id: number, ...bytes: number[]]} sections
 */
const module = (...sections) => Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flatMap(([id, ...bytes]) => [id, bytes.length, ...bytes])]);

/** A module that exports memory and every function of the core, each of which answers `answer`. @param {number} answer 0–63 */
function impostor(answer) {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(core)).filter(({ kind }) => kind === "function").map(({ name }) => name);
  /** @param {string} name */
  const text = (name) => [name.length, ...Buffer.from(name)];
  const exports = [...text("memory"), 2, 0, ...names.flatMap((name) => [...text(name), 0, name === "_initialize" ? 0 : 1])];
  const wasm = [0, 97, 115, 109, 1, 0, 0, 0];
  /** @param {number} id @param {number[]} bytes */
  const section = (id, bytes) => wasm.push(id, (bytes.length & 127) | 128, bytes.length >> 7, ...bytes);
  section(1, [2, 96, 0, 0, 96, 0, 1, 127]); // () → (), () → i32
  section(3, [2, 0, 1]);
  section(5, [1, 1, 32, 32]); // 2 MiB
  section(7, [names.length + 1, ...exports]);
  section(10, [2, 2, 0, 11, 4, 0, 65, answer, 11]);
  return Uint8Array.from(wasm);
}

test("sources", async () => {
  const server = createServer(({ url }, response) => {
    if (url !== "/core.wasm") response.statusCode = 404;
    response.end(core); // of no particular type
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}/core.wasm`;
  const file = join(installed.package, "core.wasm");
  const wide = new Uint8Array(core.length + 20);
  wide.set(core, 10);
  const { sha256, bytes } = sealbook.published;
  assert.equal(bytes, core.length);
  /** @type {[string, import("sealbook").LoadOptions, string | null][]} */
  const sources = [
    ["nothing", {}, sha256],
    ["path", { wasm: file }, sha256],
    ["file URL", { wasm: pathToFileURL(file) }, sha256],
    ["file URL as text", { wasm: pathToFileURL(file).href }, sha256],
    ["URL", { wasm: new URL(url) }, sha256],
    ["URL as text", { wasm: url }, sha256],
    ["Response", { wasm: await fetch(url) }, sha256],
    ["promise of a Response", { wasm: fetch(url) }, sha256],
    ["Uint8Array", { wasm: core }, sha256],
    ["Buffer", { wasm: await readFile(file) }, sha256],
    ["DataView", { wasm: new DataView(core.buffer) }, sha256],
    ["ArrayBuffer", { wasm: Uint8Array.from(core).buffer }, sha256],
    ["part of a buffer", { wasm: wide.subarray(10, 10 + core.length) }, sha256],
    ["module", { wasm: await WebAssembly.compile(core) }, null],
    ["hexadecimal integrity", { integrity: sha256.toUpperCase() }, sha256],
    ["base64 integrity", { integrity: `sha256-${Buffer.from(sha256, "hex").toString("base64")}` }, sha256],
    ["no integrity", { integrity: false }, sha256],
  ];
  for (const [name, options, hash] of sources) {
    const loaded = await sealbook.load(options);
    assert.equal(loaded.sha256, hash, name);
    assert.equal(loaded.e164("020 7946 0123", "GB"), "+442079460123", name);
    assert.ok(loaded.module instanceof WebAssembly.Module && loaded.memoryBytes <= 2 << 20, name);
  }
  assert.equal((await refusal(`http://127.0.0.1:${port}/other`))?.code, "FETCH");
  server.close();
  assert.equal((await refusal(url + "?"))?.code, "FETCH"); // nobody listens any more
  assert.ok((await sealbook.compile()) instanceof WebAssembly.Module);
});

test("one load for all, and another after a failure", async () => {
  const first = sealbook.load();
  assert.equal(sealbook.load(), first);
  assert.equal(await sealbook.load(), await first);
  const { module } = await first;
  assert.equal(await sealbook.load({ wasm: module }), await sealbook.load({ wasm: module }));

  const path = join(installed.dir, "later.wasm");
  const early = [refusal(path), refusal(path)];
  assert.deepEqual((await Promise.all(early)).map((error) => error?.code), ["FETCH", "FETCH"]);
  await writeFile(path, core);
  assert.equal(await refusal(path), null);
  await rm(path);
  assert.equal(await refusal(path), null); // it is there
});

test("what is not the core", async () => {
  const altered = Uint8Array.from(core);
  altered[altered.length >> 1] ^= 1;
  const { sha256 } = sealbook.published;
  /** @type {[string, unknown, string | false | undefined, string, RegExp][]} */
  const cases = [
    ["cut short", core.subarray(0, core.length - 1), undefined, "INTEGRITY", /end after \d+ of \d+ bytes/],
    ["cut short, any build", core.subarray(0, core.length - 1), false, "COMPILE", /not a whole WebAssembly module/],
    ["half", core.subarray(0, core.length >> 1), false, "COMPILE", /not a whole/],
    ["the head alone", core.subarray(0, 8), false, "EXPORTS", /not export/],
    ["nothing", new Uint8Array(0), undefined, "INTEGRITY", /end after 0 of/],
    ["nothing, any build", new Uint8Array(0), false, "COMPILE", /not a whole/],
    ["altered", altered, undefined, "INTEGRITY", /SHA-256 differs/],
    ["altered, its hash wanted", altered, sha256, "INTEGRITY", /SHA-256 differs/],
    ["one byte more", Buffer.concat([core, Buffer.of(0)]), undefined, "INTEGRITY", /SHA-256 differs/],
    ["a page", Buffer.from("<!doctype html>"), false, "COMPILE", /not a whole/],
    ["an empty module", module(), false, "EXPORTS", /not the core/],
    ["another version of WebAssembly", Uint8Array.of(0, 97, 115, 109, 2, 0, 0, 0), false, "COMPILE", /not a whole/],
    ["a module with an import", module([1, 1, 96, 0, 0], [2, 1, 1, 101, 1, 102, 0, 0]), false, "IMPORTS", /imports/],
    ["a core of version 0", impostor(0), false, "VERSION", /version 0 .* needs 2/],
    ["a core of version 3", impostor(3), false, "VERSION", /version 3 .* needs 2/],
    ["a module that only looks like the core", impostor(2), false, "EXPORTS", /does not start/],
    ["a number", 7, undefined, "FETCH", /must be a URL/],
    ["null bytes", {}, undefined, "FETCH", /must be a URL/],
    ["a symbol", Symbol("core"), undefined, "FETCH", /must be a URL/],
    ["null", null, undefined, "FETCH", /must be a URL/],
    ["a function", () => core, undefined, "FETCH", /must be a URL/],
    ["more than any module has", new Uint8Array((8 << 20) + 1), undefined, "FETCH", /more than 8388608 bytes/],
    ["a page in its place", new Response("<!doctype html>", { headers: { "content-type": "text/html" } }), undefined, "INTEGRITY", /got text\/html.*Loading/],
    ["a page, any build", new Response("<!doctype html>", { headers: { "content-type": "text/html" } }), false, "COMPILE", /got text\/html/],
    ["an answer without end", new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1 << 20)) })), undefined, "FETCH", /more than/],
    ["an answer that breaks", new Response(new ReadableStream({ pull: (to) => to.error(new Error("no")) })), undefined, "FETCH", /could not be read/],
    ["integrity of an odd type", core, /** @type {any} */ (7), "INTEGRITY", /64 hexadecimal digits/],
    ["no such file", join(installed.dir, "nowhere.wasm"), undefined, "FETCH", /could not be read/],
    ["a promise that fails", { then: (/** @type {unknown} */ _, /** @type {(e: Error) => void} */ reject) => reject(new Error("no")) }, undefined, "FETCH", /did not arrive/],
    ["malformed integrity", core, "sha256-abc", "INTEGRITY", /64 hexadecimal digits/],
    ["integrity of another kind", core, "sha512-" + "A".repeat(86) + "==", "INTEGRITY", /64 hexadecimal digits/],
  ];
  for (const [name, wasm, integrity, code, message] of cases) {
    const error = await refusal(wasm, integrity);
    assert.equal(error?.code, code, name);
    assert.match(error?.message ?? "", message, name);
  }
  // A module in the compiled form shows no hash, but all else is looked at.
  assert.equal((await refusal(new WebAssembly.Module(impostor(3))))?.code, "VERSION");
  assert.equal((await refusal(new WebAssembly.Module(module())))?.code, "EXPORTS");
  console.log(`counts: ${cases.length + 2} files that are not the core refused`);
});

test("the package's files", async () => {
  const listed = ["APACHE-2.0.txt", "CHANGELOG.md", "NOTICE", "README.md", "blind.wasm", "core.wasm", "format.wasm", "package.json"];
  const below = async (/** @type {string} */ folder) => (await readdir(join(root, "wasm/js", folder))).filter((name) => /\.js$/.test(name)).map((name) => `${folder}/${name}`);
  const discovery = [...await below("discovery"), ...await below("trust")];
  const scripts = [...discovery, "as-you-type.js", "auditor.js", "blind.js", "builtin.js", "bytes.js", "compat.js", "contacts.js", "core.js", "discover.js", "element.js", "email-recipes.js", "emails.js", "error.js", "errors.js", "examples-of.js", "examples.js", "fields.js", "form.js", "format.js", "handles.js", "hex.js", "hints.js", "index.js", "load.js", "module.js", "numbers.js", "oprf.js", "pieces.js", "pin.js", "places.js", "plans.js", "recipes.js", "repairs.js", "rows.js", "sealbook.js", "sift.js", "source.js", "spec.js", "stream.js", "turn.js", "utf8.js", "worker-text.js", "worker.js", "workers.js"];
  const types = ["auditor.d.ts", "blind.d.ts", "blind.wasm.d.ts", "compat.d.ts", "contacts.d.ts", "core.wasm.d.ts", "discover.d.ts", "discovery/discover.d.ts", "element.d.ts", "emails.d.ts", "examples.d.ts", "form.d.ts", "format.d.ts", "format.wasm.d.ts", "index.d.ts", "names.d.ts", "oprf.d.ts", "platform.d.ts", "recipes.d.ts", "repairs.d.ts", "workers.d.ts"];
  const sources = installed.files.filter((name) => !/^(dist|examples)\//.test(name));
  assert.ok(installed.files.length - sources.length > 40);
  assert.deepEqual(sources, [...listed, "auditor.wasm", "auditor.wasm.d.ts", "contacts.wasm", "contacts.wasm.d.ts", ...scripts, ...types].sort());
  const about = JSON.parse(await readFile(join(installed.package, "package.json"), "utf8"));
  assert.equal(about.dependencies, undefined);
  const notice = await readFile(join(installed.package, "NOTICE"), "utf8");
  assert.ok(notice.includes(`libphonenumber\n${sealbook.published.metadataVersion},`) && notice.includes("APACHE-2.0.txt"), "the notice names the metadata");
  // A release packs the same files with the same bytes, by package.json alone.
  const released = JSON.parse(await output("go", ["run", "./tests/js/npm", about.version], root));
  const sums = await Promise.all(installed.files.map(async (name) => [name, createHash("sha256").update(await readFile(join(installed.package, name))).digest("hex")]));
  assert.deepEqual(released, Object.fromEntries(sums));
  // pin.js tells the bytes that are committed, not only those that lie here.
  await output("go", ["run", "./wasm/js/gen", "-check"], root);
  assert.deepEqual(core, new Uint8Array(await readFile(join(root, "wasm/core/core.wasm"))));
});
