/**
 * The oblivious pseudorandom function of RFC 9497, suite
 * ristretto255-SHA512: a client learns F(key, input) from a server that learns
 * neither input nor output. `oprf` of a loaded Blind is {@link Oprf}.
 *
 * ```js
 * const { oprf } = await loadBlind();
 * const server = oprf.server(oprf.deriveKey(seed, "info"));
 * const client = oprf.client(server.publicKey);
 * const { blinds, blinded } = client.blind(inputs);           // blinded → server
 * const { evaluated, proof } = server.evaluate(blinded);      // → client
 * const outputs = client.finalize(inputs, blinds, blinded, evaluated, proof);
 * ```
 *
 * Elements, scalars and keys are 32 bytes, proofs and outputs 64; n of them lie
 * one after the other. Calls answer at once, take 1–1,024 items and, together
 * with their other parts, 256 KiB of inputs; each input has at most 65,535
 * bytes, text as UTF-8. What a call answers is a copy: the module's buffers are
 * cleared, of inputs, blinds and keys as well as of answers.
 *
 * Random bytes are those of crypto.getRandomValues. Passing some is for tests:
 * they must be fresh each time, for whoever sees two proofs made with the same
 * computes the key.
 */

import { SealbookError } from "./index.js";

/** Bytes, or text, which is taken as UTF-8. */
export type OprfInput = string | Uint8Array;

/** VOPRF, with a proof that the server used the key of the public key; OPRF, without. A key must serve one only. */
export type OprfMode = "OPRF" | "VOPRF";

export interface Oprf {
  /** A client of the server with that public key; in mode OPRF it may be null. @throws {OprfError} @throws {InputError} */
  client(publicKey: Uint8Array | null, mode?: OprfMode): OprfClient;
  /** A server with a private key. @throws {OprfError} @throws {InputError} */
  server(privateKey: Uint8Array, mode?: OprfMode): OprfServer;
  /** A private key from a secret seed of 32 bytes and public info. @throws {OprfError} @throws {InputError} */
  deriveKey(seed: Uint8Array, info: OprfInput, mode?: OprfMode): Uint8Array;
  /** expand_message_xmd of RFC 9380 with SHA-512, 1–16,320 bytes. @throws {OprfError} @throws {InputError} */
  expand(message: OprfInput, tag: OprfInput, length: number): Uint8Array;
  /** The encoding of hash_to_ristretto255 of RFC 9380. @throws {OprfError} @throws {InputError} */
  hashToGroup(message: OprfInput, tag: OprfInput): Uint8Array;
}

export interface OprfClient {
  /**
   * Blinds inputs: `blinded` is to be sent, `blinds` to be kept secret for
   * finalize. `random`: 64 bytes for each input.
   * @throws {OprfError} @throws {InputError}
   */
  blind(inputs: readonly OprfInput[], random?: Uint8Array): { blinds: Uint8Array; blinded: Uint8Array };
  /** The blinded elements again, from blinds drawn before: what was sent. @throws {OprfError} @throws {InputError} */
  blindWith(inputs: readonly OprfInput[], blinds: Uint8Array): Uint8Array;
  /**
   * Outputs, 64 bytes for each input, from what blind gave and what the server
   * answered; nothing unless the proof holds. In mode OPRF there is no proof.
   * @throws {OprfError} BAD_PROOF, or what is wrong with the item at `index`
   * @throws {InputError}
   */
  finalize(inputs: readonly OprfInput[], blinds: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof?: Uint8Array): Uint8Array;
}

export interface OprfServer {
  readonly publicKey: Uint8Array;
  /** Evaluates elements; the proof is for all together, zeros in mode OPRF. `random`: 64 bytes. @throws {OprfError} @throws {InputError} */
  evaluate(blinded: Uint8Array, random?: Uint8Array): { evaluated: Uint8Array; proof: Uint8Array };
  /** What a client would get for an input. @throws {OprfError} @throws {InputError} */
  output(input: OprfInput): Uint8Array;
  /** Clears the key, here and in the core. */
  close(): void;
}

export type OprfErrorCode =
  /** Bytes of the wrong length. */
  | "INVALID_LENGTH"
  /** Neither OPRF nor VOPRF. */
  | "UNKNOWN_MODE"
  /** Not the canonical encoding of an element. */
  | "INVALID_ELEMENT"
  /** The identity, which nobody sends. */
  | "IDENTITY_ELEMENT"
  /** Not less than the group's order. */
  | "INVALID_SCALAR"
  /** 0, which has no inverse. */
  | "ZERO_SCALAR"
  /** The server did not use the key of its public key. */
  | "BAD_PROOF"
  /** An input of more than 65,535 bytes. */
  | "INPUT_TOO_LONG"
  /** An input that maps to the identity; nobody knows one. */
  | "INVALID_INPUT";

/** A step of the oblivious pseudorandom function was refused. */
export class OprfError extends SealbookError {
  constructor(code: OprfErrorCode, index: number | null);
  readonly code: OprfErrorCode;
  /** Which item it was, from 0; null where it was none in particular. */
  readonly index: number | null;
}
