// consumer.ts against the packed package, under each way that projects find a
// package's types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { install, root } from "./package.js";

const run = promisify(execFile);
const tsc = join(root, "tests/node_modules/.bin/tsc");

test("a consumer in TypeScript", async () => {
  const installed = await install();
  try {
    await cp(join(root, "tests/js/consumer.ts"), join(installed.dir, "consumer.ts"));
    const strict = { strict: true, noEmit: true, target: "es2022", noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: /** @type {string[]} */ ([]), typeRoots: [join(root, "tests/node_modules/@types")] };
    const ways = [
      { module: "nodenext", lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"] },
      { module: "esnext", moduleResolution: "bundler", lib: ["es2024", "dom", "dom.iterable"] },
      { module: "esnext", moduleResolution: "bundler", lib: ["es2024", "webworker"] },
      { module: "nodenext", lib: ["es2022"], types: ["node"] },
      { module: "nodenext", target: "es2022", lib: ["es2020", "dom", "dom.iterable"], types: ["node"] },
    ];
    for (const way of ways) {
      await writeFile(join(installed.dir, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strict, ...way }, files: ["consumer.ts"] }));
      await run(tsc, ["-p", installed.dir]).catch((error) => assert.fail(`${JSON.stringify(way)}:\n${error.stdout}`));
    }
    // The check can fail: without one of its marks the consumer does not compile.
    const text = await readFile(join(installed.dir, "consumer.ts"), "utf8");
    const marks = text.split("// @ts-expect-error").length - 1;
    assert.equal(marks, 27);
    await writeFile(join(installed.dir, "consumer.ts"), text.replace("// @ts-expect-error", "//"));
    await assert.rejects(run(tsc, ["-p", installed.dir]));
    console.log(`counts: ${ways.length} ways to compile a consumer with ${marks} expected errors`);
  } finally {
    await installed.remove();
  }
});

test("types without any of a platform", async () => {
  const installed = await install();
  try {
    const bare = `
      import { load, type RecipeLike, type RegionLike } from "sealbook";
      import { loadFormats } from "sealbook/format";
      const sealbook = await load();
      const e164: string = sealbook.parse("020 7946 0123", "GB").e164;
      const digest: string = sealbook.digest(e164, "meta-capi");
      export const all: [string, string, string] = [e164, digest, (await loadFormats()).international(e164)];
    `;
    await writeFile(join(installed.dir, "bare.mts"), bare);
    await writeFile(join(installed.dir, "required.cts"), `
      import { load, LoadError } from "sealbook";
      import { loadFormats } from "sealbook/format";
      import { discover } from "sealbook/discover";
      export const e164 = async (): Promise<string> => (await load()).e164("020 7946 0123", "GB");
      export const others = [LoadError, loadFormats, discover];
    `);
    const base = { strict: true, noEmit: true, target: "es2022", skipLibCheck: false, types: [], lib: ["es2022"] };
    for (const [module, moduleResolution, files] of /** @type {const} */ ([
      ["nodenext", "nodenext", ["bare.mts", "required.cts"]],
      ["esnext", "bundler", ["bare.mts"]],
    ])) {
      await writeFile(join(installed.dir, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...base, module, moduleResolution }, files }));
      await run(tsc, ["-p", installed.dir]).catch((error) => assert.fail(`${moduleResolution}:\n${error.stdout}`));
    }
  } finally {
    await installed.remove();
  }
});

test("the package as resolvers and package managers see it", async () => {
  const installed = await install();
  try {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: installed.package, strict: true });
    assert.deepEqual(messages.map(({ code }) => code), []);
    const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
    const tarball = (await readdir(installed.dir)).find((name) => name.endsWith(".tgz"));
    const { problems, resolutions } = /** @type {any} */ (await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(join(installed.dir, tarball ?? ""))))));
    void resolutions;
    // .wasm files are no scripts; and resolvers of before "exports" find modules, not CommonJS.
    const real = problems.filter((/** @type {any} */ p) => !/\.wasm$|worker\.js$/.test(p.entrypoint ?? "") && p.resolutionKind !== "node10");
    assert.deepEqual(real.map((/** @type {any} */ p) => `${p.kind} ${p.entrypoint ?? ""} ${p.resolutionKind ?? ""}`), []);
    console.log("counts: publint and attw find nothing in the package");
  } finally {
    await installed.remove();
  }
});

test("a comment for each member that an editor shows", async () => {
  let members = 0;
  for (const file of ["index", "format", "blind", "workers", "form", "element"]) {
    let text;
    try {
      text = await readFile(join(root, `wasm/js/${file}.d.ts`), "utf8");
    } catch {
      continue;
    }
    const lines = text.split("\n");
    lines.forEach((line, i) => {
      if (!/^  (?!\/?\*|constructor|private|\||\})[\w<]/.test(line) || !/[:(]/.test(line)) return;
      members++;
      assert.match(lines[i - 1], /\*\//, `${file}.d.ts: ${line.trim()}`);
    });
  }
  assert.ok(members > 80, String(members));
});
