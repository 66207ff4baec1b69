// What was sent, word for word, with what is needed to compute it again: JSON
// Lines, as `verifier transcript` reads them. It holds numbers and blinds of
// the person, so it is for their eyes; only the credential is left out.

import { base64url, hex, sha256, utf8 } from "../bytes.js";

/**
 * @typedef {import("./discover.js").Transcript} Public
 * @typedef {{ number: string, blind: string } | { padding: string, blind: string }} Item a blinded element; bytes in base64url
 *
 * @typedef {object} Explanation what a body is made of
 * @property {readonly Item[]} [items] in the order of the elements
 * @property {{ handle: string, flags: number, nonce: string }} [record]
 */

/** @implements {Public} */
export class Transcript {
  /** @type {string} */
  #head;
  /** @type {object[]} */
  #lines = [];

  /**
   * @param {URL} url of the directory
   * @param {string} key that was pinned, "" if none was
   */
  constructor(url, key) {
    this.#head = JSON.stringify({ sealbook: "transcript", version: 2, directory: { url: url.href, key } });
  }

  /** Another one, which has what was sent so far. */
  copy() {
    const other = new Transcript(new URL("https://x.invalid"), "");
    other.#head = this.#head;
    other.#lines = [...this.#lines];
    return other;
  }

  get length() {
    return this.#lines.length;
  }

  /**
   * Writes a request down before it is sent.
   * @param {import("./send.js").Request} request
   * @param {Explanation} [explanation]
   * @returns {Promise<{ response: (answer: import("./send.js").Answer) => Promise<void> }>}
   */
  async request({ method, path, headers = {}, body = new Uint8Array(0), public: shared }, explanation) {
    const { authorization, ...others } = headers;
    const shown = authorization === undefined ? others : { ...others, authorization: await hidden(authorization) };
    /** @type {{ response: object | null }} */
    const line = {
      ...{ request: { at: now(), method, path, headers: shown, body: base64url(body) } },
      response: null,
      ...explanation,
    };
    this.#lines.push(line);
    return {
      response: async ({ status, body }) => {
        line.response = shared
          ? { status, body: `sha256:${hex(await sha256(body))}`, bytes: body.length }
          : { status, body: base64url(body) };
      },
    };
  }

  toString() {
    return [this.#head, ...this.#lines.map((line) => JSON.stringify(line)), ""].join("\n");
  }
}

const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** @param {string} authorization "Bearer " and a credential */
async function hidden(authorization) {
  const credential = authorization.slice("Bearer ".length);
  return `Bearer sha256:${hex(await sha256(utf8(credential)))}`;
}
