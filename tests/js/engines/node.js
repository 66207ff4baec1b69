// Runs in the folder where the package is installed: node node.js TESTS < data

import * as sealbook from "sealbook";
import * as discover from "sealbook/discover";

const { suite } = await import(`${process.argv[2]}/suite.js`);
const { discovery } = await import(`${process.argv[2]}/discovery.js`);
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
const { files, protocol } = await import(`${process.argv[2]}/protocol.js`);
const entries = files.map(async (name) => [name, await import(new URL(`discovery/${name}.js`, import.meta.resolve("sealbook")).href)]);
const modules = Object.fromEntries(await Promise.all(entries));
const core = await sealbook.load();
const data = JSON.parse(text);
console.log(JSON.stringify({ ...await suite(sealbook, core, data), ...await protocol(modules, core, data.directory), ...await discovery(discover, core) }));
