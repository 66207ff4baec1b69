// Runs in workerd and asks a directory elsewhere.

import blindModule from "./sealbook/blind.wasm";
import core from "./sealbook/core.wasm";
import * as sealbook from "./sealbook/index.js";
import { loadBlind } from "./sealbook/blind.js";
import * as discover from "./sealbook/discovery/discover.js";
import { meet } from "./discovery.js";

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      const { url, key, numbers, codes } = /** @type {any} */ (await request.json());
      /** @param {string} registration */
      const code = async (registration) => (await fetch(`${codes}${registration}`)).text();
      return Response.json(await meet(discover, { sealbook: await sealbook.load({ wasm: core }), blind: await loadBlind({ wasm: blindModule }) }, { url, key, numbers, code }));
    } catch (error) {
      return Response.json({ error: String(/** @type {any} */ (error)?.stack ?? error) });
    }
  },
};
