// What the client and the directory must compute alike: the vectors of
// tests/vectors/directory.json, in every engine. It knows no engine, as suite.js.

/**
 * Files of the package that are not for its users.
 * @typedef {object} Modules
 * @property {typeof import("../../wasm/js/discovery/header.js")} header
 * @property {typeof import("../../wasm/js/discovery/derive.js")} derive
 * @property {typeof import("../../wasm/js/discovery/evaluate.js")} evaluate
 * @property {typeof import("../../wasm/js/discovery/note.js")} statement
 * @property {typeof import("../../wasm/js/discovery/parameters.js")} parameters
 * @property {typeof import("../../wasm/js/discovery/receipt.js")} receipt
 * @property {typeof import("../../wasm/js/discovery/record.js")} record
 * @property {typeof import("../../wasm/js/discovery/tags.js")} tags
 * @property {typeof import("../../wasm/js/discovery/changes.js")} changes
 *
 * @typedef {any} Vectors
 */

/** Where the modules are in the package. */
export const paths = /** @type {const} */ ({
  header: "discovery/header.js", derive: "discovery/derive.js", evaluate: "discovery/evaluate.js", statement: "discovery/note.js",
  parameters: "discovery/parameters.js", receipt: "discovery/receipt.js", record: "discovery/record.js", tags: "discovery/tags.js", changes: "discovery/changes.js",
});

/** How many of each kind the vectors have; a file that lost some is no test. */
const WANT = { "derivations": 20, "records": 10, "files of records": 12, "plans": 11, "notes": 61 };

/**
 * @param {Modules} modules
 * @param {Omit<import("./whole.js").Loaded, "formats">} core
 * @param {Vectors} vectors
 * @returns {Promise<Record<string, number>>}
 */
