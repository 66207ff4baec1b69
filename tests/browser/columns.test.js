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

/** A table with addresses, and with names that platforms take for their columns. */
const SHOP = Buffer.concat([
  Buffer.from([
    'Order, "no quote",country,"Phone", EMAIL ,error,note',
    '1,x,gb,020 7946 0123," Jane.Doe+Shop@GMail.com\n",,"a ""note"""', "2,x,US,(202) 555-0143,+tag@example.com,,", "3,x,,+44 113 496 0654,,,n", "4,x,GB,hello,two@signs@example.com,,",
    "5,x,GB,,BOB@EXAMPLE.COM,,", "", "too,few", '6,x,GB,020 7946 0124,"""quoted""@example.com",,', "7,x,GB,020 7946 0125,j\u00a0d@example.com,,", "8,x,GB,020 7946 0126,\u3000J\u00c4NE@example.com\ufeff,,",
    `9,x,GB,020 7946 0127,${"x".repeat(309)}@example.com,,`, "10,x,GB,020 7946 0128,.+@gmail.com,,", "11,x,GB,020 7946 0129,ctl\u0085@example.com,,", "12,x,GB,020 7946 0130,",
  ].join("\r\n")),
  Buffer.from([0xff]), Buffer.from("@example.com,,\r\n13,x,GB,020 7946 0131,last@example.com,,"),
]);

/** Saves what the page has made, and holds it against what the command writes. */
async function same(page, path, args, name) {
  const command = spawnSync(verifier, ["hash", "--csv", "--file", path, ...args], { maxBuffer: 64 << 20 });
  await page.click("#run");
  await says(page, "#sum", /ashed: [\d,]+ of [\d,]+/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.equal(download.suggestedFilename(), name);
  const got = await readFile(await download.path());
  if (!got.equals(command.stdout)) assert.equal(got.toString("latin1"), command.stdout.toString("latin1"), args.join(" "));
  assert.ok(got.length > 100, command.stderr.toString());
  return got.toString();
}

test("presets and addresses: the page writes what the command writes", async () => {
  // By bytes, for one of them is no text.
  const semicolons = Buffer.concat([Buffer.from("\ufeff"), Buffer.from(SHOP.toString("latin1").replaceAll(",", ";"), "latin1")]);
  let compared = 0;
  for (const [file, content] of [["shop.csv", SHOP], ["semicolons.csv", semicolons]]) {
    const path = join(dir, file);
    await writeFile(path, content);
    const { page, faults } = await open(context, `${server.base}columns.html#region=GB`);
    await page.setInputFiles("#file", path);
    await says(page, "#chosen", /Columns: 7/);
    assert.deepEqual(await Promise.all(["#preset", "#column", "#email", "#country"].map((id) => page.inputValue(id))), ["meta", "3", "4", "2"], "the columns are guessed");
    const base = ["--region", "GB", "--region-column", "country"];
    const phone = ["--column", "phone"], mail = ["--email", "email"];
    const stem = file.slice(0, -4);
    const presets = await page.locator("#preset option").evaluateAll((options) => options.map((option) => option.value));
    assert.equal(presets.length, 10);
    for (const id of presets.slice(0, -1)) {
      await page.selectOption("#preset", id);
      const [takesPhone, takesMail] = await Promise.all(["#column-field", "#email-field"].map((field) => page.locator(field).isVisible()));
      for (const only of [false, true]) {
        await page.setChecked("#only", only);
        const text = await same(page, path, [...base, "--preset", id, ...(takesPhone ? phone : []), ...(takesMail ? mail : []), ...(only ? ["--only"] : [])], `${stem}-${id}.csv`);
        assert.equal(/7946|GMail|quoted|too/.test(text), !only, "what is no hash stays behind");
        compared++;
      }
    }
    // One kind alone, then recipes.
    await page.selectOption("#preset", "google");
    await page.setChecked("#only", false);
    await page.selectOption("#column", "-1");
    await same(page, path, [...base, "--preset", "google", ...mail], `${stem}-google.csv`);
    await page.selectOption("#email", "-1");
    await page.click("#run");
    await says(page, "#error", /NO_COLUMN/);
    await page.selectOption("#column", "3");
    await page.selectOption("#preset", "");
    // The names e164 and error are not a platform's: a column of the file keeps them.
    await page.click("#run");
    await says(page, "#error", /COLUMN_TAKEN/);
    await page.close();
    const renamed = join(dir, `renamed-${file}`);
    await writeFile(renamed, Buffer.from(content.toString("latin1").replace("error", "fault"), "latin1"));
    const { page: next, faults: more } = await open(context, `${server.base}columns.html#region=GB&recipe=liveramp-sha1`);
    await next.setInputFiles("#file", renamed);
    await says(next, "#chosen", /Columns: 7/);
    assert.equal(await next.inputValue("#preset"), "", "a link that names a recipe means that one");
    for (const id of await next.locator("#email-recipe option").evaluateAll((options) => options.map((option) => option.value))) {
      await next.selectOption("#email-recipe", id);
      await same(next, renamed, [...base, ...phone, ...mail, "--recipe", "liveramp-sha1", "--recipe", id], `renamed-${stem}-hashed.csv`);
      compared++;
    }
    assert.deepEqual([...faults, ...more], []);
    await next.close();
  }
  assert.equal(compared, 2 * (9 * 2 + 10));
});

test("what is left empty is counted, for numbers and for addresses", async () => {
  const { page } = await open(context, `${server.base}columns.html#region=GB`);
  await page.setInputFiles("#file", { name: "t.csv", mimeType: "text/csv", buffer: Buffer.from("phone,mail\n020 7946 0123,a@example.com\nhello,\n,b\n1\n") });
  await says(page, "#chosen", /Columns: 2/);
  await says(page, "#preset-what", /^Adds email, phone, as Meta names them\. Of your own columns, these get “plain_” before their names: \u2068phone\u2069\.$/);
  await page.click("#run");
  await says(page, "#sum", /^Hashed: 1 of 3 rows\. Without a number, left empty: 1\. Not a phone number, left empty: 1\. E-mail addresses hashed: 1 of 3\. Without an address, left empty: 1\. Not an e-mail address, left empty: 1\. The column error says why\. Rows with another number of columns, left as they are: 1\.$/);
  await page.selectOption("#preset", "reddit");
  await says(page, "#preset-what", /Names that Reddit publishes were not found/);
  await page.check("#only");
  await page.click("#run");
  await says(page, "#sum", /^E-mail addresses hashed: 1 of 3\. .* left empty: 1\. Rows with another number of columns, left empty: 1\.$/);
  await page.close();
});

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
  await page.selectOption("#preset", "");
  await page.click("#run");
  await says(page, "#error", /COLUMN_TAKEN/);
  await page.close();
});
