// The text of worker.js and all that it imports, which gen/publish.mjs writes in
// place of this one: here, the files lie beside each other.

export const workerText = () => {
  throw new TypeError("no text of the worker");
};
