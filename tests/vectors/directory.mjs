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

const K = (y, label, epoch) => hmac("sha512", y, "sealbook/1 ", label, "\0", u32(epoch));
const tagOf = (y, epoch) => K(y, "tag", epoch).slice(0, 5);
const accountOf = (y, epoch) => K(y, "account", epoch).slice(0, 16);
const recordKeyOf = (y, epoch) => K(y, "record", epoch).slice(0, 32);
const bucketOf = (number, bits) => Number(BigInt(`0x${hex(sha256("sealbook/1 bucket\0", number).slice(0, 4))}`) >> BigInt(32 - bits));

// The directory's keys.
const S = (seed, ...purpose) => hmac("sha512", seed, "sealbook/1 ", ...purpose).slice(0, 32);
const noteKey = (seed, name) => {
  const secret = createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), S(seed, "note")]), format: "der", type: "pkcs8" });
  const key = concat([1], createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32));
  const id = sha256(`${name}\n`, key).slice(0, 4);
  return { secret, id, name, text: `${name}+${hex(id)}+${Buffer.from(key).toString("base64")}` };
};
const note = (key, kind, content, { json = JSON.stringify(content) } = {}) => {
  const text = `${kind}\n${json}\n`;
  return `${text}\n— ${key.name} ${Buffer.from(concat(key.id, sign(null, utf8(text), key.secret))).toString("base64")}\n`;
};
const epochKey = (seed, epoch) => voprf.deriveKeyPair(S(seed, "oprf\0", u32(epoch)), concat("sealbook/1 epoch", u32(epoch)));
const outputOf = (pair, number) => {
  const { blind, blinded } = voprf.blind(utf8(number), random);
  const { evaluated, proof } = voprf.blindEvaluate(pair.secretKey, pair.publicKey, blinded, random);
  return voprf.finalize(utf8(number), blind, evaluated, blinded, pair.publicKey, proof);
};

const seed = random(32);
const NAME = "directory.example";
const key = noteKey(seed, NAME);
const ANN = "+442079460101";
const BEN = "+442079460102";
const numbers = [ANN, BEN, "+12015550123", "+61491570006", "+358401234567"];
const epochs = [0, 1, 7, 2 ** 32 - 1];
const pairs = new Map(epochs.map((epoch) => [epoch, epochKey(seed, epoch)]));

const registration = random(16);
const keys = {
  seed: hex(seed),
  name: NAME,
  verifier: key.text,
  number: { number: ANN, mac: hex(hmac("sha512", S(seed, "number"), ANN).slice(0, 32)) },
  code: { registration: hex(registration), code: "012345", mac: hex(hmac("sha512", S(seed, "code"), registration, "012345").slice(0, 32)) },
  address: { address: "192.0.2.1", mac: hex(hmac("sha512", S(seed, "address"), "192.0.2.1").slice(0, 32)) },
  epochs: epochs.map((epoch) => ({ epoch, private: hex(pairs.get(epoch).secretKey), public: hex(pairs.get(epoch).publicKey) })),
};

