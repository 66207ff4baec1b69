// The examples of the package's README run, and what a comment says of an
// expression is so.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { install, output, root } from "./package.js";

test("examples", async () => {
  const installed = await install();
  try {
    const readme = await readFile(join(root, "wasm/js/README.md"), "utf8");
    const blocks = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, block]) => block);
    assert.equal(blocks.length, 10);
    // A search of what is at its beginning; its names are in a scope of their own.
    const [, imports, pool] = /** @type {RegExpMatchArray} */ (blocks[2].match(/^((?:import .*\n)+)([^]*)$/));
    blocks[2] = `${imports}{\nconst digest = first;\n${pool}\npool.close();\nassert.deepEqual([found, tried > 0n, seconds > 0], [begin, true, true]);\n}`;
    const examples = blocks.join("\n");
    let claims = 0;
    const program = examples.replace(/^(\S.*);(?: *|\n)\/\/ (["{[]|true\b|false\b|\d)(.*)$/gm, (_, expression, first, rest) => {
      claims++;
      return `claim(${expression}, ${JSON.stringify(first + rest)});`;
    });
    assert.equal(claims, 20);
    await writeFile(join(installed.dir, "examples.js"), `
      import assert from "node:assert/strict";
      const signal = AbortSignal.timeout(300_000);
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
      const begin = "+447100000000"; // the first that a search tries
      const first = (await (await import("sealbook")).load()).digest(begin, "meta-capi");
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

test("a page of its two pieces of HTML", async () => {
  const installed = await install();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const blocks = [...(await readFile(join(root, "wasm/js/README.md"), "utf8")).matchAll(/^```html\n([^]*?)^```$/gm)].map(([, block]) => block);
    assert.equal(blocks.length, 2);
    const page = await browser.newPage();
    /** @type {string[]} */
    const asked = [];
    await page.route("**/*", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        // The policy that the README asks for.
        return route.fulfill({ contentType: "text/html", headers: { "content-security-policy": "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'" }, body: `<!doctype html><meta charset="utf-8">${blocks.join("")}` });
      }
      const body = await readFile(join(installed.package, pathname.replace(/^\/sealbook\//, "")), "utf8").catch(() => null);
      if (body === null) return route.fulfill({ status: 404, body: "" });
      asked.push(pathname);
      return route.fulfill({ contentType: "text/javascript", body });
    });
    await page.goto("https://shop.example/");
    await page.evaluate(async () => {
      await customElements.whenDefined("sealbook-phone");
      await /** @type {any} */ (document.querySelector("sealbook-phone")).ready;
    });
    await page.getByRole("textbox", { name: "Phone" }).pressSequentially("02079460123");
    assert.equal(await page.evaluate(() => new FormData(/** @type {HTMLFormElement} */ (document.querySelector("form"))).get("phone")), "+442079460123");
    assert.deepEqual(asked.sort(), ["core.text", "element", "form", "index", "shared"].map((name) => `/sealbook/dist/${name}.js`));
  } finally {
    await browser.close();
    await installed.remove();
  }
});
