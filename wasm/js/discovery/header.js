// What the files that a directory publishes begin with, 28 bytes, big-endian:
//
//   magic 0–3, epoch u32, bucket_bits u8, a byte that is k in files of tags and
//   else 0, two zero bytes, bucket u32, version u64, count u32
//
// There is one list for everybody, so bits and bucket are 0; the formats have
// the fields.

import { DirectoryError } from "./problem.js";

export const HEADER = 28;
/** Most people of a list. */
export const MOST = 1 << 24;
const MOST_BITS = 16;

/** @typedef {{ epoch: number, bits: number, bucket: number, version: number, count: number, k: number }} Header */

/**
 * @param {Uint8Array} file
 * @param {string} magic
 * @returns {Header & { view: DataView }}
 * @throws {DirectoryError} TAGS, or RECORD for a file of records
 */
export function readHeader(file, magic) {
  const code = magic === "SBR2" ? "RECORD" : "TAGS";
  needed(file.length >= HEADER && String.fromCharCode(...file.subarray(0, 4)) === magic, code);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [bits, k, bucket, count] = [view.getUint8(8), view.getUint8(9), view.getUint32(12), view.getUint32(24)];
  const version = view.getUint32(16) * 2 ** 32 + view.getUint32(20);
  needed(bits <= MOST_BITS && bucket < 2 ** bits && view.getUint16(10) === 0 && Number.isSafeInteger(version), code);
  // What stands at 24 of a file of changes is no count of people, but has the same limit.
  needed(count <= MOST && (k === 0 || magic === "SBT2"), code);
  return { epoch: view.getUint32(4), bits, bucket, version, count, k, view };
}

/**
 * @param {Pick<Header, "epoch" | "bits" | "bucket" | "version" | "count" | "k">} header
 * @param {string} magic
 * @param {Uint8Array} file that it is written to
 */
export function writeHeader({ epoch, bits, bucket, version, count, k }, magic, file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let i = 0; i < 4; i++) file[i] = magic.charCodeAt(i);
  view.setUint32(4, epoch);
  view.setUint8(8, bits);
  view.setUint8(9, k);
  view.setUint32(12, bucket);
  view.setUint32(16, Math.floor(version / 2 ** 32));
  view.setUint32(20, version % 2 ** 32);
  view.setUint32(24, count);
}

/**
 * Throws unless something that must hold of a file does.
 * @param {unknown} holds
 * @param {"TAGS" | "RECORD"} code
 * @returns {asserts holds}
 */
export function needed(holds, code) {
  if (!holds) throw new DirectoryError(code, `the directory's file of ${code === "TAGS" ? "tags or changes" : "records"} is malformed`);
}
