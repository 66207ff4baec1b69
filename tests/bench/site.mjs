// How fast the site is for a visitor: on slow 4G with a quarter of the
// processor until the first number is read, and with 100,000 lines the longest
// task and the memory of the page and its workers. Medians of five.
//
//	./build.sh bench site

import { readFile, writeFile } from "node:fs/promises";
import { build, launch, open, serve, until } from "../browser/harness.js";

const RUNS = 5;
/** Slow 4G as Lighthouse 12 throttles it: 1.6 Mbit/s, 150 ms there and back, as the browser's own throttle counts it. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 1.6e6 / 8 * 0.9, uploadThroughput: 750e3 / 8 * 0.9 };

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const site = await build();
const server = await serve(site.dir);
const browser = await launch();

/** Seconds from the address to the first number, on a device that has nothing of the site. */
async function firstNumber() {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", SLOW_4G);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const start = performance.now();
  await page.goto(server.base, { waitUntil: "commit" });
  await page.locator("#typed").fill("020 7946 0123");
  await until(async () => /\+442079460123/.test(await page.locator("#rows").innerText().catch(() => "")), "the number", 60);
  const seconds = (performance.now() - start) / 1000;
  await context.close();
  return seconds;
}

/** The page's longest task, in milliseconds, and MB of the page and its workers, with 100,000 lines. */
async function manyLines() {
  const context = await browser.newContext({ locale: "en-GB" });
  const { page } = await open(context, `${server.base}#region=GB`);
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration); }).observe({ type: "longtask" });
  });
  // From the disk: bytes that the driver hands over it would decode within the page.
  const lines = Array.from({ length: 100_000 }, (_, i) => `Person ${i},+4420794${String(60000 + (i % 1000)).padStart(5, "0")}`);
  const file = site.dir + "/../many.csv";
  await writeFile(file, "Name,Phone\n" + lines.join("\n") + "\n");
  await page.setInputFiles("#file", file);
  await until(async () => /100,000/.test(await page.locator("#results-sum").innerText().catch(() => "")), "all lines", 120);
  const longest = await page.evaluate(() => globalThis.longest);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  let memory = 0;
  for (const { id, type } of processInfo) {
    if (type !== "renderer") continue;
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
    memory = Math.max(memory, Number(rollup.match(/^Private_Dirty:\s+(\d+)/m)?.[1] ?? 0) / 1e3);
  }
  await context.close();
  return { longest, memory };
}

try {
  const first = [];
  for (let i = 0; i < RUNS; i++) first.push(await firstNumber());
  console.log(`first number, slow 4G, a quarter of the processor: ${median(first).toFixed(2)} s (${first.map((s) => s.toFixed(2)).join(", ")})`);
  const many = [];
  for (let i = 0; i < RUNS; i++) many.push(await manyLines());
  console.log(`100,000 lines: longest task ${median(many.map(({ longest }) => longest)).toFixed(0)} ms, memory ${median(many.map(({ memory }) => memory)).toFixed(0)} MB (${many.map(({ longest, memory }) => `${longest.toFixed(0)} ms ${memory.toFixed(0)} MB`).join(", ")})`);
} finally {
  await browser.close();
  await server.close();
  await site.remove();
}
