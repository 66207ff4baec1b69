// Runs in a module worker that is sent the compiled core.

import * as sealbook from "/sealbook/index.js";
import * as blind from "/sealbook/blind.js";
import * as discover from "/sealbook/discovery/discover.js";
import { loadFormats } from "/sealbook/format.js";
import { whole } from "/whole.js";

onmessage = async ({ data: { module, data } }) => {
  try {
    const byModule = await sealbook.load({ wasm: module });
    const own = await sealbook.load();
    if (byModule.sha256 !== null || own.sha256 !== sealbook.published.sha256) throw new Error("SHA-256 of what runs");
    postMessage(await whole({ sealbook, discover, blind }, { sealbook: byModule, blind: await blind.loadBlind(), formats: await loadFormats() }, data, (path) => import(`/sealbook/${path}`)));
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
