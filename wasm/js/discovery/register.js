// Registering a number, with a code that is sent to it; and the way out by a
// code, for who lost the device.

import { base64url, fromBase64url } from "../bytes.js";
import { InputError } from "../errors.js";
import { needHandle, publish } from "./account.js";
import { recordKeyOf } from "./derive.js";
import { finalized } from "./evaluate.js";
import { DirectoryError } from "./problem.js";
import { openReceipt, openWithdrawal } from "./receipt.js";
import { ask, bearer, malformed, sentJSON } from "./send.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./discover.js").Account} Account */

const ID = /^[0-9a-f]{32}$/;

/**
 * @param {Directory} directory
 * @param {string} text
 * @param {import("./discover.js").Calling & { region?: string }} [options]
 * @returns {Promise<import("./discover.js").Registration>}
 */
export async function register(directory, text, { region, ...context } = {}) {
  const number = e164(directory, text, region);
  const { given } = await ask(directory.link, { method: "POST", path: "/v2/registrations", ...sentJSON({ number }), expect: [202] }, context);
  return { number, registration: id(given.registration), expires: date(given.expires) };
}

/**
 * @param {Directory} directory
 * @param {import("./discover.js").ConfirmOptions} options
 * @returns {Promise<Account>}
 */
export async function confirm(directory, { registration, number: text, code, scopes, handle, flags = 0, account, region, ...context }) {
  const { link, oprf, consent, parameters } = directory;
  const number = e164(directory, text, region);
  needRegistration(registration, code);
  if (!Array.isArray(scopes) || scopes.length === 0 || new Set(scopes).size < scopes.length || scopes.some((scope) => !parameters.scopes.includes(scope))) {
    throw new InputError("OPTION", "scopes must be some of those of the directory");
  }
  const discoverable = scopes.includes("discoverable");
  if (discoverable) needHandle(handle, flags);
  const { blinds, blinded } = oprf.blind([number]);
  const sent = sentJSON({ number, code, blinded: base64url(blinded), consent: { text_sha256: consent.sha256, scopes } });
  const { status, given } = await ask(link, {
    method: "POST",
    path: `/v2/registrations/${registration}`,
    headers: { ...account && bearer(account.credential), ...sent.headers },
    body: sent.body,
    expect: [201, 202],
  }, { ...context, explanation: { items: [{ number, blind: base64url(blinds) }] } });
  if (status === 202) {
    const ready = date(given.ready);
    throw new DirectoryError("RENEWAL", `the number has an account, whose owner may object until ${ready.toISOString()}: confirm again then`, {
      retryAt: ready, renewal: { registration: id(given.renewal), number, expires: ready },
    });
  }
  const confirmed = await open(directory, given, number, { blinds, blinded }, scopes, consent.sha256);
  return discoverable ? published(directory, confirmed, handle, flags, context) : confirmed;
}

/**
 * Moves an account into the epoch that has begun, without a code.
 * @param {Directory} directory
 * @param {import("./discover.js").MoveOptions} options
 * @returns {Promise<Account>}
 */
export async function move(directory, { account, number: text, handle, flags = 0, region, ...context }) {
  const { link, oprf } = directory;
  const number = e164(directory, text, region);
  const { scopes, consentSha256 } = account.receipt;
  const discoverable = scopes.includes("discoverable");
  if (discoverable) needHandle(handle, flags);
  const { blinds, blinded } = oprf.blind([number]);
  const sent = sentJSON({ number, blinded: base64url(blinded) });
  const { given } = await ask(link, {
    method: "POST", path: "/v2/me/epoch", headers: { ...bearer(account.credential), ...sent.headers }, body: sent.body, expect: [201],
  }, { ...context, explanation: { items: [{ number, blind: base64url(blinds) }] } });
  const moved = await open(directory, given, number, { blinds, blinded }, scopes, consentSha256);
  return discoverable ? published(directory, moved, handle, flags, context) : moved;
}

/**
 * @param {Directory} directory
 * @param {import("./discover.js").WithdrawByCodeOptions} options
 */
export async function withdrawByCode(directory, { registration, number: text, code, region, ...context }) {
  const { link, verifier, parameters } = directory;
  const number = e164(directory, text, region);
  needRegistration(registration, code);
  const { given } = await ask(link, {
    method: "POST", path: `/v2/registrations/${registration}`, ...sentJSON({ number, code, withdraw: true }), expect: [200],
  }, context);
  return openWithdrawal(verifier, given.receipt, { account: undefined, epoch: parameters.epoch });
}

/**
 * What a confirmation answered: account and tag are computed here, and must be
 * those that the directory signed.
 * @param {Directory} directory
 * @param {any} given
 * @param {string} number
 * @param {{ blinds: Uint8Array, blinded: Uint8Array }} sent
 * @param {readonly string[]} scopes
 * @param {string} consent
 * @returns {Promise<Account>}
 */
async function open({ verifier, oprf, parameters: { epoch } }, given, number, sent, scopes, consent) {
  const evaluated = fromBase64url(given.evaluated, 32);
  const proof = fromBase64url(given.proof, 64);
  if (evaluated === null || proof === null || fromBase64url(given.credential, 32) === null) throw malformed();
  if (given.epoch !== epoch) throw new DirectoryError("EPOCH", "the directory has moved to another epoch: open it again");
  const [y] = finalized(oprf, { inputs: [number], ...sent, evaluated, proof });
  const receipt = await openReceipt(verifier, given.receipt, { y, scopes, consent, epoch });
  return Object.freeze({
    credential: String(given.credential), account: receipt.account, receipt,
    recordKey: await recordKeyOf(y, epoch), records: Object.freeze([]),
  });
}

/**
 * @param {Directory} directory
 * @param {Account} account
 * @param {Uint8Array | undefined} handle
 * @param {number} flags
 * @param {import("./discover.js").Calling} context
 */
async function published(directory, account, handle, flags, context) {
  try {
    return await publish(directory, { account, handle: /** @type {Uint8Array} */ (handle), flags, ...context });
  } catch (error) {
    // The code is used up, so what it bought must not get lost.
    if (!(error instanceof DirectoryError)) throw error;
    const { code, message, cause, problem, retryAt } = error;
    throw new DirectoryError(code, message, { cause, problem: problem ?? undefined, retryAt: retryAt ?? undefined, account });
  }
}

/**
 * @param {Directory} directory
 * @param {string} text
 * @param {string | undefined} region
 */
function e164({ sealbook }, text, region) {
  const number = sealbook.tryParse(text, region);
  if (number.error !== null || !number.valid || number.extension !== "") {
    throw new DirectoryError("NUMBER", "not a phone number that has been given out to somebody");
  }
  return number.e164;
}

/** @param {string} registration @param {string} code */
function needRegistration(registration, code) {
  if (!ID.test(registration)) throw new InputError("TYPE", "registration must be what register answered");
  if (!/^\d{1,12}$/.test(code)) throw new InputError("TYPE", "a code is digits");
}

/** @param {unknown} text @returns {string} */
function id(text) {
  if (typeof text !== "string" || !ID.test(text)) throw malformed();
  return text;
}

/** @param {unknown} time */
function date(time) {
  const read = new Date(String(time));
  if (Number.isNaN(read.getTime())) throw malformed();
  return read;
}
