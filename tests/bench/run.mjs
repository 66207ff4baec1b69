// Speeds and sizes of the package beside other libraries, on this machine, in
// one run: a table with ratios, and the same as JSON in .build/bench.json.
//
//	node tests/bench/run.mjs [--quick] [--no-browser] [--no-peers]
//
// Times are from JavaScript string to JavaScript string, medians of some
// rounds over the same seeded texts; the first round warms up. They are no
// tests: nothing fails here because it is slow.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as crypto from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadBlind } from "../../wasm/js/blind.js";
import * as sealbook from "../../wasm/js/index.js";
import { inChromium } from "./browser.js";
import { coreDigests, coreParsing, digests, googleParsing, hashWasmDigests, loads, measure, nobleDigests, otherParsing, searches, webCrypto } from "./cases.js";
import { awesomeParsing, beside } from "./peers.js";
import { sizes } from "./sizes.js";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;
const require = createRequire(new URL("../", import.meta.url));
const [quick, noBrowser, noPeers] = ["--quick", "--no-browser", "--no-peers"].map((flag) => process.argv.includes(flag));
const limits = quick ? { rounds: 3, seconds: 1, digests: 5_000 } : { rounds: 9, seconds: 8, digests: 20_000 };

/** @param {string} text */
const say = (text) => process.stderr.write(`== ${text}\n`);

await mkdir(join(root, ".build"), { recursive: true });
const texts = join(root, ".build/bench-texts.json");
say("native");
const program = join(root, ".build/bench-native");
await run("go", ["build", "-o", program, "./tests/bench/native"], { cwd: root });
const native = JSON.parse((await run(program, ["-texts", texts, "-rounds", String(limits.rounds)])).stdout);
/** @type {import("./cases.js").Book[]} */
const books = JSON.parse(await readFile(texts, "utf8"));
const wasm = new Uint8Array(await readFile(join(root, "wasm/js/core.wasm")));
const core = await sealbook.load({ wasm, integrity: false });
const count = books.reduce((n, book) => n + book.texts.length, 0);
const answers = books.flatMap((book) => core.e164All(book.texts, book)).map((n) => (typeof n === "string" ? n : null));
const numbers = answers.filter((n) => n !== null);
const few = numbers.slice(0, limits.digests);

say("Node");
setFlagsFromString("--expose-gc");
/** @type {any} */ (globalThis).gc = runInNewContext("gc");
const cases = [...coreParsing(core, books), ...coreDigests(core, numbers.slice(0, 50_000)), ...searches(await loadBlind())];
/** How many answers differ from Google's. @type {Record<string, number>} */
const differences = {};
/** @type {{ times: Record<string, number>, answers: string[], cold: number, rss: number } | null} */
let nyaruka = null;
if (!noPeers) {
  const google = googleParsing(require("google-libphonenumber"), books);
  const theirs = google.answers();
  const different = (/** @type {(string | null)[]} */ own) => own.reduce((n, answer, i) => n + Number(answer !== theirs[i]), 0);
  differences.sealbook = different(answers);
  cases.push(...google.cases);
  for (const build of ["min", "mobile", "max"]) {
    const other = otherParsing(build, require(`libphonenumber-js/${build}`), books);
    differences[`libphonenumber-js/${build}`] = different(other.answers());
    cases.push(...other.cases);
  }
  const awesome = awesomeParsing(require("awesome-phonenumber"), books);
  differences["awesome-phonenumber"] = different(awesome.answers());
  cases.push(...awesome.cases);
  const peer = JSON.parse((await run(program, ["-peer", "-rounds", quick ? "1" : "3"], { maxBuffer: 1 << 26 })).stdout);
  differences["nyaruka v2"] = different(peer.answers.map((/** @type {string} */ text) => text || null));
  nyaruka = peer;
  const [sha2, legacy, utils] = await Promise.all([import("@noble/hashes/sha2.js"), import("@noble/hashes/legacy.js"), import("@noble/hashes/utils.js")]);
  cases.push(
    ...(await hashWasmDigests(require("hash-wasm"), few)),
    ...nobleDigests({ sha256: sha2.sha256, sha512: sha2.sha512, md5: legacy.md5 }, utils.bytesToHex, few),
    ...digests("node createHash", few, Object.fromEntries(["sha256", "sha512", "md5"].map((a) => [a, (/** @type {string} */ text) => createHash(a).update(text).digest("hex")]))),
    ...webCrypto(few.slice(0, 2000)),
  );
  // Node 20.12 and newer.
  const oneShot = /** @type {{ hash?: (a: string, text: string) => string }} */ (crypto).hash;
  if (oneShot) cases.push(...digests("node crypto.hash", few, Object.fromEntries(["sha256", "sha512", "md5"].map((a) => [a, (/** @type {string} */ text) => oneShot(a, text)]))));
}
const times = await measure(cases, limits);

say("loading");
/** Fresh processes: from the import to the first answer, and what they hold in the end. @type {Record<string, { ms: number, rss: number }>} */
const cold = {};
for (const library of ["sealbook", ...(noPeers ? [] : ["libphonenumber-js/min", "libphonenumber-js/mobile", "libphonenumber-js/max", "google-libphonenumber", "awesome-phonenumber"])]) {
  const all = [];
  for (let i = 0; i < (quick ? 3 : 7); i++) all.push(JSON.parse((await run(process.execPath, [join(root, "tests/bench/cold.mjs"), library, texts])).stdout));
  cold[library] = all.sort((a, b) => a.ms - b.ms)[all.length >> 1];
}
const load = await loads(sealbook, wasm, 15);

