// The newcomer's story again, told by the Cloudflare Worker in workerd.

import { after, before, test } from "node:test";
import { build, launch, serveWorker } from "./harness.js";
import { newcomers } from "./story.js";

let site, server, browser;
before(async () => {
  site = await build();
  server = await serveWorker(site.dir);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await site?.remove();
});

test("two people find each other, and one disappears: worker", () => newcomers(browser, server));
