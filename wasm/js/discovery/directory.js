// A directory, and a person's own entry in it.

import { base64url, fromBase64url, text, utf8 } from "./bytes.js";
import { MOST_BYTES, Tags } from "./buckets.js";
import { TAG, recordKeyOf } from "./derive.js";
import { InputError, SealbookError } from "../errors.js";
import { Verifier } from "./note.js";
import { FIELDS, readParameters } from "./parameters.js";
import { DirectoryError } from "./problem.js";
import { openReceipt, openWithdrawal } from "./receipt.js";
import { HANDLE, newNonce, seal } from "./record.js";
import { send } from "./send.js";
import { Transcript } from "./transcript.js";

/** @typedef {import("./discover.js").Calling} Calling */
/** @typedef {import("./discover.js").Parameters} Parameters */
/** @typedef {import("./send.js").Link} Link */
/** @typedef {import("../oprf.js").OprfClient} OprfClient */

/** Longest answer in JSON, bytes. */
const MOST_JSON = 256 << 10;
/** Milliseconds. */
const TIMEOUT = 30_000;

export class Directory {
  #verifier;
  #note;

  /**
   * @param {Link} link
   * @param {import("../index.js").Sealbook} sealbook
   * @param {Verifier} verifier
   * @param {string} note
   * @param {Parameters} parameters
   */
  constructor(link, sealbook, verifier, note, parameters) {
    this.link = link;
    this.sealbook = sealbook;
    this.#verifier = verifier;
    this.#note = note;
    this.parameters = parameters;
    this.oprf = opened(sealbook, parameters.publicKey);
  }

  /**
   * @param {string | URL} url
   * @param {import("./discover.js").OpenOptions} options
   */
  static async open(url, { sealbook, key, fetch, timeout = TIMEOUT, signal }) {
    /** @type {Link} */
    const link = { url: base(url), fetch, timeout };
    const pinned = key === undefined ? null : await Verifier.read(key);
    const answer = await send(link, { method: "GET", path: "/v1/directory", expect: [200], limit: MOST_JSON }, { signal });
    const { key: shown, note } = json(answer.body);
    if (pinned !== null && shown !== pinned.text) throw new DirectoryError("KEY", "the directory's key is not the pinned one");
    const verifier = pinned ?? (await Verifier.read(shown));
    const content = await verifier.open("sealbook directory v1", note, FIELDS);
    return new Directory(link, sealbook, verifier, /** @type {string} */ (note), await readParameters(content, verifier.name));
  }

  get url() {
    return this.link.url.href;
  }

  get key() {
    return this.#verifier.text;
  }

  get consent() {
    return this.parameters.consent;
  }

