// Axe on every page, scheme, language and width in Chromium, and on every page once
// in Firefox and WebKit; the main flows by keyboard alone. On the way, pictures of
// every page for people to look at, in .build/screens.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { build, go, launch, open, pause, root, serveDirectory, until } from "./harness.js";
import { allow, found, register } from "./story.js";

let site, server, browser, axe, contacts;
let visitors = 0; // each with a number of their own
before(async () => {
  site = await build();
  server = await serveDirectory(site.dir);
  browser = await launch();
  contacts = await go("run", "./tests/contactsgen", "-people", "200", "-format", "vcf3", "-region", "GB");
  await mkdir(root + ".build/screens", { recursive: true });
  // Somebody to be found.
  const context = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(context, server.base + "find.html");
  await allow(page);
  await register(page, server, { number: "+442079460400", handle: "bob.example" }, ["discoverable"]);
  await context.close();
  axe = await readFile(root + "tests/node_modules/axe-core/axe.min.js", "utf8");
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

/** Puts a page into the state in which it shows most. */
const fill = {
  "index.html": async (page) => {
    await page.setInputFiles("#file", { name: "contacts.vcf", mimeType: "text/vcard", buffer: Buffer.from(contacts) });
    await page.locator("#rows button").first().click();
    await page.locator("#detail .digest").first().waitFor();
    await page.fill("#digest", (await page.locator("#detail .digest-text code").first().innerText()).toUpperCase());
    await page.locator("#found .match").waitFor();
    if (page.viewportSize?.().width === 1280) { // Playwright's
      const tallest = await page.locator("#rows tr").evaluateAll((rows) => Math.max(...rows.map((row) => row.getBoundingClientRect().height)));
      assert.ok(tallest > 20 && tallest < 90, `the reason why a number is not valid makes its row no taller than three lines: ${tallest}`);
    }
  },
  "find.html": async (page, picture) => {
    await page.setInputFiles("#file", { name: "contacts.csv", mimeType: "text/csv", buffer: Buffer.from(`Name,Phone\nBob Birch,020 7946 0400\n王小明,+1 202-555-0143\nCarol Crane,0113 496 0111\n`) });
    await page.locator("#compare-three").waitFor();
    await picture("-compare");
    await allow(page);
    await picture("-terms");
    await page.locator("#seek-start").hover();
    const [pointed, other] = await page.locator("#seek-start:disabled:hover, #held-show:disabled").evaluateAll((all) => all.map((e) => getComputedStyle(e).color));
    assert.equal(pointed, other, "a button that is off can be read under the pointer");
    await register(page, server, { number: `+44207946${String(500 + visitors++).padStart(4, "0")}`, handle: "alice.example" });
    assert.equal((await found(page)).length, 1);
    await page.click("#held-show");
    await page.locator("#held-facts dl").waitFor();
    await page.click("#withdraw");
    await page.locator("#sure").waitFor();
  },
  "audit.html": async (page) => {
    await page.click("#captures-sample");
    await until(() => page.locator("#read-sum").isVisible(), "the example's numbers");
    await page.click("#look");
    await page.locator("#rows button").first().click();
    await page.locator("#detail .context").waitFor();
  },
  "safety.html": async (page) => {
    await until(() => page.inputValue("#digest"), "a digest");
    await page.selectOption("#region", "FK");
    await until(async () => /^\+500/.test(await page.inputValue("#number")) && await page.inputValue("#digest"), "a number");
    await page.click("#start");
    await page.locator("#outcome .match").waitFor();
  },
  "columns.html": async (page) => {
    await page.setInputFiles("#file", { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Phone\nAlice,020 7946 0123\n") });
    await page.locator("#run").waitFor();
  },
  "this-page.html": async (page) => {
    await until(() => page.locator("#ways-sum").isVisible(), "the self-test");
    await page.locator("#release-state .chip").waitFor();
  },
};

for (const scheme of ["light", "dark"]) {
  for (const language of ["en", "zh-Hans"]) {
    test(`axe finds nothing, ${scheme}, ${language}`, async () => {
      await Promise.all([1280, 390].map(async (width) => {
        const context = await browser.newContext({ colorScheme: scheme, locale: "en-GB", viewport: { width, height: 800 }, reducedMotion: "reduce" });
        assert.ok(Object.keys(fill).every((path) => site.pages.includes(path)));
        for (const path of site.pages) {
          const ready = fill[path] ?? (() => {});
          const { page, faults } = await open(context, `${server.base}${path}#lang=${language}&region=GB`);
          assert.equal(await page.evaluate(() => document.documentElement.lang), language);
          const picture = (state) => page.screenshot({ path: `${root}.build/screens/${path.replace(".html", "")}${state}-${width}-${scheme}-${language}.png`, fullPage: true });
          if (["index.html", "find.html", "audit.html"].includes(path)) await picture("-empty");
          await ready(page, picture);
          await page.evaluate(() => scrollTo(0, 0));
          await picture("");
          for (const summary of await page.locator("details:not([open]) > summary:visible").all()) if (await summary.isVisible()) await summary.click();
          await page.evaluate(() => scrollTo(0, 0)); // from under the head, which stays
          await page.evaluate(axe + ";0");
          const { violations, passes } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`), [], `${path} ${width}`);
          assert.ok(passes.length > 25, `${passes.length} rules`);
          // As narrow as WCAG 1.4.10 asks for, too.
          for (const narrow of width === 390 ? [390, 320] : [width]) {
            await page.setViewportSize({ width: narrow, height: 800 });
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.equal(overflow, 0, `${path} is not wider than ${narrow}`);
          }
          assert.deepEqual(faults, []);
          await page.close();
        }
        await context.close();
      }));
    });
  }
}

/** What axe finds. @param {string} state of the page, for the message */
async function findsNothing(page, state) {
  await page.evaluate(new Function(axe));
  const { violations, passes } = await page.evaluate(async () => {
    const result = await window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return { violations: result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`), passes: result.passes.length };
  });
  assert.deepEqual(violations, [], state);
  assert.ok(passes > 10, `${passes} rules, ${state}`);
}

// The other engines compute styles and names of their own: each page once, in the
// state in which it shows most, one of them in the dark, one in Chinese.
for (const [engine, dark, language] of [["firefox", false, "zh-Hans"], ["webkit", true, "en"]]) {
  test(`axe finds nothing in ${engine}`, async () => {
    const other = await launch(engine, { dark });
    try {
      const context = await other.newContext({ locale: "en-GB" });
      for (const path of site.pages) {
        const { page, faults } = await open(context, `${server.base}${path}#lang=${language}&region=GB`);
        if (path === "find.html") await allow(page);
        else await fill[path]?.(page);
        await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; scrollTo(0, 0); }); // from under the head, which stays
        await findsNothing(page, `${path} in ${engine}`);
        for (const width of engine === "webkit" ? [390] : [390, 320]) {
          await page.setViewportSize({ width, height: 800 });
          // WebKit's window is 447 wide at least.
          await until(() => page.evaluate((most) => innerWidth <= most && document.documentElement.scrollWidth <= document.documentElement.clientWidth, engine === "webkit" ? 447 : width), `${path} to be no wider than ${width}`, 20);
        }
        assert.deepEqual(faults, []);
        await page.close();
      }
      await context.close();
    } finally {
      await other.close();
    }
  });
}

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing while a page loads, reads, fails, is dropped on, or raises the alarm, ${scheme}`, async () => {
    const context = await browser.newContext({ colorScheme: scheme, locale: "en-GB", viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    // Modules that do not come: loading, then the watchdog's message.
    const loading = await context.newPage();
    await loading.route(/\.(wasm|js)$/, () => {});
    await loading.goto(server.base);
    assert.equal(await loading.locator("#seal").getAttribute("data-state"), "loading");
    await findsNothing(loading, "loading");
    await loading.locator(".stuck").waitFor();
    await findsNothing(loading, "stuck");
    await loading.close();

    const { page, faults } = await open(context, server.base + "#region=GB");
    await page.setInputFiles("#file", { name: "photo.jpg", mimeType: "", buffer: Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF\0", "latin1") });
    await page.fill("#digest", "abc");
    await page.locator("#numbers-error").waitFor();
    await page.locator("#digest-error").waitFor();
    assert.equal(await page.locator("#numbers-error[role=alert] ~ #drop, #digest-error[role=alert] ~ .field").count(), 2, "told, and above its field");
    await findsNothing(page, "errors");
    await page.evaluate(() => {
      for (const id of ["reading", "stop"]) document.getElementById(id).hidden = false;
      document.getElementById("reading-text").textContent = "Reading the file";
    });
    await findsNothing(page, "reading");
    // A file over the window.
    await page.evaluate(() => window.dispatchEvent(new DragEvent("dragenter", { cancelable: true })));
    await page.locator(".drop-veil").waitFor();
    const veil = await page.locator(".drop-veil").boundingBox();
    assert.ok(veil.width > 1240 && veil.height > 760, `the veil covers the window: ${veil.width} × ${veil.height}`);
    await findsNothing(page, "veil");
    await page.evaluate(() => window.dispatchEvent(new DragEvent("dragleave")));
    assert.equal(await page.locator(".drop-veil").isVisible(), false);
    // What the worker of a release tells, see release.test.js.
    await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { alarm: "swap" } })));
    await page.locator(".alarm").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.className), "alarm", "it has the focus");
    await findsNothing(page, "alarm");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("in forced colours the page, the language, the row and the progress can be told", async () => {
  const context = await browser.newContext({ forcedColors: "active", locale: "en-GB", viewport: { width: 1280, height: 800 } });
  const { page } = await open(context, server.base + "#region=GB");
  await page.fill("#typed", "020 7946 0123\n020 7946 0124");
  await page.locator("#rows button").first().click();
  await page.locator("#detail .digest").first().waitFor();
  await page.evaluate(() => { document.getElementById("reading").hidden = false; document.getElementById("reading-bar").value = .5; });
  const line = (selector) => page.locator(selector).first().evaluate((e) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(e);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 ? outlineColor : "";
  });
  // The chosen ones have a line that their like do not have.
  for (const [chosen, other] of [
    ['.top nav a[aria-current="page"]', ".top nav a:not([aria-current])"],
    ['.language button[aria-pressed="true"]', '.language button[aria-pressed="false"]'],
    ["#rows tr[data-chosen]", "#rows tr:not([data-chosen])"],
  ]) {
    assert.notEqual(await line(chosen), "", chosen);
    assert.equal(await line(other), "", other);
  }
  const bar = page.locator("#reading-bar");
  await bar.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await bar.boundingBox();
  const colours = (/** @type {number} */ share) => page.screenshot({ clip: { x: x + share * width, y: y + height / 4, width: 8, height: height / 2 } });
  await until(async () => !(await colours(.25)).equals(await colours(.75)), "what is done to differ from what is not");
  assert.ok(await bar.evaluate((e) => parseFloat(getComputedStyle(e).borderTopWidth)) >= 1, "and where it ends");
  await findsNothing(page, "forced colours");
  await context.close();
});

test("the language changes in place, and is remembered", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(context, server.base);
  await page.fill("#typed", "020 7946 0123");
  await page.locator("#rows tr").waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  assert.equal(await page.title(), "核对哈希值 · Sealbook");
  assert.equal(await page.inputValue("#typed"), "020 7946 0123", "what was typed stays");
  assert.match(await page.locator("#rows").innerText(), /英国/);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "这个哈希值对应哪个号码？我的联系人会变成什么？");
  // No text of the other language is left, on any page.
  for (const path of site.pages) {
    const { page: other } = await open(context, server.base + path);
    assert.equal(await other.evaluate(() => document.documentElement.lang), "zh-Hans", path);
    const headings = await other.getByRole("heading").allInnerTexts();
    for (const heading of headings.filter((text) => text)) assert.match(heading, /[\u4e00-\u9fff]/, path);
    const labels = await other.locator("label:visible, button:visible, th:visible, dt:visible, summary:visible").allInnerTexts();
    for (const label of labels) {
      assert.match(label, /[\u4e00-\u9fff]|^(|English|E\.164|SHA-256|fetch|sendBeacon|XMLHttpRequest|WebSocket|EventSource|WebTransport|WebRTC|MD5|Base64)$/, `${path}: ${label}`);
    }
    await other.close();
  }
  await context.close();
});

test("without scripts the text can be read", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(server.base + "safety.html");
  assert.match(await page.locator("main").innerText(), /JavaScript[^]*Why a hash does not make a number anonymous/);
  assert.ok(!/[\u4e00-\u9fff]/.test(await page.locator("main").innerText()), "one language");
  await context.close();
});

/** Presses Tab until something has the focus. */
async function tabTo(page, selector) {
  for (let i = 0; i < 120; i++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) {
      const outline = await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle);
      assert.notEqual(outline, "none", `${selector} shows the focus`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`${selector} is not reached by Tab`);
}

test("Verify a hash, by keyboard alone", async () => {
  const context = await browser.newContext({ locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = await open(context, server.base);
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement?.className ?? ""), /skip/, "the first stop skips the head");
  await page.keyboard.press("Enter");
  await tabTo(page, "#region");
  await page.keyboard.type("United Ki");
  await tabTo(page, "#typed");
  await page.keyboard.type("07700 900123\n020 7946 0123");
  await until(async () => await page.locator("#rows tr").count() === 2, "two rows");
  await tabTo(page, '#columns button[data-column="e164"]');
  await page.keyboard.press("Enter");
  await until(async () => /\+442079460123/.test(await page.locator("#rows tr").first().innerText()), "the order");
  await tabTo(page, "#rows tr:first-child button");
  await page.keyboard.press("Enter");
  await until(async () => await page.evaluate(() => document.activeElement?.id) === "detail", "the focus to move to the digests");
  await tabTo(page, "#detail .digest-text button");
  await page.keyboard.press("Enter");
  const digest = await page.locator("#detail .digest-text code").first().innerText();
  assert.equal(await until(() => page.evaluate(() => navigator.clipboard.readText()), "the clipboard"), digest);
  assert.equal(await page.locator("#spoken").innerText(), "Copied", "and it is said");
  await page.keyboard.press("Control+Home");
  await page.evaluate(() => document.getElementById("main")?.focus());
  await tabTo(page, "#digest");
  await page.keyboard.type(digest);
  await until(async () => /\+442079460123/.test(await page.locator("#found").innerText()), "the match");
  await context.close();
});

test("Find contacts, by keyboard alone", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page, faults } = await open(context, server.base + "find.html");
  const shown = (selector, pattern) => until(async () => pattern.test(await page.locator(selector).innerText()), `${selector} to say ${pattern}`, 30);
  await tabTo(page, "#typed");
  await page.keyboard.type("020 7946 0400");
  await shown("#compare-lead", /Numbers: 1\./);
  await tabTo(page, "#blinded-save");
  await tabTo(page, "#yes");
  await page.keyboard.press("Enter");
  await until(() => page.locator("#join").isVisible(), "the terms");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "join", "the focus goes on to what comes next");
  await tabTo(page, "#own-region");
  await page.keyboard.type("United Ki");
  await tabTo(page, "#own-number");
  await page.keyboard.type("020 7946 0450");
  await tabTo(page, "#scope-search");
  await page.keyboard.press("Space");
  await tabTo(page, "#send");
  await page.keyboard.press("Enter");
  await until(async () => await page.evaluate(() => document.activeElement?.id) === "code", "the focus to be on the code");
  const [, registration] = (await page.locator("#code-hint").innerText()).match(/\b([0-9a-f]{8})…/);
  await page.keyboard.type(await server.code(registration));
  await page.keyboard.press("Enter");
  await shown("#joined-sum", /\+442079460450/);
  await tabTo(page, "#seek-start");
  await page.keyboard.press("Enter");
  await shown("#seek-found", /Bob|bob\.example/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "seek-start", "the focus is back");
  await tabTo(page, "#withdraw");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "sure-yes", "the question has the focus");
  await page.keyboard.press("Enter");
  await shown("#held-facts", /Withdrawn/);
  await tabTo(page, "#withdrawal-save");
  assert.deepEqual(faults, []);
  await context.close();
});

test("How safe is a hash, by keyboard alone", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(context, server.base + "safety.html");
  await until(() => page.inputValue("#digest"), "a digest");
  await tabTo(page, "#region");
  await page.keyboard.type("Niue");
  await page.keyboard.press("Tab");
  await until(async () => /^\+683/.test(await page.inputValue("#number")), "a number of Niue");
  await pause(300);
  await tabTo(page, "#start");
  await page.keyboard.press("Enter");
  await page.locator("#outcome .big").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "start", "the focus is back");
  await context.close();
});
