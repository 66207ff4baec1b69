// Nothing that is typed stays or travels: not in the address, the title, the
// history, storage, caches, or any request.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { build, launch, open, serve, until } from "./harness.js";

let site, server, browser;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

/** All that a page keeps, as one text. */
const kept = (page) => page.evaluate(async () => {
  const parts = [location.href, document.title, document.cookie, history.state, JSON.stringify(localStorage), JSON.stringify(sessionStorage), window.name];
  parts.push(JSON.stringify(await indexedDB.databases()));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) parts.push(request.url);
  }
  parts.push(JSON.stringify(performance.getEntriesByType("resource").map(({ name }) => name)));
  return parts.join("\n");
});

test("nothing typed stays or travels", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const secret = "7946 0123";
  const digest = createHash("sha256").update("+442079460123").digest("hex");
  const traces = ["79460123", secret, digest, digest.toUpperCase(), "Alice", "pepper", "contacts.vcf"];

  const { page, faults } = await open(context, server.base);
  await page.fill("#typed", `020 ${secret}`);
  await page.locator("#rows button").click();
  await page.locator("#detail .digest").first().waitFor();
  await page.fill("#digest", digest);
  await page.locator("#found .match").waitFor();
  await page.fill("#filter", "7946");
  await page.setInputFiles("#file", { name: "contacts.vcf", mimeType: "text/vcard", buffer: Buffer.from(`BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nTEL:020 ${secret}\r\nEND:VCARD\r\n`) });
  await until(async () => /Alice/.test(await page.locator("#rows").innerText()), "Alice");
  await page.locator('button[data-language="zh-Hans"]').click();
  await Promise.all([page.waitForEvent("download"), page.click("#export")]);
  const after = [await kept(page)];
  await page.locator('button[data-language="en"]').click();

  await page.getByRole("link", { name: "How safe is a hash?" }).first().click();
  await until(() => page.inputValue("#digest").catch(() => ""), "a digest");
  await page.fill("#number", `020 ${secret}`);
  await page.selectOption("#recipe", "salted");
  await page.fill("#salt", "pepper");
  await page.fill("#digest", digest);
  await page.click("#start");
  await page.evaluate(() => document.getElementById("stop").click()); // hidden if the search has ended by now
  after.push(await kept(page));
  await page.goBack();
  after.push(await kept(page), await page.inputValue("#typed"), await page.inputValue("#digest"));

  for (const [i, text] of after.entries()) {
    for (const trace of traces) assert.ok(!text.includes(trace), `${trace} is kept (${i})`);
  }
  for (const { method, url, headers, body } of server.seen) {
    assert.equal(method, "GET");
    assert.equal(body, "");
    assert.ok(!url.includes("?"), url);
    for (const trace of traces) assert.ok(!(url + headers).includes(trace), `${trace} travels`);
  }
  assert.ok(server.seen.length > 20, "requests were recorded");
  const storage = await page.evaluate(() => Object.entries(localStorage));
  assert.deepEqual(storage, [["language", "en"]], "the language alone is remembered");
  assert.deepEqual(faults, []);
  await context.close();
});

test("fields keep the browser's helpers out", async () => {
  const context = await browser.newContext();
  for (const path of ["index.html", "find.html", "safety.html"]) {
    const { page } = await open(context, server.base + path);
    const fields = await page.locator("textarea, input:not([type=file], [type=checkbox])").evaluateAll((all) => all.map((e) => [e.id, e.getAttribute("spellcheck"), e.getAttribute("autocomplete")]));
    assert.ok(fields.length >= 3, path);
    for (const [id, spellcheck, autocomplete] of fields) assert.deepEqual([spellcheck, autocomplete], ["false", "off"], `${path} #${id}`);
  }
  await context.close();
});
