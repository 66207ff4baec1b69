// What a newcomer comes for: seven tasks, each begun at the site's first page
// and brought to its end without typing an address, in Chromium, Firefox and
// WebKit. The clicks that each takes are counted and printed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { ENGINES, build, launch, open, record, serve, until } from "./harness.js";

let site, server;
before(async () => {
  site = await build();
  server = await serve(site.dir);
});
after(async () => {
  await server?.close();
  await site?.remove();
});

const sha256 = (text, encoding = "hex") => createHash("sha256").update(text).digest(encoding);
const drama = (i) => `+44207946${String(i).padStart(4, "0")}`;

/** A person at a page, whose clicks are counted. A file that is chosen is one: the press of its button. */
class Person {
  clicks = 0;
  constructor(page) { this.page = page; }
  async click(selector) {
    this.clicks++;
    await this.page.click(selector);
  }
  /** By the links of the page, as a person goes. */
  async goTo(file) {
    await this.click(`nav a[href="${file}"]`);
    await until(async () => (await this.page.evaluate(() => location.pathname).catch(() => "")) === "/" + file, file);
    await this.page.locator('#seal[data-state="sealed"]').waitFor();
  }
  async choose(name, text) {
    this.clicks++;
    await this.page.setInputFiles("#file", { name, mimeType: "", buffer: Buffer.from(text) });
  }
  says(selector, pattern) {
    return until(async () => pattern.test(await this.page.locator(selector).innerText()), `${selector} to say ${pattern}`);
  }
  /** Whether nothing is wider than the window. */
  fits() {
    return this.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  }
  /** What a button hands out as a file. */
  async saved(selector) {
    this.clicks++;
    const [download] = await Promise.all([this.page.waitForEvent("download"), this.page.click(selector)]);
    return readFile(await download.path(), "utf8");
  }
  /** What a button copies: on the clipboard or, where a browser does not let it, beside the button. */
  async copied(button, text) {
    await this.click(button);
    const said = await until(async () => (await this.page.locator(button).innerText()).match(/^(?:Copied|Not copied: copy what is selected)$/)?.[0], "the button to say what it did");
    if (said !== "Copied") assert.match(await this.page.inputValue("textarea.copy"), text);
  }
}

