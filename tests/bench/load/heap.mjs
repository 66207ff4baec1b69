// Watches the memory of the worker's isolate through workerd's inspector, which
// tells of V8's heap and of the buffers that lie outside of it; not of the memories
// of WebAssembly, which say themselves how large they are.
//
//   node tests/bench/load/heap.mjs WS-URL
//
// For each line of its input it prints the most that there was since the last, in
// bytes, and begins anew: after a line "live" with what is in use right after a
// collection, which it asks for each time; else with all that V8 has, garbage
// included, for V8 collects late where nobody holds it to a limit.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../package.json", import.meta.url));
const WebSocket = require("ws");

/** Between two looks, in milliseconds; a collection takes some itself. */
const LOOK = 25, LIVE_LOOK = 200;

const socket = new WebSocket(process.argv[2]);
let most = 0;
let live = false;
/** The line that waits for the first look since the last. @type {string | null} */
let asked = null;
/** @param {string} line */
const tell = (line) => {
  console.log(most);
  most = 0;
  asked = null;
  live = line === "live";
};
socket.on("message", (text) => {
  const { result } = JSON.parse(String(text));
  if (result?.totalSize === undefined) return;
  const heap = live ? result.usedSize + result.embedderHeapUsedSize : result.totalSize;
  most = Math.max(most, heap + result.backingStorageSize);
  if (asked !== null) tell(asked);
  setTimeout(look, live ? LIVE_LOOK : LOOK);
});
const look = () => {
  if (live) socket.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" }));
  socket.send(JSON.stringify({ id: 2, method: "Runtime.getHeapUsage" }));
};
socket.on("open", look);
socket.on("error", (error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
createInterface({ input: process.stdin }).on("line", (line) => {
  if (most > 0) tell(line);
  else asked = line;
}).on("close", () => process.exit(0));
