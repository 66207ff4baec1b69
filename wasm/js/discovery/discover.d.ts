/**
 * Finding contacts in a Sealbook directory without showing it the address book.
 *
 * ```js
 * import { load } from "sealbook";
 * import { loadBlind } from "sealbook/blind";
 * import { Directory, discover } from "sealbook/discover";
 *
 * const directory = await Directory.open("https://directory.example", { sealbook: await load(), blind: await loadBlind(), key });
 * const { found, warnings } = await discover({ directory, contacts, account, state });
 * ```
 *
 * A number leaves the device in one case: a person registers their own. Of
 * contacts only blinded elements leave it, which are uniformly random.
 *
 * What is sent depends on what the directory publishes to everybody, on how many
 * new numbers there are, rounded up to 8, 64, 256 or 1,024, on when that was
 * asked last, and on random bytes: on no contact and on no match. The one
 * exception is {@link askHandle}, which asks for one friend.
 *
 * Works in pages, workers, Node and Cloudflare Workers. Blinding and verifying
 * are synchronous, about 0.2 ms a contact, up to 1,024 at a time: a page does
 * well to call this in a worker. Binary values are Uint8Array; those in receipts
 * stay as the note has them, base64url without padding or hexadecimal.
 */

import type { AbortSignal, Fetch, URL } from "../platform.js";
import type { Blind } from "../blind.js";
import type { Sealbook } from "../index.js";
import { SealbookError } from "../index.js";

export interface OpenOptions {
  /** A loaded core. */
  sealbook: Sealbook;
  /** A loaded blind.wasm. */
  blind: Blind;
  /**
   * The directory's key, "name+hash+base64". Pin it: without it whatever key is
   * shown is taken, and `key` of the result is what to pin from then on.
   */
  key?: string;
  /** Sends requests; the global one by default. */
  fetch?: Fetch;
  /** Milliseconds until an answer begins, 30,000 by default; then it must come at 4 KB a second at least. */
  timeout?: number;
  signal?: AbortSignal;
}

/** What every call takes. */
export interface Calling {
  /** Ends the call with CANCELLED; the signal's reason is the cause. */
  signal?: AbortSignal;
  /** Writes down what is sent. */
  transcript?: Transcript;
}

/** A directory whose parameters were verified. */
export class Directory {
  private constructor();
  /**
   * Reads and verifies what a directory says about itself.
   * @param url https; http on the machine itself
   * @throws {DirectoryError} KEY if it is not the pinned one, NOTE, PROTOCOL, CRYPTO, and as every call
   * @throws {InputError}
   */
  static open(url: string | URL, options: OpenOptions): Promise<Directory>;

  readonly url: string;
  /** The key that its notes are verified with. */
  readonly key: string;
  /** As they were read last: every search reads them anew. */
  readonly parameters: Parameters;
  /** What a person consents to in `confirm`: show the text before. */
  readonly consent: Consent;

  /** A transcript for calls to this directory; it begins with how its parameters were read. */
  transcript(): Transcript;

  /**
   * Has a code sent to a number, which goes to the directory as it is.
   * @throws {DirectoryError} NUMBER if nobody can have it, and as every call
   */
  register(number: string, options?: Calling & { region?: string }): Promise<Registration>;

  /**
   * Shows the code, consents, and gets an account. Proof and receipt are
   * verified: account and tag are computed here, and must be those that the
   * directory signed. With the scope "discoverable" the record is sealed and put.
   *
   * If the number has an account already and `account` is not it, its owner may
   * object for a while: RENEWAL, whose `renewal` takes the registration's place
   * when this is called again from `retryAt` on. If the answer gets lost the code
   * is spent: register again.
   * @throws {DirectoryError} RENEWAL, PROOF, EPOCH, RECEIPT, and as every call. If
   *   all went well but putting the record, `account` of the error is the account:
   *   keep it and call `publish`
   */
  confirm(options: ConfirmOptions): Promise<Account>;

