/**
 * The core in module workers: a page stays quick while every core of the
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

import type { BatchOptions, Item, Possibility, NumberErrorCode, NumberType, OwnRecipe, Progress, RecipeInfo, RecipeLike } from "./index.js";

/** A row as it comes out of a worker: data alone, without methods. */
export interface PlainRow {
  readonly index: number;
  readonly error: NumberErrorCode | null;
  readonly e164: string | null;
  readonly callingCode: number | null;
  readonly extension: string | null;
  readonly region: string | null;
  readonly type: NumberType | null;
  readonly valid: boolean;
  readonly possible: boolean;
  readonly possibility: Possibility | null;
  readonly digests: readonly (string | null)[];
}

export interface RowsOptions extends Pick<BatchOptions, "region" | "recipes" | "signal" | "onProgress"> {
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
  signal?: AbortSignal;
  /** About ten times a second, and once at the end. */
  onProgress?: (progress: SearchProgress) => void;
}

export interface SearchResult {
  /** The number that has the digest, E.164; null: none of the region's mobile numbers. */
  readonly found: string | null;
  readonly tried: bigint;
  readonly size: bigint;
  readonly seconds: number;
}

export interface PoolOptions {
  /** The compiled blind.wasm, for searches; by default each worker loads it when it first searches. */
  blind?: WebAssembly.Module;
  /** How many workers, 1–64; by default one for each core of the machine. They start when first needed. */
  workers?: number;
  /** Makes a worker that runs this package's worker.js. By default from the file beside this one. */
  worker?: () => Worker;
}

/**
 * Workers that share one compiled core. A call that is aborted stops within
 * some milliseconds and rejects with the signal's reason; the pool stays good.
 */
export class Pool {
  constructor(module: WebAssembly.Module, options?: PoolOptions);
  /** Workers at most. */
  readonly size: number;
  /** One row for each item, in order. @throws {RecipeError} @throws {InputError} @throws {LoadError} */
  rows(items: readonly Item[], options?: RowsOptions): Promise<PlainRow[]>;
  /** Tries all mobile numbers of a region. @throws {RecipeError} @throws {InputError} @throws {LoadError} */
  search(digest: string, recipe: RecipeLike, region: string, options?: SearchOptions): Promise<SearchResult>;
  /** Ends the workers; what is under way rejects with an AbortError. */
  close(): void;
}
