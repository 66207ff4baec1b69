// How fast the auditor looks through each kind of bytes, with 1,000 contacts: as a
// ratio to a loop with a table, natively, and auditor.wasm in Chromium beside the
// native build on the same files, in one run.
//
//	node tests/bench/audit/module.mjs

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resultsOf } from "../browser.js";

const root = new URL("../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "audit-samples-"));
try {
  const go = (/** @type {string[]} */ ...words) => JSON.parse(execFileSync("go", ["run", "./tests/bench/audit", ...words], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  const bytes = go(), files = go("-samples", folder);
  const names = readdirSync(folder);
  const results = await resultsOf(root, "/tests/bench/audit/page.js", {
    "/names.json": () => JSON.stringify(names),
    ...Object.fromEntries(names.map((name) => [`/${name}`, () => readFile(join(folder, name))])),
  });
  console.log(`${"".padEnd(18)} MB/s  of a loop   as a HAR   in Chromium ${results.version}, of native`);
  for (const name of names) {
    const kind = name.slice(0, -".har".length).replaceAll("-", " ");
    const native = files[kind]["MB/s"];
    console.log(`${kind.padEnd(16)} ${bytes[kind]["MB/s"].toFixed(0).padStart(6)} ${bytes[kind].ratio.toFixed(2).padStart(10)} ${native.toFixed(0).padStart(10)} ${results.speeds[name].toFixed(0).padStart(13)} ${(results.speeds[name] / native).toFixed(2).padStart(10)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
