// The notes that a directory gives for a registration and for a withdrawal:
// with them a person can show what it promised.

import { base64url, hex } from "./bytes.js";
import { accountOf, bucketOf, tagOf } from "./derive.js";
import { inOrder, isTime, within } from "./parameters.js";
import { DirectoryError } from "./problem.js";

const RECEIPT = ["account", "epoch", "tag", "bucket", "scopes", "consent_sha256", "time"];
const WITHDRAWAL = ["account", "epoch", "bucket", "absent_from_version", "time"];

/**
 * Verifies that a receipt is for this number, scope for scope.
 * @param {import("./note.js").Verifier} verifier
 * @param {unknown} note
 * @param {{ number: string, y: Uint8Array, scopes: readonly string[], parameters: import("./discover.js").Parameters }} expected
 * @returns {Promise<import("./discover.js").Receipt>}
 * @throws {DirectoryError} NOTE, RECEIPT
 */
export async function openReceipt(verifier, note, { number, y, scopes, parameters: { epoch, bucketBits, consent } }) {
  const given = await verifier.open("sealbook receipt v1", note, RECEIPT);
  const account = hex(await accountOf(y, epoch));
  const tag = scopes.includes("discoverable") ? base64url(await tagOf(y, epoch)) : null;
  const bucket = await bucketOf(number, bucketBits);
  const right =
    given.account === account && given.epoch === epoch && given.tag === tag && given.bucket === bucket &&
    Array.isArray(given.scopes) && given.scopes.join() === inOrder(scopes).join() &&
    given.consent_sha256 === consent.sha256 && isTime(given.time);
  if (!right) throw new DirectoryError("RECEIPT", "the directory's receipt is not for this number and consent");
  return Object.freeze({
    note: String(note), account, epoch, tag, bucket,
    scopes: Object.freeze(inOrder(scopes)), consentSha256: consent.sha256, time: String(given.time),
  });
}

/**
 * @param {import("./note.js").Verifier} verifier
 * @param {unknown} note
 * @param {{ account: string | undefined, epoch: number }} expected
 * @returns {Promise<import("./discover.js").Withdrawal>}
 * @throws {DirectoryError} NOTE, RECEIPT
 */
export async function openWithdrawal(verifier, note, expected) {
  const given = await verifier.open("sealbook withdrawal v1", note, WITHDRAWAL);
  const { account, epoch, bucket, absent_from_version: absentFromVersion, time } = given;
  const right =
    typeof account === "string" && /^[0-9a-f]{32}$/.test(account) &&
    within(epoch, 0, expected.epoch) && within(bucket, 0, 2 ** 32 - 1) && within(absentFromVersion, 0) && isTime(time) &&
    (expected.account === undefined || account === expected.account);
  if (!right) throw new DirectoryError("RECEIPT", "the directory's receipt is not for the withdrawal of this account");
  return /** @type {import("./discover.js").Withdrawal} */ (Object.freeze({ note, account, epoch, bucket, absentFromVersion, time }));
}