const derivations = epochs.flatMap((epoch) =>
  numbers.map((number) => {
    const y = outputOf(pairs.get(epoch), number);
    return {
      number, epoch, y: hex(y), tag: hex(tagOf(y, epoch)), account: hex(accountOf(y, epoch)), record_key: hex(recordKeyOf(y, epoch)),
      buckets: Object.fromEntries([0, 1, 8, 16, 18, 20, 31, 32].map((bits) => [bits, bucketOf(number, bits)])),
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

// Files of buckets.
const header = (magic, { epoch, bits, bucket, version, count }) =>
  concat(magic, u32(epoch), [bits, 0, 0, 0], u32(bucket), u64(version), u32(count));
const tagsFile = (place, version, tags) => concat(header("SBT1", { ...place, version, count: tags.length }), ...tags);
const recordsFile = (place, version, list) => concat(header("SBR1", { ...place, version, count: list.length }), ...list);
const delta = ({ epoch, bits, bucket }, from, to, added, removed) =>
  concat("SBD1", u32(epoch), [bits, 0, 0, 0], u32(bucket), u64(from), u64(to), u32(added.length), u32(removed.length), ...added, ...removed);
const T = (text) => new Uint8Array(Buffer.from(text, "hex"));
const [t1, t2, t3, t4] = ["0000000001", "00000000ff", "80ffffffff", "ffffffffff"].map(T);
const here = { epoch: 7, bits: 16, bucket: 0xbeef };
const whole = { epoch: 1, bits: 0, bucket: 0 };
const places = (place) => ({ epoch: place.epoch, bucket_bits: place.bits, bucket: place.bucket });
const files = {
  tags: [
    { ...places(whole), version: 0, tags: [], file: hex(tagsFile(whole, 0, [])) },
    { ...places(here), version: 12, tags: [t1, t2, t2, t4].map(hex), file: hex(tagsFile(here, 12, [t1, t2, t2, t4])) },
    { ...places({ epoch: 2 ** 32 - 1, bits: 32, bucket: 2 ** 32 - 1 }), version: 2 ** 53 - 1, tags: [hex(t3)], file: hex(tagsFile({ epoch: 2 ** 32 - 1, bits: 32, bucket: 2 ** 32 - 1 }, 2 ** 53 - 1, [t3])) },
  ],
  records: [
    { ...places(whole), version: 3, records: [], file: hex(recordsFile(whole, 3, [])) },
    { ...places(here), version: 12, records: records.slice(0, 2).map(({ sealed }) => sealed), file: hex(recordsFile(here, 12, records.slice(0, 2).map(({ sealed }) => T(sealed)))) },
  ],
  deltas: [
    { ...places(whole), from: 5, to: 5, added: [], removed: [], file: hex(delta(whole, 5, 5, [], [])) },
    { ...places(here), from: 12, to: 15, added: [t1, t3].map(hex), removed: [t2, t4].map(hex), file: hex(delta(here, 12, 15, [t1, t3], [t2, t4])) },
  ],
};
const good = tagsFile(here, 12, [t1, t2]);
const goodDelta = delta(here, 12, 15, [t1, t3], [t2, t4]);
const set = (bytes, at, ...values) => concat(bytes.slice(0, at), values, bytes.slice(at + values.length));
const refused = [
  ["nothing", "tags", new Uint8Array(0)],
  ["a header cut short", "tags", good.slice(0, 27)],
  ["a tag cut short", "tags", good.slice(0, -1)],
  ["a byte too many", "tags", concat(good, [0])],
  ["a tag more than counted", "tags", concat(good, t4)],
  ["another magic", "tags", concat("SBR1", good.slice(4))],
  ["bucket bits over 32", "tags", set(good, 8, 33)],
  ["a byte that must be zero", "tags", set(good, 10, 1)],
  ["a bucket beyond its bits", "tags", set(good, 12, 0, 1, 0, 0)],
  ["a version that JavaScript cannot hold", "tags", set(good, 16, 0, 0x20, 0, 0)],
  ["more people than a bucket may have", "tags", set(good, 24, 1, 0, 0, 1)],
  ["tags out of order", "tags", tagsFile(here, 12, [t2, t1])],
  ["another magic", "records", good],
  ["a header cut short", "records", recordsFile(here, 12, []).slice(0, 20)],
  ["nothing", "delta", new Uint8Array(0)],
  ["a header cut short", "delta", goodDelta.slice(0, 39)],
  ["a tag cut short", "delta", goodDelta.slice(0, -1)],
  ["a byte too many", "delta", concat(goodDelta, [0])],
  ["a byte that must be zero", "delta", set(goodDelta, 9, 1)],
  ["backwards", "delta", delta(here, 15, 12, [], [])],
  ["to a version that JavaScript cannot hold", "delta", delta(here, 0, 2 ** 53, [], [])],
  ["added out of order", "delta", delta(here, 12, 15, [t3, t1], [])],
  ["removed out of order", "delta", delta(here, 12, 15, [], [t3, t1])],
  ["counts that together overflow", "delta", set(delta(here, 12, 15, [], []), 32, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1)],
].map(([why, kind, file]) => ({ why, kind, file: hex(file) }));

const change = (why, tags, d, result) => ({ why, tags: hex(tags), delta: hex(d), result: result && hex(result) });
const start = tagsFile(here, 12, [t1, t2, t2, t4]);
const applied = [
  change("nothing but a newer version", start, delta(here, 12, 13, [], []), tagsFile(here, 13, [t1, t2, t2, t4])),
  change("one of two equal tags goes", start, delta(here, 12, 13, [], [t2]), tagsFile(here, 13, [t1, t2, t4])),
  change("both go and another comes", start, delta(here, 12, 20, [t3], [t2, t2]), tagsFile(here, 20, [t1, t3, t4])),
  change("an equal one comes", start, delta(here, 12, 13, [t4], []), tagsFile(here, 13, [t1, t2, t2, t4, t4])),
  change("one that came and went", start, delta(here, 12, 14, [t3], [t3]), tagsFile(here, 14, [t1, t2, t2, t4])),
  change("all go", start, delta(here, 12, 14, [], [t1, t2, t2, t4]), tagsFile(here, 14, [])),
  change("from nothing", tagsFile(here, 0, []), delta(here, 0, 1, [t1, t1], []), tagsFile(here, 1, [t1, t1])),
  change("one goes that was not there", start, delta(here, 12, 13, [], [t3]), null),
  change("three go where there are two", start, delta(here, 12, 13, [], [t2, t2, t2]), null),
  change("from another version", start, delta(here, 11, 13, [], []), null),
  change("of another epoch", start, delta({ ...here, epoch: 8 }, 12, 13, [], []), null),
  change("of another bucket", start, delta({ ...here, bucket: 1 }, 12, 13, [], []), null),
];

const batches = [[0, []], [1, [[1, 8]]], [8, [[8, 8]]], [9, [[9, 64]]], [65, [[65, 256]]], [257, [[257, 1024]]], [1024, [[1024, 1024]]],
  [1025, [[1024, 1024], [1, 8]]], [2100, [[1024, 1024], [1024, 1024], [52, 64]]]].map(([count, plan]) => ({ count, plan }));

// Decoys.
const howMany = (wanted, all) => Math.min(Math.max(wanted, 2 - wanted), all - wanted);
const decoySeed = random(32);
const decoyBlocks = ({ epoch, bucket }, blocks, wanted) => {
  const decoys = new Set();
  for (let i = 0; decoys.size < howMany(wanted.length, blocks); i++) {
    const point = BigInt(`0x${hex(hmac("sha256", decoySeed, "sealbook/1 decoy\0", u32(epoch), u32(bucket), u32(i)).slice(0, 8))}`);
    const block = Number((point * BigInt(blocks)) >> 64n);
    if (!wanted.includes(block)) decoys.add(block);
  }
  return [...decoys].sort((a, b) => a - b);
};
const decoyBuckets = (epoch, bits, buckets, matched) => {
  const want = howMany(matched.length, buckets.length);
  const decoys = new Set();
  for (let i = 0; decoys.size < want && i < 64 * buckets.length; i++) {
    const point = BigInt(`0x${hex(hmac("sha256", decoySeed, "sealbook/1 decoy bucket\0", u32(epoch), u32(i)).slice(0, 4))}`);
    const from = Number(point >> BigInt(32 - bits));
    const bucket = buckets.find((bucket) => bucket >= from) ?? buckets[0];
    if (!matched.includes(bucket)) decoys.add(bucket);
  }
  for (let i = 0; decoys.size < want; i++) if (!matched.includes(buckets[i])) decoys.add(buckets[i]);
  return [...decoys].sort((a, b) => a - b);
};
const decoys = {
  seed: hex(decoySeed),
  blocks: [[1, []], [1, [0]], [2, [1]], [10, []], [10, [3]], [10, [0, 1, 9]], [3907, [5, 77, 1200, 3906]], [4, [0, 1, 2]]]
    .map(([blocks, wanted]) => ({ ...places(here), blocks, wanted, decoys: decoyBlocks(here, blocks, wanted) })),
  buckets: [[0, [0], []], [0, [0], [0]], [3, [0, 1, 5, 7], []], [3, [0, 1, 5, 7], [5]], [16, [1, 2, 3, 4, 60000, 65535], [2, 65535]], [32, [7, 4294967295], []]]
    .map(([bits, buckets, matched]) => ({ epoch: 7, bucket_bits: bits, buckets, matched, decoys: decoyBuckets(7, bits, buckets, matched) })),
};

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
const limits = { batch: 1024, batches: [8, 64, 256, 1024], budget: 5120, refill_per_day: 200, code_digits: 6, code_tries: 5, code_seconds: 600, sends_per_hour: 3, block: 256 };
const EPOCH = 1;
const pair = pairs.get(EPOCH);
const parameters = {
  protocol: 1, name: NAME, epoch: EPOCH, public_key: b64u(pair.publicKey), bucket_bits: 0, version: 42,
  consent, limits, scopes: ["search", "discoverable"], time: "2026-11-26T08:35:17Z",
};
const of = (number) => derivations.find((d) => d.number === number && d.epoch === EPOCH);
const ann = of(ANN);
const receipt = {
  account: ann.account, epoch: EPOCH, tag: b64u(T(ann.tag)), bucket: 0, scopes: ["search", "discoverable"],
  consent_sha256: consent.sha256, time: "2026-11-26T08:40:00Z",
};
const hidden = { ...receipt, tag: null, scopes: ["search"] };
const withdrawal = { account: ann.account, epoch: EPOCH, bucket: 0, absent_from_version: 43, time: "2026-11-26T09:00:00Z" };
const DIRECTORY = "sealbook directory v1";
const RECEIPT = "sealbook receipt v1";
const WITHDRAWAL = "sealbook withdrawal v1";
const notes = [
  { kind: DIRECTORY, content: parameters },
  { kind: RECEIPT, content: receipt },
  { kind: RECEIPT, content: hidden },
  { kind: WITHDRAWAL, content: withdrawal },
].map((n) => ({ ...n, note: note(key, n.kind, n.content) }));
const signed = notes[1].note;
const other = noteKey(random(32), NAME);
const refusedNotes = [
  ["another key of the same name", RECEIPT, "signature", note(other, RECEIPT, receipt)],
  ["a letter changed under the signature", RECEIPT, "signature", signed.replace('"epoch":1', '"epoch":2')],
  ["no signature", RECEIPT, "malformed", signed.slice(0, signed.indexOf("\n\n") + 1)],
  ["a signature cut", RECEIPT, "malformed", signed.slice(0, -5)],
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
  ["another version of the protocol", DIRECTORY, "protocol", note(key, DIRECTORY, { ...parameters, protocol: 2 })],
  ["another name", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, name: "elsewhere.example" })],
  ["a consent text that is not that of its hash", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, consent: { ...consent, text: "Anything goes.\n" } })],
  ["a public key cut short", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, public_key: b64u(pair.publicKey.slice(1)) })],
  ["sizes of batches out of order", DIRECTORY, "malformed", note(key, DIRECTORY, { ...parameters, limits: { ...limits, batches: [64, 8] } })],
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
const theTags = tagsFile(whole, 43, people.map(([tag]) => tag));
const theRecords = recordsFile(whole, 43, people.map(([, record]) => record));
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
const answer = (status, body) => ({ status, body: b64u(typeof body === "object" && !(body instanceof Uint8Array) ? utf8(JSON.stringify(body)) : body) });
const file = (status, body) => ({ status, body: `sha256:${hex(sha256(body))}`, bytes: body.length });
const own = blindAll([ANN]);
const ownAnswer = evaluateAll(own);
const id = hex(random(16));
const batch = blindAll([BEN, "+12015550123", ...Array.from({ length: 6 }, () => random(32))]);
const head = {
  sealbook: "transcript", version: 1,
  directory: { url: "https://directory.example/", key: key.text, note: notes[0].note }, epoch: EPOCH,
};
const lines = [
  head,
  exchange("POST", "/v1/registrations", json, utf8(JSON.stringify({ number: ANN })), answer(202, { registration: id, expires: "2026-11-26T08:49:01Z" })),
  exchange("POST", `/v1/registrations/${id}`, json,
    utf8(JSON.stringify({ number: ANN, code: "012345", blinded: b64u(own[0].blinded), consent: { text_sha256: consent.sha256, scopes: ["search", "discoverable"] } })),
    answer(201, { credential: b64u(credential), epoch: EPOCH, evaluated: b64u(ownAnswer.slice(0, 32)), proof: b64u(ownAnswer.slice(32)), receipt: notes[1].note }),
    { items: itemsOf(own) }),
  exchange("PUT", "/v1/me/record", octets, annsSealed, answer(204, new Uint8Array(0)),
    { record: { handle: b64u(annsRecord.handle), flags: annsRecord.flags, nonce: b64u(annsRecord.nonce) } }),
  exchange("POST", "/v1/evaluations", octets, concat(...batch.map(({ blinded }) => blinded)), answer(200, evaluateAll(batch)), { items: itemsOf(batch) }),
  exchange("GET", "/v1/buckets/0/delta?since=42", {}, new Uint8Array(0), file(410, utf8("{}"))),
  exchange("GET", "/v1/buckets/0/tags", { "if-none-match": '"1-0-42"' }, new Uint8Array(0), file(200, theTags)),
  exchange("GET", "/v1/buckets/0/records", { range: "bytes=0-27" }, new Uint8Array(0), answer(206, theRecords.slice(0, 28)),
    { decoys: { seed: b64u(decoySeed), wanted: [0], blocks: [] } }),
  exchange("GET", "/v1/buckets/0/records", { range: "bytes=28-155" }, new Uint8Array(0), file(206, theRecords.slice(28))),
  exchange("GET", "/v1/me", { authorization: bearer }, new Uint8Array(0), null),
  exchange("DELETE", "/v1/me", { authorization: bearer }, new Uint8Array(0), answer(200, { receipt: notes[3].note })),
];
const transcript = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const lastLine = JSON.stringify(lines.at(-1));
const refusedTranscripts = [
  ["nothing", 1, ""],
  ["no line break at the end", lines.length, transcript.slice(0, -1)],
  ["another version", 1, transcript.replace('"version":1', '"version":2')],
  ["an empty line", 2, transcript.replace("\n", "\n\n")],
  ["a space", 2, transcript.replace('"method":"POST"', '"method": "POST"')],
  ["a field that is not of the format", lines.length, transcript.replace(lastLine, lastLine.replace('"method"', '"extra":"","method"'))],
  ["a header field twice", lines.length, transcript.replace(lastLine, lastLine.replace('"authorization"', '"authorization":"","authorization"'))],
  ["a header field that is no text", lines.length, transcript.replace(lastLine, lastLine.replace('"headers":{', '"headers":{"x":1,'))],
  ["base64 with padding", lines.length, transcript.replace(lastLine, lastLine.replace('"body":""', '"body":"AA=="'))],
  ["base64 with bits left over", lines.length, transcript.replace(lastLine, lastLine.replace('"body":""', '"body":"AB"'))],
  ["an item with number and padding", 3, transcript.replace(`"items":[{"number":"${ANN}"`, `"items":[{"number":"${ANN}","padding":"${b64u(random(32))}"`)],
  ["a hash without a length", 6, transcript.replace(/,"bytes":2}/, "}")],
].map(([why, line, text]) => ({ why, line, text }));

const problems = {
  not_found: 404, method_not_allowed: 405, content_type: 415, body_too_large: 413, body_timeout: 408, body_malformed: 400, number_invalid: 400,
  consent_outdated: 409, consent_scopes: 400, element_invalid: 400, batch_size: 400, registration_unknown: 404, code_wrong: 403,
  code_expired: 410, sends_exceeded: 429, sender_failed: 502, credential_missing: 401, credential_unknown: 401, scope_missing: 403,
  budget_exceeded: 429, record_size: 400, bucket_unknown: 404, version_gone: 410, range_unsatisfiable: 416, store_busy: 503,
  store_full: 503, internal: 500,
};

const all = {
  about: "The discovery protocol, version 1, computed by node:crypto and @noble/curves (tests/vectors/directory.mjs). Bytes are hexadecimal, in notes and the transcript as these have them.",
  keys, derivations, records, unopened, files, refused, applied, batches, decoys, budgets, notes, refused_notes: refusedNotes, refused_keys: refusedKeys,
  problems, transcript, refused_transcripts: refusedTranscripts,
};
process.stdout.write(`${JSON.stringify(all, null, 1)}\n`);
