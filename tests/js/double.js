// A directory in memory, for what a true one never does: every answer can be
// bent before it leaves, every text signed again. It has its own hand in the
// formats, so that one mistake is not made twice. It knows no engine, so that it
// stands in for a directory in pages and workers too.

/**
 * @typedef {{ status: number, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> }} Answer
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> }} Asked
 * @typedef {{ credential: string, number: string, account: string, tag: string, record: Uint8Array<ArrayBuffer>, scopes: string[], used: number, consent: string, mark?: number }} Account tag: 10 hexadecimal digits; mark: of the handle that is sealed for a number
 * @typedef {{ version: number, time: number, tags: Uint8Array<ArrayBuffer>, records: Uint8Array<ArrayBuffer>, hashes: Uint8Array<ArrayBuffer>[], root: Uint8Array<ArrayBuffer>, changes: Uint8Array<ArrayBuffer>, changed: Uint8Array<ArrayBuffer>, rows: [string, Uint8Array<ArrayBuffer>][], chain: Uint8Array<ArrayBuffer>, epoch: number }} Published changed: records of the changes
 * @typedef {CryptoKeyPair & { name: string, id: Uint8Array, vkey: string }} Signer
 */

const encoder = new TextEncoder();
/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);
/** @param {Uint8Array} bytes */
export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
/** @param {Uint8Array} bytes */
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
/** @param {string} text */
export const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {string} digits */
export const unhex = (digits) => Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
/** @param {...(Uint8Array | string)} parts */
export function join(...parts) {
  const bytes = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
/** @param {number} n @param {number} bytes */
export const integer = (n, bytes) => Uint8Array.from({ length: bytes }, (_, i) => Number((BigInt(n) >> BigInt(8 * (bytes - 1 - i))) & 255n));
/** @param {Uint8Array} bytes */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
/** @param {number} time milliseconds */
const instant = (time) => `${new Date(time).toISOString().slice(0, 19)}Z`;
const CONSENT = "A directory for tests keeps a tag of your number.";
const HOUR = 3_600_000;
const ZERO = new Uint8Array(32);

export class Double {
  /** Requests in the order they came. @type {Asked[]} */
  asked = [];
  /** Evaluations charged in all. */
  charged = 0;
  /** Bends an answer, or throws as a broken connection does. @type {(asked: Asked, answer: Answer) => Answer | void | Promise<Answer | void>} */
  bend = () => {};
  /** Bends the parameters before they are signed. @type {(parameters: any) => any} */
  bendParameters = (parameters) => parameters;
  epoch = 7;
  /** Most evaluations of an account. */
  budget = 5120;
  /** How long a renewal takes, milliseconds. */
  renewal = 0;
  consent = CONSENT;
  /** The code that is sent. */
  code = "12345678";
  /** @type {Map<string, Account>} */
  accounts = new Map();
  /** @type {Published[]} */
  states = [];
  /** @type {string[]} */
  leaves = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  leafHashes = [];
  /** @type {Map<string, { number: string, ready: number }>} */
  #codes = new Map();
  /** Draws random bytes; a test may make them its own. @type {(n: number) => Uint8Array<ArrayBuffer>} */
  random = (n) => crypto.getRandomValues(new Uint8Array(n));

  /**
   * @param {Pick<import("./whole.js").Loaded, "blind">} core
   * @param {Signer} signer
   * @param {Signer} logSigner
   */
  constructor(core, signer, logSigner) {
    this.core = core;
    this.signer = signer;
    this.logSigner = logSigner;
    this.name = signer.name;
    this.oprf = core.blind.oprf.server(core.blind.oprf.deriveKey(this.random(32), utf8("test")));
  }

  /**
   * @param {Pick<import("./whole.js").Loaded, "blind">} core
   * @param {{ name?: string, random?: Double["random"], epoch?: number }} [options]
   */
  static async make(core, { name = "directory.example", random, epoch } = {}) {
    const double = new Double(core, await signer(name), await signer(`${name}/v2/log`));
    if (random) {
      double.random = random;
      double.oprf = core.blind.oprf.server(core.blind.oprf.deriveKey(random(32), utf8("test")));
    }
    if (epoch !== undefined) double.epoch = epoch;
    await double.publish();
    return double;
  }

  /** The key that clients pin. */
  get key() {
    return this.signer.vkey;
  }

  /** Another directory with the same keys and the same past. */
  fork() {
    const other = new Double(this.core, this.signer, this.logSigner);
    const { oprf, epoch, budget, renewal, consent } = this;
    Object.assign(other, { oprf, epoch, budget, renewal, consent, states: [...this.states], leaves: [...this.leaves], leafHashes: [...this.leafHashes] });
    other.accounts = new Map([...this.accounts].map(([credential, account]) => [credential, { ...account }]));
    return other;
  }

  /** A new epoch, with another key and nobody in it. */
  async nextEpoch() {
    this.epoch++;
    this.oprf = this.core.blind.oprf.server(this.core.blind.oprf.deriveKey(this.random(32), utf8("test")));
    for (const account of this.accounts.values()) {
      if (account.number === "") continue;
      const { recordKey, ...derived } = await this.derived(account.number);
      Object.assign(account, derived, account.mark === undefined ? {} : { record: await sealed(recordKey, account.mark, this.random(12)) });
    }
    await this.publish();
  }

  /** The newest state. */
  get last() {
    return /** @type {Published} */ (this.states.at(-1));
  }

  /** People who are to be found, in the order of their tags, and then of their ids. @returns {[string, Uint8Array<ArrayBuffer>][]} */
  rows() {
    return [...this.accounts.values()]
      .filter(({ scopes }) => scopes.includes("discoverable"))
      .sort((a, b) => (a.tag + a.account < b.tag + b.account ? -1 : 1))
      .map(({ tag, record }) => [tag, record]);
  }

  /**
   * Publishes what there is: a version, a leaf.
   * @param {{ rows?: [string, Uint8Array<ArrayBuffer>][], leaf?: (lines: Record<string, string>) => void, changes?: (changes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, skip?: number }} [lies] rows in place of the true ones; a leaf with other lines
   */
  async publish({ rows = this.rows(), leaf = () => {}, changes: alter = (file) => file, skip = 1 } = {}) {
    const before = this.states.at(-1);
    const version = (before?.version ?? 0) + skip;
    const sameEpoch = before !== undefined && before.epoch === this.epoch;
    const { file, changed } = await diff(sameEpoch ? before.rows : [], rows, this.epoch, version);
    const changes = alter(file);
    const tags = tagsFile(rows.map(([tag]) => tag), this.epoch, version);
    const records = join(...rows.map(([, record]) => record));
    const hashes = await Promise.all(Array.from({ length: Math.ceil(rows.length / 256) }, (_, i) => sha256(join(integer(0, 1), records.subarray(16384 * i, 16384 * (i + 1))))));
    const root = await rootOf(hashes);
    const chain = await sha256(join(sameEpoch ? before.chain : ZERO, integer(version, 8), await sha256(changes)));
    const time = Math.max(Date.now(), before?.time ?? 0);
    const lines = {
      epoch: `${this.epoch}`, key: base64(this.oprf.publicKey), bucket_bits: "0", version: `${version}`, people: `${rows.length}`,
      files: base64(await sha256(join(integer(0, 1), await sha256(tags), root))), changes: base64(chain),
      parameters: hex(await sha256(utf8(JSON.stringify(await this.parameters())))), consent: hex(await sha256(utf8(this.consent))), time: instant(time),
    };
    leaf(lines);
    this.leaves.push(`sealbook state v1\n${Object.entries(lines).map(([name, value]) => `${name} ${value}\n`).join("")}`);
    this.leafHashes.push(await sha256(join(integer(0, 1), this.leaves[this.leaves.length - 1])));
    this.states.push({ version, time, tags, records, hashes, root, changes, changed, rows, chain, epoch: this.epoch });
  }

  /** Parameters but their time: what leaves name. */
  async parameters() {
    return this.bendParameters({
      protocol: 2, name: this.name, epoch: this.epoch, public_key: base64url(this.oprf.publicKey), bucket_bits: 0,
      consent: { text: this.consent, sha256: hex(await sha256(utf8(this.consent))) },
      limits: { batch: 1024, batches: [8, 64, 256, 1024], budget: this.budget, refill_per_day: 200, code_digits: 8, code_tries: 5, code_seconds: 600, sends_per_hour: 3, block: 256 },
      scopes: ["search", "discoverable"], log: this.logSigner.vkey,
    });
  }

  /** @param {string} kind @param {object} content */
  note(kind, content) {
    return sign(this.signer, `${kind}\n${JSON.stringify(content)}\n`);
  }

  /** @param {number} [size] @param {Uint8Array} [root] another one */
  async checkpoint(size = this.leaves.length, root) {
    return sign(this.logSigner, `${this.logSigner.name}\n${size}\n${base64(root ?? await rootOf(this.leafHashes.slice(0, size)))}\n`);
  }

  /** @param {number} from */
  async update(from) {
    const size = this.leaves.length;
    const proof = 0 < from && from < size ? await consistency(this.leafHashes, from) : [];
    const path = await inclusion(this.leafHashes, size - 1);
    const lines = (/** @type {Uint8Array[]} */ hashes) => hashes.map((hash) => `${base64(hash)}\n`).join("");
    return `old ${from}\n${lines(proof)}\nc2sp.org/tlog-proof@v1\nextra ${base64(utf8(this.leaves[size - 1]))}\nindex ${size - 1}\n${lines(path)}\n${await this.checkpoint()}`;
  }

  /** @param {string} number */
  async derived(number) {
    const key = await crypto.subtle.importKey("raw", new Uint8Array(this.oprf.output(number)), { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
    const derive = async (/** @type {string} */ label) => new Uint8Array(await crypto.subtle.sign("HMAC", key, join(`sealbook/2 ${label}\0`, integer(this.epoch, 4))));
    return { account: hex((await derive("account")).subarray(0, 16)), tag: hex((await derive("tag")).subarray(0, 5)), recordKey: (await derive("record")).slice(0, 32) };
  }

  /**
   * Makes an account, which the next state has.
   * @param {string} number
   * @param {readonly string[]} [scopes]
   * @param {number} [mark] of the handle that is sealed for it; a random record without
   */
  async enrol(number, scopes = ["discoverable"], mark) {
    const { account, tag, recordKey } = await this.derived(number);
    for (const [credential, known] of this.accounts) if (known.account === account) this.accounts.delete(credential);
    const credential = base64url(this.random(32));
    const record = mark === undefined ? this.random(64) : await sealed(recordKey, mark, this.random(12));
    this.accounts.set(credential, { credential, number, account, tag, record, scopes: [...scopes], used: 0, consent: hex(await sha256(utf8(this.consent))), mark });
    return credential;
  }

  /** Another record under a number's tag. @param {string} number @param {number} mark */
  async reseal(number, mark) {
    const account = this.of(number);
    if (account) Object.assign(account, { mark, record: await sealed((await this.derived(number)).recordKey, mark, this.random(12)) });
  }

  /** @param {string} number */
  of(number) {
    return [...this.accounts.values()].find((account) => account.number === number);
  }

  /** @param {string} number */
  leave(number) {
    const account = this.of(number);
    if (account) this.accounts.delete(account.credential);
  }

  /**
   * Adds somebody whom nobody knows.
   * @param {string} [tag]
   */
  stranger(tag = hex(this.random(5))) {
    const credential = base64url(this.random(32));
    this.accounts.set(credential, { credential, number: "", account: hex(this.random(16)), tag, record: this.random(64), scopes: ["discoverable"], used: 0, consent: "" });
    return credential;
  }

  /** Takes the place of fetch. @type {typeof globalThis.fetch} */
  fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(String(input));
    /** @type {Asked} */
    const asked = {
      method: init.method ?? "GET",
      path: url.pathname + url.search,
      headers: /** @type {Record<string, string>} */ (init.headers ?? {}),
      body: new Uint8Array(/** @type {Uint8Array} */ (init.body ?? [])),
    };
    this.asked.push(asked);
    const answer = await this.answer(asked);
    const bent = (await this.bend(asked, answer)) ?? answer;
    const empty = [204, 304].includes(bent.status);
    return new Response(empty ? null : bent.body, { status: bent.status, headers: bent.headers });
  };

  /** @param {Asked} asked @returns {Promise<Answer>} */
  async answer({ method, path, headers, body }) {
    const [, version, file] = /^\/v2\/states\/(\d+)\/(tags|records|root|hashes)$/.exec(path) ?? [];
    if (file !== undefined) return this.#file(Number(version), file, headers);
    const [, hour, until, records] = /^\/v2\/changes\/(\d+)(?:\/(\d+))?(\/records)?$/.exec(path) ?? [];
    if (hour !== undefined) return this.#changes(Number(hour), until === undefined ? null : Number(until), records !== undefined);
    const [, from] = /^\/v2\/log\/update\?from=(\d+)$/.exec(path) ?? [];
    if (from !== undefined) return octets(utf8(await this.update(Number(from))));
    const account = this.accounts.get(headers.authorization?.slice("Bearer ".length) ?? "");
    const given = () => JSON.parse(new TextDecoder().decode(body));
    switch (`${method} ${path.replace(/[0-9a-f]{32}$/, "ID")}`) {
      case "GET /v2/directory":
        return json(200, { key: this.key, note: await this.note("sealbook directory v2", { ...await this.parameters(), time: instant(Date.now()) }) });
      case "POST /v2/registrations": {
        const id = hex(this.random(16));
        this.#codes.set(id, { number: given().number, ready: 0 });
        return json(202, { registration: id, expires: instant(Date.now() + 600_000) });
      }
      case "POST /v2/registrations/ID":
        return this.#confirm(path.slice(-32), given(), account);
    }
    if (account === undefined) return problem(401, "credential_unknown");
    switch (`${method} ${path}`) {
      case "POST /v2/evaluations": {
        const n = body.length / 32;
        if (!account.scopes.includes("search")) return problem(403, "scope_missing");
        if (account.used + n > this.budget) return problem(429, "budget_exceeded", { available: this.budget - account.used }, { "retry-after": "86400" });
        account.used += n;
        this.charged += n;
        const { evaluated, proof } = this.oprf.evaluate(body);
        return { status: 200, headers: { "sealbook-epoch": `${this.epoch}`, "sealbook-budget": `${this.budget - account.used}` }, body: join(evaluated, proof) };
      }
      case "PUT /v2/me/record":
        account.record = body;
        return nothing();
      case "GET /v2/me":
        return json(200, { account: account.account, epoch: this.epoch, tag: base64url(unhex(account.tag)), record: base64url(account.record), scopes: account.scopes, budget: { used: account.used }, renewal: null, elsewhere: [] });
      case "DELETE /v2/me":
        this.accounts.delete(account.credential);
        return this.#withdrawn(account.account);
      case "DELETE /v2/me/renewal":
        return nothing();
      case "POST /v2/me/epoch": {
        const { number, blinded } = given();
        this.accounts.delete(account.credential);
        return this.#entered(number, blinded, account.scopes, account.consent);
      }
    }
    return problem(404, "not_found");
  }

  /**
   * @param {string} id
   * @param {any} given
   * @param {Account | undefined} bearer
   */
  async #confirm(id, { number, code, blinded, consent, withdraw }, bearer) {
    const pending = this.#codes.get(id);
    if (pending === undefined || pending.number !== number) return problem(404, "registration_unknown");
    if (code !== this.code) return problem(403, "code_wrong", { tries_left: 4 });
    const known = this.of(number);
    if (withdraw) {
      this.#codes.delete(id);
      if (known) this.accounts.delete(known.credential);
      return this.#withdrawn(known?.account ?? "0".repeat(32));
    }
    if (known && bearer !== known && this.renewal > 0) {
      pending.ready ||= Date.now() + this.renewal;
      if (Date.now() < pending.ready) return json(202, { renewal: id, ready: instant(pending.ready) });
    }
    this.#codes.delete(id);
    return this.#entered(number, blinded, consent.scopes, consent.text_sha256);
  }

  /** @param {string} number @param {string} blinded @param {string[]} scopes @param {string} consent */
  async #entered(number, blinded, scopes, consent) {
    const credential = await this.enrol(number, scopes);
    const { evaluated, proof } = this.oprf.evaluate(bytesOf(blinded));
    const { account, tag } = /** @type {Account} */ (this.accounts.get(credential));
    const receipt = await this.note("sealbook receipt v2", {
      account, epoch: this.epoch, tag: scopes.includes("discoverable") ? base64url(unhex(tag)) : null,
      scopes, consent_sha256: consent, ...await this.#log(), time: instant(Date.now()),
    });
    return json(201, { credential, epoch: this.epoch, evaluated: base64url(evaluated), proof: base64url(proof), receipt });
  }

  /** @param {string} account */
  async #withdrawn(account) {
    return json(200, { receipt: await this.note("sealbook withdrawal v2", {
      account, epoch: this.epoch, absent_from_version: this.last.version + 1,
      removal_listed_until: instant(Date.now() + 8 * 24 * HOUR), budget_kept_until: instant(Date.now() + 26 * 24 * HOUR), ...await this.#log(), time: instant(Date.now()),
    }) });
  }

  async #log() {
    return { log_size: this.leaves.length, log_root: base64url(await rootOf(this.leafHashes)) };
  }

  /** @param {number} version @param {string} name @param {Record<string, string>} headers @returns {Answer} */
  #file(version, name, headers) {
    const state = this.states.find((state) => state.version === version);
    if (state === undefined) return problem(404, "version_gone");
    if (name === "tags") return octets(state.tags);
    if (name === "root") return octets(state.root);
    if (name === "hashes") return octets(join(...state.hashes));
    const file = join("SBR2", integer(state.epoch, 4), new Uint8Array(8), integer(version, 8), integer(state.rows.length, 4), state.records);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (from === undefined) return octets(file);
    return { status: 206, headers: { "content-range": `bytes ${from}-${to}/${file.length}` }, body: file.slice(Number(from), Number(to) + 1) };
  }

  /** @param {number} hour @param {number | null} until @param {boolean} records @returns {Answer} */
  #changes(hour, until, records) {
    const newest = Math.floor(this.last.time / HOUR);
    if (until === null ? hour >= newest || hour < Math.floor(this.states[0].time / HOUR) || hour < newest - 8 * 24 : until !== this.last.version || hour !== newest) return problem(404, "version_gone");
    const versions = this.states.filter(({ time, epoch }) => Math.floor(time / HOUR) === hour && epoch === this.epoch);
    return octets(join(...versions.map(({ changes, changed }) => (records ? changed : changes))));
  }
}

