// Watches the memory of the worker's isolate through workerd's inspector, which
// tells of V8's heap and of the buffers that lie outside of it; not of the memories
// of WebAssembly, which say themselves how large they are.
//
//   node tests/bench/load/heap.mjs WS-URL
//
// For each line of its input it prints the most that there was since the last, in
// bytes, and begins anew.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../package.json", import.meta.url));
const WebSocket = require("ws");

/** Between two looks, in milliseconds. */
const LOOK = 25;

const socket = new WebSocket(process.argv[2]);
let most = 0;
/** Waits for the first look since a line. */
let asked = false;
const tell = () => {
  console.log(most);
  most = 0;
  asked = false;
};
socket.on("message", (text) => {
  const { result } = JSON.parse(String(text));
  if (result?.totalSize === undefined) return;
  most = Math.max(most, result.totalSize + result.backingStorageSize);
  if (asked) tell();
  setTimeout(look, LOOK);
});
const look = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
socket.on("open", look);
socket.on("error", (error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
createInterface({ input: process.stdin }).on("line", () => {
  if (most > 0) tell();
  else asked = true;
}).on("close", () => process.exit(0));
