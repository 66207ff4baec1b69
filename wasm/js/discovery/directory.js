// A directory whose parameters were verified.

import { SealbookError } from "../error.js";
import { InputError } from "../errors.js";
import { readKey } from "./note.js";
import { needTag, me, publish, refuseRenewal, withdraw } from "./account.js";
import { readParameters } from "./parameters.js";
import { DirectoryError } from "./problem.js";
import { confirm, move, register, withdrawByCode } from "./register.js";
import { ask } from "./send.js";
import { sync } from "./sync.js";
import { tagAt } from "./tags.js";
import { Transcript } from "./transcript.js";

/** @typedef {import("./discover.js").Calling} Calling */
/** @typedef {import("./send.js").Link} Link */
/** @typedef {import("./parameters.js").Read} Read */

/** Milliseconds. */
const TIMEOUT = 30_000;

export class Directory {
  /** @type {Read} */
  #read;
  #opening;

  /**
   * @param {Link} link
   * @param {import("../index.js").Sealbook} sealbook
   * @param {import("../blind.js").Blind} blind
   * @param {import("../trust/note.js").Verifier} verifier
   * @param {Read} read
   * @param {Transcript} opening what was sent to read that
   */
  constructor(link, sealbook, blind, verifier, read, opening) {
    this.link = link;
    this.sealbook = sealbook;
    this.blind = blind;
    this.verifier = verifier;
    this.#read = read;
    this.#opening = opening;
    this.oprf = opened(blind, read);
  }

  /**
   * @param {string | URL} url
   * @param {import("./discover.js").OpenOptions} options
   */
  static async open(url, { sealbook, blind, key, fetch, timeout = TIMEOUT, signal }) {
    /** @type {Link} */
    const link = { url: base(url), fetch, timeout };
    const pinned = key === undefined ? null : await readKey(key);
    const opening = new Transcript(link.url, pinned?.text ?? "");
    const { key: shown, note } = await shownBy(link, { signal, transcript: opening });
    if (pinned !== null && shown !== pinned.text) throw otherKey();
    const verifier = pinned ?? (await readKey(shown));
    return new Directory(link, sealbook, blind, verifier, await readParameters(verifier, note), opening);
  }

  /**
   * Reads the parameters anew.
   * @param {Calling} context
   * @throws {DirectoryError} KEY, NOTE, PROTOCOL, and as every call
   */
  async read(context) {
    const { key, note } = await shownBy(this.link, context);
    if (key !== this.key) throw otherKey();
    const read = await readParameters(this.verifier, note);
    this.oprf = opened(this.blind, read);
    this.#read = read;
  }

  get url() {
    return this.link.url.href;
  }

  get key() {
    return this.verifier.text;
  }

  get parameters() {
    return this.#read.parameters;
  }

  get consent() {
    return this.parameters.consent;
  }

  /** The note of the parameters. */
  get note() {
    return this.#read.note;
  }

  /** The hash of the parameters, as leaves of the log name it. */
  get sha256() {
    return this.#read.sha256;
  }

  /** The key of its log. */
  get log() {
    return this.#read.log;
  }

  transcript() {
    return this.#opening.copy();
  }

  /** @param {string} number @param {Calling & { region?: string }} [options] */
  register(number, options) {
    return register(this, number, options);
  }

  /** @param {import("./discover.js").ConfirmOptions} options */
  confirm(options) {
    return confirm(this, options);
  }

  /** @param {import("./discover.js").MoveOptions} options */
  move(options) {
    return move(this, options);
  }

  /** @param {import("./discover.js").PublishOptions} options */
  publish(options) {
    return publish(this, options);
  }

  /** @param {string} credential @param {Calling} [context] */
  me(credential, context) {
    return me(this, credential, context);
  }

  /** @param {string} credential @param {Calling} [context] */
  refuseRenewal(credential, context) {
    return refuseRenewal(this, credential, context);
  }

  /** @param {string} credential @param {Calling & { account?: string }} [options] */
  withdraw(credential, options) {
    return withdraw(this, credential, options);
  }

  /** @param {import("./discover.js").WithdrawByCodeOptions} options */
  withdrawByCode(options) {
    return withdrawByCode(this, options);
  }

  /**
   * @param {import("./discover.js").Withdrawal} withdrawal
   * @param {string} tag
   * @param {Calling} [context]
   */
  async absent(withdrawal, tag, context = {}) {
    const bytes = needTag(withdrawal, tag);
    const { view: { tags, leaf } } = await sync(this, null, 0, () => {}, context);
    const { from, to } = tags.find(tagAt(bytes));
    return from === to && (leaf.version >= withdrawal.absentFromVersion || leaf.epoch > withdrawal.epoch);
  }
}

/** @param {Link} link @param {Calling} context */
async function shownBy(link, context) {
  return (await ask(link, { method: "GET", path: "/v2/directory", expect: [200] }, context)).given;
}

const otherKey = () => new DirectoryError("KEY", "the directory's key is not the pinned one");

/**
 * @param {import("../blind.js").Blind} blind
 * @param {Read} read
 */
function opened(blind, { parameters: { publicKey }, note }) {
  try {
    return blind.oprf.client(publicKey);
  } catch (cause) {
    if (!(cause instanceof SealbookError)) throw cause;
    throw new DirectoryError("NOTE", "the directory's public key is none", { cause, evidence: [note] });
  }
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