/** @param {string} name @returns {Promise<Signer>} */
async function signer(name) {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]));
  const raw = join(integer(1, 1), new Uint8Array(/** @type {ArrayBuffer} */ (await crypto.subtle.exportKey("raw", pair.publicKey))));
  const id = (await sha256(join(`${name}\n`, raw))).subarray(0, 4);
  return { publicKey: pair.publicKey, privateKey: pair.privateKey, name, id, vkey: `${name}+${hex(id)}+${base64(raw)}` };
}

/** @param {Signer} signer @param {string} text */
async function sign({ privateKey, name, id }, text) {
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, privateKey, utf8(text)));
  return `${text}\n— ${name} ${base64(join(id, signature))}\n`;
}

/** @param {Uint8Array<ArrayBuffer>} key @param {number} mark @param {Uint8Array<ArrayBuffer>} nonce */
async function sealed(key, mark, nonce) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return join(nonce, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, join(new Uint8Array(32).fill(mark), integer(mark, 4)))));
}

/**
 * The file of tags, bit by bit.
 * @param {readonly string[]} tags sorted
 * @param {number} epoch
 * @param {number} version
 */
export function tagsFile(tags, epoch, version) {
  const k = tags.length === 0 ? 0 : 40 - tags.length.toString(2).length;
  let bits = "";
  let last = 0n;
  const bytes = [];
  for (const tag of tags) {
    const value = BigInt(`0x${tag}`);
    const difference = value - last;
    last = value;
    bits += `${"1".repeat(Number(difference >> BigInt(k)))}0${k === 0 ? "" : (difference & ((1n << BigInt(k)) - 1n)).toString(2).padStart(k, "0")}`;
    const whole = bits.length - (bits.length % 8);
    for (let i = 0; i < whole; i += 8) bytes.push(parseInt(bits.slice(i, i + 8), 2));
    bits = bits.slice(whole);
  }
  if (bits !== "") bytes.push(parseInt(bits.padEnd(8, "0"), 2));
  return join("SBT2", integer(epoch, 4), integer(0, 1), integer(k, 1), new Uint8Array(6), integer(version, 8), integer(tags.length, 4), Uint8Array.from(bytes));
}

