// A worker of workers.js: loads the core from the module it is sent, then
// answers pieces of work one after another. A piece takes some milliseconds,
// so that a cancelled call ends with the piece under way.
//
// The host sends {id, op, …}; the answer is {id, value} or {id, error: {name,
// code, message}}. Nothing else passes.

import { loadBlind } from "./blind.js";
import { InputError, LoadError, RecipeError, load } from "./index.js";

/** @typedef {import("./index.js").Sealbook} Sealbook */
/** @typedef {{ id: number } & ({ op: "load", module: WebAssembly.Module, blind?: WebAssembly.Module } | Rows | Search)} Request */
/** @typedef {{ op: "rows", items: import("./index.js").Item[], first: number, region?: string, recipes: import("./index.js").RecipeLike[] }} Rows */
/** @typedef {{ op: "search", digest: string, recipe: import("./index.js").RecipeLike, region: string, from: bigint, count: number }} Search */
/** @typedef {{ name: string, code: string, message: string }} PlainError */

/** @type {Promise<Sealbook>} */
let loading = Promise.reject(new LoadError("CHECK", "the worker was sent no module"));
loading.catch(() => {});

/** The module of searches, if one was sent. @type {WebAssembly.Module | undefined} */
let blind;

/** The searcher of the search under way. @type {{ key: string, searcher: import("./blind.js").Searcher } | undefined} */
let current;

globalThis.onmessage = async (/** @type {MessageEvent<Request>} */ { data }) => {
  const { id } = data;
  try {
    if (data.op === "load") {
      loading = load({ wasm: data.module });
      ({ blind } = data);
    }
    const sealbook = await loading;
    const value = data.op === "load" ? null : data.op === "rows" ? await rows(sealbook, data) : await search(data);
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, error: plain(error) });
  }
};

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
  if (current?.key !== key) current = { key, searcher: (await loadBlind(blind && { wasm: blind })).searcher(digest, recipe, region) };
  return { found: current.searcher.run(from, count), size: current.searcher.size };
}

/**
 * @param {unknown} error
 * @returns {PlainError}
 */
function plain(error) {
  if (error instanceof RecipeError || error instanceof InputError || error instanceof LoadError) {
    return { name: error.name, code: error.code, message: error.message };
  }
  return { name: "SealbookError", code: "WORKER", message: "a worker failed" };
}
