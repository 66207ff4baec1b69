/**
 * Which of a person's contacts an app sent, by a recording of its traffic: HAR,
 * .har.zip, mitmproxy flows, pcap and pcapng (TLS with a key log), Charles .chlsj,
 * Burp XML, Fiddler .saz, and any of these in gzip. It is a module of its own
 * (auditor.wasm) without imports: nothing that it reads can leave.
 *
 * ```js
 * import { loadAuditor } from "sealbook/auditor";
 * const auditor = await loadAuditor();
 * const audit = await auditor.start({ region: "GB" });
 * audit.add([{ name: "Ada", numbers: ["020 7946 0018"], emails: [] }]);
 * const { capture, findings, unreadable } = await audit.read(file);
 * ```
 *
 * It works for as long as a file takes: use it in a worker.
 */

import type { WasmModule, AbortSignal } from "./platform.js";
import type { LoadOptions } from "./index.js";

/** Loads auditor.wasm; the same options and errors as `load`. @throws {LoadError} */
export function loadAuditor(options?: LoadOptions): Promise<Auditor>;

export interface Auditor {
  readonly module: WasmModule;
  /** SHA-256 of the bytes that run, as in Sealbook. */
  readonly sha256: string | null;
  /** Begins an audit, with a memory of its own. @throws {InputError} OPTION */
  start(options?: AuditOptions): Promise<Audit>;
}

export interface AuditOptions {
  /** Where numbers without a calling code were written down; "" for none. */
  region?: string;
  /** Salts, peppers and HMAC keys to try besides those that the capture holds. */
  salts?: readonly string[];
  /** An NSS key log with TLS secrets; more is read from the capture and beside it. */
  keyLog?: Uint8Array | string;
  /** As the options of `verifier audit`, with the same defaults. */
  limits?: Limits;
}

export interface Limits {
  /** The most bytes of one body; 32 MiB. */
  body?: number;
  /** The most that one capture may unpack to; 1 GiB and 64 for each byte of it. */
  unpacked?: number;
  /** How deep JSON and containers may be nested; 1,000. */
  depth?: number;
  /** How many encodings around each other are undone; 10. */
  layers?: number;
  /** The most findings in one body; 10,000. */
  findings?: number;
}

export interface Audit {
  /**
   * Adds whom to look for, before the first capture.
   * @throws {InputError} STATE after that; MEMORY for too many
   */
  add(people: readonly Wanted[]): Added;
  /**
   * Looks through a capture. Any number may follow each other.
   * @throws {InputError} MEMORY, after which the audit is over; TYPE for a file shorter than it says; or the reason of the signal
   */
  read(file: CaptureFile, options?: AuditReadOptions): Promise<Report>;
  /**
   * The report for a complaint, as `verifier audit --html` writes it: of all
   * captures that were read, whose files are read again for their requests.
   * @throws {InputError} as read does
   */
  page(captures: readonly { file: CaptureFile; beside?: AuditReadOptions["beside"] }[], stated?: Stated): Promise<string>;
}

/** What the report states besides. */
export interface Stated {
  app?: string;
  device?: string;
  consent?: string;
  /** When it was made. */
  made?: string;
  /** With what. */
  tool?: string;
}

export interface Wanted {
  name: string;
  /** As written. */
  numbers: readonly string[];
  emails?: readonly string[];
}

/** What add has so far. */
export interface Added {
  people: number;
  numbers: number;
  emails: number;
  /** Numbers without a country code where there is no region: they are not looked for. */
  codeless: number;
  /** Texts that are no numbers which an app could have sent, such as emergency numbers. */
  useless: number;
}

/** A File, or anything that has a name, a size and pieces. */
export interface CaptureFile {
  readonly name: string;
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface AuditReadOptions {
  /**
   * Gives a file that the capture names, by its path in the capture's folder: bodies
   * of a HAR, and the key log of a pcap. null if it is not there.
   */
  beside?: (path: string) => CaptureFile | null | Promise<CaptureFile | null>;
  /** How much has been done of what there is to do, which is twice the file: its checksum first. */
  onProgress?: (done: number, of: number) => void;
  signal?: AbortSignal;
}

export interface Report {
  capture: {
    /** Of its file, in hexadecimal. */
    sha256: string;
    format: string;
    creator: string | null;
    messages: number;
    /** Times are nanoseconds since 1970, in decimal. */
    first: string | null;
    last: string | null;
    /** "found" if a request has a finding that is certain or likely. */
    verdict: "clean" | "found" | "cannot tell";
    salts: string[];
    /** log._tweasel of a HAR: app, device and tools. */
    tweasel?: unknown;
  };
  findings: Finding[];
  unreadable: Unreadable[];
}

/** The members of `verifier audit --json`. */
export interface Finding {
  request_index: number;
  /** Of a pcap alone. */
  request_in_stream?: number;
  direction: "request" | "response";
  contact: string;
  e164: string | null;
  kind: "number" | "digest" | "name" | "email";
  value: string;
  certainty: "certain" | "likely" | "possible";
  location: string;
  chain: string[];
  start: number;
  end: number;
  recipe: string | null;
  context: string;
  method: string;
  host: string;
  target: string;
  time: string | null;
}

export interface Unreadable {
  request_index: number | null;
  request_in_stream?: number;
  direction: "request" | "response";
  /** Such as "BODY_MISSING"; see wasm/capture/reason.go. */
  reason: string;
}
