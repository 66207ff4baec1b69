// Pictures of every page for people to look at, in .build/screens.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { build, go, launch, open, root, serve, until } from "./harness.js";

let site, server, browser, contacts;
before(async () => {
  site = await build();
  server = await serve(site.dir);
  browser = await launch();
  contacts = await go("run", "./tests/contactsgen", "-people", "200", "-format", "vcf3", "-region", "GB");
  await mkdir(root + ".build/screens", { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

const states = {
  "verify-empty": ["index.html", async () => {}],
  verify: ["index.html", async (page) => {
    await page.setInputFiles("#file", { name: "contacts.vcf", mimeType: "text/vcard", buffer: Buffer.from(contacts) });
    await page.locator("#rows button").first().click();
    await page.locator("#detail .digest").first().waitFor();
    await page.fill("#digest", (await page.locator("#detail .digest-text code").first().innerText()).toUpperCase());
    await page.locator("#found .match").waitFor();
  }],
  safety: ["safety.html", async (page) => {
    await page.selectOption("#region", "FK");
    await until(async () => /^\+500/.test(await page.inputValue("#number")) && await page.inputValue("#digest"), "a number");
    await page.click("#start");
    await page.locator("#outcome .match").waitFor();
  }],
  "this-page": ["this-page.html", (page) => until(() => page.locator("#ways-sum").isVisible(), "the self-test")],
};

for (const width of [1280, 390]) {
  for (const scheme of ["light", "dark"]) {
    test(`${width} px, ${scheme}`, async () => {
      for (const language of ["en", "zh-Hans"]) {
        const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme: scheme, locale: "en-GB", reducedMotion: "reduce" });
        for (const [name, [path, ready]] of Object.entries(states)) {
          const { page } = await open(context, `${server.base}${path}#lang=${language}`);
          await ready(page);
          await page.evaluate(() => scrollTo(0, 0));
          const picture = await page.screenshot({ path: `${root}.build/screens/${name}-${width}-${scheme}-${language}.png`, fullPage: true });
          assert.ok(picture.length > 10_000);
          await page.close();
        }
        await context.close();
      }
    });
  }
}
