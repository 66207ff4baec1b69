// What goes wrong on the way in, in Chromium, Firefox and WebKit: files that hold
// no contacts, names and cells that mean harm, browsers without a part that the
// site uses, networks that break off. Each ends in a clear text, and nothing that
// somebody typed is lost.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ENGINES, build, launch, launchWithout, open, record, serve, serveBare, until } from "./harness.js";

let site, server, bare, files;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  bare = await serveBare(site.dir);
  files = await mkdtemp(join(tmpdir(), "files-"));
  await writeFile(join(files, "large.bin"), noise(50e6));
});
after(async () => {
  await Promise.all([server?.close(), bare?.close()]);
  await site?.remove();
  await rm(files, { recursive: true });
});

const says = (page, selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`);
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** Bytes without order, the same each time. @param {number} length */
function noise(length) {
  const piece = Buffer.concat(Array.from({ length: 4096 }, (_, i) => createHash("sha512").update(String(i)).digest()));
  return Buffer.alloc(length, piece);
}

/** A workbook with a number in it, and an archive without contacts, both deflated. */
const XLSX = Buffer.from("UEsDBBQAAAAIAAAAIQDy7KMrdgAAAIwAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbCWOSw7CMAxErxJlD65YsKiSbIAbcAErcj8iH6txpXJ7nLKceTP2uPeXqZkjp9K8XUR4BGhxoYztWpmKkqluGUXlNgNj/OBMcBuGO8RahIpcpN+wwT1pwj2JeR1qt7UWb7VuzeOf66+8Rea0RhTF0CkEB+eI8ANQSwMEFAAAAAgAAAAhAC8g0rtuAAAAigAAAA8AAAB4bC93b3JrYm9vay54bWw1jUEOwjAMBL8S+QF16YEDSnLvjS8YakjVOI7iSPB8qoqeVjuz0vqPtu2hurmv5GIBUu/1hmjPxEI2aOWym5c2ob7X9karjWmxxNwl4zSOVxRaC0R/MPunKyQc4M5aM4M72LwEuABGj+cUz//4A1BLAwQUAAAACAAAACEAll84mIoAAACzAAAAGAAAAHhsL3dvcmtzaGVldHMvc2hlZXQxLnhtbE2OzQrCMBCEXyXkKrhpLRVlk1PfwCcINdpgfspmoT6+aw/iYQf2G2YY3Cq92hICq3dOpVm9MK9XgDYvIft2rGso4jwqZc/y0hPaSsHf91BO0BszQvaxaIc7mzx7h1Q3RVZ3QmfFVseSYgk3JgGxOWR3GIbenC/DaLr+hMAO4WvALCdp0b86+O10H1BLAQIUAxQAAAAIAAAAIQDy7KMrdgAAAIwAAAATAAAAAAAAAAAAAACAAQAAAABbQ29udGVudF9UeXBlc10ueG1sUEsBAhQDFAAAAAgAAAAhAC8g0rtuAAAAigAAAA8AAAAAAAAAAAAAAIABpwAAAHhsL3dvcmtib29rLnhtbFBLAQIUAxQAAAAIAAAAIQCWXziYigAAALMAAAAYAAAAAAAAAAAAAACAAUIBAAB4bC93b3Jrc2hlZXRzL3NoZWV0MS54bWxQSwUGAAAAAAMAAwDEAAAAAgIAAAAA", "base64");
const ZIP = Buffer.from("UEsDBBQAAAAIAAAAIQB3AsNMHQAAABsAAAAKAAAAcmVhZG1lLnR4dPPLL8nIzEtXyEgtSlXILFZIVEjOzytJTC7R4wIAUEsDBBQAAAAIAAAAIQAmTAu3GAEAAAAEAAAJAAAAcGhvdG8uanBnY2BkYmZhZWPn4OTi5uHl4xcQFBIWERUTl5CUkpaRlZNXUFRSVlFVU9fQ1NLW0dXTNzA0MjYxNTO3sLSytrG1s3dwdHJ2cXVz9/D08vbx9fMPCAwKDgkNC4+IjIqOiY2LT0hMSk5JTUvPyMzKzsnNyy8oLCouKS0rr6isqq6pratvaGxqbmlta+/o7Oru6e3rnzBx0uQpU6dNnzFz1uw5c+fNX7Bw0eIlS5ctX7Fy1eo1a9et37Bx0+YtW7dt37Fz1+49e/ftP3Dw0OEjR48dP3Hy1OkzZ8+dv3Dx0uUrV69dv3Hz1u07d+/df/Dw0eMnT589f/Hy1es3b9+9//Dx0+cvX799//Hz1+8/f//9Zxj1/6j/R7D/AVBLAQIUAxQAAAAIAAAAIQB3AsNMHQAAABsAAAAKAAAAAAAAAAAAAACAAQAAAAByZWFkbWUudHh0UEsBAhQDFAAAAAgAAAAhACZMC7cYAQAAAAQAAAkAAAAAAAAAAAAAAIABRQAAAHBob3RvLmpwZ1BLBQYAAAAAAgACAG8AAACEAQAAAAA=", "base64");
const JPEG = Buffer.concat([Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x48\0\x48\0\0", "latin1"), noise(4000)]);

/** Files that hold no contacts, with the codes that may be told. */
const NO_CONTACTS = /** @type {[string, Buffer | null, RegExp][]} */ ([
  ["large.bin", null, /NOT_TEXT/],
  ["people.xlsx", XLSX, /UNSUPPORTED|NOT_TEXT/],
  ["some.zip", ZIP, /NOT_TEXT|UNKNOWN_FORMAT|UNSUPPORTED/],
  ["photo.jpg", JPEG, /NOT_TEXT/],
  ["empty.vcf", Buffer.alloc(0), /EMPTY_FILE/],
]);

const chosen = (name, buffer) => (buffer === null ? join(files, name) : { name, mimeType: "", buffer });

for (const engine of ENGINES) describe(engine, () => {
  describe("files", () => {
    let browser;
    before(async () => { browser = await launch(engine); });
    after(() => browser?.close());

    test("a file without contacts is refused in words, and what was typed stays", async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, server.base);
      await until(async () => await page.inputValue("#region") === "GB", "the core");
      await page.fill("#typed", "020 7946 0123");
      await says(page, "#rows", /\+442079460123/);
      for (const [name, buffer, code] of NO_CONTACTS) {
        await page.setInputFiles("#file", chosen(name, buffer));
        await says(page, "#numbers-error", new RegExp(`^[A-Z][^()]+\\S.*\\((${code.source})\\)$`));
        await until(async () => await page.inputValue("#typed") === "020 7946 0123", `what was typed, after ${name}`);
        await says(page, "#rows", /^\+442079460123/);
        // The next file's failure is to be seen as its own.
        await page.fill("#typed", "");
        await until(async () => !await page.locator("#numbers-error").isVisible(), "the error to go");
        await page.fill("#typed", "020 7946 0123");
        await says(page, "#rows", /\+442079460123/);
      }
      // So do hashes.
      const hash = sha256("442079460123");
      await page.fill("#digest", hash);
      await says(page, "#found-sum", /Yes: it is \+442079460123/);
      for (const [name, buffer] of NO_CONTACTS) {
        await page.setInputFiles("#digest-file", chosen(name, buffer));
        await says(page, "#digest-error", name === "empty.vcf" ? /EMPTY_FILE/ : /NOT_TEXT/);
        assert.equal(await page.inputValue("#digest"), hash);
        await says(page, "#found-sum", /Yes: it is \+442079460123/);
        await page.fill("#digest", hash + " ");
        await until(async () => !await page.locator("#digest-error").isVisible(), "the error to go");
        await page.fill("#digest", hash);
      }
      assert.deepEqual(faults, []);
      await context.close();
    });

    test("a broken vCard gives what can be read, and says what cannot", async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, server.base + "#region=GB");
      const card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nTEL:020 7946 0123\r\nBEGIN:VCARD\r\nFN:Bob\r\nTEL:020 7946 0124\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Carol\r\nTEL:020 79";
      await page.setInputFiles("#file", { name: "broken.vcf", mimeType: "", buffer: Buffer.from(card) });
      await says(page, "#rows", /\+442079460123[^]*Alice[^]*\+442079460124[^]*Bob/);
      assert.match(await page.locator("#chosen").textContent(), /MISSING_END[^]*TRUNCATED/);
      assert.deepEqual(faults, []);
      await context.close();
    });

    test("HTML in names stays text, formulas do nothing in what is exported, and no name turns its line round", async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page, faults } = await open(context, server.base + "#region=GB");
      const names = ['<img src=x onerror="document.title=1">', "</table><script>document.title=1</script>", '=HYPERLINK("http://127.0.0.1/","x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+cmd", "Ann \u202eyelhsA", "Ann \u2067\u202eyelhsA\u2069", "x".repeat(90)];
      const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
      await page.setInputFiles("#file", { name: "<b>people\u2067\u2069\u2069\u202e.csv", mimeType: "", buffer: Buffer.from(["Name,Phone", ...names.map((name, i) => `${quoted(name)},${i === 6 ? "\u202e" : ""}020 7946 012${i}`)].join("\n")) });
      await says(page, "#rows", /\+442079460128/);
      const title = await page.title();
      const text = await page.locator("#rows").innerText();
      for (const name of names.slice(0, 2)) assert.ok(text.includes(name), name);
      assert.equal(await page.locator("#results img, #results script, #chosen b").count(), 0);
      assert.equal(await page.title(), title);
      // Names come without marks of direction, and each has its own in the table and in sentences.
      const plain = names.map((name) => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, ""));
      assert.deepEqual(await page.locator("#rows td:nth-child(2) > bdi:only-child").evaluateAll((all) => all.map((e) => e.textContent)), plain);
      assert.match(await page.locator("#chosen").textContent(), /\u2068<b>people\u202e\.csv\u2069/);
      // A long name cuts no chip, and breaks no number over lines.
      await page.setViewportSize({ width: 1280, height: 800 });
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("#rows .chip, #rows td:first-child .link")].filter((e) => {
        const { right } = e.getBoundingClientRect();
        return e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline" || right > e.closest(".table-scroll").getBoundingClientRect().right + 1
          || e.matches(".link") && e.getClientRects().length > 1;
      }).map((e) => e.textContent)), []);
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
      const lines = (await readFile(await download.path(), "utf8")).slice(1).trimEnd().split("\r\n").slice(1);
      assert.equal(lines.length, names.length);
      for (const [i, name] of plain.entries()) {
        const harmless = /^[=+@-]/.test(name) ? "'" + name : name;
        const cell = /[",]/.test(harmless) ? quoted(harmless) : harmless;
        assert.ok(lines[i].includes(`,${cell},`), lines[i]);
      }
      // What was written is kept as it is, and ends what it begins.
      assert.ok(lines[6].includes(",\u202e020 7946 0126\u202c,"), lines[6]);
      assert.deepEqual(faults, []);
      await context.close();
    });

    test("tables and captures that are none are said to be", async () => {
      const context = await browser.newContext({ locale: "en-GB" });
      const { page } = await open(context, server.base + "columns.html");
      await until(() => page.inputValue("#region"), "the core");
      for (const [name, buffer] of NO_CONTACTS) {
        await page.setInputFiles("#file", chosen(name, buffer));
        await says(page, "#error", name === "empty.vcf" ? /EMPTY_FILE/ : /NOT_TEXT/);
        assert.equal(await page.locator("#choices").isVisible(), false);
        await page.setInputFiles("#file", { name: "t.csv", mimeType: "", buffer: Buffer.from("a,phone\n1,020 7946 0123\n") });
        await says(page, "#chosen", /Columns: 2/);
      }
      await context.close();
    });

    test("a part that does not arrive is named, and what was typed stays", async () => {
      // The network breaks off behind the page itself: all else is never answered.
      const half = await record(async ({ url = "/" }, _, response) => {
        if (url !== "/") return void response.destroy();
        response.setHeader("Content-Type", "text/html");
        response.end(await readFile(join(site.dir, "index.html")));
      });
      const context = await browser.newContext({ locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(half.base);
      await page.fill("#typed", "020 7946 0123");
      await says(page, "#numbers-error", /part of this page did not arrive: \S+ \(fetch\)[^]*LOAD/);
      assert.equal(await page.inputValue("#typed"), "020 7946 0123");
      await context.close();
      await half.close();
    });

    test("a page is sealed while modules are on their way, and reads then what was typed meanwhile", async (t) => {
      // The last byte of each module waits.
      const come = {};
      let waits = /\.wasm$/;
      const slow = await record(async ({ url = "/" }, _, response) => {
        const path = url === "/" ? "index.html" : url.slice(1);
        const file = await readFile(join(site.dir, path)).catch(() => null);
        if (file === null) return void response.writeHead(404).end();
        response.setHeader("Content-Type", path.endsWith(".html") ? "text/html" : path.endsWith(".js") ? "text/javascript" : "application/wasm");
        if (waits.test(path)) {
          response.write(file.subarray(0, -1));
          await new Promise((resolve) => { come[path] = resolve; });
          response.end(file.subarray(-1));
        } else response.end(file);
      });
      const context = await browser.newContext({ locale: "en-GB" });
      t.after(async () => {
        await context.close();
        await slow.close();
      });
      const { page, faults } = await open(context, slow.base);
      await page.fill("#typed", "020 7946 0123");
      await page.fill("#digest", sha256("442079460123"));
      await until(() => ["core.wasm", "format.wasm", "contacts.wasm"].every((path) => come[path]), "all modules to be asked for");
      // Held to its hash, nothing is handed to a page, or compiled, before all of it is there.
      assert.equal(await page.evaluate(() => Promise.race([globalThis.loads.get("core.wasm").then(() => "there"), new Promise((resolve) => setTimeout(resolve, 200, "not there"))])), "not there");
      assert.equal(await page.evaluate(() => fetch("icon.svg").then(() => "came", () => "refused")), "refused", "it is sealed");
      assert.equal(await page.inputValue("#region"), "");
      come["core.wasm"]();
      come["format.wasm"]();
      await until(async () => await page.inputValue("#region") === "GB", "the regions, which the core has");
      await says(page, "#found-sum", /Now add numbers/);
      assert.equal(await page.locator("#rows tr").count(), 0);
      come["contacts.wasm"]();
      await says(page, "#rows", /\+442079460123/);
      await says(page, "#found-sum", /Yes: it is \+442079460123/);
      // By the service worker it comes as well.
      waits = /^auditor\.wasm$/;
      await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");
      await page.goto(slow.base + "audit.html");
      await until(() => come["auditor.wasm"], "the auditor to be asked for");
      await until(() => page.evaluate(() => Promise.race([Promise.all(["worker/book.js", "worker/audit.js"].map((path) => globalThis.loads.get(path))).then(() => true), new Promise((resolve) => setTimeout(resolve, 200, false))])), "what workers start from");
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      come["auditor.wasm"]();
      await page.locator('#seal[data-state="sealed"]').waitFor();
      await page.click("#captures-sample");
      await page.locator("#read-sum").waitFor();
      await page.click("#look");
      await says(page, "#verdict-word", /Found/);
      assert.deepEqual(faults, []);
    });

    test("an altered script does not run, and in seconds the page says that it has not started", async () => {
      const altered = await readFile(join(site.dir, "index.html"), "utf8");
      const html = altered.replace("\n</script>\n</body>", "\n// altered\n</script>\n</body>");
      assert.notEqual(html, altered);
      const other = await serveBare(site.dir, { "altered.html": html });
      const context = await browser.newContext({ locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(other.base + "altered.html");
      assert.equal(await page.locator(".stuck").isVisible(), false, "not at once");
      await page.locator(".stuck").waitFor();
      assert.match(await page.locator(".stuck").innerText(), /has not started/);
      assert.equal(await page.locator("#seal").getAttribute("data-state"), "open", "the page's script did not start");
      // Where it starts it is not said, however long one waits.
      const { page: good } = await open(context, other.base);
      assert.equal(await good.locator(".stuck").evaluate((e) => getComputedStyle(e).display), "none");
      await context.close();
      await other.close();
    });
  });

  /** Runs a test in a browser that lacks a part. */
  const without = (name, part, work) => test(name, async () => {
    const browser = await launchWithout(engine, part);
    try {
      await work(await browser.newContext());
    } finally {
      await browser.close();
    }
  });

  without("without JavaScript the page says what it needs, and can be read", "scripts", async (context) => {
    const page = await context.newPage();
    await page.goto(bare.base);
    const holds = (text) => (page.holds ? page.holds(text) : page.locator("body").innerText().then((all) => all.includes(text)));
    assert.ok(await holds("needs JavaScript and WebAssembly"), "it is said");
    assert.ok(await holds("Which number is behind this hash"), "and the rest is there");
    assert.ok(!await holds("Something went wrong"));
    await context.close();
  });

  without("without WebAssembly every page says so, and is sealed", "wasm", async (context) => {
    const places = { "index.html": "#numbers-error", "find.html": "#numbers-error", "audit.html": "#numbers-error", "columns.html": "#error", "safety.html": "#demo-error, #search-error", "check.html": "#error" };
    for (const [path, place] of Object.entries(places)) {
      const { page } = await open(context, bare.base + path);
      if (path === "index.html") await page.fill("#typed", "020 7946 0123");
      await until(async () => (await page.locator(place).allInnerTexts()).some((text) => /does not run WebAssembly here\. \(COMPILE\)/.test(text)), `${path} to say it`);
      assert.doesNotMatch(await page.locator("main").innerText(), /Something went wrong/, path);
      if (path === "index.html") assert.equal(await page.inputValue("#typed"), "020 7946 0123");
      await page.close();
    }
    await context.close();
  });

  for (const [name, part] of [["where storage is refused", "storage"], ["in a private window", "history"]]) {
    without(`${name}, numbers are read and the language can be chosen`, part, async (context) => {
      const { page, faults } = await open(context, bare.base);
      await until(async () => await page.inputValue("#region") === "GB", "the core");
      await page.fill("#typed", "020 7946 0123");
      await says(page, "#rows", /\+442079460123/);
      await page.click('button[data-language="zh-Hans"]');
      await says(page, "#rows", /英国/);
      assert.equal(await page.inputValue("#typed"), "020 7946 0123");
      const { page: find } = await open(context, bare.base + "find.html#lang=en");
      await find.fill("#typed", "020 7946 0123");
      await says(find, "#compare-lead", /Numbers: 1\./);
      assert.doesNotMatch(await find.locator("main").innerText(), /Something went wrong/);
      assert.deepEqual(faults.filter((fault) => !/register\/update a ServiceWorker/.test(fault)), []); // as Firefox says where storage is refused
      await context.close();
    });
  }

  test("on plain http, which has no WebCrypto and no service worker, pages work and say what they cannot do", async () => {
    const browser = await launchWithout(engine, null, bare.base.slice(0, -1));
    const context = await browser.newContext();
    const base = "http://plain.example/"; // which the proxy answers
    const { page, faults } = await open(context, base);
    assert.deepEqual(await page.evaluate(() => [isSecureContext, globalThis.crypto.subtle === undefined]), [false, true]);
    await page.fill("#typed", "+44 20 7946 0123");
    await page.fill("#digest", sha256("442079460123"));
    await says(page, "#found-sum", /Yes: it is \+442079460123/);
    assert.equal(await page.locator("#kept").isVisible(), false, "nothing is kept");
    const { page: own } = await open(context, base + "this-page.html");
    await says(own, "#core-same", /over plain http/);
    const { page: find } = await open(context, base + "find.html");
    await find.fill("#typed", "+44 20 7946 0123");
    await says(find, "#compare-lead", /Numbers: 1\./);
    await find.click("#yes");
    await says(find, "#allow-state", /lacks the cryptography[^]*https[^]*\(CRYPTO\)/);
    for (const one of [page, own, find]) assert.doesNotMatch(await one.locator("main").innerText(), /Something went wrong/);
    assert.deepEqual(faults.filter((fault) => !/404/.test(fault)), []);
    await context.close();
    await browser.close();
  });
});
