// Lighthouse, as for a phone, on every page of the site as its own server sends
// it: accessibility, best practices and SEO have to be 100, performance at least
// 90 as a median of five. What is below is printed with what took it away.
//
//	./build.sh bench lighthouse [PAGE...]

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { build, serve } from "../../browser/harness.js";

const RUNS = 5;
const WHOLE = ["accessibility", "best-practices", "seo"];
/** Lighthouse asks for robots.txt in the page's own name, which a sealed page does not let it: it would find nothing to judge. */
const SKIPPED = ["robots-txt"];

const site = await build();
const server = await serve(site.dir);
const pages = process.argv.length > 2 ? process.argv.slice(2) : site.pages;
const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * One run, in a browser that has nothing of the site; one that Lighthouse itself did not bring to an end is made again.
 * @param {string} page @param {string[]} categories @param {number} [tries] how often at most
 */
async function look(page, categories, tries = 3) {
  const chrome = await launch({ chromePath: process.env.CHROMIUM || "/usr/bin/chromium", chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"], logLevel: "silent" });
  try {
    const result = await lighthouse(server.base + page, { port: chrome.port, output: "json", logLevel: "silent", onlyCategories: categories, skipAudits: SKIPPED });
    if (!result) throw new Error("no report of " + page);
    const { lhr } = result;
    if (!lhr.runtimeError) return lhr;
    if (tries === 1) throw new Error(`${page}: ${lhr.runtimeError.code}`);
    console.log(`${page}: once more, after ${lhr.runtimeError.code}`);
  } finally {
    await chrome.kill();
  }
  return look(page, categories, tries - 1);
}

let below = 0;
try {
  for (const page of pages) {
    /** @type {number[]} */
    const performance = [];
    let line = "";
    for (let run = 0; run < RUNS; run++) {
      const { categories, audits } = await look(page, run === 0 ? [...WHOLE, "performance"] : ["performance"]);
      performance.push(Math.round(100 * (categories.performance.score ?? 0)));
      if (run > 0) continue;
      for (const name of WHOLE) {
        const { score, auditRefs } = categories[name];
        line += `  ${name} ${Math.round(100 * (score ?? 0))}`;
        for (const { id, weight } of score === 1 ? [] : auditRefs) {
          const { score: own, title, details } = audits[id];
          if (weight > 0 && own !== null && own < 1) line += `\n    ${id}: ${title} ${JSON.stringify(/** @type {any} */ (details)?.items ?? "").slice(0, 600)}`;
        }
        if (score !== 1) below++;
      }
      line += `  (${["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"].map((id) => `${id} ${audits[id].displayValue}`).join(", ")})`;
    }
    if (median(performance) < 90) below++;
    console.log(`${page}: performance ${median(performance)} (${performance.join(", ")})${line}`);
  }
} finally {
  await server.close();
  await site.remove();
}
if (below > 0) process.exitCode = 1;
