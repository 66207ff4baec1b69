// A directory in memory, for what a true one never does: every answer can be
// bent before it leaves. It knows no engine, so that it stands in for a
// directory in pages and workers too.

/**
 * @typedef {{ status: number, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> }} Answer
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> }} Asked
 * @typedef {{ credential: string, number: string, account: string, tag: Uint8Array, bucket: number, record: Uint8Array<ArrayBuffer>, scopes: string[], used: number }} Account
 */

const encoder = new TextEncoder();
/** @param {string} text */
const utf8 = (text) => encoder.encode(text);
/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
/** @param {Uint8Array} bytes */
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
/** @param {string} text */
export const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {number} n */
const random = (n) => crypto.getRandomValues(new Uint8Array(n));
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
/** @param {Uint8Array<ArrayBuffer>} bytes */
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;
const CONSENT = "A directory for tests keeps a tag of your number.";

export class Double {
  /** Requests in the order they came. @type {Asked[]} */
  asked = [];
  /** Evaluations charged in all. */
  charged = 0;
  /** Bends an answer, or throws as a broken connection does. @type {(asked: Asked, answer: Answer) => Answer | void | Promise<Answer | void>} */
  bend = () => {};
  epoch = 7;
  block = 256;
  version = 1;
  /** Most evaluations of an account. */
  budget = 5120;
  batches = [8, 64, 256, 1024];
  /** @type {Map<string, Account>} */
  accounts = new Map();
  /** Tags of each version. @type {Map<number, Map<number, string[]>>} */
  #history = new Map();
  /** @type {Account[] | null} */
  #sorted = null;
  /** @type {Map<string, string>} */
  #codes = new Map();

  /**
   * @param {import("sealbook").Sealbook} sealbook
   * @param {CryptoKeyPair} signing
   * @param {Uint8Array} id first bytes of the hash of name and key
   * @param {string} key
   * @param {{ bits: number, name: string }} options
   */
  constructor(sealbook, signing, id, key, { bits, name }) {
    this.sealbook = sealbook;
    this.signing = signing;
    this.id = id;
    this.key = key;
    this.bits = bits;
    this.name = name;
    this.oprf = sealbook.oprf.server(sealbook.oprf.deriveKey(random(32), utf8("test")));
    this.publish();
  }

