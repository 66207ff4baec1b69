/**
 * Blinding, and the search for the number that gave a digest, in a module of
 * their own (blind.wasm): whoever only parses and hashes does not load it. It
 * imports nothing, as the core does.
 *
 * ```js
 * import { loadBlind } from "sealbook/blind";
 * const blind = await loadBlind();
 * const searcher = blind.searcher(digest, "meta-capi", "GB");
 * for (let from = 0n; from < searcher.size; from += 100_000n) {
 *   const number = searcher.run(from, 100_000);               // E.164, or null
 * }
 * ```
 */

import type { WasmModule } from "./platform.js";
import type { LoadOptions, RecipeLike, RegionLike } from "./index.js";
import type { Oprf } from "./oprf.js";
export { OprfError } from "./oprf.js";
export type { Oprf, OprfClient, OprfErrorCode, OprfInput, OprfMode, OprfServer } from "./oprf.js";

/** Loads blind.wasm; the same options and errors as `load`. @throws {LoadError} */
export function loadBlind(options?: LoadOptions): Promise<Blind>;

/** A loaded blind.wasm. Methods answer at once. */
export interface Blind {
  /** The oblivious pseudorandom function of RFC 9497: what is looked up stays with who looks it up. */
  readonly oprf: Oprf;
  /** @throws {RecipeError} @throws {InputError} with code DIGEST, REGION or SPACE */
  searcher<R extends string, G extends string>(digest: string, recipe: RecipeLike<R>, region: RegionLike<G>): Searcher;
  /** SHA-256 of the bytes that run, hexadecimal; null if a WebAssembly.Module was given or no SubtleCrypto is at hand. */
  readonly sha256: string | null;
  /** The compiled module, to post to workers. */
  readonly module: WasmModule;
  /** Bytes of memory that it holds; they never grow. */
  readonly memoryBytes: number;
}

/** Which of a region's valid mobile numbers has a digest, by trying them all. */
export interface Searcher {
  /** How many numbers there are. */
  readonly size: bigint;
  /**
   * Tries `count` numbers (0–2³¹-1) from the one numbered `from`; returns the
   * one that has the digest as E.164, or null. It does not return earlier, so
   * keep count near 100,000 where something else must run too.
   */
  run(from: bigint | number, count: number): string | null;
}
