// What a directory publishes, read and refused alike by everybody: all of
// tests/vectors/tags.json and trust.json, in every engine. It knows no engine,
// as suite.js.

/**
 * Files of the package that are not for its users.
 * @typedef {object} Modules
 * @property {typeof import("../../wasm/js/discovery/tags.js")} tags
 * @property {typeof import("../../wasm/js/discovery/changes.js")} changes
 * @property {typeof import("../../wasm/js/discovery/replay.js")} replay
 * @property {typeof import("../../wasm/js/trust/note.js")} note
 * @property {typeof import("../../wasm/js/trust/tlog.js")} tlog
 * @property {typeof import("../../wasm/js/trust/growth.js")} growth
 * @property {typeof import("../../wasm/js/trust/checkpoint.js")} checkpoint
 * @property {typeof import("../../wasm/js/trust/proof.js")} proof
 * @property {typeof import("../../wasm/js/trust/update.js")} update
 * @property {typeof import("../../wasm/js/trust/state.js")} state
 * @property {typeof import("../../wasm/js/trust/files.js")} files
 */

/** Where the modules are in the package. */
export const paths = /** @type {const} */ ({
  tags: "discovery/tags.js", changes: "discovery/changes.js", replay: "discovery/replay.js",
  note: "trust/note.js", tlog: "trust/tlog.js", growth: "trust/growth.js", checkpoint: "trust/checkpoint.js", proof: "trust/proof.js",
  update: "trust/update.js", state: "trust/state.js", files: "trust/files.js",
});

/** How many of each kind the vectors have; a file that lost some is no test. */
const WANT = {
  "files of tags": 29, "refused files of tags": 48,
  "versions": 20, "hours": 3, "accepted changes": 2, "refused changes": 29, "refused hours": 18, "unfit feeds": 17,
  "roots": 15, "inclusions": 14, "consistencies": 13, "tampered proofs": 54, "states": 3, "directory files": 7, "updates": 4,
  "accepted texts": 9, "refused texts": 98,
};

/**
 * @param {Modules} modules
 * @param {any} tagsVectors tags.json
 * @param {any} trustVectors trust.json
 * @returns {Promise<Record<string, number>>}
 */
export async function published(modules, tagsVectors, trustVectors) {
  const maker = new Maker();
  const counts = {
    ...await tagFiles(modules, tagsVectors, maker),
    ...await changeFiles(modules, tagsVectors.changes),
    ...await merkle(modules, trustVectors.merkle),
    ...await directory(modules, trustVectors, maker),
    ...await texts(modules, trustVectors),
  };
  same(counts, WANT, "how many vectors there are");
  return counts;
}

/** @param {string} hex */
const bytes = (hex) => Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {string} text */
const base64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
/** @param {Uint8Array} bytes */
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);

