// Runs in the folder where the package is installed: node node.js SUITE < data

import * as sealbook from "sealbook";

const { suite } = await import(process.argv[2]);
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
const counts = await suite(sealbook, await sealbook.load(), JSON.parse(text));
console.log(JSON.stringify(counts));
