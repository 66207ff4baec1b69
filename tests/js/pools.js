// What a page puts the worker pool through; see suite.js for the rest.

import { InputError, LoadError, RecipeError } from "/sealbook/index.js";
import { Pool } from "/sealbook/workers.js";

/** A text that types know nothing of. @param {string} text @returns {string} */
const odd = (text) => text;

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Module} blind
 * @param {import("./suite.js").Data} data
 */
export async function pools(module, blind, { expected: { items, recipes, searches } }) {
  const pool = new Pool(module, { workers: 3, blind });
  let rows = 0;

  // Rows: all, in order, whatever the order of the pieces.
  let told = 0;
  let pieces = 0;
  const all = await pool.rows(items, { recipes, onProgress: ({ done }) => (told = done), onRows: (some) => (pieces += some.length) });
  check(all.length === items.length && told === all.length && pieces === all.length, "rows");
  all.forEach((row, i) => {
    const want = items[i];
    check(row.index === i && row.error === want.error && row.e164 === (want.e164 ?? null), "row");
    check((row.extension ?? "") === (want.extension ?? "") && row.region === (want.regionOf ?? null) && row.type === (want.type ?? null), "row's details");
    recipes.forEach((_, r) => check(row.digests[r] === (want.digests?.[r] ?? null), "row's digest"));
    rows++;
  });
  check((await pool.rows([])).length === 0, "no rows");

  // Searches: found wherever it is, by all workers; not found; pace told.
  let found = 0;
  for (const { recipe, region, digest, found: want } of searches) {
    const result = await pool.search(digest, recipe, region);
    check(result.found === want && result.tried > 0n && result.tried <= result.size, "search");
    found++;
  }
  const { region } = searches[4]; // the smallest space
  /** @type {import("../../wasm/js/workers.js").SearchProgress | undefined} */
  let progress;
  const missing = await pool.search("0".repeat(64), "meta-capi", region, { onProgress: (p) => (progress = p) });
  check(missing.found === null && missing.tried === missing.size, "a search through all");
  check(progress !== undefined && progress.tried === missing.size && progress.perSecond > 0 && progress.secondsLeft === 0, "progress of a search");

  // Aborted in the midst: soon, and the pool stays good.
  const stop = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => stop.abort(reason), 50);
  const began = performance.now();
  check((await failure(pool.search("0".repeat(64), "meta-capi", "US", { signal: stop.signal }))) === reason, "an aborted search");
  check(performance.now() - began < 10_000, "an aborted search ends");
  check((await failure(pool.rows(items, { signal: AbortSignal.abort(reason) }))) === reason, "aborted rows");
  check((await pool.rows(["+442079460123"]))[0].e164 === "+442079460123", "rows after an abort");

  // Errors come through with their codes.
  /** @type {[Promise<unknown>, Function, string][]} */
  const refused = [
    [pool.search("00", "meta-capi", "GB"), InputError, "DIGEST"],
    [pool.search("0".repeat(64), "meta-capi", odd("AQ")), InputError, "SPACE"],
    [pool.search("0".repeat(64), odd("no-such"), "GB"), RecipeError, "RECIPE"],
    [pool.rows(["1"], { recipes: ["form=x"] }), RecipeError, "SPEC"],
    [new Pool(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).rows(["1"]), LoadError, "EXPORTS"],
    [new Pool(module, { worker: () => new Worker("/nowhere.js", { type: "module" }) }).rows(["1"]), LoadError, "FETCH"],
  ];
  const errors = refused.map(([promise]) => failure(promise)); // all at once: none may go unheard
  for (const [i, [, type, code]] of refused.entries()) {
    const error = await errors[i];
    check(error instanceof type && /** @type {{ code?: string }} */ (error).code === code, `${code}, got ${error}`);
  }

  // Closed in the midst.
  const closed = failure(pool.search("0".repeat(64), "meta-capi", "US"));
  setTimeout(() => pool.close(), 30);
  check(/** @type {Error} */ (await closed)?.name === "AbortError", "a closed pool");
  check(/** @type {Error} */ (await failure(pool.rows(["1"])))?.name === "AbortError", "rows of a closed pool");
  return { rows, searches: found + 1, refusals: refused.length };
}

/** @param {Promise<unknown>} promise @returns {Promise<unknown>} */
const failure = (promise) => promise.then(() => "nothing thrown", (error) => error);

/** @param {boolean} good @param {string} what */
function check(good, what) {
  if (!good) throw new Error(`pool: ${what}`);
}
