/**
 * Finding contacts in a Sealbook directory without showing it the address book.
 *
 * ```js
 * import { load } from "sealbook";
 * import { Directory, discover } from "sealbook/discover";
 *
 * const directory = await Directory.open("https://directory.example", { sealbook: await load(), key });
 * const { found } = await discover({ directory, contacts, credential, state });
 * ```
 *
 * A number leaves the device in one case: a person registers their own. Of
 * contacts only blinded elements leave it, which are uniformly random.
 *
 * Works in pages, workers, Node and Cloudflare Workers. Blinding and verifying
 * are synchronous, about 0.2 ms a contact, up to 1,024 at a time: a page does
 * well to call this in a worker. Binary values are Uint8Array; those in receipts
 * stay as the note has them, base64url without padding or hexadecimal.
 */

import type { Sealbook } from "../index.js";
import { SealbookError } from "../index.js";

export interface OpenOptions {
  /** A loaded core. */
  sealbook: Sealbook;
  /**
   * The directory's key, "name+hash+base64". Pin it: without it whatever key is
   * shown is taken, and `key` of the result is what to pin from then on.
   */
  key?: string;
  fetch?: typeof globalThis.fetch;
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
  readonly parameters: Parameters;
  /** What a person consents to in `confirm`: show the text before. */
  readonly consent: Consent;

  /** An empty transcript for calls to this directory. */
  transcript(): Transcript;

  /**
   * Has a code sent to a number, which goes to the directory as it is.
   * @throws {DirectoryError} NUMBER if nobody can have it, and as every call
   */
  register(number: string, options?: Calling & { region?: string }): Promise<Registration>;

  /**
   * Shows the code, consents, and gets a credential. The proof and the receipt
   * are verified: account, tag and bucket are computed here, and must be those
   * that the directory signed. With the scope "discoverable" the record is
   * sealed and published. If the answer gets lost the code is spent: register
   * again, for a number has one account, and the new credential takes over.
   * @throws {DirectoryError} PROOF, EPOCH, RECEIPT, and as every call. If all
   *   went well but publishing, `confirmed` holds what would have been answered:
   *   keep it and call `publish`
   */
  confirm(options: ConfirmOptions): Promise<Confirmed>;

  /** Seals and publishes a record in place of the one before. */
  publish(options: PublishOptions): Promise<void>;

  /** All that the directory holds about the account, in its own words. */
  me(credential: string, options?: Calling): Promise<Held>;

  /**
   * Erases the account. The receipt is verified; with `account`, that it is for
   * this one. If the answer gets lost, a second call is refused
   * (credential_unknown), for nothing is there any more.
   * @throws {DirectoryError} RECEIPT, NOTE, and as every call
   */
  withdraw(credential: string, options?: Calling & { account?: string }): Promise<Withdrawal>;

  /**
   * Whether the directory keeps its word: the tag of the receipt is not
   * published any more. Another person's may be equal once in 10¹² pairs.
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
  /** 0–32; see `bucketBits` of discover. */
  readonly bucketBits: number;
  /** Of the published tags. */
  readonly version: number;
  /** When this was signed, RFC 3339. */
  readonly time: string;
  readonly consent: Consent;
  readonly scopes: readonly string[];
  readonly limits: Limits;
}

export interface Limits {
  /** Most elements of a batch, and the sizes that batches are padded to. */
  readonly batch: number;
  readonly batches: readonly number[];
  /** Most evaluations at once, and how many come back a day. */
  readonly budget: number;
  readonly refillPerDay: number;
  readonly codeDigits: number;
  readonly codeTries: number;
  readonly codeSeconds: number;
  /** Codes to one number. */
  readonly sendsPerHour: number;
  /** Records that are read together; at least 256 are. */
  readonly block: number;
}

export interface Registration {
  readonly registration: string;
  /** E.164. */
  readonly number: string;
  /** When its code stops to be good. */
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
  region?: string;
}

/** Of a person's own account; keep it as a password is kept. */
export interface Confirmed {
  readonly credential: string;
  /** Hexadecimal. */
  readonly account: string;
  readonly receipt: Receipt;
  /** 32 bytes that records are sealed with. */
  readonly recordKey: Uint8Array;
}

