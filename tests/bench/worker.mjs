// Measures the worker in workerd on this machine: processor time and delay of
// requests, evaluation of a batch with its proof, and memory over many requests.
//
//   ./build.sh bench worker [REQUESTS]
//
// Processor time is that of the whole workerd process, so it holds what the
// simulator does for D1 and for passing requests on, which on Cloudflare is not
// counted: the figures are upper bounds. "no database" shows what remains.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const REQUESTS = Number(process.argv[2] ?? 10_000);
const ELEMENT = Buffer.from("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76", "hex");
const BATCH = 1024;

const data = await mkdtemp(join(tmpdir(), "sealbook-bench-worker-"));
const child = spawn(process.execPath, ["wasm/edge/worker/serve.mjs", JSON.stringify({
  data, settings: { SEALBOOK_BUDGET: "1000000", SEALBOOK_REFILL: "1000000" },
})], { stdio: ["pipe", "pipe", "inherit"] });

/** What waits for a line, and what it makes of it. @type {((line: string) => void)[]} */
const waiting = [];
createInterface({ input: child.stdout }).on("line", (line) => waiting.splice(0).forEach((take) => take(line)));
/** @param {RegExp} pattern @returns {Promise<string>} */
async function said(pattern) {
  for (;;) {
    const found = pattern.exec(await new Promise((resolve) => waiting.push(resolve)));
    if (found !== null) return found[1];
  }
}

const base = await said(/"url":"([^"]+)"/);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * @param {string} method
 * @param {string} path
 * @param {{ body?: Buffer | string, type?: string, credential?: string }} [options]
 * @returns {Promise<{ status: number, body: Buffer }>}
 */
function ask(method, path, { body, type, credential } = {}) {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(type === undefined ? {} : { "Content-Type": type }),
      ...(credential === undefined ? {} : { Authorization: `Bearer ${credential}` }),
      ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }),
    };
    request(base + path, { method, agent, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).on("error", reject)
        .on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    }).on("error", reject).end(body);
  });
}

/** The workerd process. */
async function workerd() {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[1]) === child.pid && stat.includes("(workerd")) return pid;
  }
  throw new Error("no workerd");
}
const pid = await workerd();

/** Milliseconds of processor time, and megabytes held. */
async function used() {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return { cpu: 10 * (Number(fields[11]) + Number(fields[12])), memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000 };
}

/**
 * @param {string} name
 * @param {number} count
 * @param {number} clients
 * @param {() => Promise<{ status: number }>} once
 * @param {number} status
 */
async function drive(name, count, clients, once, status) {
  for (let i = 0; i < 20; i++) await once();
  const before = await used();
  const began = performance.now();
  /** @type {number[]} */
  const times = [];
  let left = count;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (left-- > 0) {
      const at = performance.now();
      const answer = await once();
      if (answer.status !== status) throw new Error(`${name}: status ${answer.status}`);
      times.push(performance.now() - at);
    }
  }));
  const took = performance.now() - began;
  const after = await used();
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => times[Math.floor(times.length * part)].toFixed(1);
  console.log(`${name.padEnd(34)} ${String(clients).padStart(2)} clients: CPU ${((after.cpu - before.cpu) / times.length).toFixed(2)} ms, ` +
    `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${(1000 * times.length / took).toFixed(0)}/s, memory ${before.memory.toFixed(0)} → ${after.memory.toFixed(0)} MB`);
}

async function enter() {
  const about = JSON.parse(String((await ask("GET", "/v2/directory")).body));
  const { consent } = JSON.parse(about.note.split("\n")[1]);
  if (createHash("sha256").update(consent.text).digest("hex") !== consent.sha256) throw new Error("consent");
  const number = "+442079460018";
  const code = said(/development sender: code (\d+)/);
  const begun = JSON.parse(String((await ask("POST", "/v2/registrations", { type: "application/json", body: JSON.stringify({ number }) })).body));
  const body = JSON.stringify({
    number, code: await code, blinded: ELEMENT.toString("base64url"), consent: { text_sha256: consent.sha256, scopes: ["search", "discoverable"] },
  });
  const made = await ask("POST", `/v2/registrations/${begun.registration}`, { type: "application/json", body });
  if (made.status !== 201) throw new Error(`registration: ${made.status}`);
  return JSON.parse(String(made.body)).credential;
}

try {
  console.log(`load of this machine: ${(await readFile("/proc/loadavg", "utf8")).split(" ")[0]}, Node ${process.version}`);
  const credential = await enter();
  await drive("no database (404)", 2000, 1, () => ask("GET", "/v2/nothing"), 404);
  await drive("no database (404)", 2000, 8, () => ask("GET", "/v2/nothing"), 404);
  await drive("GET /v2/directory", 1000, 8, () => ask("GET", "/v2/directory"), 200);
  await drive("GET /v2/me", 1000, 8, () => ask("GET", "/v2/me", { credential }), 200);
  await drive("GET /v2/log/update", 1000, 8, () => ask("GET", "/v2/log/update?from=0"), 200);
  await drive("GET /v2/states/1/tags", 1000, 8, () => ask("GET", "/v2/states/1/tags"), 200);
  const batch = Buffer.concat(Array(BATCH).fill(ELEMENT));
  await drive(`evaluation of ${BATCH} with proof`, 20, 1, () => ask("POST", "/v2/evaluations", { type: "application/octet-stream", body: batch, credential }), 200);
  await drive(`${REQUESTS} requests`, REQUESTS, 8, () => ask("GET", "/v2/me", { credential }), 200);
  await drive(`${REQUESTS} more`, REQUESTS, 8, () => ask("GET", "/v2/me", { credential }), 200);
} finally {
  agent.destroy();
  child.stdin.end();
  await new Promise((resolve) => child.on("exit", resolve));
  await rm(data, { recursive: true });
}
