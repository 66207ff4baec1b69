// The worked examples of wasm/js/examples: the Worker in workerd, bundled by
// wrangler, with a shop, a queue and a platform that fails at first; and the table.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { cp, readdir, rename } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { install, root } from "./package.js";

const run = promisify(execFile);
const sha256 = (/** @type {string} */ text) => createHash("sha256").update(text).digest("hex");

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;

before(async () => {
  installed = await install();
  await cp(join(root, "wasm/js/examples"), join(installed.dir, "examples"), { recursive: true });
});
after(() => installed?.remove());

test("orders to conversions, in workerd", async () => {
  const dir = join(installed.dir, "examples/conversions");
  const out = join(dir, "out");
  await run(process.execPath, [join(root, "tests/node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", out], { cwd: dir, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } });
  const wasm = (await readdir(out)).filter((name) => name.endsWith(".wasm"));
  assert.equal(wasm.length, 1, "the core alone");
  await rename(join(out, "worker.js"), join(out, "main.js"));

  /** @type {any[]} */
  const received = [];
  let failures = 2;
  /** @type {() => void} */
  let arrived = () => {};
  const all = new Promise((resolve) => (arrived = () => resolve(undefined)));
  const platform = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    response.statusCode = failures-- > 0 ? 503 : 200;
    response.end();
    if (response.statusCode !== 200) return;
    assert.equal(request.headers.authorization, "Bearer token");
    received.push(...JSON.parse(text).data);
    if (received.length === 2) arrived();
  });
  await new Promise((resolve) => platform.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (platform.address());

  const miniflare = new Miniflare({
    cf: false, telemetry: { enabled: false }, compatibilityDate: "2026-04-01", modulesRoot: out,
    modules: [{ type: "ESModule", path: join(out, "main.js") }, ...wasm.map((name) => ({ type: /** @type {const} */ ("CompiledWasm"), path: join(out, name) }))],
    bindings: { ENDPOINT: `http://127.0.0.1:${port}/`, TOKEN: "token", SECRET: "secret", REGION: "GB", RETRY_SECONDS: "0" },
    queueProducers: { CONVERSIONS: "conversions" },
    // No waiting here between attempts.
    queueConsumers: { conversions: { maxBatchTimeout: 0, maxRetries: 10, retryDelay: 0 } },
  });
  try {
    const post = async (/** @type {unknown} */ order, /** @type {string} */ secret = "secret") => {
      const body = typeof order === "string" ? order : JSON.stringify(order);
      const response = await miniflare.dispatchFetch("http://shop.example/", { method: "POST", body, headers: { "X-Signature": createHmac("sha256", secret).update(body).digest("hex") } });
      return response.status;
    };
    const order = { id: "1001", time: "2026-11-01T12:00:00Z", total: "9.50", currency: "GBP", consent: true };
    assert.equal(await post({ ...order, phone: "020 7946 0123", email: "Jane@Example.com" }, "wrong"), 401);
    assert.equal(await post("{"), 400);
    assert.equal(await post("[".repeat(70_000)), 413);
    assert.equal((await miniflare.dispatchFetch("http://shop.example/")).status, 405);
    assert.equal(await post({ ...order, phone: "call me", email: "none" }), 204);
    assert.equal(await post({ ...order, phone: "020 7946 0123", consent: false }), 204);
    assert.equal(await post({ ...order, phone: "020 7946 0123", email: "Jane@Example.com" }), 202);
    assert.equal(await post({ ...order, id: "1002", phone: "212 555 0123", country: "US", email: 7 }), 202);
    await all;
    received.sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
    assert.deepEqual(received, [
      { event_name: "Purchase", event_time: 1793534400, event_id: "1001", value: 9.5, currency: "GBP", user_data: { ph: sha256("442079460123"), em: sha256("jane@example.com") } },
      { event_name: "Purchase", event_time: 1793534400, event_id: "1002", value: 9.5, currency: "GBP", user_data: { ph: sha256("12125550123") } },
    ]);
    console.log(`counts: ${received.length} conversions came after ${2} failures of the platform`);
  } finally {
    await miniflare.dispose();
    platform.close();
  }
});

test("digests of a table", async () => {
  const child = spawn(process.execPath, ["examples/csv/digests.mjs", "GB", "meta-capi"], { cwd: installed.dir, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i},"Smith, ""J""",020 7946 0${String(i % 1000).padStart(3, "0")}`);
  child.stdin.end(`id,name,Phone\n${lines.join("\n")}\n1,x,call me\r\n2,x,12\n3,x\n`);
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
  const rows = text.trimEnd().split("\n");
  assert.equal(rows.length, 1 + 20_000 + 3);
  assert.equal(rows[0], "line,digest,error");
  assert.equal(rows[124], `125,${sha256("442079460123")},`);
  assert.deepEqual(rows.slice(-3), ["20002,,NOT_A_NUMBER", "20003,,INVALID", "20004,,NOT_A_NUMBER"]);
});