export interface Receipt {
  /** Signed; whoever has the directory's key can verify it. */
  readonly note: string;
  readonly account: string;
  readonly epoch: number;
  /** base64url; null without the scope "discoverable". */
  readonly tag: string | null;
  readonly bucket: number;
  readonly scopes: readonly string[];
  readonly consentSha256: string;
  readonly time: string;
}

export interface Withdrawal {
  readonly note: string;
  readonly account: string;
  readonly epoch: number;
  readonly bucket: number;
  /** From this version on the tag is not published. */
  readonly absentFromVersion: number;
  readonly time: string;
}

export interface PublishOptions extends Calling {
  credential: string;
  recordKey: Uint8Array;
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
  readonly bucket: number;
  readonly record: string | null;
  readonly budget: { readonly used: number; readonly limit: number; readonly refill_per_day: number; readonly available: number; readonly at: string };
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
  /** Of an account with the scope "search". */
  credential: string;
  /**
   * Most bucket bits that are accepted, 0–20; 0 by default. With 0 every client
   * reads the same file. With more the directory sees which buckets a client
   * reads, and of 10⁸ numbers of a country 10⁸/2^bits are in each.
   */
  bucketBits?: number;
  /** Without it every number is charged in every run. */
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
  /** evaluate counts numbers, tags and records buckets. */
  readonly phase: "evaluate" | "tags" | "records";
  readonly done: number;
  readonly total: number;
}

export interface Discovered<C extends Contact = Contact> {
  /** In the order of the contacts and of their numbers; one for each number that was found and each contact that has it. */
  readonly found: readonly Found<C>[];
  readonly counts: BookCounts & RunCounts;
}

export interface Found<C extends Contact = Contact> {
  /** What was given. */
  readonly contact: C;
  /** Its position. */
  readonly index: number;
  readonly number: string;
  /** 32 bytes. */
  readonly handle: Uint8Array;
  readonly flags: number;
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
  /** Evaluations charged, padding included. */
  readonly charged: number;
  /** What is left of the budget; null if nothing was charged, or it was not told. */
  readonly budget: number | null;
  readonly buckets: number;
  /** Blocks of records that were read because of a match, and beside them. */
  readonly blocks: number;
  readonly decoys: number;
  /** Matches whose record does not open: tags that are equal by chance, or a record that nobody sealed. */
  readonly unopened: number;
}

/**
 * Finds those contacts that are in the directory. Only numbers that `state`
 * does not know are charged, and it is saved after every batch: after a lost
 * connection, a cancel or a spent budget call it again and it goes on. Charged
 * again is only a batch whose answer was lost on the way.
 * @throws {DirectoryError} BUCKETS, PROOF, EPOCH, TAGS, RECORD, STATE, BUDGET, and as every call; nothing is found then
 * @throws {InputError}
 */
export function discover<C extends Contact>(options: DiscoverOptions<C>): Promise<Discovered<C>>;

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
  /** Not the pinned key, a malformed one, or another public key for the same epoch. */
  | "KEY"
  /** A note that is not signed by the key, or malformed. */
  | "NOTE"
  /** A receipt for something else. */
  | "RECEIPT"
  /** The directory did not prove that it used its key. */
  | "PROOF"
  /** Of another epoch: open the directory again. */
  | "EPOCH"
  /** More bucket bits than the caller accepts. */
  | "BUCKETS"
  /** Malformed tags, or tags and records that never agree. */
  | "TAGS"
  /** Malformed records. */
  | "RECORD"
  /** The state is damaged, of another directory, or could not be loaded or saved. */
  | "STATE"
  /** Nobody can have this number. */
  | "NUMBER"
  /** Another version of the protocol. */
  | "PROTOCOL"
  /** SubtleCrypto or its Ed25519 is missing here. */
  | "CRYPTO";

export class DirectoryError extends SealbookError {
  constructor(code: DirectoryErrorCode, message: string, more?: { cause?: unknown; problem?: Problem; retryAt?: Date; confirmed?: Confirmed });
  readonly code: DirectoryErrorCode;
  /** With PROBLEM and BUDGET. */
  readonly problem: Problem | null;
  /** When to try again, if the directory said so. */
  readonly retryAt: Date | null;
  /** If `confirm` failed after the account was made. */
  readonly confirmed: Confirmed | null;
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
