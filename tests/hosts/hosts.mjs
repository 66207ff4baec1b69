// Runs a trial release on the servers that people host sites with, the real
// programs, and says what each of them keeps:
//
//   ./build.sh hosts
//
// For each: `verifier site` has to verify it, and in Chromium every page's own
// trial of the ways out is read from This page, with the release that the service
// worker installed. What a host does not send is then not enforced, and is
// printed. It fails where a host does less than what is written in EXPECTED.
//
// The folder of programs, as they come unpacked from Debian's packages, is the
// first argument: nothing is installed, and no daemon starts. Others name the
// hosts that are run; all where there are none.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { go, launch, open, record, root, until } from "../browser/harness.js";
import { trialRelease } from "../browser/trial.js";

const run = promisify(execFile);
const [programs, ...only] = process.argv.slice(2);
assert.ok(programs, "the folder of programs is an argument");

/** What has to be open, of the ways that This page tries; all else is refused. */
const EXPECTED = { headers: /** @type {string[]} */ ([]), bare: ["page.navigation", "page.webrtc"] };

const dir = await mkdtemp(join(tmpdir(), "hosts-"));
/** @type {(() => Promise<unknown>)[]} */
const closing = [];

/** A release of the site alone. */
async function release() {
  await go("build", "-o", join(dir, "verifier"), "./verifier");
  return trialRelease(dir, "1.0.0");
}

/** A port that was free. @returns {Promise<number>} */
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    server.close(() => resolve(port));
  });
});

/**
 * Starts a program and waits until it answers at an address.
 * @param {string} base
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function start(base, command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { printed += text; });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  closing.push(async () => { child.kill("SIGTERM"); await ended; });
  await until(async () => {
    assert.equal(child.exitCode, null, `${command} ended: ${printed}`);
    return fetch(base).then(({ ok }) => ok, () => false);
  }, `${command} to answer`);
  return base;
}

const config = (/** @type {string} */ site, /** @type {string} */ server, /** @type {number} */ port) =>
  go("run", "./site/hosting", "-site", site, "-server", server, "-address", `127.0.0.1:${port}`);

/** own: findings about the program that stands in for a host, and not about the host. */
/** @type {Record<string, { what: string, bare?: boolean, own?: RegExp, start: (site: string) => Promise<string> }>} */
const HOSTS = {
  nginx: {
    what: "nginx",
    async start(site) {
      const port = await freePort(), at = join(dir, "nginx"), file = join(at, "nginx.conf");
      await mkdir(at);
      const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(at, name)};`).join(" ");
      await writeFile(file, `daemon off; master_process off; pid ${join(at, "pid")}; error_log stderr;\nevents {}\nhttp {\naccess_log off; ${places}\n${await config(site, "nginx", port)}}\n`);
      return start(`http://127.0.0.1:${port}/`, join(programs, "usr/sbin/nginx"), ["-p", at, "-e", "stderr", "-c", file]);
    },
  },
  caddy: {
    what: "Caddy",
    async start(site) {
      const port = await freePort(), file = join(dir, "Caddyfile");
      await writeFile(file, `{\n\tadmin off\n\tauto_https off\n}\n${await config(site, "caddy", port)}`);
      return start(`http://127.0.0.1:${port}/`, join(programs, "usr/bin/caddy"), ["run", "--adapter", "caddyfile", "--config", file], { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir });
    },
  },
  apache: {
    what: "Apache",
    async start(site) {
      const port = await freePort(), file = join(dir, "apache.conf");
      const modules = ["mpm_event", "authz_core", "headers", "rewrite", "mime", "dir", "filter", "deflate"]
        .map((name) => `LoadModule ${name}_module ${join(programs, "usr/lib/apache2/modules", `mod_${name}.so`)}`).join("\n");
      await writeFile(file, `${modules}\nServerRoot ${dir}\nPidFile ${join(dir, "apache.pid")}\nErrorLog ${join(dir, "apache.log")}\nTypesConfig /dev/null\nMutex file:${dir}\nServerName 127.0.0.1\nListen 127.0.0.1:${port}\n${process.getuid?.() === 0 ? "User www-data\nGroup www-data\n" : ""}${await config(site, "apache", port)}`);
      return start(`http://127.0.0.1:${port}/`, join(programs, "usr/sbin/apache2"), ["-X", "-f", file], { LD_LIBRARY_PATH: join(programs, "usr/lib/x86_64-linux-gnu") });
    },
  },
  headers: {
    what: "Cloudflare Pages, by wrangler: it reads _headers",
    // wrangler marks what it serves, and stumbles over its own file.
    own: /^HEADER .* X-Server-Env: is not of the release$|^STATUS _headers: status 502$/,
    async start(site) {
      const port = await freePort();
      return start(`http://127.0.0.1:${port}/`, process.execPath, ["tests/node_modules/wrangler/bin/wrangler.js", "pages", "dev", site, "--ip", "127.0.0.1", "--port", String(port), "--compatibility-date", "2026-01-01"],
        { WRANGLER_SEND_METRICS: "false", HOME: dir, XDG_CONFIG_HOME: dir, CI: "true" });
    },
  },
  netlify: {
    what: "Netlify, by its command: it reads _headers",
    // What its command serves for a trial has a Cache-Control of its own, put over that of the file.
    own: /^HEADER .* Cache-Control: has another value$/,
    async start(site) {
      const port = await freePort(), at = join(dir, "netlify");
      await mkdir(at);
      return start(`http://127.0.0.1:${port}/`, process.execPath,
        [join(programs, "netlify/node_modules/netlify-cli/bin/run.js"), "dev", "--offline", "--no-open", "--internal-disable-edge-functions", "--cwd", at, "--dir", site, "--port", String(port)],
        { HOME: dir, XDG_CONFIG_HOME: dir, CI: "true", NETLIFY_TELEMETRY_DISABLED: "1" });
    },
  },
  pages: {
    what: "GitHub Pages, as it serves: no field of ours",
    bare: true,
    async start(site) {
      const types = /** @type {Record<string, string>} */ ({
        ".html": "text/html; charset=utf-8", ".js": "application/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".wasm": "application/wasm",
        ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
      });
      const server = await record(async (request, _, response) => {
        const asked = new URL(request.url ?? "/", "http://x").pathname.slice(1);
        const read = async (/** @type {string} */ path) => ({ path, body: await readFile(join(site, path)) });
        const found = await read(asked || "index.html").catch(() => read(`${asked}.html`)).catch(() => null);
        const { path, body } = found ?? await read("404.html");
        response.writeHead(found ? 200 : 404, { "Content-Type": types[extname(path)] ?? "application/octet-stream", "Cache-Control": "max-age=600", "Access-Control-Allow-Origin": "*" });
        response.end(body);
      });
      closing.push(server.close);
      return server.base;
    },
  },
};

