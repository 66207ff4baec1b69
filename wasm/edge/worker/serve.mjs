// Runs the built worker on this machine, in workerd, as wrangler.jsonc has it.
//
//   node wasm/edge/worker/serve.mjs '{"port": 8080, "data": ".build/worker-data"}'
//
// It keeps the database and a seed in the data folder, prints one line of JSON
// with its address, and ends on an interrupt. Codes are shown by the development
// sender unless settings say otherwise.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
const root = join(here, "../../..");
const require = createRequire(join(root, "tests/package.json"));

/**
 * Without a port a free one is taken, and the end of the input is the end.
 * `worker` and `site` are the built folders, if not those of wrangler.jsonc;
 * `entry` is the entry's name beside worker.js. With `inspect`
 * the address of workerd's inspector for the worker is printed too.
 * @typedef {{ port?: number, data: string, worker?: string, site?: string, entry?: string, inspect?: boolean, settings?: Record<string, string> }} Options
 */

/** @type {Options} */
const options = JSON.parse(process.argv[2]);

process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
const { Miniflare, Log, LogLevel } = require("miniflare");
const { unstable_getMiniflareWorkerOptions: configured, unstable_splitSqlQuery: splitSqlQuery } = require("wrangler");

/** The seed of the data folder, made if there is none. */
async function seed() {
  const file = join(options.data, "seed");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  const made = randomBytes(32).toString("hex");
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
  return made;
}

/**
 * What `wrangler d1 migrations apply` does, in the same table.
 * @param {any} database
 */
async function migrate(database) {
  await database.exec("CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)");
  const folder = join(here, "../migrations");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  for (const name of names) {
    if (await database.prepare("SELECT 1 FROM d1_migrations WHERE name = ?").bind(name).first() !== null) continue;
    const statements = splitSqlQuery(await readFile(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((/** @type {string} */ sql) => database.prepare(sql)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

await mkdir(options.data, { recursive: true, mode: 0o700 });
const { workerOptions, main } = configured(
  join(here, "wrangler.jsonc"), undefined, options.site === undefined ? {} : { overrides: { assets: { directory: options.site } } });
const folder = options.worker ?? join(main, "../../..");
const bindings = {
  ...workerOptions.bindings,
  SEALBOOK_NAME: "localhost",
  SEALBOOK_SENDER: "development",
  SEALBOOK_SEED: await seed(),
  ...options.settings,
};
/** The modules of the worker, the entry first. */
const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|wasm)$/.test(name)).sort();
const entry = `edge/worker/${options.entry ?? "worker.js"}`;
const modules = [entry, ...files.filter((name) => name !== entry)].map((name) =>
  ({ type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: join(folder, name) }));
delete workerOptions.modulesRules;
const miniflare = new Miniflare({
  ...workerOptions,
  name: "sealbook",
  cf: false,
  telemetry: { enabled: false },
  host: "127.0.0.1",
  port: options.port ?? 0,
  ...(options.inspect ? { inspectorPort: 0 } : {}),
  log: new Log(LogLevel.WARN),
  modules,
  modulesRoot: folder,
  bindings,
  defaultPersistRoot: options.data,
});
const database = await miniflare.getD1Database("DB");
await migrate(database);
const url = await miniflare.ready;
const inspector = options.inspect ? `${(await miniflare.getInspectorURL()).href}core:user:sealbook` : undefined;
console.log(JSON.stringify({ url: url.origin, inspector }));

// The clock of wrangler.jsonc, which the simulator leaves to its user.
const minute = setInterval(async () => {
  try {
    await (await miniflare.getWorker()).scheduled({ cron: "* * * * *" });
  } catch (error) {
    if (!ending) console.error(String(error));
  }
}, 60_000);

/** Ends it, once. */
let ending = false;
async function end() {
  if (ending) return;
  ending = true;
  clearInterval(minute);
  await miniflare.dispose();
  process.exit(0);
}
process.on("SIGINT", end).on("SIGTERM", end);
if (options.port === undefined) process.stdin.on("end", end).on("error", end).resume();
