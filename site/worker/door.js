// The worker behind the door of "Find contacts": the only code of the site that
// may connect, and by its policy to /v1/ of its own origin alone. It is started
// with nothing but the core. What it is to send, the page hands it once the
// person has said so.

import { load } from "../js/index.js";
import { Directory, DirectoryError, discover } from "../js/discovery/discover.js";
import { fromHandle, toHandle } from "./handle.js";
import { forget, keep, kept } from "./keep.js";
import { Refusal, serve } from "./serve.js";

/**
 * A registration, as the page shows it.
 * @typedef {{ number: string, scopes: string[], receipt: string }} Member receipt: a signed note
 * @typedef {Member & { key: string, account: string, tag: string | null, credential: string }} Kept with what only this worker needs
 */

/** @type {import("../js/index.js").Sealbook} */
let sealbook;
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
    if (refused instanceof Refusal && refused.code === "credential_unknown") await leave();
    throw refused;
  }
}

/** @param {unknown} error */
function refusal(error) {
  if (!(error instanceof DirectoryError)) return error;
  const { code, problem, retryAt } = error;
  /** @type {Record<string, number>} */
  const values = {};
  if (problem?.triesLeft !== undefined) values.tries = problem.triesLeft;
  values.wait = Math.max(1, retryAt === null ? 60 : Math.ceil((retryAt.getTime() - Date.now()) / 1000));
  return new Refusal(problem?.code ?? code, values);
}

/** @param {Kept} of @returns {Member} */
const shown = ({ number, scopes, receipt }) => ({ number, scopes, receipt });

/** The member, or a refusal. */
function needMember() {
  if (member === null) throw new Refusal("credential_unknown");
  return member;
}

/** Nothing of a registration is left here. */
async function leave() {
  member = state = null;
  keeping = false;
  await forget();
}

const work = {
  /** @param {{ core: WebAssembly.Module }} asked */
  async open({ core }) {
    sealbook = await load({ wasm: core });
  },

  /** The directory's terms, and who was registered here before. @param {{ site: string }} asked */
  async connect({ site }) {
    const before = await kept();
    member = before.get("member") ?? null;
    state = before.get("state") ?? null;
    keeping = member !== null;
    try {
      directory = await Directory.open(site, { sealbook, key: member?.key });
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
    const confirmed = await ask(async (directory, context) => {
      try {
        return await directory.confirm({ registration, number, code, scopes, ...seen, ...context });
      } catch (error) {
        // The account is there, but its record is not: once more, and then the
        // person registers again, which takes the account's place.
        if (!(error instanceof DirectoryError) || error.confirmed === null || seen.handle === undefined) throw error;
        await directory.publish({ ...error.confirmed, handle: seen.handle, ...context });
        return error.confirmed;
      }
    });
    pending = null;
    const { credential, account, receipt } = confirmed;
    member = { number, scopes: [...receipt.scopes], receipt: receipt.note, key: /** @type {Directory} */ (directory).key, account, tag: receipt.tag, credential };
    state = null;
    return shown(member);
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
    const { credential } = needMember();
    stopping = new AbortController();
    const { signal } = stopping;
    const { found, counts } = await ask((directory, context) => discover({
      directory, contacts, credential, signal, onProgress: progress, ...context,
      state: {
        load: () => state,
        async save(bytes) {
          state = bytes;
          if (keeping) await keep({ state });
        },
      },
    }));
    return {
      found: found.map(({ contact, number, handle }) => ({ name: contact.name, number, handle: fromHandle(handle) })),
      asked: counts.numbers,
      budget: counts.budget,
    };
  },

  /** Ends what is being found; what was answered stays. */
  stop() {
    stopping.abort();
  },

  /** All that the directory holds about the member. */
  me() {
    const { credential } = needMember();
    return ask((directory, context) => directory.me(credential, context));
  },

  async withdraw() {
    const { credential, account, tag } = needMember();
    return ask(async (directory, context) => {
      const withdrawal = await directory.withdraw(credential, { account, ...context });
      await leave();
      // Looking it up can fail without making the withdrawal less done.
      const absent = tag !== null && await directory.absent(withdrawal, tag, context).catch(() => false);
      return { receipt: withdrawal.note, version: withdrawal.absentFromVersion, absent };
    });
  },

  /** What was sent so far; it holds numbers. */
  transcript() {
    return String(transcript ?? "");
  },

  /** Removes everything here and in the browser's storage. */
  async forget() {
    stopping.abort();
    pending = null;
    transcript = undefined;
    await leave();
  },
};

serve(work);

/** @typedef {typeof work} Door */
