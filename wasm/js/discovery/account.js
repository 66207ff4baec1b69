// A person's own account: what is held about it, its record, and leaving.

import { base64url, fromBase64url } from "../bytes.js";
import { InputError } from "../errors.js";
import { shortHash } from "./own.js";
import { openWithdrawal } from "./receipt.js";
import { HANDLE, newNonce, seal } from "./record.js";
import { ask, bearer, malformed, send } from "./send.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./discover.js").Account} Account */
/** @typedef {import("./discover.js").Calling} Calling */

/**
 * Seals a record and puts it in place of the one before.
 * @param {Directory} directory
 * @param {import("./discover.js").PublishOptions} options
 * @returns {Promise<Account>} the account with what was put
 */
export async function publish({ link }, { account, handle, flags = 0, signal, transcript }) {
  needHandle(handle, flags);
  const { credential, recordKey, records } = account;
  if (!(recordKey instanceof Uint8Array) || recordKey.length !== 32) throw new InputError("TYPE", "an account is what confirm answered");
  const nonce = newNonce();
  const record = await seal(recordKey, handle, flags, nonce);
  await send(link, {
    method: "PUT",
    path: "/v2/me/record",
    headers: { ...bearer(credential), "content-type": "application/octet-stream" },
    body: record,
    expect: [204],
    limit: 0,
  }, { signal, transcript, explanation: { record: { handle: base64url(handle), flags, nonce: base64url(nonce) } } });
  const put = { hash: await shortHash(record), time: new Date().toISOString() };
  return Object.freeze({ ...account, records: Object.freeze([...records, put]) });
}

/**
 * @param {Directory} directory
 * @param {string} credential
 * @param {Calling} [context]
 * @returns {Promise<import("./discover.js").Held>}
 */
export async function me({ link }, credential, context) {
  const { given } = await ask(link, { method: "GET", path: "/v2/me", headers: bearer(credential), expect: [200] }, context);
  if (typeof given.account !== "string" || !Array.isArray(given.scopes) || !isElsewhere(given.elsewhere)) throw malformed();
  return given;
}

/** @param {unknown} list @returns {list is import("./discover.js").Held["elsewhere"]} */
const isElsewhere = (list) => Array.isArray(list) && list.every((one) => typeof one?.what === "string" && typeof one.until === "string" && (one.times === undefined || isTexts(one.times)));

/** @param {unknown} list */
const isTexts = (list) => Array.isArray(list) && list.every((one) => typeof one === "string");

/**
 * @param {Directory} directory
 * @param {string} credential
 * @param {Calling & { account?: string }} [options]
 */
export async function withdraw({ link, verifier, parameters }, credential, { account, ...context } = {}) {
  const { given } = await ask(link, { method: "DELETE", path: "/v2/me", headers: bearer(credential), expect: [200] }, context);
  return openWithdrawal(verifier, given.receipt, { account, epoch: parameters.epoch });
}

/**
 * Refuses that somebody who got a code takes the account over.
 * @param {Directory} directory
 * @param {string} credential
 * @param {Calling} [context]
 */
export async function refuseRenewal({ link }, credential, context) {
  await send(link, { method: "DELETE", path: "/v2/me/renewal", headers: bearer(credential), expect: [204], limit: 0 }, context);
}

/**
 * @param {unknown} handle
 * @param {number} flags
 * @returns {asserts handle is Uint8Array}
 */
export function needHandle(handle, flags) {
  if (!(handle instanceof Uint8Array) || handle.length !== HANDLE) throw new InputError("TYPE", `a handle is ${HANDLE} bytes`);
  if (!Number.isInteger(flags) || flags < 0 || flags > 0xffffffff) throw new InputError("RANGE", "flags must be 0–2³²-1");
}

/** @param {import("./discover.js").Withdrawal} withdrawal @param {string} tag */
export function needTag({ absentFromVersion }, tag) {
  const bytes = fromBase64url(tag, 5);
  if (bytes === null || !Number.isSafeInteger(absentFromVersion)) throw new InputError("TYPE", "a withdrawal is what withdraw answered, a tag that of a receipt");
  return bytes;
}
