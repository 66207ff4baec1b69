// What a worker of a Pool runs: pieces of work one after another. A piece takes
// some milliseconds, so that a cancelled call ends with the piece under way.
//
// The host sends {id, op, …}; the answer is {id, value} or {id, error: {name,
// code, message}}. Nothing else passes. It is sent its modules and loads nothing.

import { loadBlind } from "./blind.js";
import { load } from "./index.js";

/** @typedef {import("./index.js").Sealbook} Sealbook */
/** @typedef {{ id: number } & ({ op: "load" | "blind", module: WebAssembly.Module } | Rows | Search)} Request */
/** @typedef {{ op: "rows", items: import("./index.js").Item[], first: number, region?: string, recipes: import("./index.js").RecipeLike[] }} Rows */
/** @typedef {{ op: "search", digest: string, recipe: import("./index.js").RecipeLike, region: string, from: bigint, count: number }} Search */
/** @typedef {{ name: string, code: string, message: string }} PlainError */

/** @type {Promise<Sealbook>} */
let core;
/** @type {Promise<import("./blind.js").Blind>} */
let blind;

/** The searcher of the search under way. @type {{ key: string, searcher: import("./blind.js").Searcher } | undefined} */
let current;

/** @param {Request} request */
async function run(request) {
  switch (request.op) {
    case "load":
      await (core = load({ wasm: request.module }));
      return null;
    case "blind":
      await (blind = loadBlind({ wasm: request.module }));
      return null;
    case "rows":
      return rows(await core, request);
    case "search":
      return search(request);
  }
}

/**
 * @param {Sealbook} sealbook
 * @param {Rows} work
 * @returns {Promise<import("./workers.js").PlainRow[]>}
 */
async function rows(sealbook, { items, first, region, recipes }) {
  /** @type {import("./workers.js").PlainRow[]} */
  const plain = [];
  for await (const some of sealbook.batch(items, { region, recipes })) {
    for (const { index, number, digests } of some) {
      const { error, e164, callingCode, extension, region, type, valid, possible, possibility } = number;
      plain.push({
        index: first + index, error, e164, callingCode, extension, region, type, valid, possible, possibility, digests,
      });
    }
  }
  return plain;
}

/** @param {Search} work */
async function search({ digest, recipe, region, from, count }) {
  const key = JSON.stringify([digest, recipe, region]);
  if (current?.key !== key) current = { key, searcher: (await blind).searcher(digest, recipe, region) };
  return { found: current.searcher.run(from, count), size: current.searcher.size };
}

/**
 * @param {any} error
 * @returns {PlainError}
 */
function plain(error) {
  const known = ["RecipeError", "InputError", "LoadError"].includes(error?.name);
  return known ? { name: error.name, code: error.code, message: error.message } : { name: "SealbookError", code: "WORKER", message: "a worker failed" };
}

/**
 * @param {(answer: unknown) => void} post
 * @returns {(data: Request) => Promise<void>}
 */
const served = (post) => async (data) => {
  try {
    post({ id: data.id, value: await run(data) });
  } catch (error) {
    post({ id: data.id, error: plain(error) });
  }
};

if (typeof postMessage === "function") {
  const serve = served((answer) => postMessage(answer));
  globalThis.onmessage = ({ data }) => serve(data);
} else {
  // Node's threads have a port in place of messages to the global object.
  const threads = "node:worker_threads";
  import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ threads).then(({ parentPort }) => parentPort.on("message", served((answer) => parentPort.postMessage(answer))));
}
