// The one place where this client sends anything. A request is exactly its
// method, its path, the headers and the body given here; fetch adds what the
// platform adds (host, user agent, origin, accepted encodings) and no cookie.

import { concat, fromBase64url, text, utf8 } from "../bytes.js";
import { InputError } from "../errors.js";
import { DirectoryError, refused } from "./problem.js";

/** Longest problem document that is read, bytes. */
const MOST_PROBLEM = 64 << 10;
/** Slowest pace that an answer may come at, bytes a millisecond. */
const PACE = 4;

/**
 * @typedef {object} Link where a directory is, and how it is asked
 * @property {URL} url with a slash at the end
 * @property {typeof globalThis.fetch} [fetch] the platform's by default
 * @property {number} timeout milliseconds
 *
 * @typedef {object} Request
 * @property {"GET" | "POST" | "PUT" | "DELETE"} method
 * @property {string} path "/v2/…"
 * @property {Record<string, string>} [headers] by names in lower case
 * @property {Uint8Array<ArrayBuffer>} [body]
 * @property {readonly number[]} expect statuses that are an answer; others are an error
 * @property {number} limit bytes of the longest answer
 * @property {boolean} [public] the answer is the same for everybody
 *
 * @typedef {object} Context
 * @property {AbortSignal} [signal]
 * @property {import("./discover.js").Transcript} [transcript]
 * @property {import("./transcript.js").Explanation} [explanation] what the body is made of
 *
 * @typedef {{ status: number, headers: Headers, body: Uint8Array<ArrayBuffer> }} Answer
 */

/** Longest answer in JSON, bytes: the terms are the longest thing in one. */
const MOST_JSON = 256 << 10;

/**
 * Sends a request whose answer is JSON.
 * @param {Link} link
 * @param {Omit<Request, "limit">} request
 * @param {Context} [context]
 * @returns {Promise<{ status: number, given: any }>}
 * @throws {DirectoryError} ANSWER, and as send
 */
export async function ask(link, request, context) {
  const { status, body } = await send(link, { ...request, limit: MOST_JSON }, context);
  let given;
  try {
    given = JSON.parse(text(body));
  } catch {
    throw malformed();
  }
  if (typeof given !== "object" || given === null) throw malformed();
  return { status, given };
}

export const malformed = () => new DirectoryError("ANSWER", "the directory's answer is malformed");

/** @param {object} value */
export const sentJSON = (value) => ({ headers: { "content-type": "application/json" }, body: utf8(JSON.stringify(value)) });

/** @param {string} credential */
export function bearer(credential) {
  if (fromBase64url(credential, 32) === null) throw new InputError("TYPE", "a credential is what confirm answered");
  return { authorization: `Bearer ${credential}` };
}

/**
 * Sends a request and reads the answer whole.
 * @param {Link} link
 * @param {Request} request
 * @param {Context} [context]
 * @returns {Promise<Answer>}
 * @throws {DirectoryError} CANCELLED, NETWORK, SLOW, SIZE, BUDGET, PROBLEM
 */
export async function send(link, request, { signal, transcript, explanation } = {}) {
  if (signal?.aborted) throw cancelled(signal);
  const line = await /** @type {import("./transcript.js").Transcript | undefined} */ (transcript)?.request(request, explanation);
  const answer = await exchange(link, request, signal);
  await line?.response(answer);
  if (!request.expect.includes(answer.status)) throw refused(answer.status, answer.headers, answer.body);
  return answer;
}

/**
 * @param {Link} link
 * @param {Request} request
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Answer>}
 */
async function exchange({ url, fetch = globalThis.fetch, timeout }, { method, path, headers, body, expect, limit }, signal) {
  const began = Date.now();
  const controller = new AbortController();
  /** Ends the wait even for a fetch that looks at no signal. @type {(failure: DirectoryError) => void} */
  let end = () => {};
  /** @type {Promise<never>} */
  const ended = new Promise((_, reject) => {
    end = (failure) => {
      reject(failure);
      controller.abort(failure);
    };
  });
  ended.catch(() => {});
  const cancel = () => end(cancelled(/** @type {AbortSignal} */ (signal)));
  const late = () => end(new DirectoryError("SLOW", "the directory is too slow"));
  let timer = setTimeout(late, timeout);
  signal?.addEventListener("abort", cancel);
  try {
    const response = await Promise.race([ended, fetch(new URL(path.slice(1), url).href, {
      method,
      headers,
      body,
      signal: controller.signal,
      cache: "no-store",
      credentials: "omit",
      mode: "cors",
      redirect: "manual",
      referrerPolicy: "no-referrer",
    })]);
    const most = expect.includes(response.status) ? limit : MOST_PROBLEM;
    const length = Number(response.headers.get("content-length"));
    // What says itself that it is too long is not even read.
    if (length > most) throw tooLong();
    const bytes = await collect(response, ended, most, (received) => {
      clearTimeout(timer);
      // Time is earned by bytes, so that drops of an answer buy none.
      timer = setTimeout(late, Math.max(0, began + timeout + received / PACE - Date.now()));
    });
    return { status: response.status, headers: response.headers, body: bytes };
  } catch (cause) {
    controller.abort(cause);
    if (cause instanceof DirectoryError) throw cause;
    throw new DirectoryError("NETWORK", "the connection to the directory failed", { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

/**
 * @param {Response} response
 * @param {Promise<never>} ended
 * @param {number} most
 * @param {(received: number) => void} onBytes
 */
async function collect(response, ended, most, onBytes) {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const parts = [];
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([ended, reader.read()]);
      if (done) return concat(...parts);
      received += value.length;
      if (received > most) throw tooLong();
      parts.push(value);
      onBytes(received);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
}

const tooLong = () => new DirectoryError("SIZE", "the directory's answer is longer than any that is right");

/** @param {AbortSignal} signal */
const cancelled = (signal) => new DirectoryError("CANCELLED", "cancelled", { cause: signal.reason });
