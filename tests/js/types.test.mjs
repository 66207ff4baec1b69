// consumer.ts against the packed package, under each way that projects find a
// package's types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { install, root } from "./package.js";

const run = promisify(execFile);

test("a consumer in TypeScript", async () => {
  const installed = await install();
  try {
    await cp(join(root, "tests/js/consumer.ts"), join(installed.dir, "consumer.ts"));
    const strict = { strict: true, noEmit: true, target: "es2022", noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [] };
    const tsc = join(root, "tests/node_modules/.bin/tsc");
    const ways = [
      { module: "nodenext", lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"] },
      { module: "esnext", moduleResolution: "bundler", lib: ["es2024", "dom", "dom.iterable"] },
      { module: "esnext", moduleResolution: "bundler", lib: ["es2024", "webworker"] },
    ];
    for (const way of ways) {
      await writeFile(join(installed.dir, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strict, ...way }, files: ["consumer.ts"] }));
      await run(tsc, ["-p", installed.dir]).catch((error) => assert.fail(`${JSON.stringify(way)}:\n${error.stdout}`));
    }
    // The check can fail: without one of its marks the consumer does not compile.
    const text = await readFile(join(installed.dir, "consumer.ts"), "utf8");
    const marks = text.split("// @ts-expect-error").length - 1;
    assert.equal(marks, 21);
    await writeFile(join(installed.dir, "consumer.ts"), text.replace("// @ts-expect-error", "//"));
    await assert.rejects(run(tsc, ["-p", installed.dir]));
    console.log(`counts: ${ways.length} ways to compile a consumer with ${marks} expected errors`);
  } finally {
    await installed.remove();
  }
});