/** What the verifier says. @param {string} base @param {boolean} bare */
async function verify(base, bare) {
  const args = ["site", "--policy", join(dir, "make/1.0.0/trust.policy"), "--known", "none", "--json", ...(bare ? ["--bare"] : []), base];
  const { stdout } = await run(join(dir, "verifier"), args, { maxBuffer: 64 << 20 }).catch((error) => error);
  /** @type {{ verdict: string, requests: number, findings: { code: string, where: string, what: string }[], remarks: string[] }} */
  return JSON.parse(stdout);
}

/** What This page says. @param {import("playwright-core").Browser} browser @param {string} base */
async function look(browser, base) {
  const context = await browser.newContext({ locale: "en-GB" });
  try {
    const { page, faults } = await open(context, base + "this-page.html");
    await until(async () => /^1\.0\.0 /.test(await page.locator("#release-version").innerText()), "the release that the service worker installed");
    await page.locator("#ways-sum").waitFor();
    const ways = await page.locator("[data-way]").evaluateAll((all) => all.map((e) => /** @type {HTMLElement} */ (e).dataset).map(({ way, outcome }) => ({ way, outcome })));
    const of = (/** @type {string} */ outcome) => ways.filter((w) => w.outcome === outcome).map(({ way }) => way ?? "").sort();
    return { open: of("open"), refused: of("refused").length, faults };
  } finally {
    await context.close();
  }
}

let failed = 0;
const browser = await launch();
try {
  const site = join(await release(), "site");
  // Apache reads as another user than root.
  await run("chmod", ["-R", "a+rX", dir]);
  for (const [name, host] of Object.entries(HOSTS).filter(([name]) => only.length === 0 || only.includes(name))) {
    try {
      const base = await host.start(site);
      const report = await verify(base, host.bare ?? false);
      const seen = await look(browser, base);
      console.log(`${name}: ${host.what}`);
      console.log(`  verifier site  ${report.verdict}, ${report.requests} requests`);
      const all = report.findings.map(({ code, where, what }) => `${code} ${where}: ${what}`);
      const findings = all.filter((finding) => !host.own?.test(finding));
      for (const finding of findings.slice(0, 12)) console.log(`    ${finding}`);
      if (findings.length < all.length) console.log(`    ${all.length - findings.length} findings are about the program that stands in for the host`);
      for (const remark of report.remarks) console.log(`    note: ${remark}`);
      console.log(`  in Chromium    ${seen.refused} ways out are refused, open: ${seen.open.join(", ") || "none"}; the release is installed`);
      assert.deepEqual(findings, []);
      assert.ok(report.requests > 100, "it was asked for everything");
      assert.deepEqual(seen.open, host.bare ? EXPECTED.bare : EXPECTED.headers);
      assert.deepEqual(seen.faults, []);
    } catch (error) {
      failed++;
      console.log(`  failed: ${/** @type {Error} */ (error).message}`);
    }
  }
} finally {
  await browser.close();
  for (const close of closing.reverse()) await close();
  await rm(dir, { recursive: true });
}
console.log(`counts: ${only.length || Object.keys(HOSTS).length} hosts, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
