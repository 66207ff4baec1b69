// Once loaded, the site works without its server; a changed file is not kept.

import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
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

const active = (page) => until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker");

for (const [host, start] of [["with headers", serve], ["without headers", serveBare]]) {
  test(`all pages work with the server stopped, ${host}`, async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const server = await start(site.dir);
    const { page: first } = await open(context, server.base);
    await until(async () => /this page works offline/.test(await first.locator("#kept").innerText()), "the page to be kept");
    await first.reload();
    await until(async () => /all pages work offline/.test(await first.locator("#kept").innerText()), "all pages to be kept", 60);
    await first.close();
    await server.close();

    const { page, faults } = await open(context, server.base);
    await until(async () => /all pages work offline/.test(await page.locator("#kept").innerText()), "the sign");
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
  await until(async () => /this page works offline/.test(await first.locator("#kept").innerText()), "the page to be kept");
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
  await appendFile(join(altered.dir, "style.css"), "\n/* altered */\n");
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

test("an altered script does not run, and in seconds the page says that it has not started", async () => {
  const altered = await build();
  const path = join(altered.dir, "index.html");
  const html = await readFile(path, "utf8");
  await writeFile(path, html.replace("\n</script>\n</body>", "\n// altered\n</script>\n</body>"));
  assert.notEqual(await readFile(path, "utf8"), html);
  const server = await serveBare(altered.dir);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.base);
  await page.locator(".stuck").waitFor();
  assert.match(await page.locator(".stuck").innerText(), /has not started/);
  assert.equal(await page.locator("#seal").getAttribute("data-state"), "open", "the page's script did not start");
  await context.close();
  await server.close();
  await altered.remove();
});