say("a million items");
const million = await (async () => {
  const all = books.flatMap((book) => book.texts.map((text) => ({ text, region: book.region })));
  const source = function* () {
    for (let i = 0; i < 1_000_000; i++) yield all[i % all.length];
  };
  const began = performance.now();
  let rows = 0;
  for await (const some of core.batch(source(), { recipes: ["e164_plus/sha256/hex"] })) rows += some.length;
  return { rows, seconds: (performance.now() - began) / 1000, linearMemoryBytes: core.memoryBytes };
})();

/** @type {Awaited<ReturnType<typeof inChromium>> | null} */
let chromium = null;
if (!noBrowser) {
  say("Chromium");
  chromium = await inChromium(root, texts, { limits, peers: !noPeers });
}

const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), load: loadavg()[0], node: process.version, chromium: chromium?.version ?? null, go: (await run("go", ["env", "GOVERSION"])).stdout.trim() };
const report = {
  when: new Date().toISOString(), machine, limits, texts: count, notNumbers: count - numbers.length,
  core: { sha256: core.sha256, bytes: wasm.length, metadata: core.metadataVersion },
  node: times, chromium: chromium?.times ?? null, native, nyaruka: nyaruka && { ...nyaruka, answers: undefined }, differences,
  loadMs: { node: load, chromium: chromium?.load ?? null }, coldMs: cold, million, sizes: await sizes(root),
};
await writeFile(join(root, ".build/bench.json"), JSON.stringify(report, null, 1));
print();

function print() {
  const out = console.log;
  const perSecond = (/** @type {number} */ ns) => (ns > 0 ? Math.round(1e9 / ns).toLocaleString("en") : "–");
  out(`${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; Node ${machine.node}, Chromium ${machine.chromium ?? "not run"}, ${machine.go}`);
  out(`${count.toLocaleString("en")} texts, ${count - numbers.length} of them no numbers; medians of up to ${limits.rounds} rounds; core.wasm ${wasm.length} bytes`);
  for (const [engine, list] of /** @type {const} */ ([["Node", times], ["Chromium", chromium?.times ?? []]])) {
    for (const group of new Set(list.map((t) => t.group))) {
      const rows = list.filter((t) => t.group === group);
      const base = rows[0].ns;
      out(`\n${`${group}, ${engine}`.padEnd(46)}    median   ratio     a second      fastest`);
      for (const t of rows) {
        out(`  ${t.library.padEnd(24)} ${t.way.padEnd(18)} ${t.ns.toFixed(0).padStart(8)} ns ${(t.ns / base).toFixed(1).padStart(6)}× ${perSecond(t.ns).padStart(11)}/s ${t.min.toFixed(0).padStart(8)} ns`);
      }
    }
  }
  out("\nnative, one thread, beside wasm in Node");
  for (const [name, group, way] of [["parse one", "parse", "one call each"], ["parse batch", "parse", "array"], ["parse batch, info", "parse, valid, type, region", "array"], ["sha256 batch", "SHA-256", "array"], ["sha512 batch", "SHA-512", "array"], ["md5 batch", "MD5", "array"]]) {
    const wasmTime = times.find((t) => t.library === "sealbook" && t.group === group && t.way === way);
    out(`  ${name.padEnd(24)} ${native[name].toFixed(0).padStart(9)} ns ${perSecond(native[name]).padStart(11)}/s; through JavaScript ${(wasmTime ? wasmTime.ns / native[name] : NaN).toFixed(1)}×`);
  }
  const both = (/** @type {string} */ group) => times.find((t) => t.group === group && t.way === "array")?.ns ?? NaN;
  out(`\nnormalise and hash beyond normalise alone, array, Node: ${(both("parse, then SHA-256") - both("parse")).toFixed(0)} ns`);
  out("\nloading, ms");
  out(`  core.wasm from bytes to first answer: Node ${load.toFixed(2)}${chromium ? `, Chromium ${chromium.load.toFixed(2)}` : ""}`);
  for (const [library, { ms }] of Object.entries(cold)) out(`  fresh Node process, import to first answer: ${library.padEnd(26)} ${ms.toFixed(1).padStart(6)} ${(ms / cold.sealbook.ms).toFixed(1).padStart(6)}×`);
  out("\nsizes, bytes                                          raw       gzip     brotli");
  for (const { what, raw, gzip, brotli } of report.sizes) out(`  ${what.padEnd(46)} ${String(raw).padStart(9)} ${String(gzip).padStart(10)} ${String(brotli).padStart(10)}`);
  out(`\n${million.rows.toLocaleString("en")} items with a digest each, as a stream: ${million.seconds.toFixed(1)} s, linear memory ${(million.linearMemoryBytes / 2 ** 20).toFixed(2)} MiB`);
  out("");
  for (const line of beside({ times, sizes: report.sizes, cold, differences, native, nyaruka })) out(line);
  out(`"different": E.164 other than google-libphonenumber's, of ${count}`);
}