export async function protocol(modules, core, vectors) {
  const counts = {
    "derivations": await derivations(modules, core, vectors),
    "records": await records(modules, vectors),
    "files of records": await recordFiles(modules, vectors),
    "plans": plans(modules, vectors),
    "notes": await notes(modules, vectors),
  };
  same(counts, WANT, "how many vectors there are");
  return { ...counts, "alterations": await alterations(modules, vectors) };
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

/** @param {Modules} modules @param {Omit<import("./whole.js").Loaded, "formats">} core @param {Vectors} vectors */
async function derivations({ derive }, core, { keys, derivations }) {
  for (const { epoch, private: key, public: shown } of keys.epochs) {
    const server = core.blind.oprf.server(bytes(key));
    same(hex(server.publicKey), shown, `public key of epoch ${epoch}`);
    for (const d of derivations.filter((/** @type {any} */ d) => d.epoch === epoch)) same(hex(server.output(d.number)), d.y, "y");
  }
  for (const { epoch, y, tag, account, record_key: recordKey } of derivations) {
    same(hex(await derive.tagOf(bytes(y), epoch)), tag, "tag");
    same(hex(await derive.accountOf(bytes(y), epoch)), account, "account");
    same(hex(await derive.recordKeyOf(bytes(y), epoch)), recordKey, "record key");
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

/** @param {Modules} modules @param {Vectors} vectors */
async function recordFiles({ header: { HEADER, readHeader } }, { files, refused }) {
  for (const { epoch, bucket_bits: bits, bucket, version, records, file } of files) {
    const read = readHeader(bytes(file), "SBR2");
    same([read.epoch, read.bits, read.bucket, read.version, read.count], [epoch, bits, bucket, version, records.length], "a header");
    same(hex(bytes(file).subarray(HEADER)), records.join(""), "records");
  }
  for (const { why, file } of refused) {
    await refuses(() => {
      const { count } = readHeader(bytes(file), "SBR2");
      // The client looks at that, see sync.js.
      if (file.length / 2 !== HEADER + 64 * count) throw Object.assign(new Error("length"), { code: "RECORD" });
    }, ["RECORD"], why);
  }
  return files.length + refused.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
function plans({ evaluate }, { batches }) {
  for (const { count, plan } of batches) same(evaluate.batches(count).map(({ numbers, size }) => [numbers, size]), plan, `batches of ${count}`);
  return batches.length;
}

/** @param {Modules} modules @param {Vectors} vectors */
async function notes({ statement: { readKey }, parameters: { readParameters }, receipt }, { keys, notes, refused_notes: refusedNotes, refused_keys: refusedKeys, derivations, parameters_sha256: sum }) {
  const verifier = await readKey(keys.verifier);
  const { parameters, sha256, log } = await readParameters(verifier, notes[0].note);
  same([sha256, log.text], [sum, keys.log], "what the log commits to");
  const { account, epoch } = notes[1].content;
  const ann = derivations.find((/** @type {any} */ d) => d.account === account);
  /** @param {string} kind @param {string} note @param {readonly string[]} scopes */
  const open = async (kind, note, scopes) => {
    switch (kind) {
      case "sealbook directory v2":
        return (await readParameters(verifier, note)).parameters;
      case "sealbook receipt v2":
        return receipt.openReceipt(verifier, note, { y: bytes(ann.y), scopes, consent: parameters.consent.sha256, epoch });
      default:
        return receipt.openWithdrawal(verifier, note, { account, epoch });
    }
  };
  for (const { kind, content, note } of notes) {
    const opened = /** @type {any} */ (await open(kind, note, content.scopes));
    same(opened.epoch, epoch, kind);
    if (kind !== "sealbook directory v2") same([opened.account, opened.logSize, opened.logRoot, opened.time, opened.note], [account, content.log_size, content.log_root, content.time, note], kind);
  }
  for (const { why, kind, note, error } of refusedNotes) {
    for (const scopes of [["search", "discoverable"], ["search"]]) await refuses(() => open(kind, note, scopes), error === "protocol" ? ["PROTOCOL"] : ["NOTE", "RECEIPT"], why);
  }
  for (const { why, key } of refusedKeys) await refuses(() => readKey(key), ["KEY"], why);
  return notes.length + refusedNotes.length + refusedKeys.length;
}

/**
 * Every bit of a signed note counts, and every alteration of a file is either
 * another file or refused with a code.
 * @param {Modules} modules
 * @param {Vectors} vectors
 */
async function alterations({ tags: { Tags }, changes: { readHour }, header: { readHeader }, statement: { readKey, openStatement } }, { keys, notes, files }) {
  let n = 0;
  const verifier = await readKey(keys.verifier);
  const { kind, content, note } = notes[1];
  const fields = Object.keys(content);
  await openStatement(verifier, kind, note, fields);
  for (let at = 0; at < note.length; at++) {
    const code = note.charCodeAt(at);
    for (const other of [code ^ 1, code ^ 32]) {
      const altered = note.slice(0, at) + String.fromCharCode(other) + note.slice(at + 1);
      await refuses(() => openStatement(verifier, kind, altered, fields), ["NOTE"], `a note altered at ${at}`);
      n++;
    }
    await refuses(() => openStatement(verifier, kind, note.slice(0, at), fields), ["NOTE"], `a note cut at ${at}`);
  }
  const changes = "534243320000000700000000000000000000000000000003000000010000000100000000059baf591a059baf591a00010203040506070809";
  /** @type {[string, (file: Uint8Array) => Uint8Array | null][]} */
  const readers = [
    // What is read is written again with the same bytes.
    [hex(new Tags({ epoch: 7, bits: 0, bucket: 0, version: 3 }, Float64Array.of(1, 255, 255, 2 ** 33, 2 ** 40 - 1)).write()), (file) => Tags.read(file).write()],
    [files[1].file.slice(0, 56), (file) => (readHeader(file, "SBR2"), null)],
    [changes + changes.replace("03000000010000000100000000", "04000000010000000100000000"), (file) => Uint8Array.from(readHour(file).flatMap(({ raw }) => [...raw]))],
  ];
  for (const [file, read] of readers) {
    const whole = bytes(file);
    read(whole);
    for (let at = 0; at < whole.length; at++) {
      for (const altered of [whole.map((byte, i) => (i === at ? byte ^ 1 : byte)), whole.map((byte, i) => (i === at ? byte ^ 128 : byte)), whole.slice(0, at)]) {
        try {
          const again = read(altered);
          if (again !== null) same(hex(again), hex(altered), `a file altered at ${at}`);
        } catch (error) {
          same(["TAGS", "RECORD"].includes(/** @type {any} */ (error).code), true, `a file altered at ${at}: ${error}`);
        }
        n++;
      }
    }
  }
  return n;
}
