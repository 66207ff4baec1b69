// The native directory, built and started with a folder of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { install, loaded, output, root } from "./package.js";

/** Builds the commands once; the folder holds what they write, too. */
export async function build() {
  const dir = await mkdtemp(join(tmpdir(), "sealbook-server-"));
  await output("go", ["build", "-o", `${dir}/`, "./wasm/edge/server", "./verifier"], root);
  return { dir, verifier: join(dir, "verifier"), remove: () => rm(dir, { recursive: true }) };
}

/** The commands, and the packed package with its core loaded; remove takes both away. */
export async function equip() {
  const [installed, built] = await Promise.all([install(), build()]);
  /** @type {typeof import("sealbook/discover")} */
  const package_ = await import(pathToFileURL(join(installed.package, "discovery/discover.js")).href);
  const remove = async () => {
    await built.remove();
    await installed.remove();
  };
  return { installed, built, package_, core: await loaded(installed.package), remove };
}

/**
 * Starts a directory on a free port; what it keeps lies in data. It ends with
 * the test.
 * @param {import("node:test").TestContext} t
 * @param {string} dir where build put it
 * @param {string} data
 * @param {...string} options
 */
export async function start(t, dir, data, ...options) {
  const child = spawn(join(dir, "server"), ["-addr", "127.0.0.1:0", "-data", join(dir, data), ...options], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  /** @type {() => void} */
  let wake = () => {};
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed += text;
    wake();
  });
  const exited = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
  /** @param {RegExp} pattern what is to be printed, now or soon */
  const find = async (pattern) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    try {
      for (;;) {
        const match = pattern.exec(printed);
        if (match !== null) return match[1];
        await Promise.race([new Promise((resolve) => (wake = () => resolve(undefined))), exited.then((code) => { throw new Error(`the server ended with ${code}`); })]);
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const stop = () => {
    child.kill("SIGTERM");
    return exited;
  };
  t.after(stop);
  return {
    url: await find(/(http:\/\/127\.0\.0\.1:\d+\/)/),
    key: await find(/directory key: (\S+)/),
    /** @param {string} registration */
    code: (registration) => find(new RegExp(`code (\\d+) for registration ${registration.slice(0, 8)}`)),
    /** The code that was shown as the nth of all, from 1. @param {number} n */
    nthCode: (n) => find(new RegExp(`(?:code \\d+ for [^]*?){${n - 1}}code (\\d+) for`)),
    stop,
  };
}

/**
 * Starts the next epoch of a directory that does not run.
 * @param {string} dir
 * @param {string} data
 */
export const nextEpoch = (dir, data) => output(join(dir, "server"), ["-data", join(dir, data), "-start-epoch"], dir);

/**
 * Waits until something holds: a directory publishes by its clock, for
 * development every two seconds.
 * @param {() => Promise<boolean>} what
 */
export async function until(what) {
  for (const began = Date.now(); !await what();) {
    if (Date.now() - began > 20_000) throw new Error("waited 20 s");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Registers somebody: the code is on the server's terminal.
 * @param {Awaited<ReturnType<typeof start>>} server
 * @param {import("sealbook/discover").Directory} directory
 * @param {string} number
 * @param {number} mark
 * @param {import("sealbook/discover").Calling & { scopes?: import("sealbook/discover").Scope[] }} [options]
 */
export async function enter(server, directory, number, mark, { scopes = ["search", "discoverable"], ...options } = {}) {
  const { registration } = await directory.register(number, options);
  const code = await server.code(registration);
  return directory.confirm({ registration, number, code, scopes, handle: new Uint8Array(32).fill(mark), flags: mark, ...options });
}

/**
 * A line to a directory that breaks. `cut` says of each request, by its number
 * from 0 since the last reset, whether it breaks before it arrives, after half
 * of the answer, or not at all.
 * @param {import("node:test").TestContext} t
 * @param {string} target
 */
export async function line(t, target) {
  const state = { asked: 0, cut: /** @type {(n: number) => "before" | "after" | null} */ (() => null) };
  const server = createServer((incoming, outgoing) => {
    const cut = state.cut(state.asked++);
    if (cut === "before") return void incoming.socket.destroy();
    const forward = request(new URL(incoming.url ?? "", target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (cut === null) return void answer.pipe(outgoing);
      const parts = /** @type {Buffer[]} */ ([]);
      answer.on("data", (part) => parts.push(part)).on("end", () => {
        const body = Buffer.concat(parts);
        outgoing.write(body.subarray(0, body.length >> 1), () => incoming.socket.destroy());
      });
    });
    incoming.pipe(forward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${port}/` });
}
