// Runs in a module worker that is sent the compiled core.

import * as sealbook from "/sealbook/index.js";
import * as discover from "/sealbook/discovery/discover.js";
import { discovery } from "/discovery.js";
import { files, protocol } from "/protocol.js";
import { suite } from "/suite.js";

onmessage = async ({ data: { module, data } }) => {
  try {
    const byModule = await sealbook.load({ wasm: module });
    const own = await sealbook.load();
    if (byModule.sha256 !== null || own.sha256 !== sealbook.published.sha256) throw new Error("SHA-256 of what runs");
    const entries = files.map(async (name) => [name, await import(`/sealbook/discovery/${name}.js`)]);
    const modules = Object.fromEntries(await Promise.all(entries));
    postMessage({ ...await suite(sealbook, byModule, data), ...await protocol(modules, byModule, data.directory), ...await discovery(discover, byModule) });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
