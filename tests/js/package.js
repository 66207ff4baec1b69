// The package as its users get it: packed, then installed from the tarball.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
export const root = new URL("../../", import.meta.url).pathname;

/** @param {string} command @param {string[]} args @param {string} cwd */
export async function output(command, args, cwd) {
  const running = run(command, args, { cwd, maxBuffer: 64 << 20 });
  running.child.stdin?.end();
  return (await running).stdout;
}

/** Packs it into a new folder. */
export async function pack() {
  const dir = await mkdtemp(join(tmpdir(), "sealbook-package-"));
  await output(process.execPath, [join(root, "wasm/js/gen/publish.mjs")], root);
  const [{ filename, files }] = JSON.parse(await output("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", dir], join(root, "wasm/js")));
  return {
    dir,
    tarball: join(dir, filename),
    files: /** @type {string[]} */ (files.map((/** @type {{ path: string }} */ { path }) => path)).sort(),
    remove: () => rm(dir, { recursive: true }),
  };
}

/** Packs and installs it into a new folder, without any registry. */
export async function install() {
  const packed = await pack();
  const { dir, tarball } = packed;
  await writeFile(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await output("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], dir);
  return { ...packed, package: join(dir, "node_modules/sealbook") };
}

/**
 * The modules of the installed package, loaded.
 * @param {string} package_
 * @returns {Promise<import("./whole.js").Loaded>}
 */
export async function loaded(package_) {
  const entry = (/** @type {string} */ name) => import(pathToFileURL(join(package_, `${name}.js`)).href);
  const [{ load }, { loadBlind }, { loadFormats }] = await Promise.all(["index", "blind", "format"].map(entry));
  const [sealbook, blind, formats] = await Promise.all([load(), loadBlind(), loadFormats()]);
  return { sealbook, blind, formats };
}

/** @param {string} path */
const json = async (path) => JSON.parse(await readFile(path, "utf8"));

/**
 * The vectors, and what native code answers to seeded texts.
 * @returns {Promise<import("./suite.js").Data>}
 */
export async function load() {
  const [digest, recipes, emails, numbers, directory, tags, trust, rfc9497, rfc9380, rfc9496, expected] = await Promise.all([
    json(join(root, "tests/vectors/digest.json")),
    json(join(root, "tests/vectors/recipes.json")),
    json(join(root, "tests/vectors/emails.json")),
    json(join(root, "tests/vectors/numbers.json")),
    json(join(root, "tests/vectors/directory.json")),
    json(join(root, "tests/vectors/tags.json")),
    json(join(root, "tests/vectors/trust.json")),
    json(join(root, "tests/vectors/rfc9497-ristretto255.json")),
    json(join(root, "tests/vectors/rfc9380-expand-sha512.json")),
    json(join(root, "tests/vectors/rfc9496-ristretto255.json")),
    output("go", ["run", "./tests/js/expect"], root),
  ]);
  return { digest, recipes, emails, numbers, directory, tags, trust, oprf: { rfc9497, rfc9380, rfc9496 }, expected: JSON.parse(expected) };
}
