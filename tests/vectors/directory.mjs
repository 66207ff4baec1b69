// Writes directory.json, the vectors of the discovery protocol, by another
// hand than the code that they test: node:crypto and @noble/curves. Everything
// is drawn from one seed, so that it writes the same each time.
//
//   node tests/vectors/directory.mjs > tests/vectors/directory.json

import { createCipheriv, createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";

const { voprf } = ristretto255_oprf;
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const b64u = (bytes) => Buffer.from(bytes).toString("base64url");
const concat = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : Uint8Array.from(part)))));
const big = (n, size) => concat(Buffer.from(BigInt(n).toString(16).padStart(2 * size, "0"), "hex"));
const u32 = (n) => big(n, 4);
const u64 = (n) => big(n, 8);
const sha256 = (...parts) => new Uint8Array(createHash("sha256").update(concat(...parts)).digest());
const hmac = (hash, key, ...parts) => new Uint8Array(createHmac(hash, key).update(concat(...parts)).digest());

/** Bytes that look random and are always the same. */
let drawn = 0;
const random = (n) => {
  const blocks = [];
  for (let size = 0; size < n; size += 64) blocks.push(hmac("sha512", "sealbook vectors", u32(drawn++)));
  return concat(...blocks).slice(0, n);
};

const K = (y, label, epoch) => hmac("sha512", y, "sealbook/2 ", label, "\0", u32(epoch));
const tagOf = (y, epoch) => K(y, "tag", epoch).slice(0, 5);
const accountOf = (y, epoch) => K(y, "account", epoch).slice(0, 16);
const recordKeyOf = (y, epoch) => K(y, "record", epoch).slice(0, 32);

// The directory's keys.
const S = (seed, ...purpose) => hmac("sha512", seed, "sealbook/2 ", ...purpose).slice(0, 32);
const noteKey = (seed, name, purpose = "note") => {
  const secret = createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), S(seed, purpose)]), format: "der", type: "pkcs8" });
  const key = concat([1], createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32));
  const id = sha256(`${name}\n`, key).slice(0, 4);
  return { secret, id, name, text: `${name}+${hex(id)}+${Buffer.from(key).toString("base64")}` };
};
const note = (key, kind, content, { json = JSON.stringify(content) } = {}) => signed(key, `${kind}\n${json}\n`);
const signed = (key, text) => {
  return `${text}\n— ${key.name} ${Buffer.from(concat(key.id, sign(null, utf8(text), key.secret))).toString("base64")}\n`;
};
const epochKey = (drawn, epoch) => voprf.deriveKeyPair(drawn, concat("sealbook/2 epoch", u32(epoch)));
const outputOf = (pair, number) => {
  const { blind, blinded } = voprf.blind(utf8(number), random);
  const { evaluated, proof } = voprf.blindEvaluate(pair.secretKey, pair.publicKey, blinded, random);
  return voprf.finalize(utf8(number), blind, evaluated, blinded, pair.publicKey, proof);
};

const seed = random(32);
const NAME = "directory.example";
const key = noteKey(seed, NAME);
const logKey = noteKey(seed, `${NAME}/v2/log`, "log");
const ANN = "+442079460101";
const BEN = "+442079460102";
const numbers = [ANN, BEN, "+12015550123", "+61491570006", "+358401234567"];
const epochs = [0, 1, 7, 2 ** 32 - 1];
// An epoch's key is drawn fresh.
const draws = new Map(epochs.map((epoch) => [epoch, random(32)]));
const pairs = new Map(epochs.map((epoch) => [epoch, epochKey(draws.get(epoch), epoch)]));

const registration = random(16);
const keys = {
  seed: hex(seed),
  name: NAME,
  verifier: key.text,
  log: logKey.text,
  number: { number: ANN, mac: hex(hmac("sha512", S(seed, "number"), ANN).slice(0, 32)) },
  code: { registration: hex(registration), code: "012345", mac: hex(hmac("sha512", S(seed, "code"), registration, "012345").slice(0, 32)) },
  address: { address: "192.0.2.1", mac: hex(hmac("sha512", S(seed, "address"), "192.0.2.1").slice(0, 32)) },
  epochs: epochs.map((epoch) => ({ epoch, random: hex(draws.get(epoch)), private: hex(pairs.get(epoch).secretKey), public: hex(pairs.get(epoch).publicKey) })),
};

