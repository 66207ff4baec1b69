// The worker behind the door of "Find contacts": the only code of the site that
// may connect, and by its policy to /v2/ of its own origin alone. It is started
// with nothing but the modules. What it is to send, the page hands it once the
// person has said so.

import { loadBlind } from "../js/blind.js";
import { load } from "../js/index.js";
import { Directory, DirectoryError, askHandle, discover } from "../js/discovery/discover.js";
import { fromHandle, toHandle } from "./handle.js";
import { forget, keep, kept } from "./keep.js";
import { Refusal, serve } from "./serve.js";

/**
 * A registration, as the page shows it.
 * @typedef {{ number: string, scopes: string[], receipt: string, logSize: number, logRoot: string, passed: boolean }} Member receipt: a signed note; passed: of an epoch that is over
 * @typedef {{ number: string, handle: string, key: string, account: import("../js/discovery/discover.js").Account }} Kept with what only this worker needs
 * @typedef {{ code: string, what: string | null, name: string, evidence: readonly string[] }} Warning name: whose, or ""
 */

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
/** @type {import("../js/blind.js").Blind} */
let blind;
/** @type {Directory | null} */
let directory = null;
/** @type {import("../js/discovery/discover.js").Transcript | undefined} */
let transcript;
/** @type {import("../js/discovery/discover.js").Registration | null} */
let pending = null;
/** @type {Kept | null} */
let member = null;
/** What discover remembers between runs. @type {Uint8Array | null} */
let state = null;
let keeping = false;
/** Who withdrew, to look whether the tag goes. @type {{ withdrawal: import("../js/discovery/discover.js").Withdrawal, tag: string } | null} */
let gone = null;
let stopping = new AbortController();

/** A file that a host without a directory answers with, or its refusal to take such a request. */
const NO_DIRECTORY = new Set([403, 404, 405, 501]);

/**
 * Runs a call to the directory; its errors become refusals with what their
 * words need.
 * @template T
 * @param {(directory: Directory, context: { transcript?: import("../js/discovery/discover.js").Transcript }) => Promise<T>} call
 * @returns {Promise<T>}
 */
async function ask(call) {
  if (directory === null) throw new Refusal("BROKEN");
  try {
    return await call(directory, { transcript });
  } catch (error) {
    const refused = refusal(error);
    // In a new epoch the registration has to move, and is not forgotten.
    if (refused instanceof Refusal && refused.code === "credential_unknown" && passed()) throw new Refusal("EPOCH");
    if (refused instanceof Refusal && refused.code === "credential_unknown") await leave();
    throw refused;
  }
}

/** @param {unknown} error */
function refusal(error) {
  if (!(error instanceof DirectoryError)) return error;
  const { code, problem, retryAt, evidence } = error;
  /** @type {Record<string, any>} */
  const values = {};
  if (evidence.length > 0) values.evidence = evidence;
  if (problem?.triesLeft !== undefined) values.tries = problem.triesLeft;
  values.wait = Math.max(1, retryAt === null ? 60 : Math.ceil((retryAt.getTime() - Date.now()) / 1000));
  return new Refusal(problem?.code ?? code, values);
}

/** @param {Kept} of @returns {Member} */
const shown = ({ number, account: { receipt: { scopes, note, logSize, logRoot } } }) => ({ number, scopes: [...scopes], receipt: note, logSize, logRoot, passed: passed() });

/** Whether the registration is of an epoch that is over. */
const passed = () => member !== null && directory !== null && member.account.receipt.epoch < directory.parameters.epoch;

/** The member, or a refusal. */
function needMember() {
  if (member === null) throw new Refusal("credential_unknown");
  return member;
}

const store = {
  load: () => state,
  /** @param {Uint8Array} bytes */
  async save(bytes) {
    state = bytes;
    if (keeping) await keep({ state });
  },
};

/** @param {import("../js/discovery/discover.js").Withdrawal} withdrawal */
const withdrawn = ({ note, absentFromVersion, removalListedUntil, budgetKeptUntil, logSize, logRoot }) =>
  ({ receipt: note, version: absentFromVersion, listed: removalListedUntil, budget: budgetKeptUntil, logSize, logRoot });

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** Nothing of a registration is left here. */
async function leave() {
  member = state = null;
  keeping = false;
  await forget();
}

