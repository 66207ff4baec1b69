// The examples of the package's README run, and what a comment says of an
// expression is so.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { install, output, root } from "./package.js";

test("examples", async () => {
  const installed = await install();
  try {
    const readme = await readFile(join(root, "wasm/js/README.md"), "utf8");
    const blocks = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, block]) => block);
    assert.equal(blocks.length, 10); // the third is for pages; the browser tests run pools
    const examples = blocks.filter((_, i) => i !== 2).join("\n");
    let claims = 0;
    const program = examples.replace(/^(\S.*);(?: *|\n)\/\/ (["{[]|true\b|false\b|\d)(.*)$/gm, (_, expression, first, rest) => {
      claims++;
      return `claim(${expression}, ${JSON.stringify(first + rest)});`;
    });
    assert.equal(claims, 20);
    await writeFile(join(installed.dir, "examples.js"), `
      import assert from "node:assert/strict";
      const signal = AbortSignal.timeout(10_000);
      const contacts = ["020 7946 0123", { text: "212 555 0123", region: "US" }, "call me"];
      const file = new Blob(["020 7946 0123\\n0161 496 0123\\n999\\n0909 879 0123\\n"]);
      const saved = [];
      const save = (...all) => saved.push(all);
      const told = [];
      const onProgress = (p) => told.push(p);
      /** The comment is the value as JavaScript, "…" for fields left out. */
      function claim(value, comment) {
        if (!comment.includes("…")) return assert.deepEqual(value, JSON.parse(comment));
        const written = JSON.stringify(value).replace(/"(\\w+)":/g, "$1:");
        const parts = comment.replace(/([{,\\[:]) | ([}\\]])/g, "$1$2").split("…");
        assert.ok(parts.every((part) => written.includes(part.replace(/,$/, "").replace(/^[}\\]]+$/, ""))), written + comment);
      }
      // A directory in memory, where the address of the example leads.
      const { Double } = await import(${JSON.stringify(join(root, "tests/js/double.js"))});
      const double = await Double.make({ blind: await (await import("sealbook/blind")).loadBlind() });
      const published = () => double.publish();
      globalThis.fetch = double.fetch;
      const { key } = double;
      const { code } = double;
      const handle = new Uint8Array(32);
      const kept = [];
      const keep = (...all) => kept.push(all);
      const showToThePerson = (text) => assert.ok(text.length > 20);
      let bytes = null;
      const state = { load: () => bytes, save: async (b) => { bytes = b; } };
      ${program}
      assert.deepEqual(told[0], { done: 3, total: 3 });
      assert.deepEqual(told.at(-1), { phase: "evaluate", done: 2, total: 2 });
      assert.ok(bytes.length > 0);
      assert.deepEqual(saved.map(([index, error, digests]) => [index, error, digests.length]), [[0, null, 2], [1, null, 2], [2, "NOT_A_NUMBER", 2]]);
      console.log("ran");
    `);
    process.env.LC_ALL = "en_GB.UTF-8"; // whose numbers the example reads
    assert.equal(await output(process.execPath, ["examples.js"], installed.dir), "ran\n");
    console.log(`counts: ${claims} claims of the README hold`);
  } finally {
    await installed.remove();
  }
});