const derivations = epochs.flatMap((epoch) =>
  numbers.map((number) => {
    const y = outputOf(pairs.get(epoch), number);
    return {
      number, epoch, y: hex(y), tag: hex(tagOf(y, epoch)), account: hex(accountOf(y, epoch)), record_key: hex(recordKeyOf(y, epoch)),
    };
  }),
);

const seal = (recordKey, nonce, handle, flags) => {
  const cipher = createCipheriv("aes-256-gcm", recordKey, nonce);
  return concat(nonce, cipher.update(concat(handle, u32(flags))), cipher.final(), cipher.getAuthTag());
};
const records = [0, 1, 2 ** 31, 2 ** 32 - 1].map((flags, i) => {
  const recordKey = Buffer.from(derivations[i].record_key, "hex");
  const [nonce, handle] = [random(12), random(32)];
  return { key: hex(recordKey), nonce: hex(nonce), handle: hex(handle), flags, sealed: hex(seal(recordKey, nonce, handle, flags)) };
});
const altered = (bytes, at) => concat(bytes.slice(0, at), [bytes[at] ^ 1], bytes.slice(at + 1));
const first = Buffer.from(records[0].sealed, "hex");
const unopened = [
  { why: "another person's key", key: records[1].key, sealed: records[0].sealed },
  { why: "a bit of the nonce", key: records[0].key, sealed: hex(altered(first, 0)) },
  { why: "a bit of the handle", key: records[0].key, sealed: hex(altered(first, 12)) },
  { why: "a bit of the flags", key: records[0].key, sealed: hex(altered(first, 47)) },
  { why: "a bit of the authenticator", key: records[0].key, sealed: hex(altered(first, 63)) },
  { why: "random bytes, as they stand until a record is put", key: records[0].key, sealed: hex(random(64)) },
];

// Files of records; those of tags and of changes are in tags.json.
const header = (magic, { epoch, bits, bucket, version, count }) =>
  concat(magic, u32(epoch), [bits, 0, 0, 0], u32(bucket), u64(version), u32(count));
const recordsFile = (place, version, list) => concat(header("SBR2", { ...place, version, count: list.length }), ...list);
const T = (text) => new Uint8Array(Buffer.from(text, "hex"));
const here = { epoch: 7, bits: 16, bucket: 0xbeef };
const whole = { epoch: 1, bits: 0, bucket: 0 };
const places = (place) => ({ epoch: place.epoch, bucket_bits: place.bits, bucket: place.bucket });
const files = [
  { ...places(whole), version: 3, records: [], file: hex(recordsFile(whole, 3, [])) },
  { ...places(here), version: 12, records: records.slice(0, 2).map(({ sealed }) => sealed), file: hex(recordsFile(here, 12, records.slice(0, 2).map(({ sealed }) => T(sealed)))) },
];
const good = recordsFile(here, 12, [T(records[0].sealed)]);
const set = (bytes, at, ...values) => concat(bytes.slice(0, at), values, bytes.slice(at + values.length));
const refused = [
  ["nothing", new Uint8Array(0)],
  ["a header cut short", good.slice(0, 27)],
  ["another magic", set(good, 2, 0x54)],
  ["version 1 of the format", set(good, 3, 0x31)],
  ["17 bits", set(good, 8, 17)],
  ["a byte that must be zero", set(good, 9, 1)],
  ["another byte that must be zero", set(good, 11, 1)],
  ["a bucket beyond its bits", set(good, 12, 0, 1, 0, 0)],
  ["a version that JavaScript cannot hold", set(good, 16, 0, 0x20, 0, 0)],
  ["more people than a list may have", set(good, 24, 1, 0, 0, 1)],
].map(([why, file]) => ({ why, file: hex(file) }));

const batches = [[0, [[0, 8]]], [1, [[1, 8]]], [8, [[8, 8]]], [9, [[9, 64]]], [65, [[65, 256]]], [257, [[257, 1024]]], [1024, [[1024, 1024]]],
  [1025, [[1024, 1024], [1, 8]]], [1030, [[1024, 1024], [6, 8]]], [2048, [[1024, 1024], [1024, 1024]]], [2100, [[1024, 1024], [1024, 1024], [52, 64]]]].map(([count, plan]) => ({ count, plan }));

