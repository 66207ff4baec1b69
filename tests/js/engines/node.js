// Runs in the folder where the package is installed: node node.js TESTS < data

import * as sealbook from "sealbook";
import * as discover from "sealbook/discover";

const { whole } = await import(`${process.argv[2]}/whole.js`);
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
/** @param {string} path */
const load = (path) => import(new URL(path, import.meta.resolve("sealbook")).href);
console.log(JSON.stringify(await whole(sealbook, discover, await sealbook.load(), JSON.parse(text), load)));
