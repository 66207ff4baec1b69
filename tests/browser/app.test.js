// The site as an app: what a first visit costs, that it can be installed, and
// that it works without its server; a changed file is not kept.

import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, launch, open, serve, serveBare, until } from "./harness.js";

let site, browser;
before(async () => {
  site = await build();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.remove();
});

/** Waits for the sign that says what is kept. @param {"this page" | "all pages"} what */
const kept = (page, what) => until(async () => (await page.locator("#kept").innerText()).includes(`${what} work`), `${what} to be kept`);

test("a first visit, kept for use without network, costs 300 KB and 30 requests at most", async () => {
  const server = await serve(site.dir);
  const context = await browser.newContext({ locale: "en-GB" });
  const { page, faults } = await open(context, server.base);
  await kept(page, "this page");
  const seen = server.seen.length;
  const sent = server.sent();
  assert.ok(seen > 6 && sent > 100_000, "there was a visit");
  assert.ok(seen <= 30, `${seen} requests`);
  assert.ok(sent <= 300_000, `${sent} bytes`);
  const types = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm")).length);
  assert.ok(types >= 1);
  assert.deepEqual(faults, []);
  await context.close();
  await server.close();
});

for (const [host, start] of [["with headers", serve], ["without headers", serveBare]]) {
  test(`a sealed page can be installed, ${host}`, async () => {
    const server = await start(site.dir);
    const context = await browser.newContext({ locale: "en-GB" });
    for (const path of ["", "find.html"]) {
      const { page } = await open(context, server.base + path);
      const session = await context.newCDPSession(page);
      const { data, errors } = await session.send("Page.getAppManifest");
      assert.deepEqual(errors, []);
      const manifest = JSON.parse(data);
      assert.equal(manifest.start_url, server.base);
      assert.deepEqual(manifest.file_handlers, [{ action: server.base, accept: { "text/vcard": [".vcf", ".vcard"] } }]);
      const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
      // A context of a test is a private window.
      assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId), ["in-incognito"]);
      await page.close();
    }
    await context.close();
    await server.close();
  });
}

test("a contacts file that the platform opens is read", async () => {
  const server = await serve(site.dir);
  const context = await browser.newContext({ locale: "en-GB" });
  await context.addInitScript(() => {
    const file = new File(["BEGIN:VCARD\nVERSION:3.0\nFN:Alice\nTEL:+442079460123\nEND:VCARD\n"], "alice.vcf");
    Object.defineProperty(window, "launchQueue", { value: { setConsumer: (consume) => void consume({ files: [{ getFile: async () => file }] }) } });
  });
  const { page, faults } = await open(context, server.base);
  await until(async () => /Alice/.test(await page.locator("#rows").innerText()), "the file");
  assert.deepEqual(faults, []);
  await context.close();
  await server.close();
});

test("pages say what they are to those who show a preview", async () => {
  const server = await serve(site.dir);
  const context = await browser.newContext({ locale: "en-GB" });
  const said = new Set();
  for (const path of site.pages) {
    const page = await context.newPage();
    await page.goto(server.base + path);
    const content = (selector) => page.locator(selector).getAttribute("content");
    const description = await content('meta[name="description"]');
    assert.ok(description.length > 50 && description.length < 200, `${path}: ${description}`);
    assert.equal(await content('meta[property="og:description"]'), description);
    assert.ok(await content('meta[property="og:title"]'));
    said.add(description);
    if (path === "index.html") {
      assert.ok((await page.locator(".intro .lead").innerText()).length > 40, "a line that says what this is");
      const doors = await page.locator(".doors a").evaluateAll((all) => all.map((door) => door.getAttribute("href")));
      assert.deepEqual(doors, ["#match", "#numbers", "columns.html", "safety.html", "audit.html", "find.html"]);
    }
    await page.close();
  }
  assert.equal(said.size, site.pages.length, "each its own");
  await context.close();
  await server.close();
});

for (const [host, start] of [["with headers", serve], ["without headers", serveBare]]) {
  test(`all pages work with the server stopped, ${host}`, async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const server = await start(site.dir);
    const { page: first } = await open(context, server.base);
    await kept(first, "this page");
    await first.reload();
    await kept(first, "all pages");
    await first.close();
    await server.close();

    const { page, faults } = await open(context, server.base);
    await kept(page, "all pages");
    await page.fill("#typed", "020 7946 0123");
    await until(async () => /\+442079460123/.test(await page.locator("#rows").innerText()), "the number");
    await page.setInputFiles("#file", { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Phone\nAlice,07700 900123\n") });
    await until(async () => /Alice/.test(await page.locator("#rows").innerText()), "the file");
    await page.getByRole("link", { name: "How safe is a hash?" }).first().click();
    await until(() => page.inputValue("#digest").catch(() => ""), "a digest");
    await page.goto(server.base + "this-page.html");
    await until(async () => /Yes/.test(await page.locator("#core-same").innerText()), "the core's hash");
    await page.reload();
    await page.locator('#seal[data-state="sealed"]').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("after one visit that page works with the server stopped, and only what it needs was fetched", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const server = await serve(site.dir);
  const { page: first } = await open(context, server.base + "safety.html");
  await kept(first, "this page");
  await first.close();
  assert.ok(server.seen.length > 5);
  assert.deepEqual(server.seen.filter(({ url }) => /auditor|book\.js|columns|find\.html/.test(url)), []);
  await server.close();
  const { page, faults } = await open(context, server.base + "safety.html");
  await until(() => page.inputValue("#digest"), "a digest");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a file that is not the one listed is not kept", async () => {
  const altered = await build();
  await appendFile(join(altered.dir, "404.html"), "\n<!-- altered -->\n");
  const server = await serveBare(altered.dir);
  const context = await browser.newContext();
  const { page } = await open(context, server.base);
  await until(() => server.seen.some(({ url }) => url === "/sw.js"), "the service worker's script");
  await until(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined), "the registration to fail");
  await context.close();
  await server.close();
  await altered.remove();
});

for (const [name, alter, shows] of /** @type {const} */ ([
  ["worker", (dir) => appendFile(join(dir, "worker", "book.js"), "\n// altered\n"), /worker\/book\.js[^]*LOAD/],
  ["module", (dir) => appendFile(join(dir, "core.wasm"), "\0"), /core\.wasm[^]*LOAD/],
])) {
  test(`an altered ${name} is not used, and the page says so`, async () => {
    const altered = await build();
    await alter(altered.dir);
    const server = await serveBare(altered.dir);
    const context = await browser.newContext();
    const { page } = await open(context, server.base);
    await until(async () => shows.test(await page.locator("#numbers-error").innerText()), "it to be said");
    await context.close();
    await server.close();
    await altered.remove();
  });
}