/**
 * What changed from some rows to others, as a file, and the records of it.
 * @param {readonly [string, Uint8Array][]} before
 * @param {readonly [string, Uint8Array][]} after
 * @param {number} epoch
 * @param {number} version
 */
async function diff(before, after, epoch, version) {
  const keyed = (/** @type {readonly [string, Uint8Array][]} */ rows) => {
    /** @type {Map<string, Uint8Array[]>} */
    const map = new Map();
    for (const [tag, record] of rows) map.set(tag, [...map.get(tag) ?? [], record]);
    return map;
  };
  const [old, now] = [keyed(before), keyed(after)];
  const removed = [];
  /** @type {{ added: [string, Uint8Array][], changed: [string, Uint8Array][] }} */
  const lists = { added: [], changed: [] };
  for (const tag of new Set([...old.keys(), ...now.keys()])) {
    const gone = [...old.get(tag) ?? []];
    const come = [];
    for (const record of now.get(tag) ?? []) {
      const at = gone.findIndex((other) => hex(other) === hex(record));
      if (at < 0) come.push(record);
      else gone.splice(at, 1);
    }
    const both = Math.min(gone.length, come.length);
    for (const record of come.slice(0, both)) lists.changed.push([tag, record]);
    for (const record of come.slice(both)) lists.added.push([tag, record]);
    for (let i = both; i < gone.length; i++) removed.push(tag);
  }
  const entries = async (/** @type {[string, Uint8Array][]} */ list) =>
    (await Promise.all(list.map(async ([tag, record]) => ({ entry: tag + hex((await sha256(record)).subarray(0, 10)), record })))).sort((a, b) => (a.entry < b.entry ? -1 : 1));
  const [added, changed] = [await entries(lists.added), await entries(lists.changed)];
  return {
    file: join("SBC2", integer(epoch, 4), new Uint8Array(8), integer(version, 8), integer(removed.length, 4), integer(added.length, 4), integer(changed.length, 4),
      ...removed.sort().map(unhex), ...[...added, ...changed].map(({ entry }) => unhex(entry))),
    changed: join(...[...added, ...changed].map(({ record }) => record)),
  };
}