  /**
   * Moves an account into the epoch that has begun, in the first 30 days of it,
   * without a code.
   * @throws {DirectoryError} PROOF, EPOCH, RECEIPT, and as every call; `account` as in confirm
   */
  move(options: MoveOptions): Promise<Account>;

  /** Seals a record and puts it in place of the one before. Keep what is answered instead of the account: it knows which records are the person's own. */
  publish(options: PublishOptions): Promise<Account>;

  /** All that the directory holds about the account, in its own words. */
  me(credential: string, options?: Calling): Promise<Held>;

  /** Refuses that somebody who was sent a code takes the account over; see `renewal` of what discover answers. */
  refuseRenewal(credential: string, options?: Calling): Promise<void>;

  /**
   * Erases the account. The receipt is verified; with `account`, that it is for
   * this one. If the answer gets lost, a second call is refused
   * (credential_unknown), for nothing is there any more.
   * @throws {DirectoryError} RECEIPT, NOTE, and as every call
   */
  withdraw(credential: string, options?: Calling & { account?: string }): Promise<Withdrawal>;

  /** The same by a code, for who lost the credential. @throws {DirectoryError} RECEIPT, NOTE, and as every call */
  withdrawByCode(options: WithdrawByCodeOptions): Promise<Withdrawal>;

  /**
   * Whether the directory keeps its word: what it publishes now, by its log, is
   * of the withdrawal's version or a later one, and does not have the tag of the
   * receipt. Another person's may be equal once in 10¹² pairs.
   */
  absent(withdrawal: Withdrawal, tag: string, options?: Calling): Promise<boolean>;
}