// Budgets, in exact arithmetic.
const budgets = [
  ["untouched", 5120, 200, 0, 0, 0, 1024],
  ["all at once", 5120, 200, 0, 1000, 1000, 5120],
  ["one too many", 5120, 200, 0, 1000, 1000, 5121],
  ["spent", 5120, 200, 5120 * 86400, 1000, 1000, 1],
  ["a second before one is back", 5120, 200, 5120 * 86400, 1000, 1431, 1],
  ["when one is back", 5120, 200, 5120 * 86400, 1000, 1432, 1],
  ["half a day later", 5120, 200, 5120 * 86400, 0, 43200, 100],
  ["half a day later, one more", 5120, 200, 5120 * 86400, 0, 43200, 101],
  ["long after", 5120, 200, 5120 * 86400, 0, 4102444800, 5120],
  ["a clock that was set back", 5120, 200, 100 * 86400, 5000, 1000, 5020],
  ["a budget made smaller since", 8, 1, 5120 * 86400, 1000, 1000, 1],
  ["the smallest refill", 1024, 1, 1024 * 86400, 0, 86399, 1],
].map(([why, size, per_day, level, at, now, n]) => {
  const present = Math.max(Math.min(level, size * 86400) - Math.max(now - at, 0) * per_day, 0);
  const available = Math.floor((size * 86400 - present) / 86400);
  const wait = Math.max(Math.ceil((present + n * 86400 - size * 86400) / per_day), 0);
  return { why, size, per_day, level, at, now, n, available, wait, after: n <= available ? present + n * 86400 : null };
});

