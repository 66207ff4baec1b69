// What the client and the directory must compute alike: the vectors of
// tests/vectors/directory.json, in every engine. It knows no engine, as suite.js.

/**
 * Files of the package that are not for its users.
 * @typedef {object} Modules
 * @property {typeof import("../../wasm/js/discovery/buckets.js")} buckets
 * @property {typeof import("../../wasm/js/discovery/decoys.js")} decoys
 * @property {typeof import("../../wasm/js/discovery/derive.js")} derive
 * @property {typeof import("../../wasm/js/discovery/evaluate.js")} evaluate
 * @property {typeof import("../../wasm/js/discovery/note.js")} note
 * @property {typeof import("../../wasm/js/discovery/parameters.js")} parameters
 * @property {typeof import("../../wasm/js/discovery/receipt.js")} receipt
 * @property {typeof import("../../wasm/js/discovery/record.js")} record
 *
 * @typedef {any} Vectors
 */

export const files = /** @type {const} */ (["buckets", "decoys", "derive", "evaluate", "note", "parameters", "receipt", "record"]);

/**
 * @param {Modules} modules
 * @param {import("sealbook").Sealbook} core
 * @param {Vectors} vectors
 * @returns {Promise<Record<string, number>>}
 */
export async function protocol(modules, core, vectors) {
  return {
    "derivations": await derivations(modules, core, vectors),
    "records": await records(modules, vectors),
    "bucket files": bucketFiles(modules, vectors),
    "deltas": deltas(modules, vectors),
    "plans and decoys": await choices(modules, vectors),
    "notes": await notes(modules, vectors),
    "alterations": await alterations(modules, vectors),
  };
}