const work = {
  /** @param {{ core: WebAssembly.Module, blind: WebAssembly.Module }} asked */
  async open(asked) {
    [sealbook, blind] = await Promise.all([load({ wasm: asked.core }), loadBlind({ wasm: asked.blind })]);
  },

  /** The directory's terms, and who was registered here before. @param {{ site: string }} asked */
  async connect({ site }) {
    // Before anything is asked: on plain http nothing could be checked.
    if (globalThis.crypto?.subtle === undefined) throw new Refusal("CRYPTO");
    const before = await kept();
    member = before.get("member") ?? null;
    state = before.get("state") ?? null;
    keeping = member !== null;
    try {
      directory = await Directory.open(site, { sealbook, blind, key: member?.key });
    } catch (error) {
      if (error instanceof DirectoryError) {
        const { code, problem } = error;
        if (code === "ANSWER" || code === "PROBLEM" && problem?.code === null && NO_DIRECTORY.has(problem.status)) throw new Refusal("NO_DIRECTORY");
      }
      throw refusal(error);
    }
    transcript = directory.transcript();
    const { key, consent, parameters: { name } } = directory;
    return { name, key, consent, kept: keeping, member: member && shown(member) };
  },

  /** What can be said before anything is sent. @param {{ handle: string }} asked */
  check({ handle }) {
    toHandle(handle);
  },

  /** Has a code sent. @param {{ number: string }} asked */
  async register({ number }) {
    pending = await ask((directory, context) => directory.register(number, context));
    return { expires: pending.expires, registration: pending.registration };
  },

  /** @param {{ code: string, scopes: ("search" | "discoverable")[], handle: string }} asked */
  async confirm({ code, scopes, handle }) {
    if (pending === null) throw new Refusal("registration_unknown");
    const { registration, number } = pending;
    const seen = scopes.includes("discoverable") ? { handle: toHandle(handle) } : {};
    const account = await ask(async (directory, context) => {
      try {
        return await directory.confirm({ registration, number, code, scopes, ...seen, ...context });
      } catch (error) {
        if (!(error instanceof DirectoryError)) throw error;
        // Whoever has the account may object; until then the same code is good.
        if (error.renewal) pending = error.renewal;
        // The account is there, but its record is not: once more, and then the
        // person registers again.
        if (error.account === null || seen.handle === undefined) throw error;
        return directory.publish({ account: error.account, handle: seen.handle, ...context });
      }
    });
    pending = null;
    member = { number, handle, key: /** @type {Directory} */ (directory).key, account };
    state = null;
    return shown(member);
  },

  /** Moves the registration into the directory's new epoch: the number is sent once more, no code is needed. */
  async move() {
    const { number, handle, key, account } = needMember();
    const seen = account.receipt.scopes.includes("discoverable") ? { handle: toHandle(handle) } : {};
    const moved = await ask(async (directory, context) => {
      try {
        return await directory.move({ account, number, ...seen, ...context });
      } catch (error) {
        if (!(error instanceof DirectoryError) || error.account === null || seen.handle === undefined) throw error;
        return directory.publish({ account: error.account, handle: seen.handle, ...context });
      }
    });
    member = { number, handle, key, account: moved };
    if (keeping) await keep({ member });
    return shown(member);
  },

  /** Takes a number out by its code, for who lost the device it was registered on. @param {{ code: string }} asked */
  async leave({ code }) {
    if (pending === null) throw new Refusal("registration_unknown");
    const { registration, number } = pending;
    const withdrawal = await ask((directory, context) => directory.withdrawByCode({ registration, number, code, ...context }));
    pending = null;
    return withdrawn(withdrawal);
  },

  /** Whether to keep the registration on this device. @param {{ on: boolean }} asked */
  async keep({ on }) {
    keeping = false;
    if (on) await keep({ member: needMember(), state });
    else await forget();
    keeping = on;
  },

  /**
   * @param {{ contacts: { name: string, numbers: string[] }[] }} asked
   * @param {(value: import("../js/discovery/discover.js").DiscoverProgress) => void} progress
   */
  async find({ contacts }, progress) {
    const { account } = needMember();
    stopping = new AbortController();
    const { signal } = stopping;
    const { found, counts, warnings, waiting, unwatched, renewal, log } = await ask((directory, context) => discover({
      directory, contacts, account, signal, onProgress: progress, ...context, state: store,
    }));
    const names = new Map(contacts.map(({ name, numbers: [number] }) => [number, name]));
    return {
      found: found.map(({ contact, number, handle, first }) => ({ name: contact.name, number, handle: handle && fromHandle(handle), first: first && fromHandle(first) })),
      warnings: warnings.map(({ code, what = null, number = "", evidence }) => /** @type {Warning} */ ({ code, what, name: names.get(number) || number, evidence })),
      asked: counts.numbers - (waiting?.numbers ?? 0),
      budget: counts.budget,
      waiting, unwatched, renewal, log: { ...log, root: base64(log.root) },
    };
  },

  /** Reads what one friend shows; the page has said what that tells. @param {{ number: string }} asked */
  async handle({ number }) {
    needMember();
    const read = await ask((directory, context) => askHandle({ directory, number, state: store, ...context }));
    return read && { handle: fromHandle(read.handle), first: fromHandle(read.first) };
  },

  /** Ends what is being found; what was answered stays. */
  stop() {
    stopping.abort();
  },

  /** All that the directory holds about the member. */
  me() {
    const { account: { credential } } = needMember();
    return ask((directory, context) => directory.me(credential, context));
  },

  /** Refuses that somebody with a code takes the registration over. */
  refuse() {
    const { account: { credential } } = needMember();
    return ask((directory, context) => directory.refuseRenewal(credential, context));
  },

  async withdraw() {
    const { account: { credential, account } } = needMember();
    return ask(async (directory, context) => {
      const withdrawal = await directory.withdraw(credential, { account, ...context });
      const tag = /** @type {Kept} */ (member).account.receipt.tag;
      await leave();
      gone = tag === null ? null : { withdrawal, tag };
      return withdrawn(withdrawal);
    });
  },

  /** Whether the tag of who withdrew is off the list by now; null if that is not to be told. */
  async absent() {
    if (gone === null) return null;
    const { withdrawal, tag } = gone;
    return ask((directory, context) => directory.absent(withdrawal, tag, context)).catch(() => null);
  },

  /** What was sent so far; it holds numbers. */
  transcript() {
    return String(transcript ?? "");
  },

  /** Removes everything here and in the browser's storage. */
  async forget() {
    stopping.abort();
    pending = gone = null;
    transcript = undefined;
    await leave();
  },
};

serve(work);

/** @typedef {typeof work} Door */