  /**
   * @param {import("sealbook").Sealbook} sealbook
   * @param {{ bits?: number, name?: string }} [options]
   */
  static async make(sealbook, { bits = 0, name = "directory.example" } = {}) {
    const signing = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]));
    const raw = join(integer(1, 1), new Uint8Array(/** @type {ArrayBuffer} */ (await crypto.subtle.exportKey("raw", signing.publicKey))));
    const id = (await sha256(join(`${name}\n`, raw))).subarray(0, 4);
    return new Double(sealbook, signing, id, `${name}+${hex(id)}+${base64(raw)}`, { bits, name });
  }

  /** @param {string} kind @param {object} content */
  async note(kind, content) {
    const text = `${kind}\n${JSON.stringify(content)}\n`;
    const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, this.signing.privateKey, utf8(text)));
    return `${text}\n— ${this.name} ${base64(join(this.id, signature))}\n`;
  }

  /** What clients see from now on. */
  publish() {
    this.version++;
    this.#sorted = null;
    /** @type {Map<number, string[]>} */
    const buckets = new Map();
    for (const { bucket, tag } of this.sorted()) {
      const tags = buckets.get(bucket);
      if (tags === undefined) buckets.set(bucket, [hex(tag)]);
      else tags.push(hex(tag));
    }
    this.#history.set(this.version, buckets);
  }

  /** People who are to be found, in the order of their tags. */
  sorted() {
    if (this.#sorted === null) {
      const listed = [...this.accounts.values()].filter(({ scopes }) => scopes.includes("discoverable"));
      const keyed = listed.map((account) => ({ key: hex(account.tag) + account.account, account }));
      this.#sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ account }) => account);
    }
    return this.#sorted;
  }

  /** @param {string} number */
  bucketOf = async (number) => {
    if (this.bits === 0) return 0;
    return new DataView((await sha256(utf8(`sealbook/1 bucket\0${number}`))).buffer).getUint32(0) >>> (32 - this.bits);
  };

  /** @param {string} number @param {string} label */
  async derive(number, label) {
    const key = await crypto.subtle.importKey("raw", new Uint8Array(this.oprf.output(number)), { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, join(`sealbook/1 ${label}\0`, integer(this.epoch, 4))));
  }

  /**
   * @param {string} number
   * @param {string[]} scopes
   */
  async enrol(number, scopes) {
    const account = hex((await this.derive(number, "account")).subarray(0, 16));
    for (const [credential, known] of this.accounts) if (known.account === account) this.accounts.delete(credential);
    const credential = base64url(random(32));
    const tag = (await this.derive(number, "tag")).slice(0, 5);
    this.accounts.set(credential, { credential, number, account, tag, bucket: await this.bucketOf(number), record: random(64), scopes, used: 0 });
    this.publish();
    return credential;
  }

  /**
   * Adds people whom nobody knows: their tags are drawn, not computed.
   * @param {number} n
   */
  fill(n) {
    for (let i = 0; i < n; i++) {
      const tag = random(5);
      const bucket = this.bits === 0 ? 0 : random(4).reduce((sum, byte) => (sum << 8) | byte, 0) >>> (32 - this.bits);
      const credential = base64url(random(32));
      this.accounts.set(credential, { credential, number: "", account: hex(random(16)), tag, bucket, record: random(64), scopes: ["discoverable"], used: 0 });
    }
    this.publish();
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
    const answer = await this.#answer(asked);
    const bent = (await this.bend(asked, answer)) ?? answer;
    const empty = [204, 304].includes(bent.status);
    return new Response(empty ? null : bent.body, { status: bent.status, headers: bent.headers });
  };

  /** @param {Asked} asked @returns {Promise<Answer>} */
  async #answer({ method, path, headers, body }) {
    const [, bucket, what, since] = /^\/v1\/buckets\/(\d+)\/(tags|records|delta)(?:\?since=(\d+))?$/.exec(path) ?? [];
    if (what === "tags") return this.#tags(Number(bucket), headers);
    if (what === "records") return this.#records(Number(bucket), headers);
    if (what === "delta") return this.#delta(Number(bucket), Number(since));
    const account = this.accounts.get(headers.authorization?.slice("Bearer ".length) ?? "");
    const given = () => JSON.parse(new TextDecoder().decode(body));
    switch (`${method} ${path.replace(/[0-9a-f]{32}$/, "ID")}`) {
      case "GET /v1/directory":
        return json(200, { key: this.key, note: await this.note("sealbook directory v1", await this.parameters()) });
      case "POST /v1/registrations": {
        const id = hex(random(16));
        this.#codes.set(id, given().number);
        return json(202, { registration: id, expires: now() });
      }
      case "POST /v1/registrations/ID": {
        const { number, code, blinded, consent } = given();
        const id = path.slice(-32);
        if (this.#codes.get(id) !== number) return problem(404, "registration_unknown");
        if (code !== "123456") return problem(403, "code_wrong", { tries_left: 4 });
        this.#codes.delete(id);
        const credential = await this.enrol(number, consent.scopes);
        const { evaluated, proof } = this.oprf.evaluate(bytesOf(blinded));
        const { account, tag, bucket } = /** @type {Account} */ (this.accounts.get(credential));
        const receipt = await this.note("sealbook receipt v1", {
          account, epoch: this.epoch, tag: consent.scopes.includes("discoverable") ? base64url(tag) : null, bucket,
          scopes: consent.scopes, consent_sha256: consent.text_sha256, time: now(),
        });
        return json(201, { credential, epoch: this.epoch, evaluated: base64url(evaluated), proof: base64url(proof), receipt });
      }
    }
    if (account === undefined) return problem(401, "credential_unknown");
    switch (`${method} ${path}`) {
      case "POST /v1/evaluations": {
        const n = body.length / 32;
        if (account.used + n > this.budget) return problem(429, "budget_exceeded", { available: this.budget - account.used }, { "retry-after": "86400" });
        const { evaluated, proof } = this.oprf.evaluate(body);
        account.used += n;
        this.charged += n;
        return { status: 200, headers: { "sealbook-epoch": `${this.epoch}`, "sealbook-budget": `${this.budget - account.used}` }, body: join(evaluated, proof) };
      }
      case "PUT /v1/me/record":
        account.record = body;
        this.publish();
        return { status: 204, headers: {}, body: new Uint8Array(0) };
      case "GET /v1/me":
        return json(200, { account: account.account, epoch: this.epoch, tag: base64url(account.tag), bucket: account.bucket, record: base64url(account.record), scopes: account.scopes, budget: { used: account.used } });
      case "DELETE /v1/me":
        this.accounts.delete(account.credential);
        this.publish();
        return json(200, { receipt: await this.note("sealbook withdrawal v1", { account: account.account, epoch: this.epoch, bucket: account.bucket, absent_from_version: this.version, time: now() }) });
    }
    return problem(404, "not_found");
  }

  async parameters() {
    return {
      protocol: 1, name: this.name, epoch: this.epoch, public_key: base64url(this.oprf.publicKey), bucket_bits: this.bits, version: this.version,
      consent: { text: CONSENT, sha256: hex(await sha256(utf8(CONSENT))) },
      limits: { batch: 1024, batches: this.batches, budget: this.budget, refill_per_day: 200, code_digits: 6, code_tries: 5, code_seconds: 600, sends_per_hour: 3, block: this.block },
      scopes: ["search", "discoverable"], time: now(),
    };
  }

  /** @param {string} magic @param {number} bucket */
  #head = (magic, bucket) => join(magic, integer(this.epoch, 4), integer(this.bits, 1), new Uint8Array(3), integer(bucket, 4));

  /** @param {number} bucket @param {Record<string, string>} headers @returns {Answer} */
  #tags(bucket, headers) {
    const etag = `"t${this.version}"`;
    if (headers["if-none-match"] === etag) return { status: 304, headers: { etag }, body: new Uint8Array(0) };
    const tags = this.sorted().filter((account) => account.bucket === bucket).map(({ tag }) => tag);
    return { status: 200, headers: { etag }, body: join(this.#head("SBT1", bucket), integer(this.version, 8), integer(tags.length, 4), ...tags) };
  }

  /** @param {number} bucket @param {Record<string, string>} headers @returns {Answer} */
  #records(bucket, headers) {
    const records = this.sorted().filter((account) => account.bucket === bucket).map(({ record }) => record);
    const file = join(this.#head("SBR1", bucket), integer(this.version, 8), integer(records.length, 4), ...records);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (from === undefined) return { status: 200, headers: {}, body: file };
    if (Number(from) >= file.length) return problem(416, "range_unsatisfiable");
    return { status: 206, headers: { etag: `"r${this.version}"`, "content-range": `bytes ${from}-${Math.min(Number(to), file.length - 1)}/${file.length}` }, body: file.slice(Number(from), Number(to) + 1) };
  }

  /** @param {number} bucket @param {number} since @returns {Answer} */
  #delta(bucket, since) {
    const then = this.#history.get(since);
    if (then === undefined) return problem(410, "version_gone");
    const before = [...(then.get(bucket) ?? [])];
    const added = [];
    for (const tag of this.#history.get(this.version)?.get(bucket) ?? []) {
      const at = before.indexOf(tag);
      if (at < 0) added.push(tag);
      else before.splice(at, 1);
    }
    /** @param {string} tag */
    const bytes = (tag) => Uint8Array.from(tag.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    return {
      status: 200, headers: {},
      body: join(this.#head("SBD1", bucket), integer(since, 8), integer(this.version, 8), integer(added.length, 4), integer(before.length, 4), ...added.map(bytes), ...before.map(bytes)),
    };
  }

  /** Forgets which tags there were, so that no delta can be given. */
  forget() {
    this.#history.clear();
    this.publish();
  }
}

/** @param {number} status @param {object} value @returns {Answer} */
export const json = (status, value) => ({ status, headers: { "content-type": "application/json" }, body: utf8(JSON.stringify(value)) });

/** @param {number} status @param {string} code @param {object} [more] @param {Record<string, string>} [headers] @returns {Answer} */
export const problem = (status, code, more = {}, headers = {}) => ({
  status, headers: { "content-type": "application/problem+json", ...headers }, body: utf8(JSON.stringify({ title: code, status, code, ...more })),
});