/** @param {string} hex */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {unknown} got @param {unknown} want @param {string} what */
function same(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

/** @param {() => unknown} call @param {readonly string[]} codes @param {string} what */
async function refuses(call, codes, what) {
  let code = "nothing thrown";
  try {
    await call();
  } catch (error) {
    code = /** @type {any} */ (error).code ?? String(error);
  }
  if (!codes.includes(code)) throw new Error(`${what}: ${code}`);
}

/** @param {Modules} modules @param {import("sealbook").Sealbook} core @param {Vectors} vectors */
async function derivations({ derive }, core, { keys, derivations }) {
  for (const { epoch, private: key, public: shown } of keys.epochs) {
    const server = core.oprf.server(bytes(key));
    same(hex(server.publicKey), shown, `public key of epoch ${epoch}`);
    for (const d of derivations.filter((/** @type {any} */ d) => d.epoch === epoch)) same(hex(server.output(d.number)), d.y, "y");
  }
  for (const { number, epoch, y, tag, account, record_key: recordKey, buckets } of derivations) {
    same(hex(await derive.tagOf(bytes(y), epoch)), tag, "tag");
    same(hex(await derive.accountOf(bytes(y), epoch)), account, "account");
    same(hex(await derive.recordKeyOf(bytes(y), epoch)), recordKey, "record key");
    for (const [bits, bucket] of Object.entries(buckets)) same(await derive.bucketOf(number, Number(bits)), bucket, `bucket of ${bits} bits`);
  }
  return derivations.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
async function records({ record }, { records, unopened }) {
  for (const { key, nonce, handle, flags, sealed } of records) {
    same(hex(await record.seal(bytes(key), bytes(handle), flags, bytes(nonce))), sealed, "sealed");
    const opened = await record.open(bytes(key), bytes(sealed));
    same(opened && [hex(opened.handle), opened.flags], [handle, flags], "opened");
  }
  for (const { why, key, sealed } of unopened) same(await record.open(bytes(key), bytes(sealed)), null, why);
  return records.length + unopened.length;
}

/** @param {any} place */
const placeOf = ({ epoch, bucket_bits: bits, bucket }) => ({ epoch, bits, bucket });

/** What the vectors' malformed files would be of. */
const HERE = { epoch: 7, bits: 16, bucket: 0xbeef };

/** @param {Modules} modules @param {Vectors} vectors */
function bucketFiles({ buckets: { Tags, readRecordsHeader } }, { files, refused }) {
  for (const { version, tags, file, ...place } of files.tags) {
    const read = Tags.read(bytes(file), placeOf(place), '"e"');
    same([read.version, read.count, hex(read.bytes), read.etag], [version, tags.length, tags.join(""), '"e"'], "tags");
    for (const tag of tags) {
      const { from, to } = read.find(bytes(tag));
      same([from, to], [tags.indexOf(tag), tags.lastIndexOf(tag) + 1], "positions");
    }
    const { from, to } = read.find(bytes("7f00000000"));
    same(from === to, true, "a tag that is not there");
  }
  for (const { version, records, file, ...place } of files.records) {
    same(readRecordsHeader(bytes(file), placeOf(place)), { version, count: records.length }, "records");
  }
  const tags = Tags.read(bytes(files.tags[1].file), HERE, null);
  for (const { why, kind, file } of refused) {
    const read = { tags: () => Tags.read(bytes(file), HERE, null), records: () => readRecordsHeader(bytes(file), HERE), delta: () => tags.apply(bytes(file)) }[/** @type {"tags"} */ (kind)];
    let code = "nothing thrown";
    try {
      read();
    } catch (error) {
      code = /** @type {any} */ (error).code;
    }
    same(code, kind === "records" ? "RECORD" : "TAGS", `${kind}: ${why}`);
  }
  return files.tags.length + files.records.length + refused.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
function deltas({ buckets: { Tags } }, { files, applied }) {
  for (const { why, tags, delta, result } of applied) {
    const place = why === "from nothing" ? { ...HERE } : HERE;
    const known = Tags.read(bytes(tags), place, null);
    let after;
    try {
      after = known.apply(bytes(delta));
    } catch (error) {
      // Of another place, which is an answer that cannot be right.
      after = { EPOCH: null, TAGS: null }[/** @type {string} */ (/** @type {any} */ (error).code)];
    }
    if (result === null) {
      same(after, null, why);
      continue;
    }
    const want = Tags.read(bytes(result), place, null);
    same(after && [after.version, hex(after.bytes)], [want.version, hex(want.bytes)], why);
  }
  same(files.deltas.length > 0, true, "deltas");
  return applied.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
async function choices({ decoys, evaluate }, { batches, decoys: { seed, blocks, buckets } }) {
  for (const { count, plan } of batches) {
    same(evaluate.batches(count, [8, 64, 256, 1024]).map(({ numbers, size }) => [numbers, size]), plan, `batches of ${count}`);
  }
  for (const { blocks: all, wanted, decoys: want, ...place } of blocks) {
    same(await decoys.decoyBlocks(bytes(seed), placeOf(place), all, new Set(wanted)), want, `decoys of ${all} blocks`);
  }
  for (const { epoch, bucket_bits: bits, buckets: own, matched, decoys: want } of buckets) {
    same(await decoys.decoyBuckets(bytes(seed), { epoch, bits }, own, new Set(matched)), want, `decoys of ${own.length} buckets`);
  }
  return batches.length + blocks.length + buckets.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
async function notes({ note: { Verifier }, parameters: { FIELDS, readParameters }, receipt }, { keys, notes, refused_notes: refusedNotes, refused_keys: refusedKeys, derivations }) {
  const verifier = await Verifier.read(keys.verifier);
  const parameters = await readParameters(notes[0].content, keys.name);
  const { account, epoch, bucket } = notes[1].content;
  const ann = derivations.find((/** @type {any} */ d) => d.account === account);
  /** @param {string} kind @param {string} note @param {readonly string[]} scopes */
  const open = async (kind, note, scopes) => {
    switch (kind) {
      case "sealbook directory v1":
        return readParameters(await verifier.open(kind, note, FIELDS), verifier.name);
      case "sealbook receipt v1":
        return receipt.openReceipt(verifier, note, { number: ann.number, y: bytes(ann.y), scopes, parameters });
      default:
        return receipt.openWithdrawal(verifier, note, { account, epoch });
    }
  };
  for (const { kind, content, note } of notes) {
    const opened = /** @type {any} */ (await open(kind, note, content.scopes));
    same(opened.epoch, epoch, kind);
    if (kind !== "sealbook directory v1") same([opened.account, opened.bucket, opened.time, opened.note], [account, bucket, content.time, note], kind);
  }
  for (const { why, kind, note } of refusedNotes) {
    for (const scopes of [["search", "discoverable"], ["search"]]) await refuses(() => open(kind, note, scopes), ["NOTE", "RECEIPT", "PROTOCOL"], why);
  }
  for (const { why, key } of refusedKeys) await refuses(() => Verifier.read(key), ["KEY"], why);
  return notes.length + refusedNotes.length + refusedKeys.length;
}

/**
 * Every bit of a signed note counts, and every alteration of a file is either
 * another file or refused with a code.
 * @param {Modules} modules
 * @param {Vectors} vectors
 */
async function alterations({ buckets: { Tags, readRecordsHeader }, note: { Verifier } }, { keys, notes, files }) {
  let n = 0;
  const verifier = await Verifier.read(keys.verifier);
  const { kind, content, note } = notes[1];
  const fields = Object.keys(content);
  await verifier.open(kind, note, fields);
  for (let at = 0; at < note.length; at++) {
    const code = note.charCodeAt(at);
    for (const other of [code ^ 1, code ^ 32]) {
      const altered = note.slice(0, at) + String.fromCharCode(other) + note.slice(at + 1);
      await refuses(() => verifier.open(kind, altered, fields), ["NOTE"], `a note altered at ${at}`);
      n++;
    }
    await refuses(() => verifier.open(kind, note.slice(0, at), fields), ["NOTE"], `a note cut at ${at}`);
  }
  const known = Tags.read(bytes(files.tags[1].file), HERE, null);
  /** @type {[string, (file: Uint8Array) => unknown][]} */
  const readers = [
    [files.tags[1].file, (file) => Tags.read(file, HERE, null)],
    [files.records[1].file.slice(0, 56), (file) => readRecordsHeader(file, HERE)],
    [files.deltas[1].file, (file) => known.apply(file)],
  ];
  for (const [file, read] of readers) {
    const whole = bytes(file);
    read(whole);
    for (let at = 0; at < whole.length; at++) {
      for (const altered of [whole.map((byte, i) => (i === at ? byte ^ 1 : byte)), whole.map((byte, i) => (i === at ? byte ^ 128 : byte)), whole.slice(0, at)]) {
        try {
          read(altered);
        } catch (error) {
          same(["TAGS", "RECORD", "EPOCH"].includes(/** @type {any} */ (error).code), true, `a file altered at ${at}: ${error}`);
        }
        n++;
      }
    }
  }
  return n;
}