/** Each with the most clicks that it may take. */
const TASKS = {
  "whose are these 30 hashes": [2, async (person) => {
    await person.page.fill("#digest", Array.from({ length: 30 }, (_, i) => sha256(drama(i))).join("\n"));
    await person.choose("contacts.csv", `Name,Phone\nAlice,${drama(7)}\nBob,+44 113 496 0654\n`);
    await person.says("#found-sum", /1 of 30/);
    assert.match(await person.saved("#many-save"), new RegExp(`${sha256(drama(7))}[^\n]*\\${drama(7)}`));
  }],
  "a shop's customers for Meta": [4, async (person) => {
    await person.goTo("columns.html");
    await person.choose("customers.csv", "Order,Customer,Phone,Country\n1,Alice,020 7946 0007,GB\n2,Bob,hello,GB\n");
    await person.page.selectOption("#preset", "meta");
    // On a phone, too.
    await person.page.setViewportSize({ width: 390, height: 800 });
    assert.ok(await person.fits(), "nothing is wider than the window");
    await person.click("#run");
    await person.says("#sum", /Hashed: 1 of 2 rows/);
    const [header, first, second] = (await person.saved("#save")).split(/\r?\n/);
    assert.equal(header, "Order,Customer,plain_Phone,Country,phone,error", "the name that Meta publishes is that of the hashes");
    assert.ok(first.startsWith("1,Alice,") && first.includes(sha256("442079460007")), first);
    assert.ok(second.startsWith("2,Bob,hello,GB,"), "who has no number is still there");
  }],
  "a demonstration to share": [3, async (person) => {
    await person.goTo("safety.html");
    await person.click("#demo-start");
    await person.page.locator("#demo-end .big").waitFor();
    await person.copied("#demo-share button", /safety\.html#demo&region=[A-Z]{2}(&recipe=[a-z0-9-]+)?&lang=[A-Za-z-]+$/);
    // Whoever opens such a link sees the same begin by itself; it holds no number.
    const { page } = await open(person.context, `${server.base}safety.html#demo&region=NU&lang=en`);
    await page.locator("#demo-end .big").waitFor();
    await page.close();
  }],
  "use it on my page": [1, async (person) => {
    await person.goTo("developers.html");
    await person.says("#run-out", /^\+442079460018 GB/);
    const snippet = await person.page.locator("#use-page").innerText();
    // The snippet, in a page that has the package's folder as it is.
    const core = await readFile(new URL("../../wasm/core/core.wasm", import.meta.url));
    assert.ok(snippet.includes(`integrity: "sha256-${createHash("sha256").update(core).digest("base64")}"`));
    const mine = await record(async ({ url = "/" }, _, response) => {
      try {
        const file = url.match(/^\/sealbook\/([\w./-]+)$/)?.[1];
        response.setHeader("Content-Type", file ? file.endsWith(".wasm") ? "application/wasm" : "text/javascript" : "text/html");
        if (file) response.end(file === "core.wasm" ? core : await readFile(new URL(`../../wasm/js/${file}`, import.meta.url)));
        else response.end(`<!doctype html><title>Mine</title>${snippet.replace("</script>", 'document.title = sealbook.parse("020 7946 0018", "GB").e164;</script>')}`);
      } catch {
        response.writeHead(404).end();
      }
    });
    const page = await person.context.newPage();
    await page.goto(mine.base);
    await until(async () => await page.title() === "+442079460018", "the number");
    await page.close();
    await mine.close();
  }],
  "check what was published": [1, async (person) => {
    await person.goTo("this-page.html");
    await person.says("#core-same", /Yes/);
    await person.says("#ways-sum", /to the page \d+ of \d+/);
    assert.match(await person.page.locator("#command-files").innerText(), /sha256sum -c SHA256SUMS/);
  }],
  "embed a check in an article": [2, async (person) => {
    await person.goTo("developers.html");
    await person.copied("#embed-copy button", /^<iframe src=/);
    const embed = await person.page.locator("#embed").innerText();
    const article = await record((_, __, response) => response.setHeader("Content-Type", "text/html").end(`<!doctype html><title>An article</title>${embed}`));
    const page = await person.context.newPage();
    await page.goto(article.base);
    const frame = page.frameLocator("iframe").first();
    await frame.locator('#seal[data-state="sealed"]').waitFor();
    await frame.locator("#number").fill(drama(7));
    await frame.locator("#digest").fill(sha256(drama(7)));
    await until(async () => /^Yes: this is the hash of \+442079460007/.test(await frame.locator("#answer").innerText()), "the answer in the frame");
    await page.close();
    await article.close();
  }],
  "on my phone": [2, async (person) => {
    const { page } = person;
    await page.setViewportSize({ width: 390, height: 800 });
    await page.fill("#typed", "020 7946 0123");
    await person.says("#rows", /\+442079460123/);
    await person.click("#rows button");
    await page.locator("#detail .digest").first().waitFor();
    await person.goTo("find.html");
    await page.locator("#typed").waitFor();
    assert.ok(await person.fits(), "nothing is wider than the window");
  }],
};

for (const engine of ENGINES) describe(engine, () => {
  let browser;
  before(async () => { browser = await launch(engine); });
  after(() => browser?.close());

  for (const [name, [most, task]] of Object.entries(TASKS)) {
    test(name, async (t) => {
      const context = await browser.newContext({ locale: "en-GB" });
      try {
        const { page, faults } = await open(context, server.base);
        const person = Object.assign(new Person(page), { context });
        await until(async () => await page.inputValue("#region") === "GB", "the page to be ready");
        await task(person);
        t.diagnostic(`clicks: ${person.clicks}`);
        assert.ok(person.clicks <= most, `${person.clicks} clicks`);
        assert.deepEqual(faults, []);
      } finally {
        await context.close();
      }
    });
  }
});
