/**
 * The core in module workers, or in threads of Node: a page stays quick while every core of the
 * machine computes. Nothing but `new Worker(url, { type: "module" })` is
 * needed, so that a policy of `worker-src 'self'; script-src 'self'
 * 'wasm-unsafe-eval'` allows it.
 *
 * ```js
 * import { compile } from "sealbook";
 * import { Pool } from "sealbook/workers";
 * const pool = new Pool(await compile());
 * const { found, tried } = await pool.search(digest, "meta-capi", "GB", { signal, onProgress });
 * pool.close();
 * ```
 */

import type { AbortSignal, WasmModule, Worker } from "./platform.js";
import type { BatchOptions, Item, Possibility, NumberErrorCode, NumberType, Progress, RecipeLike, RegionLike } from "./index.js";

/** A row as it comes out of a worker: data alone, without methods. */
export interface PlainRow {
  /** Position among the items, from 0. */
  readonly index: number;
  /** null: a number was read. REGION: the item's own region is none. */
  readonly error: NumberErrorCode | "REGION" | null;
  /** "+" and at most 20 digits. */
  readonly e164: string | null;
  /** Country calling code, 1–999. */
  readonly callingCode: number | null;
  /** Digits of the extension, "" without one. */
  readonly extension: string | null;
  /** The number's own region, "001" for those without geography. */
  readonly region: string | null;
  /** What kind of line it is. */
  readonly type: NumberType | null;
  /** It lies in a range that its region has given out. */
  readonly valid: boolean;
  /** Its length is right, if only for local dialling. */
  readonly possible: boolean;
  /** Whether its length is right, and what is wrong with it. */
  readonly possibility: Possibility | null;
  /** A digest for each of the recipes, null where there is none. */
  readonly digests: readonly (string | null)[];
}

export interface RowsOptions extends Pick<BatchOptions, "region" | "recipes" | "signal" | "onProgress" | "validOnly"> {
  /** Called with each piece as it is ready, pieces in any order. */
  onRows?: (rows: PlainRow[]) => void;
}

export interface SearchProgress {
  /** Numbers tried. */
  readonly tried: bigint;
  /** Numbers there are. */
  readonly size: bigint;
  /** Numbers tried in a second by all workers, over about the last second. */
  readonly perSecond: number;
  /** Seconds that trying all the rest takes at this pace. */
  readonly secondsLeft: number;
}

export interface SearchOptions {
  /** Ends the search with its reason. */
  signal?: AbortSignal;
  /** About ten times a second, and once at the end. */
  onProgress?: (progress: SearchProgress) => void;
}

export interface SearchResult {
  /** The number that has the digest, E.164; null: none of the region's mobile numbers. */
  readonly found: string | null;
  /** Numbers tried. */
  readonly tried: bigint;
  /** Numbers there are. */
  readonly size: bigint;
  /** How long it took. */
  readonly seconds: number;
}

export interface PoolOptions {
  /** The compiled blind.wasm, for searches; by default it is loaded for the first. */
  blind?: WasmModule;
  /** How many workers, 1–64; by default one for each core of the machine. They start when first needed. */
  workers?: number;
  /**
   * Makes a worker that runs this package's worker.js ("sealbook/worker.js").
   * By default a Worker, or a thread in Node, of the file beside this one; where
   * a bundler lost it, of a text, which a policy may refuse.
   */
  worker?: () => Worker;
}

/**
 * Workers that share one compiled core. A call that is aborted stops within
 * some milliseconds and rejects with the signal's reason; the pool stays good.
 */
export class Pool {
  constructor(module: WasmModule, options?: PoolOptions);
  /** Workers at most. */
  readonly size: number;
  /** One row for each item, in order. @throws {RecipeError} @throws {InputError} @throws {LoadError} */
  rows(items: readonly Item[], options?: RowsOptions): Promise<PlainRow[]>;
  /** Tries all mobile numbers of a region. @throws {RecipeError} @throws {InputError} @throws {LoadError} */
  search<R extends string, G extends string>(digest: string, recipe: RecipeLike<R>, region: RegionLike<G>, options?: SearchOptions): Promise<SearchResult>;
  /** Ends the workers; what is under way rejects with an AbortError. */
  close(): void;
}