// Notes.
const consentText = "Your number is looked at once.\n";
const consent = { text: consentText, sha256: hex(sha256(consentText)) };
const limits = { batch: 1024, batches: [8, 64, 256, 1024], budget: 5120, refill_per_day: 200, code_digits: 8, code_tries: 5, code_seconds: 600, sends_per_hour: 3, block: 256 };
const EPOCH = 1;
const pair = pairs.get(EPOCH);
const parameters = {
  protocol: 2, name: NAME, epoch: EPOCH, public_key: b64u(pair.publicKey), bucket_bits: 0,
  consent, limits, scopes: ["search", "discoverable"], log: logKey.text, time: "2026-11-26T08:35:17Z",
};
const parametersSHA256 = hex(sha256(JSON.stringify({ ...parameters, time: undefined })));
const root = sha256("a root of the log");
const log = { log_size: 42, log_root: b64u(root) };
const of = (number) => derivations.find((d) => d.number === number && d.epoch === EPOCH);
const ann = of(ANN);
const receipt = {
  account: ann.account, epoch: EPOCH, tag: b64u(T(ann.tag)), scopes: ["search", "discoverable"],
  consent_sha256: consent.sha256, ...log, time: "2026-11-26T08:40:00Z",
};
const hidden = { ...receipt, tag: null, scopes: ["search"] };
const withdrawal = { account: ann.account, epoch: EPOCH, absent_from_version: 43, removal_listed_until: "2026-12-04T09:00:00Z", budget_kept_until: "2026-11-26T09:00:00Z", ...log, time: "2026-11-26T09:00:00Z" };
const DIRECTORY = "sealbook directory v2";
const RECEIPT = "sealbook receipt v2";
const WITHDRAWAL = "sealbook withdrawal v2";
const notes = [
  { kind: DIRECTORY, content: parameters },
  { kind: RECEIPT, content: receipt },
  { kind: RECEIPT, content: hidden },
  { kind: WITHDRAWAL, content: withdrawal },
].map((n) => ({ ...n, note: note(key, n.kind, n.content) }));
const theReceipt = notes[1].note;
const other = noteKey(random(32), NAME);
const refusedNotes = [
  ["another key of the same name", RECEIPT, "signature", note(other, RECEIPT, receipt)],
  ["a letter changed under the signature", RECEIPT, "signature", theReceipt.replace('"epoch":1', '"epoch":2')],
  ["no signature", RECEIPT, "malformed", theReceipt.slice(0, theReceipt.indexOf("\n\n") + 1)],
  ["a signature cut", RECEIPT, "malformed", theReceipt.slice(0, -5)],
  ["another kind", RECEIPT, "malformed", notes[3].note],
  ["a third line", RECEIPT, "malformed", note(key, `${RECEIPT}\n`, receipt)],
  ["a field that is not of the protocol", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, phone: "" })],
  ["another order of fields", RECEIPT, "malformed", note(key, RECEIPT, { time: receipt.time, ...receipt })],
  ["a space in the JSON", RECEIPT, "malformed", note(key, RECEIPT, null, { json: JSON.stringify(receipt).replace(",", ", ") })],
  ["a time that is none", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, time: "2026-02-30T08:40:00Z" })],
  ["a published tag without the scope", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, scopes: ["search"] })],
  ["the scope without a tag", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, tag: null })],
  ["no scope at all", RECEIPT, "malformed", note(key, RECEIPT, { ...hidden, scopes: [] })],
  ["a scope twice", RECEIPT, "malformed", note(key, RECEIPT, { ...hidden, scopes: ["search", "search"] })],
  ["another version of the protocol", DIRECTORY, "protocol", note(key, DIRECTORY, { ...parameters, protocol: 3 })],
  ["another name", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, name: "elsewhere.example" })],
  ["a consent text that is not that of its hash", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, consent: { ...consent, text: "Anything goes.\n" } })],
  ["a public key cut short", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, public_key: b64u(pair.publicKey.slice(1)) })],
  ["kind and format of version 1", DIRECTORY, "malformed", note(key, "sealbook directory v1", parameters)],
  ["one bucket bit", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, bucket_bits: 1 })],
  ["17 bucket bits", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, bucket_bits: 17 })],
  ["32 bucket bits", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, bucket_bits: 32 })],
  ["no key of the log", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, log: "" })],
  ["the key of another's log", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, log: noteKey(seed, "elsewhere.example/v2/log", "log").text })],
  ["its own key as that of the log", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, log: key.text })],
  ...[
    ["batches of other sizes", { batches: [1, 2, 8, 64] }], ["sizes of batches out of order", { batches: [64, 8, 256, 1024] }],
    ["a size of batches more", { batches: [1, 8, 64, 256, 1024] }], ["no sizes of batches", { batches: [] }], ["batches that are none", { batches: null }],
    ["a batch of 512", { batch: 512 }], ["a block of one", { block: 1 }], ["a block of 512", { block: 512 }],
    ["a budget of 8", { budget: 8 }], ["a budget of 1,023", { budget: 1023 }], ["a budget of 2^20 + 1", { budget: 2 ** 20 + 1 }],
    ["no refill", { refill_per_day: 0 }], ["a refill of 2^20 + 1", { refill_per_day: 2 ** 20 + 1 }],
    ["a code of 7 digits", { code_digits: 7 }], ["a code of 13 digits", { code_digits: 13 }],
    ["no tries", { code_tries: 0 }], ["11 tries", { code_tries: 11 }],
    ["a code for 59 seconds", { code_seconds: 59 }], ["a code for 3,601 seconds", { code_seconds: 3601 }],
    ["no sends", { sends_per_hour: 0 }], ["61 sends", { sends_per_hour: 61 }],
  ].map(([why, changed]) => [why, DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, limits: { ...limits, ...changed } })]),
  ["the format of receipts of version 1", RECEIPT, "malformed", note(key, "sealbook receipt v1", receipt)],
  ["a receipt without the log's size", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, log_size: undefined })],
  ["a receipt with a root of 31 bytes", RECEIPT, "malformed", note(key, RECEIPT, { ...receipt, log_root: b64u(root.slice(1)) })],
  ["a withdrawal without its log", WITHDRAWAL, "malformed", note(key, WITHDRAWAL, { ...withdrawal, log_size: undefined, log_root: undefined })],
  ["a version that JavaScript cannot hold", WITHDRAWAL, "malformed", note(key, WITHDRAWAL, null, { json: JSON.stringify(withdrawal).replace("43", "9007199254740992") })],
].map(([why, kind, error, text]) => ({ why, kind, error, note: text }));
const refusedKeys = [
  ["nothing", ""],
  ["no key", NAME],
  ["another hash", key.text.replace(/\+[0-9a-f]{8}\+/, "+00000000+")],
  ["a hash in capitals", key.text.replace(/\+[0-9a-f]{8}\+/, (s) => s.toUpperCase())],
  ["a key cut short", key.text.slice(0, -4)],
  ["a line break behind it", `${key.text}\n`],
].map(([why, text]) => ({ why, key: text }));

