// The same, in a worker of the page's own.

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => console.log(`results ${JSON.stringify(data)}`);
worker.onerror = ({ message }) => console.log(`results ${JSON.stringify({ worker: message })}`);
