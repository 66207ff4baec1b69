// The page "Hash a table": the same bytes as the command's.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { build, go, launch, open, serve, until } from "./harness.js";

let site, server, browser, context, dir, verifier;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
  context = await browser.newContext({ locale: "en-GB" });
  dir = await mkdtemp(join(tmpdir(), "columns-"));
  verifier = join(dir, "verifier");
  await go("build", "-o", verifier, "./verifier");
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
  await rm(dir, { recursive: true });
});

const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`, 30);

/** Rows that show all that a table can hold, then many more than are read at once. */
const ROWS = [
  'Ashe,"020 7946 0123",gb,"a ""quoted"" note"', "Birch,(202) 555-0143,US,", "王小明,+44 113 496 0654,,note", "Nobody,hello,GB,x",
  "Empty,,GB,x", 'Lines,"020 7946\n0124",GB,"two\nlines"', "Short,020 7946 0125", "", "Unknown region,020 7946 0126,XX,y", "Long,020 7946 0127 0128 0129 0130,GB,z",
];

for (const [name, text] of [
  ["commas", ["name,Phone,country,note", ...ROWS].join("\n") + "\n"],
  ["a mark, semicolons, returns, no end", "\ufeff" + ["name;Phone;country;note", ...ROWS.map((row) => row.replaceAll(",", ";").replaceAll("\n", "\r\n"))].join("\r\n")],
  ["20,000 rows", ["name,Phone,country,note", ...Array.from({ length: 20_000 }, (_, i) => (i % 7 ? `P${i},020 7946 0${String(i % 1000).padStart(3, "0")},GB,n` : ROWS[i % ROWS.length]))].join("\n")],
]) {
  for (const recipe of ["meta-capi", "signal-legacy"]) {
    test(`${name}, ${recipe}: the page writes what the command writes`, async () => {
      const path = join(dir, "people.csv");
      await writeFile(path, text);
      const command = spawnSync(verifier, ["hash", "--csv", "--column", "Phone", "--region-column", "country", "--region", "GB", "--recipe", recipe, "--file", path], { maxBuffer: 64 << 20 });
      assert.ok(command.stdout.length > text.length, command.stderr.toString());
      const { page, faults } = await open(context, `${server.base}columns.html#region=GB&recipe=${recipe}`);
      await page.setInputFiles("#file", path);
      await says(page, "#chosen", /Columns: 4/);
      assert.equal(await page.inputValue("#column"), "1", "the column is guessed");
      assert.equal(await page.inputValue("#country"), "2");
      await page.click("#run");
      await says(page, "#sum", /Hashed: [\d,]+ of [\d,]+ rows/);
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
      assert.equal(download.suggestedFilename(), "people-hashed.csv");
      const got = await readFile(await download.path());
      if (!got.equals(command.stdout)) assert.equal(got.toString(), command.stdout.toString());
      assert.deepEqual(faults, []);
      await page.close();
    });
  }
}

test("a large table goes through in pieces, and no more of it is in memory", async () => {
  const path = join(dir, "large.csv");
  const rows = 60_000;
  await writeFile(path, "name,phone,note\n" + Array.from({ length: rows }, (_, i) => `Person ${i},020 7946 ${String(i % 10_000).padStart(4, "0")},${"note ".repeat(20)}\n`).join(""));
  const { page, faults } = await open(context, `${server.base}columns.html#region=GB`);
  await page.setInputFiles("#file", path);
  await says(page, "#chosen", /Columns: 3/);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    const read = Blob.prototype.arrayBuffer;
    const seen = { reads: 0, read: 0, pieces: 0, piece: 0 };
    Object.assign(globalThis, { seen });
    Blob.prototype.arrayBuffer = async function () {
      const data = await read.call(this);
      seen.reads++;
      seen.read = Math.max(seen.read, data.byteLength);
      return data;
    };
    const Whole = Blob;
    globalThis.Blob = class extends Whole {
      constructor(parts = [], options = {}) {
        super(parts, options);
        for (const part of parts) {
          if (part instanceof Whole) continue; // which the browser holds
          seen.pieces++;
          seen.piece = Math.max(seen.piece, part.byteLength ?? part.length);
        }
      }
    };
  });
  await page.click("#run");
  await says(page, "#sum", /Hashed: 60,000 of 60,000 rows/);
  const seen = await worker.evaluate(() => globalThis.seen);
  assert.ok(seen.reads >= 8 && seen.pieces >= rows / 4096, JSON.stringify(seen));
  assert.ok(seen.read <= 1 << 20 && seen.piece <= 2 << 20, JSON.stringify(seen));
  assert.deepEqual(faults, []);
  await page.close();
});

test("what is no table is said", async () => {
  const { page } = await open(context, server.base + "columns.html");
  for (const [buffer, code] of [[Buffer.alloc(0), /EMPTY_FILE/], [Buffer.from("PK\x03\x04\0\0"), /NOT_TEXT/], [Buffer.from('"never closed,\n'), /NO_HEADER/]]) {
    await page.setInputFiles("#file", { name: "t.csv", mimeType: "text/csv", buffer });
    await says(page, "#error", code);
  }
  await page.setInputFiles("#file", { name: "t.csv", mimeType: "text/csv", buffer: Buffer.from("phone,E164\n1,2\n") });
  await says(page, "#chosen", /Columns: 2/);
  await page.click("#run");
  await says(page, "#error", /COLUMN_TAKEN/);
  await page.close();
});
