// The packed package in the toolchains that are quick to set up: built as their
// manuals say, without a setting for this package, and run. The others are in
// matrix.js, which ./build.sh toolchains goes through; what came out there is held
// against it here.

import assert from "node:assert/strict";
import { cp, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { output, root } from "../js/package.js";
import { named } from "./heavy.mjs";
import { matrix } from "./matrix.js";
import { app, closeBrowser, inWorkerd, node, open, openFolder } from "./driver.js";

const require = createRequire(import.meta.url);
const modules = join(root, "tests/node_modules");

/** @type {Awaited<ReturnType<typeof app>>} */
let installed;
/** @type {string} */
let dir;
let seen = 0;

before(async () => {
  installed = await app();
  dir = installed.dir;
});
after(async () => {
  await closeBrowser();
  await installed?.remove();
});

/**
 * @param {import("./driver.js").Results} results
 * @param {number} steps
 */
function good(results, steps = 8) {
  assert.deepEqual(Object.entries(results).filter(([, result]) => result !== "ok"), []);
  assert.equal(Object.keys(results).length, steps);
  seen += steps;
}

/** A folder for what is built, with a page for its script. @param {string} name */
async function page(name) {
  const folder = join(dir, name);
  await mkdir(folder);
  await writeFile(join(folder, "index.html"), '<!doctype html><meta charset="utf-8"><body><script type="module" src="./page.js"></script>');
  return folder;
}

test("Node, import", async () => good(await node("node.js", dir)));
test("Node, require", async () => good(await node("required.cjs", dir), 1));

test("esbuild, browser", async () => {
  const folder = await page("esbuild");
  await require("esbuild").build({ absWorkingDir: dir, entryPoints: ["page.js"], bundle: true, minify: true, format: "esm", outdir: folder, logLevel: "error" });
  assert.deepEqual((await readdir(folder)).sort(), ["index.html", "page.js"]);
  good(await openFolder(folder));
});

test("esbuild, Node, ESM and CommonJS", async () => {
  for (const [format, name] of /** @type {const} */ ([["esm", "node.mjs"], ["cjs", "node.cjs"]])) {
    await require("esbuild").build({ absWorkingDir: dir, entryPoints: ["node.js"], bundle: true, platform: "node", format, outfile: join(dir, "esbuild-node", name), logLevel: "error" });
    good(await node(join(dir, "esbuild-node", name), "/"));
  }
});

test("Rollup", async () => {
  const folder = await page("rollup");
  const { nodeResolve } = require("@rollup/plugin-node-resolve");
  const bundle = await require("rollup").rollup({ input: join(dir, "page.js"), plugins: [nodeResolve()], onLog: () => {} });
  await bundle.write({ dir: folder, format: "es" });
  await bundle.close();
  good(await openFolder(folder));
});

test("webpack", async () => {
  const folder = await page("webpack");
  for (const [entry, to, steps] of /** @type {const} */ ([["./page.js", folder, 8], ["./in-worker.js", await page("webpack-worker"), 8]])) {
    const stats = await new Promise((resolve, reject) => require("webpack")(
      { context: dir, mode: "production", entry: { page: entry }, output: { path: to, filename: "[name].js" }, performance: { hints: false } },
      (/** @type {unknown} */ error, /** @type {any} */ stats) => (error ? reject(error) : resolve(stats)),
    ));
    assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
    assert.deepEqual(stats.toJson({ warnings: true }).warnings.map((/** @type {any} */ w) => w.message), []);
    good(await openFolder(to), steps);
  }
});

test("Vite, build and dev", async () => {
  const vite = await import("vite");
  /** @type {any} */
  const config = { root: dir, base: "./", logLevel: "error", configFile: false, cacheDir: join(dir, ".vite"), build: { outDir: join(dir, "vite"), emptyOutDir: true }, server: { host: "127.0.0.1", port: 0, hmr: false, watch: null } };
  await vite.build(config);
  good(await openFolder(join(dir, "vite")));
  const server = await vite.createServer(config);
  try {
    await server.listen();
    good(await open(`http://127.0.0.1:${/** @type {any} */ (server.httpServer?.address()).port}/`));
  } finally {
    await server.close();
  }
});

test("a static host with an import map", async () => {
  const folder = join(dir, "static");
  await cp(join(dir, "node_modules/sealbook"), join(folder, "sealbook"), { recursive: true });
  for (const name of ["page.js", "demo.js"]) await cp(join(dir, name), join(folder, name));
  const map = { imports: { sealbook: "./sealbook/dist/index.js", "sealbook/": "./sealbook/dist/" } };
  // The map of the README: a name for each entry, which ends in .js there.
  for (const name of ["blind", "contacts", "discover", "format", "recipes", "workers"]) /** @type {Record<string, string>} */ (map.imports)[`sealbook/${name}`] = `./sealbook/dist/${name}.js`;
  await writeFile(join(folder, "index.html"), `<!doctype html><meta charset="utf-8"><script type="importmap">${JSON.stringify(map)}</script><script type="module" src="./page.js"></script>`);
  good(await openFolder(folder));
});

test("Jest, with and without vm-modules, in Node and jsdom", async () => {
  const jest = join(modules, "jest/bin/jest.js");
  for (const environment of ["jest-environment-node", "jest-environment-jsdom"]) {
    for (const [file, flags] of /** @type {const} */ ([["jest.test.cjs", []], ["jest.test.mjs", ["--experimental-vm-modules"]]])) {
      const config = JSON.stringify({ rootDir: dir, testEnvironment: require.resolve(environment), testMatch: [`**/${file}`], transform: {}, moduleFileExtensions: ["js", "cjs", "mjs", "json"], modulePathIgnorePatterns: ["<rootDir>/static"], watchman: false });
      const printed = await output(process.execPath, [...flags, jest, "--config", config, "--json", "--ci", "--silent", "--cacheDirectory", join(dir, ".jest")], dir)
        .catch((error) => assert.fail(`${environment}, ${file}: ${error.stderr}`));
      assert.equal(JSON.parse(printed).numPassedTests, 1, `${environment}, ${file}`);
      seen++;
    }
  }
});

test("Vitest", async () => {
  await writeFile(join(dir, "vitest.config.mjs"), `export default ${JSON.stringify({ root: dir, cacheDir: join(dir, ".vitest"), test: { globals: true, include: ["vitest.test.js"], watch: false, testTimeout: 60_000 } })}`);
  const printed = await output(process.execPath, [join(modules, "vitest/vitest.mjs"), "run", "--root", dir, "--config", join(dir, "vitest.config.mjs"), "--reporter=json"], dir);
  assert.equal(JSON.parse(printed.slice(printed.indexOf("{"))).numPassedTests, 1);
  seen++;
});

test("wrangler, workerd", async () => {
  const out = join(dir, "wrangler");
  process.env.WRANGLER_SEND_METRICS = "false";
  await output(process.execPath, [join(modules, "wrangler/bin/wrangler.js"), "deploy", "workerd.js", "--name", "demo", "--dry-run", "--outdir", out, "--compatibility-date", "2026-04-01"], dir);
  const files = await readdir(out);
  // Its names have the module's hash in front, as its imports have.
  const wasm = files.filter((name) => name.endsWith(".wasm"));
  assert.ok(wasm.length >= 4, files.join());
  await rename(join(out, "workerd.js"), join(out, "main.js"));
  assert.ok((await readFile(join(out, "main.js"))).length < 400_000, "no module stands in the script");
  good(await inWorkerd(out, "main.js", wasm), 7);
});

test("what ./build.sh toolchains has run", async () => {
  /** @type {import("./heavy.mjs").Result[]} */
  const results = JSON.parse(await readFile(new URL("results.json", import.meta.url), "utf8"));
  // Of today's matrix, and nothing in it failed.
  assert.deepEqual(results.map(({ id, name }) => ({ id, name })), matrix.map((toolchain) => ({ id: toolchain.id, name: named(toolchain) })), "run ./build.sh toolchains");
  let runs = 0;
  for (const { name, runs: of } of results) {
    assert.ok(Object.keys(of).length > 0, name);
    assert.deepEqual(Object.entries(of).filter(([, result]) => result !== "ok"), [], name);
    runs += Object.keys(of).length;
  }
  const readme = await readFile(join(root, "wasm/js/README.md"), "utf8");
  for (const { name, date } of results) assert.match(readme, new RegExp(`^\\| ${name.replaceAll(".", "\\.")} \\|.*\\| ${date} \\|$`, "m"), name);
  await output(process.execPath, ["tests/toolchains/table.mjs", "-check"], root); // throws unless it is current
  console.log(`counts: ${results.length} heavy toolchains, ${runs} ways of running, as they are in the README`);
});

test("counts", () => {
  assert.ok(seen >= 8 * 10 + 7 + 5 + 1, String(seen));
  console.log(`counts: ${seen} lines of the README in toolchains`);
});
