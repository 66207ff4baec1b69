// Runs in workerd, which compiles no bytes: the core is a static import.

import blindModule from "./sealbook/blind.wasm";
import core from "./sealbook/core.wasm";
import formatModule from "./sealbook/format.wasm";
import * as sealbook from "./sealbook/index.js";
import * as blind from "./sealbook/blind.js";
import * as discover from "./sealbook/discovery/discover.js";
import { loadFormats } from "./sealbook/format.js";
import { whole } from "./whole.js";

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      const data = await request.json();
      const loaded = await sealbook.load({ wasm: core });
      if (loaded !== (await sealbook.load({ wasm: core }))) throw new Error("two loads of one module");
      const refused = await sealbook.load().then(() => null, (error) => error);
      if (!(refused instanceof sealbook.LoadError) || refused.code !== "FETCH") throw new Error("load without the module");
      return Response.json(await whole({ sealbook, discover, blind }, { sealbook: loaded, blind: await blind.loadBlind({ wasm: blindModule }), formats: await loadFormats({ wasm: formatModule }) }, data, (path) => import(`./sealbook/${path}`)));
    } catch (error) {
      return Response.json({ error: String(error?.stack ?? error) });
    }
  },
};