// A transcript: Ann registers, publishes her record and finds Ben.
const credential = random(32);
const bearer = `Bearer sha256:${hex(sha256(b64u(credential)))}`;
const annsRecord = { nonce: random(12), handle: random(32), flags: 1 };
const bensRecord = seal(T(of(BEN).record_key), random(12), random(32), 2);
const annsSealed = seal(T(ann.record_key), annsRecord.nonce, annsRecord.handle, annsRecord.flags);
const people = [[T(ann.tag), annsSealed], [T(of(BEN).tag), bensRecord]].sort(([a], [b]) => Buffer.compare(a, b));
// Golomb-Rice code, k 38 for two tags, written bit by bit.
const bitsOf = (n, size) => n.toString(2).padStart(size, "0");
const tagsFile = ({ epoch }, version, tags) => {
  const numbers = tags.map((tag) => BigInt(`0x${hex(tag)}`));
  const k = 38n;
  const code = numbers.map((n, i) => n - (i ? numbers[i - 1] : 0n)).map((d) => `${"1".repeat(Number(d >> k))}0${bitsOf(d & ((1n << k) - 1n), 38)}`).join("");
  const bytes = code.padEnd(8 * Math.ceil(code.length / 8), "0").match(/.{8}/g).map((byte) => parseInt(byte, 2));
  return concat("SBT2", u32(epoch), [0, 38, 0, 0], u32(0), u64(version), u32(tags.length), bytes);
};
const VERSION = 43;
const theTags = tagsFile(whole, VERSION, people.map(([tag]) => tag));
const theRecords = recordsFile(whole, VERSION, people.map(([, record]) => record));
const recordsRoot = sha256([0], theRecords.slice(28));
// The log has one leaf: its hash is the root, and proofs are empty.
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const leaf = [
  "sealbook state v1", `epoch ${EPOCH}`, `key ${base64(pair.publicKey)}`, "bucket_bits 0", `version ${VERSION}`, "people 2",
  `files ${base64(sha256([0], sha256(theTags), recordsRoot))}`, `changes ${base64(sha256("a chain"))}`,
  `parameters ${parametersSHA256}`, `consent ${consent.sha256}`, "time 2026-11-26T08:39:30Z",
].map((line) => `${line}\n`).join("");
const checkpoint = signed(logKey, `${logKey.name}\n1\n${base64(sha256([0], utf8(leaf)))}\n`);
const update = `old 0\n\nc2sp.org/tlog-proof@v1\nextra ${base64(utf8(leaf))}\nindex 0\n\n${checkpoint}`;
const blindAll = (inputs) => inputs.map((input) => ({ input, ...voprf.blind(typeof input === "string" ? utf8(input) : input, random) }));
const evaluateAll = (items) => {
  const { evaluated, proof } = voprf.blindEvaluateBatch(pair.secretKey, pair.publicKey, items.map(({ blinded }) => blinded), random);
  return concat(...evaluated, proof);
};
const itemsOf = (items) => items.map(({ input, blind }) => (typeof input === "string" ? { number: input, blind: b64u(blind) } : { padding: b64u(input), blind: b64u(blind) }));
let clock = Date.parse("2026-11-26T08:39:00Z");
const exchange = (method, path, headers, body, response, more = {}) => ({
  request: { at: new Date((clock += 1000)).toISOString().replace(".000Z", "Z"), method, path, headers, body: b64u(body) },
  response, ...more,
});
const json = { "content-type": "application/json" };
const octets = { "content-type": "application/octet-stream", authorization: bearer };
const nothing = new Uint8Array(0);
const answer = (status, body) => ({ status, body: b64u(typeof body === "object" && !(body instanceof Uint8Array) ? utf8(JSON.stringify(body)) : body) });
const file = (status, body) => ({ status, body: `sha256:${hex(sha256(body))}`, bytes: body.length });
const own = blindAll([ANN]);
const ownAnswer = evaluateAll(own);
const id = hex(random(16));
const batch = blindAll([BEN, "+12015550123", ...Array.from({ length: 6 }, () => random(32))]);
const said = { key: key.text, note: notes[0].note };
const held = {
  account: ann.account, epoch: EPOCH, tag: b64u(T(ann.tag)), record: b64u(annsSealed), credential_sha256: hex(sha256(credential)), scopes: receipt.scopes,
  registered: receipt.time, lapses: "2027-12-31T08:40:00Z", consent_sha256: consent.sha256,
  budget: { used: 0, limit: 5120, refill_per_day: 200, available: 5120, at: receipt.time }, renewal: null, elsewhere: [],
};
const head = {
  sealbook: "transcript", version: 2,
  directory: { url: "https://directory.example/", key: key.text },
};
const sync = () => [
  exchange("GET", "/v2/directory", {}, nothing, answer(200, said)),
  exchange("GET", "/v2/log/update?from=0", {}, nothing, answer(200, utf8(update))),
];
const lines = [
  head,
  exchange("POST", "/v2/registrations", json, utf8(JSON.stringify({ number: ANN })), answer(202, { registration: id, expires: "2026-11-26T08:49:01Z" })),
  ...sync(),
  exchange("POST", `/v2/registrations/${id}`, json,
    utf8(JSON.stringify({ number: ANN, code: "01234567", blinded: b64u(own[0].blinded), consent: { text_sha256: consent.sha256, scopes: ["search", "discoverable"] } })),
    answer(201, { credential: b64u(credential), epoch: EPOCH, evaluated: b64u(ownAnswer.slice(0, 32)), proof: b64u(ownAnswer.slice(32)), receipt: notes[1].note }),
    { items: itemsOf(own) }),
  exchange("PUT", "/v2/me/record", octets, annsSealed, answer(204, nothing),
    { record: { handle: b64u(annsRecord.handle), flags: annsRecord.flags, nonce: b64u(annsRecord.nonce) } }),
  ...sync(),
  exchange("GET", `/v2/states/${VERSION}/root`, {}, nothing, answer(200, recordsRoot)),
  exchange("GET", `/v2/states/${VERSION}/tags`, {}, nothing, file(200, theTags)),
  exchange("GET", `/v2/states/${VERSION}/records`, {}, nothing, file(200, theRecords)),
  exchange("GET", "/v2/me", { authorization: bearer }, nothing, answer(200, held)),
  exchange("POST", "/v2/evaluations", octets, concat(...batch.map(({ blinded }) => blinded)), answer(200, evaluateAll(batch)), { items: itemsOf(batch) }),
  exchange("DELETE", "/v2/me", { authorization: bearer }, nothing, answer(200, { receipt: notes[3].note })),
  exchange("GET", "/v2/me", { authorization: bearer }, nothing, null),
];
const transcript = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const lastLine = JSON.stringify(lines.at(-1));
const refusedTranscripts = [
  ["nothing", 1, ""],
  ["no line break at the end", lines.length, transcript.slice(0, -1)],
  ["version 1 of the format", 1, transcript.replace('"version":2', '"version":1')],
  ["an empty line", 2, transcript.replace("\n", "\n\n")],
  ["a space", 2, transcript.replace('"method":"POST"', '"method": "POST"')],
  ["a field that is not of the format", lines.length, transcript.replace(lastLine, lastLine.replace('"method"', '"extra":"","method"'))],
  ["a header field twice", lines.length, transcript.replace(lastLine, lastLine.replace('"authorization"', '"authorization":"","authorization"'))],
  ["a header field that is no text", lines.length, transcript.replace(lastLine, lastLine.replace('"headers":{', '"headers":{"x":1,'))],
  ["base64 with padding", lines.length, transcript.replace(lastLine, lastLine.replace('"body":""', '"body":"AA=="'))],
  ["base64 with bits left over", lines.length, transcript.replace(lastLine, lastLine.replace('"body":""', '"body":"AB"'))],
  ["an item with number and padding", 5, transcript.replace(`"items":[{"number":"${ANN}"`, `"items":[{"number":"${ANN}","padding":"${b64u(random(32))}"`)],
  ["a hash without a length", 10, transcript.replace(`,"bytes":${theTags.length}}`, "}")],
].map(([why, line, text]) => ({ why, line, text }));

