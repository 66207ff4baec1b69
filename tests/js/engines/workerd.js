// Runs in workerd, which compiles no bytes: the core is a static import.

import core from "./sealbook/core.wasm";
import * as sealbook from "./sealbook/index.js";
import * as discover from "./sealbook/discovery/discover.js";
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
      return Response.json(await whole(sealbook, discover, loaded, data, (path) => import(`./sealbook/${path}`)));
    } catch (error) {
      return Response.json({ error: String(error?.stack ?? error) });
    }
  },
};
