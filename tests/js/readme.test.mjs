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
    assert.equal(blocks.length, 4); // the third is for pages; the browser tests run pools
    const examples = blocks.filter((_, i) => i !== 2).join("\n");
    let claims = 0;
    const program = examples.replace(/^(\S.*);(?: *|\n)\/\/ (["{[]|true\b|false\b|\d)(.*)$/gm, (_, expression, first, rest) => {
      claims++;
      return `claim(${expression}, ${JSON.stringify(first + rest)});`;
    });
    assert.equal(claims, 8);
    await writeFile(join(installed.dir, "examples.js"), `
      import assert from "node:assert/strict";
      const signal = AbortSignal.timeout(10_000);
      const contacts = ["020 7946 0123", { text: "212 555 0123", region: "US" }, "call me"];
      const file = new Blob(["020 7946 0123\\n0161 496 0123\\n999\\n0909 879 0123\\n"]);
      const saved = [];
      const save = (...all) => saved.push(all);
      let progress;
      const onProgress = (p) => { progress = p; };
      /** The comment is the value as JavaScript, "…" for fields left out. */
      function claim(value, comment) {
        if (!comment.includes("…")) return assert.deepEqual(value, JSON.parse(comment));
        const written = JSON.stringify(value).replace(/"(\\w+)":/g, "$1:");
        const parts = comment.replace(/([{,\\[:]) | ([}\\]])/g, "$1$2").split("…");
        assert.ok(parts.every((part) => written.includes(part.replace(/,$/, "").replace(/^[}\\]]+$/, ""))), written + comment);
      }
      ${program}
      assert.deepEqual(progress, { done: 3, total: 3 });
      assert.deepEqual(saved.map(([index, error, digests]) => [index, error, digests.length]), [[0, null, 2], [1, null, 2], [2, "NOT_A_NUMBER", 2]]);
      console.log("ran");
    `);
    assert.equal(await output(process.execPath, ["examples.js"], installed.dir), "ran\n");
    console.log(`counts: ${claims} claims of the README hold`);
  } finally {
    await installed.remove();
  }
});