const problems = {
  not_found: 404, method_not_allowed: 405, content_type: 415, body_too_large: 413, body_timeout: 408, body_malformed: 400, number_invalid: 400,
  consent_outdated: 409, consent_scopes: 400, element_invalid: 400, batch_size: 400, registration_unknown: 404, code_wrong: 403,
  code_expired: 410, sends_exceeded: 429, sender_failed: 502, credential_missing: 401, credential_unknown: 401, scope_missing: 403,
  budget_exceeded: 429, record_size: 400, version_unknown: 404, version_gone: 410, hour_unknown: 404, hour_gone: 410, number_kind: 403,
  records_exceeded: 429, renewal_unknown: 404, renewal_final: 409, epoch_passed: 409, origin_refused: 403, account_unknown: 404,
  number_other: 403, moves_exceeded: 429, query_malformed: 400, range_unsatisfiable: 416, store_busy: 503,
  store_full: 503, file_missing: 503, internal: 500,
};

const all = {
  about: "The discovery protocol, version 2, computed by node:crypto and @noble/curves (tests/vectors/directory.mjs). Bytes are hexadecimal, in notes and the transcript as these have them.",
  keys, derivations, records, unopened, files, refused, batches, budgets, parameters_sha256: parametersSHA256, notes, refused_notes: refusedNotes, refused_keys: refusedKeys,
  problems, transcript, refused_transcripts: refusedTranscripts,
};
process.stdout.write(`${JSON.stringify(all, null, 1)}\n`);
