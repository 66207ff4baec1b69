// Runs in a page of another origin than the directory's.

import * as sealbook from "/sealbook/index.js";
import { loadBlind } from "/sealbook/blind.js";
import * as discover from "/sealbook/discovery/discover.js";
import { meet } from "/discovery.js";

const { url, key, numbers } = await (await fetch("/server.json")).json();
/** @param {string} registration */
const code = async (registration) => (await fetch(`/code/${registration}`)).text();
const results = await meet(discover, { sealbook: await sealbook.load(), blind: await loadBlind() }, { url, key, numbers, code }).catch((error) => ({ error: String(error?.stack ?? error) }));
console.log(`results ${JSON.stringify(results)}`);
