// Reading, checking and matching the tags of a million people, as a sync does
// it; runs in a page and in Node.

/**
 * @param {typeof import("../../wasm/js/discovery/tags.js")} tags
 * @param {typeof import("../../wasm/js/trust/files.js")} files
 * @returns {Promise<Record<string, number>>} milliseconds, the least of fifteen: others use the machine, too
 */
export async function measure({ Tags }, { checkFiles }) {
  const people = 1_000_000;
  const draw = () => Math.floor(Math.random() * 2 ** 40);
  const list = Float64Array.from({ length: people }, draw).sort();
  const file = new Tags({ epoch: 1, bits: 0, bucket: 0, version: 1 }, list).write();
  const contacts = Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? list[i * 7] : draw()));
  const root = new Uint8Array(32);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  const leaf = { files: new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from([0, ...sum, ...root]))) };
  /** @type {Record<string, number[]>} */
  const times = { read: [], check: [], match: [], all: [], write: [] };
  for (let round = 0; round < 15; round++) {
    const begin = performance.now();
    const read = Tags.read(file);
    const checked = performance.now();
    await checkFiles(/** @type {any} */ (leaf), file, root);
    const matched = performance.now();
    let found = 0;
    for (const tag of contacts) {
      const { from, to } = read.find(tag);
      if (from < to) found++;
    }
    const end = performance.now();
    if (found < 100) throw new Error("a contact was not found");
    read.write();
    times.read.push(checked - begin);
    times.check.push(matched - checked);
    times.match.push(end - matched);
    times.all.push(end - begin);
    times.write.push(performance.now() - end);
  }
  const least = (/** @type {number[]} */ all) => Math.round(10 * Math.min(...all)) / 10;
  return { bytes: file.length, ...Object.fromEntries(Object.entries(times).map(([name, all]) => [name, least(all)])) };
}
