// Runs in the folder where the package is installed: node node.js TESTS < data

import * as sealbook from "./node_modules/sealbook/index.js";
import * as blind from "./node_modules/sealbook/blind.js";
import * as discover from "./node_modules/sealbook/discover.js";
import { loadFormats } from "./node_modules/sealbook/format.js";

const { whole } = await import(`${process.argv[2]}/whole.js`);
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
/** @param {string} path */
const load = (path) => import(new URL(path, import.meta.resolve("sealbook/package.json")).href);
const core = { sealbook: await sealbook.load(), blind: await blind.loadBlind(), formats: await loadFormats() };
console.log(JSON.stringify(await whole({ sealbook, discover, blind }, core, JSON.parse(text), load)));