export interface Consent {
  readonly text: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface Parameters {
  /** As in the key. */
  readonly name: string;
  readonly epoch: number;
  /** 32 bytes, of the OPRF. */
  readonly publicKey: Uint8Array;
  /** When this was signed, RFC 3339. */
  readonly time: string;
  readonly consent: Consent;
  readonly scopes: readonly string[];
  readonly limits: Limits;
}

/** Others are refused: NOTE. */
export interface Limits {
  /** Most evaluations at once, 1,024–2²⁰, and how many come back a day, 1–2²⁰. */
  readonly budget: number;
  readonly refillPerDay: number;
  /** 8–12, 1–10, 60–3,600. */
  readonly codeDigits: number;
  readonly codeTries: number;
  readonly codeSeconds: number;
  /** Codes to one number, 1–60. */
  readonly sendsPerHour: number;
}

export interface Registration {
  readonly registration: string;
  /** E.164. */
  readonly number: string;
  /** When its code stops to be good; of a renewal, when it is ready. */
  readonly expires: Date;
}

/** "search": may spend evaluations; "discoverable": is found by those who have the number. */
export type Scope = "search" | "discoverable";

export interface ConfirmOptions extends Calling {
  registration: string;
  number: string;
  /** Digits. */
  code: string;
  scopes: readonly Scope[];
  /** 32 bytes that those see who have the number; needed to be discoverable. */
  handle?: Uint8Array;
  /** 0–2³²-1, of the caller's own meaning; 0 by default. */
  flags?: number;
  /** The number's account, where the person has it: then no one need wait. */
  account?: Account;
  region?: string;
}

export interface MoveOptions extends Calling {
  account: Account;
  number: string;
  /** As in confirm. */
  handle?: Uint8Array;
  flags?: number;
  region?: string;
}

export interface WithdrawByCodeOptions extends Calling {
  registration: string;
  number: string;
  code: string;
  region?: string;
}

/** A person's own; keep it as a password is kept. It can be stored as it is. */
export interface Account {
  readonly credential: string;
  /** Hexadecimal. */
  readonly account: string;
  readonly receipt: Receipt;
  /** 32 bytes that records are sealed with. */
  readonly recordKey: Uint8Array;
  /** The records that were put, in their order: first 10 bytes of SHA-256 in hexadecimal, and when. */
  readonly records: readonly { readonly hash: string; readonly time: string }[];
}

export interface Receipt {
  /** Signed; whoever has the directory's key can verify it. */
  readonly note: string;
  readonly account: string;
  readonly epoch: number;
  /** base64url; null without the scope "discoverable". */
  readonly tag: string | null;
  readonly scopes: readonly string[];
  readonly consentSha256: string;
  /** The directory's log as it was: a later fork contradicts this. */
  readonly logSize: number;
  /** base64url. */
  readonly logRoot: string;
  readonly time: string;
}

export interface Withdrawal {
  readonly note: string;
  readonly account: string;
  readonly epoch: number;
  /** From this version on the tag is not published. */
  readonly absentFromVersion: number;
  /** Until when the removal stays in what is published of changes. */
  readonly removalListedUntil: string;
  /** Until when account id and budget are kept. */
  readonly budgetKeptUntil: string;
  readonly logSize: number;
  readonly logRoot: string;
  readonly time: string;
}

export interface PublishOptions extends Calling {
  account: Account;
  handle: Uint8Array;
  flags?: number;
}

/** As the directory writes it; it may tell more. */
export interface Held {
  readonly account: string;
  readonly epoch: number;
  readonly scopes: readonly string[];
  readonly registered: string;
  readonly credential_sha256: string;
  readonly tag: string | null;
  readonly record: string | null;
  readonly budget: { readonly used: number; readonly limit: number; readonly refill_per_day: number; readonly available: number; readonly at: string };
  /** Somebody who was sent a code asks for the account; null if nobody does. */
  readonly renewal?: { readonly ready: string; readonly refused: boolean } | null;
  /**
   * What is held beside the account. "sends", "tries" and "registration" are under keyed
   * hashes, always named, until when at most; "records" and "moves" are those of a day,
   * counted under the account, with their times.
   */
  readonly elsewhere: readonly { readonly what: string; readonly times?: readonly string[]; readonly until: string }[];
  readonly [more: string]: unknown;
}

/** A text that should be a number, or a person; those of `sealbook/contacts` can be given as they are. */
export type Contact =
  | string
  | {
      readonly name?: string;
      readonly numbers: readonly (string | { readonly text: string })[];
      /** Default region of this person's numbers. */
      readonly region?: string;
    };

export interface DiscoverOptions<C extends Contact = Contact> extends Calling {
  directory: Directory;
  contacts: readonly C[];
  /** Default region of numbers without "+". */
  region?: string;
  /** Without the scope "search" nothing is asked about; the own entry is watched all the same. */
  account: Account;
  /**
   * Bytes of records that may be read, 8 MiB by default: of 131,072 people. If
   * those of all people are no more, all are read, else none, and what a friend
   * shows is there once {@link askHandle} was called.
   */
  records?: number;
  /** Without it every number is charged in every run, and nobody notices a directory that goes back on what it published. */
  state?: StateStore;
  onProgress?: (progress: DiscoverProgress) => void;
}

/**
 * Where the device keeps what it remembers. It holds the numbers and what was
 * computed for them: it belongs where the address book lies. One store is for
 * one directory, and for one run at a time.
 */
export interface StateStore {
  /** What was saved last, null at first. */
  load(): PromiseLike<Uint8Array | null | undefined> | Uint8Array | null | undefined;
  save(bytes: Uint8Array): PromiseLike<unknown> | void;
}

export interface DiscoverProgress {
  /** evaluate counts numbers; tags and records are begun. */
  readonly phase: "tags" | "records" | "evaluate";
  readonly done: number;
  readonly total: number;
}

export interface Discovered<C extends Contact = Contact> {
  /** In the order of the contacts and of their numbers; one for each number that was found and each contact that has it. */
  readonly found: readonly Found<C>[];
  /** What a person must be told, loudly. */
  readonly warnings: readonly Warning[];
  /** Numbers that the budget does not cover yet, and when it will; null if all were asked about. */
  readonly waiting: { readonly numbers: number; readonly until: Date | null } | null;
  /** When nobody watched the own entry: the directory does not go back that far. */
  readonly unwatched: { readonly from: Date; readonly to: Date } | null;
  /** Somebody who was sent a code asks for the account, and gets it then unless `refuseRenewal` is called. */
  readonly renewal: { readonly ready: Date; readonly refused: boolean } | null;
  /** What was published, by the directory's log; records: whether all were read. */
  readonly log: { readonly size: number; readonly root: Uint8Array; readonly version: number; readonly people: number; readonly time: Date; readonly records: boolean };
  readonly counts: BookCounts & RunCounts;
}

export interface Found<C extends Contact = Contact> {
  /** What was given. */
  readonly contact: C;
  /** Its position. */
  readonly index: number;
  readonly number: string;
  /** 32 bytes; null where records are not read. */
  readonly handle: Uint8Array | null;
  readonly flags: number | null;
  /** The handle that was seen first for this number: another that comes later may be somebody else's. null if none was. */
  readonly first: Uint8Array | null;
}

export interface Warning {
  /**
   * OWN: what is published under the person's own tag is not what they put, or
   * the tag is missing, or is there twice; `what` says which. HANDLE: a friend
   * shows another handle than at first. TWICE: two records open for a number.
   * EPOCH: the second new epoch within a day.
   */
  readonly code: "OWN" | "HANDLE" | "TWICE" | "EPOCH";
  /** With OWN. */
  readonly what?: "tag" | "record";
  /** With HANDLE and TWICE. */
  readonly number?: string;
  /** What the directory signed. */
  readonly evidence: readonly string[];
}

export interface BookCounts {
  readonly contacts: number;
  readonly texts: number;
  /** Different numbers that somebody could have registered. */
  readonly numbers: number;
  /** Texts of a number that was there already. */
  readonly repeated: number;
  /** Texts left out: no numbers. */
  readonly unreadable: number;
  /** In no range that was given out; emergency and short numbers among them. */
  readonly invalid: number;
  /** Premium rate, shared cost, voicemail. */
  readonly services: number;
  /** Behind a switchboard. */
  readonly extensions: number;
}

export interface RunCounts {
  /** Numbers whose evaluation was known, and those that were evaluated. */
  readonly known: number;
  readonly evaluated: number;
  /** Evaluations charged, padding included: 8 where nothing is new. */
  readonly charged: number;
  /** What is left of the budget; null if it was not told. */
  readonly budget: number | null;
  /** Matches whose record does not open: tags that are equal by chance, or a record that nobody sealed. */
  readonly unopened: number;
}

/**
 * Finds those contacts that are in the directory. Only numbers that `state`
 * does not know are charged: after a lost connection, a cancel or a spent budget
 * call it again and it goes on. Charged again is only a batch whose answer was
 * lost on the way.
 *
 * What the directory publishes is taken only if it is in its log, and if that
 * follows from what `state` remembers. If not, the error's `evidence` is what
 * the directory signed: two texts that contradict each other where it forked,
 * and it is worth keeping.
 * @throws {DirectoryError} KEY, NOTE, PROTOCOL, ROLLBACK, CONSISTENCY, RULES, STALE, CLOCK, INCLUSION, TAGS, RECORD, PROOF, EPOCH, STATE, and as every call; nothing is found then
 * @throws {InputError}
 */
export function discover<C extends Contact>(options: DiscoverOptions<C>): Promise<Discovered<C>>;

export interface HandleOptions extends Calling {
  directory: Directory;
  /** E.164, of somebody who was found. */
  number: string;
  /** That of the search. */
  state: StateStore;
}

export interface Handle {
  /** 32 bytes. */
  readonly handle: Uint8Array;
  readonly flags: number;
  /** As in Found. */
  readonly first: Uint8Array;
}

/**
 * Reads what one friend shows, where records are not read whole. This tells the
 * directory that somebody at this address wants somebody of a block: one of at
 * most 256 people, often one. Call it when the person asks to see that friend's,
 * and say so before; the request has no credential. Where all records were read,
 * nothing is asked. null if there is none.
 * @throws {DirectoryError} STATE if the number was not found, and as discover
 */
export function askHandle(options: HandleOptions): Promise<Handle | null>;

/**
 * What was sent, with what is needed to compute it again; `verifier transcript`
 * checks it. It holds the numbers of the address book: show it to nobody whom
 * you would not show those.
 */
export interface Transcript {
  /** Requests written down. */
  readonly length: number;
  /** JSON Lines. */
  toString(): string;
}

/** Every call throws CANCELLED, NETWORK, SLOW, SIZE, ANSWER, BUDGET or PROBLEM. */
export type DirectoryErrorCode =
  /** The signal came; its reason is the cause. */
  | "CANCELLED"
  /** No connection, or it broke. */
  | "NETWORK"
  /** The answer took too long. */
  | "SLOW"
  /** The answer is longer than any that is right. */
  | "SIZE"
  /** The answer is not what the protocol says. */
  | "ANSWER"
  /** The directory refused; `problem` says with which code. */
  | "PROBLEM"
  /** The budget is spent; `retryAt` says when the batch fits again. */
  | "BUDGET"
  /** Not the pinned key, a malformed one, or another public key than is logged for the epoch. */
  | "KEY"
  /** A note that is not signed by the key, or malformed; or parameters that would hide less than the protocol. */
  | "NOTE"
  /** A receipt for something else. */
  | "RECEIPT"
  /** The directory did not prove that it used its key. */
  | "PROOF"
  /** Of another epoch: open the directory again. */
  | "EPOCH"
  /** The log has fewer entries than it had: a directory restored from a backup, or worse. */
  | "ROLLBACK"
  /** The log is not the one it was: it was forked. */
  | "CONSISTENCY"
  /** What was served is not what the log says. */
  | "INCLUSION"
  /** A state that may not follow the one before: another key in the same epoch, an older version. */
  | "RULES"
  /** The newest state is more than 25 hours old. */
  | "STALE"
  /** The newest state is of the future, or this device's clock is wrong. */
  | "CLOCK"
  /** Malformed tags or changes, or they never go with the log. */
  | "TAGS"
  /** Malformed records, or others than those that were logged. */
  | "RECORD"
  /** The number has an account; `retryAt` says when to confirm again, `renewal` with what. */
  | "RENEWAL"
  /** The state is damaged, of another directory, or could not be loaded or saved. */
  | "STATE"
  /** Nobody can have this number. */
  | "NUMBER"
  /** Another version of the protocol. */
  | "PROTOCOL"
  /** SubtleCrypto or its Ed25519 is missing here. */
  | "CRYPTO";

export class DirectoryError extends SealbookError {
  constructor(code: DirectoryErrorCode, message: string, more?: { cause?: unknown; problem?: Problem; retryAt?: Date; account?: Account; renewal?: Registration; evidence?: readonly string[] });
  readonly code: DirectoryErrorCode;
  /** With PROBLEM and BUDGET. */
  readonly problem: Problem | null;
  /** When to try again, if the directory said so. */
  readonly retryAt: Date | null;
  /** If `confirm` or `move` failed after the account was made. */
  readonly account: Account | null;
  /** With RENEWAL. */
  readonly renewal: Registration | null;
  /** What the directory signed: two texts that contradict each other, or one that what it served does not go with. */
  readonly evidence: readonly string[];
}

/** A directory's problem document; its free text is left out. */
export interface Problem {
  readonly status: number;
  /** Stable: "code_wrong", "consent_outdated", …; null if it is no problem document. */
  readonly code: string | null;
  readonly index?: number;
  readonly available?: number;
  readonly triesLeft?: number;
}
