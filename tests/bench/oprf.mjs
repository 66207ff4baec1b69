// The phases of the OPRF beside other libraries, on this machine, in one run:
// a table in microseconds an item with ratios, and the same as JSON in
// .build/bench-oprf.json.
//
//	node tests/bench/oprf.mjs [--quick] [--no-peers]
//
// From JavaScript to JavaScript, bytes in and bytes out, libraries in turn. Time
// is the processor's, so that other programs on the machine count less, and the
// fastest of some rounds stands beside the median: ratios are of it. All but PSI.js are ristretto255-SHA512 of RFC 9497, checked
// against each other before anything is measured.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as package_ from "../../wasm/js/blind.js";
import { cloudflare, noble, psi, sealbook, sodium } from "./oprf.js";

const root = new URL("../../", import.meta.url).pathname;
const require = createRequire(new URL("../", import.meta.url));
const [quick, noPeers] = ["--quick", "--no-peers"].map((flag) => process.argv.includes(flag));
const limits = quick ? { rounds: 3, seconds: 1 } : { rounds: 15, seconds: 6 };

setFlagsFromString("--expose-gc");
/** @type {any} */ (globalThis).gc = runInNewContext("gc");
const core = await package_.loadBlind({ wasm: new Uint8Array(await readFile(join(root, "wasm/js/blind.wasm"))), integrity: false });
const cases = sealbook(core, 1000);
if (!noPeers) {
  const [curves, voprf, provider] = await Promise.all([import("@noble/curves/ed25519.js"), import("@cloudflare/voprf-ts"), import("@cloudflare/voprf-ts/crypto-noble")]);
  const libsodium = require("libsodium-wrappers-sumo");
  await libsodium.ready;
  cases.push(
    ...sodium(libsodium, core, quick ? 250 : 1000),
    ...noble(curves, core, quick ? 10 : 50),
    ...(await cloudflare(voprf, provider.CryptoNoble, core, quick ? 5 : 20)),
    ...psi(await require("@openmined/psi.js")(), quick ? 100 : 500),
  );
}
const times = await measure(cases);

/**
 * Runs the cases of a phase in turn. The first round warms up.
 * @param {import("./cases.js").Case[]} cases
 */
async function measure(cases) {
  /** @type {import("./cases.js").Time[]} */
  const times = [];
  for (const phase of new Set(cases.map(({ group }) => group))) {
    const rows = cases.filter(({ group }) => group === phase).map((c) => ({ ...c, took: /** @type {number[]} */ ([]), spent: 0 }));
    for (let round = 0; round <= limits.rounds; round++) {
      for (const row of rows) {
        if (round > 3 && row.spent > limits.seconds * 1e6) continue;
        /** @type {any} */ (globalThis).gc();
        const before = process.cpuUsage();
        await row.run();
        const { user, system } = process.cpuUsage(before);
        row.spent += user + system;
        if (round > 0) row.took.push(((user + system) * 1000) / row.items);
      }
    }
    for (const { group, library, way, took } of rows) {
      took.sort((a, b) => a - b);
      times.push({ group, library, way, ns: took[took.length >> 1], min: took[0], rounds: took.length });
    }
  }
  return times;
}

/** @param {string} library @param {string} group */
const fastest = (library, group) => times.find((t) => t.library === library && t.group === group)?.min;
/** What a proof adds. @type {{ group: string, library: string, ns: number }[]} */
const proofs = [];
for (const library of new Set(times.map((t) => t.library))) {
  for (const [group, phase] of [["prove", "evaluate"], ["verify", "finalize"]]) {
    const [without, withProof] = [fastest(library, phase), fastest(library, `${phase}, with proof`)];
    if (without !== undefined && withProof !== undefined) proofs.push({ group, library, ns: withProof - without });
  }
}
const sums = [["client: blind and finalize", "blind", "finalize"], ["client: blind and finalize with proof", "blind", "finalize, with proof"]].flatMap(([group, ...phases]) =>
  [...new Set(times.map((t) => t.library))].flatMap((library) => {
    const parts = phases.map((phase) => fastest(library, phase));
    return parts.every((part) => part !== undefined) ? [{ group, library, ns: parts.reduce((a, b) => a + b, 0) }] : [];
  }));

const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, load: loadavg()[0], node: process.version };
await mkdir(join(root, ".build"), { recursive: true });
await writeFile(join(root, ".build/bench-oprf.json"), JSON.stringify({ when: new Date().toISOString(), machine, limits, core: core.sha256, times, proofs, sums }, null, 1));

const us = (/** @type {number} */ ns) => (ns / 1000).toFixed(1).padStart(9);
console.log(`${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; Node ${machine.node}; processor time, µs an item`);
for (const group of new Set(times.map((t) => t.group))) {
  console.log(`\n${group.padEnd(40)}  fastest    median    ratio  items a call`);
  const rows = times.filter((t) => t.group === group);
  for (const t of rows) console.log(`  ${t.library.padEnd(38)}${us(t.min)} ${us(t.ns)} ${(t.min / rows[0].min).toFixed(2).padStart(7)}×  ${t.way}`);
}
for (const [title, list] of /** @type {const} */ ([["a proof, beyond the same without", proofs], ["together", sums]])) {
  console.log(`\n${title.padEnd(40)}  fastest             ratio`);
  for (const { group, library, ns } of list) {
    const base = list.find((other) => other.group === group)?.ns ?? NaN;
    console.log(`  ${`${group}: ${library}`.padEnd(56)}${us(ns)} ${(ns / base).toFixed(2).padStart(7)}×`);
  }
}