/** MTH of RFC 6962, as it is written there. @param {readonly Uint8Array<ArrayBuffer>[]} hashes @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function rootOf(hashes) {
  if (hashes.length === 0) return sha256(new Uint8Array(0));
  if (hashes.length === 1) return hashes[0];
  const k = split(hashes.length);
  return sha256(join(integer(1, 1), await rootOf(hashes.slice(0, k)), await rootOf(hashes.slice(k))));
}

/** The largest power of two below n. @param {number} n */
function split(n) {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** PATH. @param {readonly Uint8Array<ArrayBuffer>[]} hashes @param {number} m @returns {Promise<Uint8Array[]>} */
async function inclusion(hashes, m) {
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)];
  return m < k ? [...await inclusion(left, m), await rootOf(right)] : [...await inclusion(right, m - k), await rootOf(left)];
}

/** PROOF. @param {readonly Uint8Array<ArrayBuffer>[]} hashes @param {number} m @param {boolean} [whole] @returns {Promise<Uint8Array[]>} */
async function consistency(hashes, m, whole = true) {
  if (m === hashes.length) return whole ? [] : [await rootOf(hashes)];
  const k = split(hashes.length);
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)];
  return m <= k ? [...await consistency(left, m, whole), await rootOf(right)] : [...await consistency(right, m - k, false), await rootOf(left)];
}

/** @param {Uint8Array<ArrayBuffer>} body @returns {Answer} */
export const octets = (body) => ({ status: 200, headers: {}, body });

/** @returns {Answer} */
const nothing = () => ({ status: 204, headers: {}, body: new Uint8Array(0) });

/** @param {number} status @param {object} value @returns {Answer} */
export const json = (status, value) => ({ status, headers: { "content-type": "application/json" }, body: utf8(JSON.stringify(value)) });

/** @param {number} status @param {string} code @param {object} [more] @param {Record<string, string>} [headers] @returns {Answer} */
export const problem = (status, code, more = {}, headers = {}) => ({
  status, headers: { "content-type": "application/problem+json", ...headers }, body: utf8(JSON.stringify({ title: code, status, code, ...more })),
});
