// A release is made twice, in two folders, at two times, with other zones,
// languages and masks, and is the same bytes; and where an input was changed, the
// comparison names it. The compilers' cache is shared here: ./build.sh twice does
// it with one each, and takes minutes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;
const VERSION = "1.4.0";

let top = "";
before(async () => { top = await mkdtemp(join(tmpdir(), "two-builds-")); });
after(async () => { if (top) await rm(top, { recursive: true }); });

/** Every file below a folder. @param {string} dir */
const files = async (dir) => (await readdir(dir, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(dir.length + 1)).sort();

/** A copy of the sources. @param {string} name */
async function sources(name) {
  const to = join(top, name);
  await mkdir(join(to, "tests"), { recursive: true });
  for (const part of ["go.mod", "go.sum", "site", "wasm", "verifier"]) {
    await cp(join(root, part), join(to, part), { recursive: true, filter: (path) => !/\/wasm\/js\/dist$/.test(path) });
  }
  await cp(join(root, "tests/package.json"), join(to, "tests/package.json"));
  await symlink(join(root, "tests/node_modules"), join(to, "tests/node_modules"));
  // What Brotli once made of a file: it takes most of the time.
  await cp(join(root, ".build/brotli"), join(to, ".build/brotli"), { recursive: true }).catch(() => {});
  return to;
}

/** Makes what a release is made of; -trimpath, so that the second finds the first one's compiled packages. @param {string} at @param {Record<string, string>} [env] */
async function build(at, env = {}) {
  const go = (/** @type {string[]} */ ...args) => run("go", args, { cwd: at, env: { ...process.env, GOFLAGS: "-buildvcs=false -trimpath", ...env } });
  await run(process.execPath, ["wasm/js/gen/publish.mjs"], { cwd: at, env: { ...process.env, ...env } });
  await go("run", "./verifier/release/make", "keys", "-o", ".build/release/keys");
  await go("run", "./site/build", "-o", ".build/release/site", "-version", VERSION, "-keys", ".build/release/keys");
  await go("run", "./wasm/edge/worker/pack", "-o", ".build/release/worker");
  await mkdir(join(at, ".build/release/verifier/linux-amd64"), { recursive: true });
  await run("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", ".build/release/verifier/linux-amd64/verifier", "./verifier"],
    { cwd: at, env: { ...process.env, ...env, GOOS: "linux", GOARCH: "amd64", CGO_ENABLED: "0" } });
  return go;
}

const TOOLS = ["-tool", "go=1", "-tool", "tinygo=1"];

test("a release made in two folders is the same bytes, and a changed input is named", async () => {
  const one = await sources("one"), two = await sources("a folder with another name");
  const old = new Date("2001-02-03T04:05:06Z");
  for (const part of ["site", "wasm", "verifier"]) {
    for (const file of await files(join(two, part))) await utimes(join(two, part, file), old, old);
  }
  const make = (/** @type {Awaited<ReturnType<typeof build>>} */ go) => go("run", "./verifier/release/make", "release", "-version", VERSION, "-time", "2026-01-02T03:04:05Z", ...TOOLS);
  await make(await build(one, { TZ: "UTC" }));
  const mask = process.umask(0o077);
  const again = await build(two, { TZ: "Asia/Kathmandu", LC_ALL: "C", LANG: "tr_TR.UTF-8" }).finally(() => process.umask(mask));
  await make(again);
  const made = await files(join(one, "dist"));
  assert.deepEqual(await files(join(two, "dist")), made);
  for (const kind of [/^site\/index\.html$/, /^site\/sw\.js$/, /^site\/log\/checkpoint$/, /^site\/release\.tlog-proof$/, /^npm\/.*\.tgz$/, /^worker\/.*\.wasm$/, /^verifier\//, /\.zip$/, /^manifest$/]) {
    assert.ok(made.some((file) => kind.test(file)), `${kind} is part of it`);
  }
  for (const file of made) {
    const [a, b] = await Promise.all([one, two].map((at) => readFile(join(at, "dist", file))));
    assert.ok(a.equals(b), `${file} is not the same`);
    assert.ok(!a.includes(top), `${file} names the folder`);
  }

  const compare = (/** @type {string[]} */ ...tools) => again("run", "./verifier/release/make", "compare", "-manifest", join(one, "dist/manifest"), "-from", ".build/release", ...(tools.length > 0 ? tools : TOOLS))
    .then(({ stdout }) => stdout, ({ stderr }) => stderr);
  assert.match(await compare(), /^counts: \d+ files and \d+ header fields built again with the same bytes/);
  assert.match(await compare("-tool", "go=2", "-tool", "tinygo=1"), /not the same: tool go: the release was built with 1/);
  const file = join(two, "site/style/1-base.css");
  await writeFile(file, await readFile(file, "utf8") + "\n/* changed */\n");
  await again("run", "./site/build", "-o", ".build/release/site", "-version", VERSION, "-keys", ".build/release/keys");
  assert.match(await compare(), /not the same: site\/audit\.html: .* it is made of site and wasm\/js/);
});