  transcript() {
    return new Transcript({ url: this.link.url, key: this.key, note: this.#note, epoch: this.parameters.epoch });
  }

  /**
   * @param {string} number
   * @param {Calling & { region?: string }} [options]
   */
  async register(number, { region, ...context } = {}) {
    const e164 = this.#number(number, region);
    const answer = await send(this.link, {
      method: "POST",
      path: "/v1/registrations",
      ...sentJSON({ number: e164 }),
      expect: [202],
      limit: MOST_JSON,
    }, context);
    const { registration, expires } = json(answer.body);
    if (typeof registration !== "string" || !/^[0-9a-f]{32}$/.test(registration)) throw malformed();
    const time = new Date(String(expires));
    if (Number.isNaN(time.getTime())) throw malformed();
    return { registration, number: e164, expires: time };
  }

  /** @param {import("./discover.js").ConfirmOptions} options */
  async confirm({ registration, number, code, scopes, handle, flags = 0, region, ...context }) {
    const e164 = this.#number(number, region);
    if (!/^[0-9a-f]{32}$/.test(registration)) throw new InputError("TYPE", "registration must be what register answered");
    if (!/^\d{1,12}$/.test(code)) throw new InputError("TYPE", "a code is digits");
    if (!Array.isArray(scopes) || scopes.length === 0 || new Set(scopes).size < scopes.length || scopes.some((scope) => !this.parameters.scopes.includes(scope))) {
      throw new InputError("OPTION", "scopes must be some of those of the directory");
    }
    const discoverable = scopes.includes("discoverable");
    if (discoverable) needHandle(handle, flags);
    const { blinds, blinded } = this.oprf.blind([e164]);
    const answer = await send(this.link, {
      method: "POST",
      path: `/v1/registrations/${registration}`,
      ...sentJSON({ number: e164, code, blinded: base64url(blinded), consent: { text_sha256: this.consent.sha256, scopes } }),
      expect: [201],
      limit: MOST_JSON,
    }, { ...context, explanation: { items: [{ number: e164, blind: base64url(blinds) }] } });

    const given = json(answer.body);
    const evaluated = fromBase64url(given.evaluated, 32);
    const proof = fromBase64url(given.proof, 64);
    if (evaluated === null || proof === null || fromBase64url(given.credential, 32) === null) throw malformed();
    if (given.epoch !== this.parameters.epoch) throw new DirectoryError("EPOCH", "the directory has moved to another epoch: open it again");
    const y = finalized(this.oprf, [e164], { blinds, blinded, evaluated, proof });
    const receipt = await openReceipt(this.#verifier, given.receipt, { number: e164, y, scopes, parameters: this.parameters });
    const confirmed = Object.freeze({
      credential: String(given.credential),
      account: receipt.account,
      receipt,
      recordKey: await recordKeyOf(y, this.parameters.epoch),
    });
    if (discoverable) {
      try {
        await this.publish({ ...confirmed, handle: /** @type {Uint8Array} */ (handle), flags, ...context });
      } catch (error) {
        // The code is used up, so what it bought must not get lost.
        if (!(error instanceof DirectoryError)) throw error;
        const { code, message, cause, problem, retryAt } = error;
        throw new DirectoryError(code, message, { cause, problem: problem ?? undefined, retryAt: retryAt ?? undefined, confirmed });
      }
    }
    return confirmed;
  }

  /** @param {import("./discover.js").PublishOptions} options */
  async publish({ credential, recordKey, handle, flags = 0, signal, transcript }) {
    needHandle(handle, flags);
    if (!(recordKey instanceof Uint8Array) || recordKey.length !== 32) throw new InputError("TYPE", "recordKey must be what confirm answered");
    const nonce = newNonce();
    await send(this.link, {
      method: "PUT",
      path: "/v1/me/record",
      headers: { ...bearer(credential), "content-type": "application/octet-stream" },
      body: await seal(recordKey, handle, flags, nonce),
      expect: [204],
      limit: 0,
    }, { signal, transcript, explanation: { record: { handle: base64url(handle), flags, nonce: base64url(nonce) } } });
  }

  /**
   * @param {string} credential
   * @param {Calling} [context]
   * @returns {Promise<import("./discover.js").Held>}
   */
  async me(credential, context = {}) {
    const answer = await send(this.link, { method: "GET", path: "/v1/me", headers: bearer(credential), expect: [200], limit: MOST_JSON }, context);
    const held = json(answer.body);
    if (typeof held.account !== "string" || !Array.isArray(held.scopes)) throw malformed();
    return held;
  }

  /**
   * @param {string} credential
   * @param {Calling & { account?: string }} [options]
   */
  async withdraw(credential, { account, ...context } = {}) {
    const answer = await send(this.link, { method: "DELETE", path: "/v1/me", headers: bearer(credential), expect: [200], limit: MOST_JSON }, context);
    return openWithdrawal(this.#verifier, json(answer.body).receipt, { account, epoch: this.parameters.epoch });
  }

  /**
   * @param {import("./discover.js").Withdrawal} withdrawal
   * @param {string} tag
   * @param {Calling} [context]
   */
  async absent({ bucket, absentFromVersion }, tag, context = {}) {
    const bytes = fromBase64url(tag, TAG);
    if (bytes === null) throw new InputError("TYPE", "a tag is that of a receipt");
    const tags = await this.tags(bucket, context);
    if (tags.version < absentFromVersion) return false;
    const { from, to } = tags.find(bytes);
    return from === to;
  }

  /**
   * The tags of a bucket, whole.
   * @param {number} bucket
   * @param {Calling} context
   */
  async tags(bucket, context) {
    const { epoch, bucketBits: bits } = this.parameters;
    const { headers, body } = await send(this.link, {
      method: "GET", path: `/v1/buckets/${bucket}/tags`, expect: [200], limit: MOST_BYTES, public: true,
    }, context);
    return Tags.read(body, { epoch, bits, bucket }, headers.get("etag"));
  }

  /**
   * @param {string} text
   * @param {string | undefined} region
   */
  #number(text, region) {
    const number = this.sealbook.tryParse(text, region);
    if (number.error !== null || !number.valid || number.extension !== "") {
      throw new DirectoryError("NUMBER", "not a phone number that has been given out to somebody");
    }
    return number.e164;
  }
}

/**
 * @param {import("../index.js").Sealbook} sealbook
 * @param {Uint8Array} publicKey
 */
function opened(sealbook, publicKey) {
  try {
    return sealbook.oprf.client(publicKey);
  } catch (cause) {
    if (!(cause instanceof SealbookError)) throw cause;
    throw new DirectoryError("NOTE", "the directory's public key is none", { cause });
  }
}

/**
 * What the directory computed, once it has proved that it used the key of its
 * public key for every element.
 * @param {OprfClient} oprf
 * @param {readonly (string | Uint8Array)[]} inputs
 * @param {{ blinds: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array }} exchanged
 * @returns {Uint8Array} 64 bytes for each input
 */
export function finalized(oprf, inputs, { blinds, blinded, evaluated, proof }) {
  try {
    return oprf.finalize(inputs, blinds, blinded, evaluated, proof);
  } catch (cause) {
    if (!(cause instanceof SealbookError)) throw cause;
    throw new DirectoryError("PROOF", "the directory did not prove that it used its key", { cause });
  }
}

/** @param {string} credential */
export function bearer(credential) {
  if (fromBase64url(credential, 32) === null) throw new InputError("TYPE", "a credential is what confirm answered");
  return { authorization: `Bearer ${credential}` };
}

/** @param {object} value */
const sentJSON = (value) => ({ headers: { "content-type": "application/json" }, body: utf8(JSON.stringify(value)) });

/**
 * @param {Uint8Array} body
 * @returns {any}
 */
function json(body) {
  let value;
  try {
    value = JSON.parse(text(body));
  } catch {
    throw malformed();
  }
  if (typeof value !== "object" || value === null) throw malformed();
  return value;
}

const malformed = () => new DirectoryError("ANSWER", "the directory's answer is malformed");

/**
 * @param {unknown} handle
 * @param {number} flags
 */
function needHandle(handle, flags) {
  if (!(handle instanceof Uint8Array) || handle.length !== HANDLE) throw new InputError("TYPE", `a handle is ${HANDLE} bytes`);
  if (!Number.isInteger(flags) || flags < 0 || flags > 0xffffffff) throw new InputError("RANGE", "flags must be 0–2³²-1");
}

/**
 * Where a directory is. Numbers and codes go there, so the way must be https,
 * but on the machine itself.
 * @param {string | URL} given
 */
function base(given) {
  let url;
  try {
    url = new URL(given, globalThis.location?.href);
  } catch {
    throw new InputError("OPTION", "the directory's address is no URL");
  }
  const near = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && near)) throw new InputError("OPTION", "a directory is reached by https");
  url.search = url.hash = url.username = url.password = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
