// Moves a directory into the worker, or out of it, by wrangler:
//
//   ./build.sh worker import FOLDER --remote     of what `server -export FOLDER` wrote
//   ./build.sh worker export FOLDER --remote     for `server -import FOLDER`
//
// Further words go to wrangler: --local --persist-to STATE moves the simulator's.
// The seed does not go this way: `secret put SEALBOOK_SEED`.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";

const require = createRequire(join(import.meta.dirname, "../../../tests/package.json"));
const wrangler = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");

/** wrangler puts no larger file into a bucket. That has some five million people, and is made again from the database. */
const LARGEST = 300 << 20;

const [config, word, folder, ...flags] = process.argv.slice(2);
if (!["import", "export"].includes(word) || folder === undefined || !flags.some((flag) => flag === "--remote" || flag === "--local")) {
  console.error("error: usage: worker import|export FOLDER --remote");
  process.exit(2);
}
const text = readFileSync(config, "utf8").replace(/^\s*\/\/.*$/gm, "");
const bucket = /"bucket_name":\s*"([^"]+)"/.exec(text)?.[1];
const tables = join(folder, "directory.sql");

/** @param {string[]} args */
function wrangle(...args) {
  return spawnSync(process.execPath, [wrangler, ...args, "--config", config], {
    encoding: "utf8", env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" }, maxBuffer: 1 << 28,
  });
}

/** @param {string[]} args @param {ReturnType<typeof wrangle>} done @returns {never} */
function fail(args, { stderr, stdout }) {
  console.error(`error: wrangler ${args.slice(0, 3).join(" ")} failed\n${stderr}${stdout}`);
  process.exit(1);
}

/** @param {string[]} args */
function run(...args) {
  const done = wrangle(...args);
  if (done.status !== 0) fail(args, done);
}

/** Gets an object of the bucket and reports whether there is one. @param {string} name */
function get(name) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const args = ["r2", "object", "get", `${bucket}/${name}`, "--file", file, ...flags];
  const done = wrangle(...args);
  if (done.status === 0) return true;
  if (!/key does not exist/.test(done.stderr + done.stdout)) fail(args, done);
  rmSync(file, { force: true }); // wrangler makes it before it asks
  return false;
}

/** @param {string} name */
function need(name) {
  if (get(name)) return;
  console.error(`error: ${name} is not in the bucket`);
  process.exit(1);
}

const files = join(folder, "published");
if (word === "import") {
  run("d1", "migrations", "apply", "DB", ...flags);
  run("d1", "execute", "DB", "--yes", "--file", tables, ...flags);
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(files, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
      .map((file) => relative(files, join(file.parentPath, file.name)).split(sep).join("/"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  let n = 0;
  for (const name of names) {
    if (statSync(join(files, name)).size > LARGEST) {
      console.log(`left out: ${name}, which is over 300 MiB`);
      continue;
    }
    run("r2", "object", "put", `${bucket}/published/${name}`, "--file", join(files, name), ...flags);
    n++;
  }
  console.log(`imported: the tables and ${n} published files`);
} else {
  mkdirSync(folder, { mode: 0o700 });
  const cosigned = get("published/cosigned"); // before the log, which is then not the shorter one
  // wrangler exports the simulator's database from where it keeps it itself.
  const persist = flags.indexOf("--persist-to");
  run("d1", "export", "DB", "--no-schema", "--output", tables, ...(persist < 0 ? flags : flags.toSpliced(persist, 2)));
  need("index");
  const { versions, hours } = JSON.parse(readFileSync(join(folder, "index"), "utf8"));
  /** @type {Set<string>} */
  const names = new Set();
  const newest = Math.max(...versions.map((/** @type {[number]} */ [version]) => version));
  for (const [version, publication] of versions) {
    if (version < newest) continue;
    for (const file of ["tags", "records", "root", "hashes", "changes", "changes-records"]) names.add(`${version}-${publication}/${file}`);
  }
  for (const [version, publication] of hours) {
    for (const file of ["changes", "changes-records"]) names.add(`${version}-${publication}/${file}`);
  }
  for (const name of names) need(`published/${name}`);
  console.log(`exported to ${folder}: the tables and ${names.size + Number(cosigned)} published files; the seed is not in it`);
}