/** @param {unknown} got @param {unknown} want @param {string} what */
function same(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: got ${JSON.stringify(got)?.slice(0, 300)}, want ${JSON.stringify(want)?.slice(0, 300)}`);
}

/** What a call throws, by its code. @param {() => unknown} call */
async function codeOf(call) {
  try {
    await call();
    return "nothing thrown";
  } catch (error) {
    return /** @type {any} */ (error).code ?? String(/** @type {any} */ (error)?.stack ?? error);
  }
}

/** Makes the tags and records of the vectors' rules. */
class Maker {
  /** @type {Promise<number>[]} */
  #tags = [];

  /** @param {number} i */
  tag(i) {
    return this.#tags[i] ??= sha256(utf8(`sealbook tags ${i}`)).then((hash) => parseInt(hex(hash.subarray(0, 5)), 16));
  }

  /** @param {number} i */
  async record(i) {
    const half = await sha256(utf8(`sealbook record ${i}`));
    return Uint8Array.from([...half, ...half]);
  }

  /** @param {any} vector of tags.json, "files" */
  async list({ tags, rule, steps }) {
    if (steps) return Float64Array.from({ length: steps.times }, (_, i) => parseInt(steps.tag, 16) + i * steps.step);
    const all = tags ? tags.map((/** @type {string} */ tag) => parseInt(tag, 16)) : [];
    for (const { first, count } of rule ?? []) {
      // One by one: a worker's stack does not hold them all as arguments.
      for (const tag of await Promise.all(Array.from({ length: count }, (_, i) => this.tag(first + i)))) all.push(tag);
    }
    return Float64Array.from(all).sort();
  }
}

/** @param {Modules} modules @param {any} vectors @param {Maker} maker */
async function tagFiles({ tags: { Tags, mostBytes } }, { files, refused }, maker) {
  // One of 2²⁴ tags needs more memory than workerd has: discover.test.mjs has it.
  const small = files.filter((/** @type {any} */ { count }) => count < 2 ** 24);
  for (const vector of small) {
    const { name, epoch, bucket_bits: bits, bucket, version, count, k, bytes: length, file, sha256: sum } = vector;
    const list = await maker.list(vector);
    const written = new Tags({ epoch, bits, bucket, version }, list).write();
    same([written.length, hex(await sha256(written)), written[9]], [length, sum, k], name);
    if (file !== undefined) same(hex(written), file, name);
    same(written.length <= mostBytes(count), true, `${name}: no longer than the limit`);
    const read = Tags.read(written);
    same([read.epoch, read.bits, read.bucket, read.version, read.count], [epoch, bits, bucket, version, count], name);
    same(read.list.every((tag, i) => tag === list[i]), true, `${name}: its tags`);
    if (count > 0) {
      const middle = list[count >> 1];
      same([read.find(middle)], [{ from: list.indexOf(middle), to: list.lastIndexOf(middle) + 1 }], `${name}: positions`);
    }
  }
  for (const { name, file } of refused) same(await codeOf(() => Tags.read(bytes(file))), "TAGS", name);
  return { "files of tags": small.length, "refused files of tags": refused.length };
}

/** @param {any} list */
const entries = (list) => list.map((/** @type {any} */ { tag, hash }) => [tag.toString(16).padStart(10, "0"), hex(hash)]);

/** @param {Modules} modules @param {any} vectors */
async function changeFiles({ tags: { Tags }, changes: { readChanges, readHour }, replay: { Replay, START } }, { versions, hours, accepted, refused, refused_hours: refusedHours, unfit }) {
  /** @param {number} i */
  const record = async (i) => {
    const half = await sha256(utf8(`sealbook record ${i}`));
    return Uint8Array.from([...half, ...half]);
  };
  /** @param {number} epoch @param {number} version */
  const nobody = (epoch, version) => new Tags({ epoch, bits: 0, bucket: 0, version }, new Float64Array(0));
  /** What is there after each version. @type {Map<number, { tags: InstanceType<typeof Tags>, chain: Uint8Array }>} */
  const after = new Map();
  let replay = new Replay(nobody(versions[0].epoch, versions[0].version - 1), START);
  for (const v of versions) {
    if (v.epoch !== replay.from.epoch) replay = new Replay(nobody(v.epoch, v.version - 1), START);
    const file = bytes(v.file);
    same(hex(await sha256(file)), v.sha256, v.name);
    const changes = readChanges(file);
    same([changes.version, changes.removed.map((tag) => tag.toString(16).padStart(10, "0"))], [v.version, v.removed], v.name);
    for (const kind of /** @type {const} */ (["added", "changed"])) {
      const want = await Promise.all(v[kind].map(async (/** @type {any} */ { tag, record: i }) => [tag, hex((await sha256(await record(i))).subarray(0, 10))]));
      same(entries(changes[kind]).sort(), want.sort(), `${v.name}: ${kind}`);
    }
    await replay.next(changes);
    const tags = replay.tags();
    same([hex(replay.chain), tags.count], [v.chain, v.people], v.name);
    const written = tags.write();
    same([hex(written), hex(await sha256(written))], [v.tags_file, v.tags_sha256], v.name);
    after.set(v.version, { tags, chain: replay.chain });
  }
  for (const { file, first, last, sha256: sum, records, records_sha256: recordsSum } of hours) {
    same(hex(await sha256(bytes(file))), sum, "an hour");
    const hour = readHour(bytes(file));
    same([hour[0].version, hour.at(-1)?.version], [first, last], "an hour");
    same(hex(await sha256(bytes(records))), recordsSum, "an hour's records");
    const known = after.get(first - 1);
    const epoch = versions.find((/** @type {any} */ v) => v.version === first).epoch;
    const again = known !== undefined && known.tags.epoch === epoch ? new Replay(known.tags, known.chain) : new Replay(nobody(epoch, first - 1), START);
    for (const changes of hour) await again.next(changes);
    await again.records(hour, bytes(records));
    same(hex(again.chain), versions.find((/** @type {any} */ v) => v.version === last).chain, "an hour replayed");
  }
  for (const { name, file } of accepted) same(hex(readChanges(bytes(file)).raw), file, name);
  for (const { name, file } of refused) same(await codeOf(() => readChanges(bytes(file))), "TAGS", name);
  for (const { name, file } of refusedHours) same(await codeOf(() => readHour(bytes(file))), "TAGS", name);
  for (const { name, after: version, hour: file, chain, records, tags_sha256: sum, reason } of unfit) {
    const { tags, chain: before } = /** @type {{ tags: InstanceType<typeof Tags>, chain: Uint8Array }} */ (after.get(version));
    const again = new Replay(tags, before);
    const code = await codeOf(async () => {
      const hour = readHour(bytes(file));
      for (const changes of hour) await again.next(changes);
      if (hex(again.chain) !== chain) throw Object.assign(new Error("chain"), { code: "TAGS" });
      if (hex(await sha256(again.tags().write())) !== sum) throw Object.assign(new Error("tags"), { code: "TAGS" });
      await again.records(hour, bytes(records));
    });
    same(code, ["record", "length"].includes(reason) ? "RECORD" : "TAGS", name);
  }
  return { "versions": versions.length, "hours": hours.length, "accepted changes": accepted.length, "refused changes": refused.length, "refused hours": refusedHours.length, "unfit feeds": unfit.length };
}

/** @param {Modules} modules @param {any} vectors */
async function merkle({ tlog: { rootOf, leafHash, included }, growth: { grown } }, { roots, inclusion, consistency, leaf_hash_of_empty: empty }) {
  same(hex(await leafHash(new Uint8Array(0))), hex(base64(empty)), "the leaf of no bytes");
  const leaves = await Promise.all(Array.from({ length: Math.max(...roots.map((/** @type {any} */ { size }) => size)) }, (_, i) => leafHash(utf8(`leaf ${i}`))));
  /** @type {Map<number, Uint8Array>} */
  const known = new Map();
  for (const { size, root } of roots) {
    known.set(size, base64(root));
    if (size <= leaves.length) same(hex(await rootOf(leaves.slice(0, size))), hex(base64(root)), `the root of ${size}`);
  }
  /** @param {number} size */
  const tree = async (size) => ({ size, root: known.get(size) ?? await rootOf(leaves.slice(0, size)) });
  let tampered = 0;
  for (const { index, size, proof } of inclusion) {
    const hashes = proof.map(base64);
    same(await included(hashes, index, leaves[index], await tree(size)), true, `leaf ${index} of ${size}`);
    same(await included([...hashes, leaves[0]], index, leaves[index], await tree(size)), false, "a hash too many");
    if (hashes.length > 0) same(await included(hashes.slice(1), index, leaves[index], await tree(size)), false, "a hash too few");
    same(await included(hashes, size, leaves[index], await tree(size)), false, "beyond the end");
    tampered += 2;
  }
  for (const { old, new: size, proof } of consistency) {
    const hashes = proof.map(base64);
    same(await grown(hashes, await tree(old), await tree(size)), true, `${old} to ${size}`);
    same(await grown([...hashes, leaves[0]], await tree(old), await tree(size)), false, "a hash too many");
    same(await grown(hashes, { size: old, root: leaves[1] }, await tree(size)), false, "another old root");
    tampered += 2;
  }
  return { "roots": roots.length, "inclusions": inclusion.length, "consistencies": consistency.length, "tampered proofs": tampered };
}

/** @param {any} vectors */
const treeOf = ({ size, root }) => ({ size, root: base64(root) });

/** @param {Modules} modules @param {any} vectors @param {Maker} maker */
async function directory({ tags: { Tags, tagAt }, state: { readState, follows, fresh }, files, note: { Verifier }, update: { openUpdate } }, { keys, directory: d }, maker) {
  const states = d.states.map(readState);
  states.slice(1).forEach((/** @type {any} */ state, /** @type {number} */ i) => follows(state, states[i]));
  for (const state of states) same(fresh(state, state.time), undefined, "a fresh state");
  for (const f of d.files) {
    same(f.tags_file_hex === undefined ? null : hex(await sha256(bytes(f.tags_file_hex))), f.tags_file_hex === undefined ? null : f.tags_file_sha256, f.name);
    const list = f.version === 9 ? [301] : Array.from({ length: f.people }, (_, i) => (f.version === 8 && i === 300 ? 301 : i));
    const people = await Promise.all(list.map(async (i) => ({ tag: await maker.tag(i), record: await maker.record(i) })));
    people.sort((a, b) => a.tag - b.tag);
    const tags = new Tags({ epoch: f.epoch, bits: 0, bucket: 0, version: f.version }, Float64Array.from(people, ({ tag }) => tag)).write();
    const records = Uint8Array.from(people.flatMap(({ record }) => [...record]));
    same([tags.length, hex(await sha256(tags))], [f.tags_file_bytes, f.tags_file_sha256], f.name);
    same(hex(await sha256(Uint8Array.from([...bytes(f.records_head_hex), ...records]))), f.records_file_sha256, f.name);
    const hashes = await files.blockHashes(records);
    same(hashes.map(hex), f.block_hashes.map((/** @type {string} */ hash) => hex(base64(hash))), `${f.name}: blocks`);
    const root = await files.recordsRoot(records);
    same(hex(root), hex(base64(f.records_root)), `${f.name}: the root of the records`);
    await files.checkFiles(/** @type {any} */ ({ files: base64(f.files) }), tags, root);
    if (f.people === 300) {
      const read = Tags.read(tags);
      for (const [tag, there] of [[d.present_tag, true], [d.absent_tag, false]]) {
        const { from, to } = read.find(tagAt(bytes(tag)));
        same(to > from, there, `a tag of ${f.name}`);
      }
    }
  }
  const log = await Verifier.read(keys.directory_log.vkey);
  const none = { size: 0, root: new Uint8Array(0) };
  const updates = /** @type {[string, { size: number, root: Uint8Array }, number, number][]} */ ([["update_from_0", none, 2, 1], ["update_from_1", treeOf(d.tree_1), 2, 1], ["update_from_2", treeOf(d.tree_2), 2, 1], ["update_from_2_to_3", treeOf(d.tree_2), 3, 2]]);
  for (const [name, known, size, leaf] of updates) {
    const opened = await openUpdate(d[name], known, log);
    same([opened.tree.size, opened.state.text], [size, d.states[leaf]], name);
    same(hex(opened.tree.root), hex(base64(d[`tree_${size}`].root)), name);
  }
  return { "states": states.length, "directory files": d.files.length, "updates": updates.length };
}

/** @param {Modules} modules @param {any} vectors */
async function texts({ tags: { Tags }, note: { Verifier }, checkpoint: { openCheckpoint }, growth: { follow }, proof: { readProof, openProof }, state: { readState, follows, fresh }, files, update: { openUpdate } }, { keys, directory: d, release, accepted, refused }) {
  const log = await Verifier.read(keys.log.vkey);
  const directoryLog = await Verifier.read(keys.directory_log.vkey);
  const witnesses = { keys: await Promise.all([keys.witness_one, keys.witness_two].map(({ vkey }) => Verifier.read(vkey))), quorum: 2 };
  const root = base64(release.root);
  const last = readState(d.states[1]);
  /** @param {number} name */
  const fileOf = (name) => d.files[name];
  /** @type {Record<string, (vector: any) => unknown>} */
  const kinds = {
    checkpoint: ({ input }) => openCheckpoint(input, log),
    checkpoint_two_witnesses: ({ input }) => openCheckpoint(input, log, witnesses),
    checkpoint_after_3: async ({ input }) => follow(await openCheckpoint(input, log), { size: 3, root }, []),
    proof: ({ input }) => openProof(readProof(input), log),
    update_from_1: ({ input }) => openUpdate(input, treeOf(d.tree_1), directoryLog),
    update_from_2: ({ input }) => openUpdate(input, treeOf(d.tree_2), directoryLog),
    state: ({ input }) => readState(input),
    state_after_2: ({ input }) => follows(readState(input), last),
    state_now: ({ input, now }) => fresh(readState(input), Date.parse(now)),
    block: ({ input, of }) => files.checkBlock(bytes(input), base64(fileOf(of).block_hashes[0])),
    tags: async ({ input, of }) => {
      const { epoch, version, files: want, records_root: records } = fileOf(of);
      const file = bytes(input);
      const read = Tags.read(file);
      // What the answer must be of is the client's to compare; see sync.js.
      if (read.epoch !== epoch || read.version !== version || read.bits !== 0) throw Object.assign(new Error("of another state"), { code: "TAGS" });
      await files.checkFiles(/** @type {any} */ ({ files: base64(want) }), file, base64(records));
    },
  };
  same(await openCheckpoint(release.checkpoint, log), { size: 3, root }, "a checkpoint");
  same(await openCheckpoint(release.checkpoint_cosigned_by_two, log, witnesses), { size: 3, root }, "a checkpoint with two witnesses");
  same((await openProof(readProof(release.tlog_proof), log)).size, 3, "a proof");
  for (const vector of accepted) same(await codeOf(() => kinds[vector.kind](vector)), "nothing thrown", `${vector.kind}: ${vector.name}`);
  for (const vector of refused) {
    // Files of tags have the client's own code for their form.
    const want = vector.kind === "tags" && vector.code === "FORMAT" ? "TAGS" : vector.code;
    same(await codeOf(() => kinds[vector.kind](vector)), want, `${vector.kind}: ${vector.name}`);
  }
  return { "accepted texts": accepted.length, "refused texts": refused.length };
}
