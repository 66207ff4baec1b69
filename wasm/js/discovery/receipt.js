// The notes that a directory gives for a registration and for a withdrawal:
// with them a person can show what it promised. Each names the log as it was,
// so that a later fork contradicts the directory's own signature.

import { base64url, fromBase64url, hex } from "../bytes.js";
import { accountOf, tagOf } from "./derive.js";
import { openStatement } from "./note.js";
import { inOrder, isTime, within } from "./parameters.js";
import { DirectoryError } from "./problem.js";

const RECEIPT = ["account", "epoch", "tag", "scopes", "consent_sha256", "log_size", "log_root", "time"];
const WITHDRAWAL = ["account", "epoch", "absent_from_version", "removal_listed_until", "budget_kept_until", "log_size", "log_root", "time"];

/** @param {Record<string, any>} given */
const namesLog = ({ log_size: size, log_root: root, time }) => within(size, 0) && fromBase64url(root, 32) !== null && isTime(time);

/**
 * Verifies that a receipt is for this number, scope for scope.
 * @param {import("../trust/note.js").Verifier} verifier
 * @param {unknown} note
 * @param {{ y: Uint8Array, scopes: readonly string[], consent: string, epoch: number }} expected consent: hash of the terms
 * @returns {Promise<import("./discover.js").Receipt>}
 * @throws {DirectoryError} NOTE, RECEIPT
 */
export async function openReceipt(verifier, note, { y, scopes, consent, epoch }) {
  const given = await openStatement(verifier, "sealbook receipt v2", note, RECEIPT);
  const account = hex(await accountOf(y, epoch));
  const tag = scopes.includes("discoverable") ? base64url(await tagOf(y, epoch)) : null;
  const right =
    given.account === account && given.epoch === epoch && given.tag === tag &&
    Array.isArray(given.scopes) && given.scopes.join() === inOrder(scopes).join() &&
    given.consent_sha256 === consent && namesLog(given);
  if (!right) throw new DirectoryError("RECEIPT", "the directory's receipt is not for this number and consent", { evidence: [String(note)] });
  return Object.freeze({
    note: String(note), account, epoch, tag,
    scopes: Object.freeze(inOrder(scopes)), consentSha256: consent,
    logSize: given.log_size, logRoot: given.log_root, time: given.time,
  });
}

/**
 * @param {import("../trust/note.js").Verifier} verifier
 * @param {unknown} note
 * @param {{ account: string | undefined, epoch: number }} expected
 * @returns {Promise<import("./discover.js").Withdrawal>}
 * @throws {DirectoryError} NOTE, RECEIPT
 */
export async function openWithdrawal(verifier, note, expected) {
  const given = await openStatement(verifier, "sealbook withdrawal v2", note, WITHDRAWAL);
  const { account, epoch, absent_from_version: absentFromVersion, removal_listed_until: removalListedUntil, budget_kept_until: budgetKeptUntil, time } = given;
  const right =
    typeof account === "string" && /^[0-9a-f]{32}$/.test(account) && (expected.account === undefined || account === expected.account) &&
    within(epoch, 0, expected.epoch) && within(absentFromVersion, 0) && isTime(removalListedUntil) && isTime(budgetKeptUntil) && namesLog(given);
  if (!right) throw new DirectoryError("RECEIPT", "the directory's receipt is not for the withdrawal of this account", { evidence: [String(note)] });
  return Object.freeze({
    note: String(note), account, epoch, absentFromVersion, removalListedUntil, budgetKeptUntil,
    logSize: given.log_size, logRoot: given.log_root, time,
  });
}
