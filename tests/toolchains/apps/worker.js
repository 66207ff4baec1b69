import { demo } from "./demo.js";

demo().then(postMessage, (error) => postMessage({ worker: String(error) }));
