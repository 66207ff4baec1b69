// Runs in a module worker that is sent the compiled core.

import * as sealbook from "/sealbook/index.js";
import { suite } from "/suite.js";

onmessage = async ({ data: { module, data } }) => {
  try {
    const byModule = await sealbook.load({ wasm: module });
    const own = await sealbook.load();
    if (byModule.sha256 !== null || own.sha256 !== sealbook.published.sha256) throw new Error("SHA-256 of what runs");
    postMessage(await suite(sealbook, byModule, data));
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
