// Finding contacts in a directory without showing it the address book; see
// discover.d.ts for what there is.
//
// One rule serves all else: what is sent depends on what the directory publishes
// to everybody, on how many new numbers there are, rounded up, on when that was
// asked last, and on random bytes. It depends on no contact and on no match. So
// nothing is finalised, matched or shown before the last answer is there.

import { concat } from "../bytes.js";
import { InputError } from "../errors.js";
import { turn } from "../turn.js";
import { me } from "./account.js";
import { numbersOf } from "./book.js";
import { tagOf } from "./derive.js";
import { batches, evaluate, finalized } from "./evaluate.js";
import { AT_ONCE, concurrently, lookUp, pin } from "./lookup.js";
import { watch } from "./own.js";
import { DirectoryError } from "./problem.js";
import { opened, positions, readBlocks, recordOf } from "./records.js";
import { bearer } from "./send.js";
import { State } from "./state.js";
import { sync } from "./sync.js";

export { Directory } from "./directory.js";
export { DirectoryError } from "./problem.js";

/** Bytes of records that are read: of 131,072 people. */
const RECORDS = 8 << 20;
/** Two epochs within this time are worth a warning, milliseconds. */
const DAY = 86_400_000;

/** @typedef {import("./directory.js").Directory} Opened */
/** @typedef {import("./discover.js").Warning} Warning */
/** @typedef {import("./evaluate.js").Exchanged} Exchanged */

/**
 * @param {import("./discover.js").DiscoverOptions} options
 * @returns {Promise<import("./discover.js").Discovered>}
 */
export async function discover({ directory: given, contacts, region, account, records = RECORDS, state: store, onProgress = () => {}, signal, transcript }) {
  const directory = /** @type {Opened} */ (/** @type {unknown} */ (given));
  const { credential } = account;
  bearer(credential);
  if (!Number.isSafeInteger(records) || records < 0) throw new InputError("RANGE", "records is how many bytes of records may be read");
  const { owners, counts: book } = numbersOf(directory.sealbook, contacts, region);
  const numbers = [...owners.keys()];
  const context = { signal, transcript };
  const state = await State.load(store, directory.key);

  const synced = await sync(directory, state.view, records, (phase) => onProgress({ phase, done: 0, total: 1 }), context);
  const { view } = synced;
  const held = await me(directory, credential, context);
  const { epoch } = view.leaf;
  const outputs = state.epoch === epoch ? state.outputs : new Map();
  const fresh = numbers.filter((number) => !outputs.has(number));
  // The log's key, whatever parameters another call reads meanwhile.
  const oprf = directory.blind.oprf.client(view.leaf.key);
  const asked = await payFor({ link: directory.link, oprf, epoch }, credential, account.receipt.scopes.includes("search") ? batches(fresh.length) : [], fresh, onProgress, context);

  // The last answer is there.
  const warnings = /** @type {Warning[]} */ ([]);
  const paid = asked.batches.map((exchanged) => proved(oprf, exchanged));
  const failure = paid.find((batch) => batch instanceof DirectoryError) ?? asked.failure;
  const known = outputs.size;
  await concurrently(paid.flatMap((batch) => (batch instanceof DirectoryError ? [] : [...batch])), AT_ONCE, async ([number, y]) => {
    outputs.set(number, concat(y, await tagOf(y, epoch)));
  });
  if (outputs.size > known) Object.assign(state, { epoch, outputs });
  if (failure !== undefined && failure.code !== "BUDGET") {
    // Of what else was read nothing is kept; what was paid for is.
    if (outputs.size > known) await saved(state);
    throw failure.code === "PROOF" ? failure.with([view.update]) : failure;
  }
  if (state.view !== null && state.view.leaf.epoch !== epoch) {
    if (Date.now() - state.began < DAY) warnings.push({ code: "EPOCH", evidence: [state.view.update, view.update] });
    state.began = Date.now();
  }
  state.own = await watch(account, state.own, synced, held);
  if (state.own?.alarm) warnings.push({ code: "OWN", what: state.own.alarm, evidence: [account.receipt.note, view.update] });
  const before = state.view;
  Object.assign(state, { view, epoch, outputs });
  const { found, ...looked } = await lookUp(state, numbers, warnings);
  await saved(state);

  const waiting = numbers.filter((number) => !outputs.has(number)).length;
  return {
    found: numbers.flatMap((number) => {
      const record = found.get(number);
      return record === undefined ? [] : /** @type {number[]} */ (owners.get(number)).map((at) => ({ contact: contacts[at], index: at, number, ...record }));
    }).sort((a, b) => a.index - b.index),
    warnings,
    waiting: failure === undefined ? null : { numbers: waiting, until: failure.retryAt },
    unwatched: before !== null && synced.versions === null ? { from: new Date(before.leaf.time), to: new Date(view.leaf.time) } : null,
    renewal: typeof held.renewal?.ready === "string" ? { ready: new Date(held.renewal.ready), refused: held.renewal.refused === true } : null,
    log: { size: view.tree.size, root: view.tree.root, version: view.leaf.version, people: view.leaf.people, time: new Date(view.leaf.time), records: view.records !== null },
    counts: { ...book, ...looked, known: numbers.length - fresh.length, evaluated: fresh.length - waiting, charged: asked.charged, budget: asked.left },
  };
}

