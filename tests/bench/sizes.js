// Bytes of files as they would be served.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/**
 * @typedef {{ what: string, of: string, raw: number, gzip: number, brotli: number }} Size
 * @param {string} what
 * @param {string[]} files each compressed alone, as a server does
 * @param {string} [of] the library for phone numbers that they are
 * @returns {Promise<Size>}
 */
async function size(what, files, of = "") {
  const total = { what, of, raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = await readFile(file);
    total.raw += bytes.length;
    total.gzip += gzipSync(bytes, { level: 9 }).length;
    total.brotli += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  }
  return total;
}

/** @param {string} root of the repository */
export async function sizes(root) {
  const own = join(root, "wasm/js");
  const peers = join(root, "tests/node_modules");
  const scripts = ["index", "core", "errors", "handles", "load", "numbers", "pieces", "pin", "recipes", "rows", "sealbook", "spec", "stream"];
  const noble = ["sha2.js", "legacy.js", "_md.js", "_u64.js", "utils.js"].map((name) => join(peers, "@noble/hashes", name));
  return Promise.all([
    size("sealbook: core.wasm", [join(own, "core.wasm")], "sealbook"),
    size("sealbook: scripts of index.js, as they are", scripts.map((name) => join(own, `${name}.js`)), "sealbook"),
    size("sealbook: contacts.wasm (reads contacts)", [join(own, "contacts.wasm")]),
    size("sealbook: auditor.wasm (contacts in captures)", [join(own, "auditor.wasm")]),
    size("google-libphonenumber: dist", [join(peers, "google-libphonenumber/dist/libphonenumber.js")], "google-libphonenumber"),
    size("awesome-phonenumber: lib", [join(peers, "awesome-phonenumber/lib/index.js")], "awesome-phonenumber"),
    ...["min", "mobile", "max"].map((build) => size(`libphonenumber-js/${build}: bundle`, [join(peers, `libphonenumber-js/bundle/libphonenumber-${build}.js`)], `libphonenumber-js/${build}`)),
    size("hash-wasm: sha256, sha512, md5 bundles", ["sha256", "sha512", "md5"].map((name) => join(peers, `hash-wasm/dist/${name}.umd.min.js`))),
    size("@noble/hashes: sha2, legacy and what they need", noble),
  ]);
}
