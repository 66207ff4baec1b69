// What a state commits to of its files: SHA-256(0x00 ‖ SHA-256 of the file of
// tags ‖ root over the blocks of records, their header left out).

import { concat, equal, sha256 } from "../bytes.js";
import { leafHash, rootOf } from "./tlog.js";
import { need } from "./trust.js";

/** Bytes of a block of records: 256 of 64 bytes. */
export const BLOCK = 256 * 64;

/**
 * The hashes of the blocks of records.
 * @param {Uint8Array} records
 * @returns {Promise<Uint8Array[]>}
 */
export const blockHashes = (records) =>
  Promise.all(Array.from({ length: Math.ceil(records.length / BLOCK) }, (_, i) => leafHash(records.subarray(BLOCK * i, BLOCK * (i + 1)))));

/** @param {Uint8Array} records */
export const recordsRoot = async (records) => rootOf(await blockHashes(records));

/**
 * Throws unless files are those that a state commits to.
 * @param {import("./state.js").State} state
 * @param {Uint8Array} tags the file
 * @param {Uint8Array} root of the records
 * @throws {import("./trust.js").TrustError} INCLUSION
 */
export async function checkFiles(state, tags, root) {
  need(equal(await sha256(concat(Uint8Array.of(0), await sha256(tags), root)), state.files), "INCLUSION", "files that the state does not commit to");
}

/**
 * Throws unless a block of records has a hash.
 * @param {Uint8Array} records
 * @param {Uint8Array} hash
 * @throws {import("./trust.js").TrustError} FILE
 */
export async function checkBlock(records, hash) {
  need(equal(await leafHash(records), hash), "FILE", "another block of records");
}
