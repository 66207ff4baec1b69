// Recall, false alarms and time of the auditor beside TrackHAR's matcher and plain
// substring search, on the HARs of the project's own corpus (the others read no
// other format). What is looked for is the same: of each contact the number in
// four spellings, the address and the name; all contacts at once.
//
//	node tests/bench/audit/match.mjs

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "audit-corpus-"));
execFileSync("go", ["run", "./tests/bench/audit", "-corpus", folder], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
const files = ["a.har", "b.har"];
const texts = Object.fromEntries(files.map((f) => [f, readFileSync(join(folder, f), "utf8")]));
rmSync(folder, { recursive: true });

const spellings = (/** @type {any} */ c) => [c.E164, c.E164.slice(1), c.National, c.Spaced, c.Email, c.Name];
const planted = truth.planted.filter((/** @type {any} */ p) => files.includes(p.File));
const expected = new Set(planted.map((/** @type {any} */ p) => `${p.File} ${p.Index}`));

/** @param {string} name @param {{ file: string, index: number, e164: string }[]} hits @param {number} ms */
function judge(name, hits, ms) {
  const had = new Set(hits.map((h) => `${h.file} ${h.index} ${h.e164}`));
  const found = planted.filter((/** @type {any} */ p) => had.has(`${p.File} ${p.Index} ${p.Contact.E164}`)).length;
  const wrong = new Set(hits.filter((h) => !expected.has(`${h.file} ${h.index}`)).map((h) => `${h.file} ${h.index}`)).size;
  console.log(`${name.padEnd(22)} ${String(found).padStart(4)} of ${planted.length} found, ${String(wrong).padStart(3)} requests falsely named, ${ms.toFixed(0)} ms`);
}

judge("verifier audit", truth.found.filter((/** @type {any} */ h) => files.includes(h.file)), truth.ms);
console.log("  (its time is for all seven recordings)");

let began = performance.now();
const plain = [];
for (const f of files) {
  JSON.parse(texts[f]).log.entries.forEach((/** @type {any} */ e, /** @type {number} */ index) => {
    const text = JSON.stringify(e.request);
    for (const c of truth.contacts) if (spellings(c).some((s) => text.includes(s))) plain.push({ file: f, index, e164: c.E164 });
  });
}
judge("substring search", plain, performance.now() - began);

const { process: trackHAR } = await import("trackhar");
began = performance.now();
const tracked = [];
for (const f of files) {
  const indicatorValues = Object.fromEntries(truth.contacts.map((/** @type {any} */ c) => [c.E164, spellings(c)]));
  const results = await trackHAR(JSON.parse(texts[f]), { indicatorValues });
  results.forEach((/** @type {any} */ r, index) => {
    for (const hit of r ?? []) if (hit.adapter === "indicators") tracked.push({ file: f, index, e164: hit.property });
  });
}
judge("TrackHAR 1.0.0", tracked, performance.now() - began);