/** @param {State} state */
async function saved(state) {
  state.changed = true;
  await state.save();
}

/**
 * Has numbers evaluated, as far as the directory answers. What it answered is
 * looked at later.
 * @param {import("./evaluate.js").Asked} whom
 * @param {string} credential
 * @param {readonly { numbers: number, size: number }[]} plan
 * @param {readonly string[]} fresh
 * @param {NonNullable<import("./discover.js").DiscoverOptions["onProgress"]>} onProgress
 * @param {import("./send.js").Context} context
 */
async function payFor(whom, credential, plan, fresh, onProgress, context) {
  const answered = {
    batches: /** @type {Exchanged[]} */ ([]), charged: 0, left: /** @type {number | null} */ (null),
    failure: /** @type {DirectoryError | undefined} */ (undefined),
  };
  let done = 0;
  for (const { numbers, size } of plan) {
    await turn();
    try {
      const { left, ...exchanged } = await evaluate(whom, credential, fresh.slice(done, done + numbers), size, context);
      answered.batches.push(exchanged);
      answered.left = left;
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      answered.failure = error;
      break;
    }
    done += numbers;
    answered.charged += size;
    onProgress({ phase: "evaluate", done, total: fresh.length });
  }
  return answered;
}

/**
 * The evaluations of a batch, by number, or why they are none.
 * @param {import("../oprf.js").OprfClient} oprf
 * @param {Exchanged} exchanged
 * @returns {Map<string, Uint8Array> | DirectoryError}
 */
function proved(oprf, exchanged) {
  try {
    const outputs = finalized(oprf, exchanged);
    return new Map(exchanged.inputs.flatMap((input, i) => (typeof input === "string" ? [[input, outputs[i]]] : [])));
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return error;
  }
}

/**
 * @param {import("./discover.js").HandleOptions} options
 * @returns {Promise<import("./discover.js").Handle | null>}
 */
export async function askHandle({ directory: given, number, state: store, signal, transcript }) {
  const directory = /** @type {Opened} */ (/** @type {unknown} */ (given));
  const context = { signal, transcript };
  const state = await State.load(store, directory.key);
  const output = state.outputs.get(number);
  if (output === undefined || state.view?.leaf.epoch !== state.epoch) throw new DirectoryError("STATE", "the number was not found in a search that this state remembers");
  let view = /** @type {import("./state.js").View} */ (state.view);
  const { epoch } = view.leaf;
  let record = recordOf(view);
  let at = positions(view, output);
  if (record === null) {
    ({ view } = await sync(directory, view, 0, () => {}, context));
    if (view.leaf.epoch !== epoch) throw new DirectoryError("EPOCH", "the directory has begun another epoch: search again");
    at = positions(view, output);
    if (at.from === at.to) return null;
    record = await readBlocks(directory, view, at, context);
  }
  const all = await opened(view, output, at, record);
  if (all.length === 0) return null;
  const pinned = pin(state, number, all);
  await saved(state);
  return pinned;
}
