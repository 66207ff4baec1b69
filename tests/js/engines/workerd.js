// Runs in workerd, which compiles no bytes: the core is a static import.

import core from "./sealbook/core.wasm";
import * as sealbook from "./sealbook/index.js";
import * as discover from "./sealbook/discovery/discover.js";
import { discovery } from "./discovery.js";
import { protocol } from "./protocol.js";
import * as buckets from "./sealbook/discovery/buckets.js";
import * as decoys from "./sealbook/discovery/decoys.js";
import * as derive from "./sealbook/discovery/derive.js";
import * as evaluate from "./sealbook/discovery/evaluate.js";
import * as note from "./sealbook/discovery/note.js";
import * as parameters from "./sealbook/discovery/parameters.js";
import * as receipt from "./sealbook/discovery/receipt.js";
import * as record from "./sealbook/discovery/record.js";
import { suite } from "./suite.js";

const modules = { buckets, decoys, derive, evaluate, note, parameters, receipt, record };

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      const data = await request.json();
      const loaded = await sealbook.load({ wasm: core });
      if (loaded !== (await sealbook.load({ wasm: core }))) throw new Error("two loads of one module");
      const refused = await sealbook.load().then(() => null, (error) => error);
      if (!(refused instanceof sealbook.LoadError) || refused.code !== "FETCH") throw new Error("load without the module");
      return Response.json({ ...await suite(sealbook, loaded, data), ...await protocol(modules, loaded, data.directory), ...await discovery(discover, loaded) });
    } catch (error) {
      return Response.json({ error: String(error?.stack ?? error) });
    }
  },
};
