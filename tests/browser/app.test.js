// The site as an app: what a first visit costs, and that it can be installed.

import assert from "node:assert/strict";
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

test("a first visit, kept for use without network, costs 300 KB and 30 requests at most", async () => {
  const server = await serve(site.dir);
  const context = await browser.newContext({ locale: "en-GB" });
  const { page, faults } = await open(context, server.base);
  await until(async () => /works offline/.test(await page.locator("#kept").innerText()), "the page to be kept");
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
    await page.close();
  }
  assert.equal(said.size, site.pages.length, "each its own");
  await context.close();
  await server.close();
});
