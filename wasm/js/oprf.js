// The oblivious pseudorandom function: see oprf.d.ts. Package batch in
// wasm/batch says which parts a step reads and writes; the numbers here are
// those of that package.

import { SealbookError } from "./error.js";
import { InputError, refusal } from "./errors.js";
import { TextEncoder } from "./utf8.js";

/**
 * The buffers and the call of a blind.wasm.
 * @typedef {{ exports: { oprf(step: number, n: number, length: number): number }, input: Uint8Array, text: Uint8Array, status: Uint32Array }} Room
 */
/** @typedef {import("./oprf.js").OprfInput} OprfInput */
/** @typedef {import("./oprf.js").OprfMode} OprfMode */

const MAX_ITEMS = 1024;
const ELEMENT = 32;
const RANDOM = 64;
const PROOF = 64;
const OUTPUT = 64;

const DERIVE = 0;
const CONNECT = 1;
const BLIND = 2;
const BLIND_WITH = 3;
const FINALIZE = 4;
const SERVE = 5;
const EVALUATE = 6;
const OUTPUT_OF = 7;
const FORGET = 8;
const EXPAND = 9;
const HASH_TO_GROUP = 10;

const REFUSED = -10;

/** @type {Readonly<Record<OprfMode, number>>} */
const MODES = { OPRF: 0, VOPRF: 1 };

const oprfMessages = {
  INVALID_LENGTH: "bytes of the wrong length",
  UNKNOWN_MODE: "no such mode",
  INVALID_ELEMENT: "not an element of the group",
  IDENTITY_ELEMENT: "the identity, which nobody sends",
  INVALID_SCALAR: "not a scalar",
  ZERO_SCALAR: "a scalar of zero",
  BAD_PROOF: "the proof does not hold: the server did not use the key of its public key",
  INPUT_TOO_LONG: "an input of more than 65,535 bytes",
  INVALID_INPUT: "an input that has no element",
};

/** Names of oprf.Code, by its number. */
const oprfCodes = /** @type {import("./oprf.js").OprfErrorCode[]} */ (["OK", ...Object.keys(oprfMessages)]);

export class OprfError extends SealbookError {
  /**
   * @param {import("./oprf.js").OprfErrorCode} code
   * @param {number | null} index
   */
  constructor(code, index) {
    super(code, oprfMessages[code]);
    this.name = "OprfError";
    /** @readonly @type {import("./oprf.js").OprfErrorCode} */
    this.code = code;
    /** @readonly */
    this.index = index;
  }
}

const encoder = new TextEncoder();

/** @param {OprfMode} mode */
function modeOf(mode) {
  if (!Object.hasOwn(MODES, mode)) throw new OprfError("UNKNOWN_MODE", null);
  return MODES[mode];
}

/**
 * @param {unknown} bytes
 * @param {number} [length] what it must have
 * @returns {Uint8Array}
 */
function checked(bytes, length) {
  if (!(bytes instanceof Uint8Array)) throw new InputError("TYPE", "bytes must be a Uint8Array");
  if (length !== undefined && bytes.length !== length) throw new OprfError("INVALID_LENGTH", null);
  return bytes;
}

/** @param {readonly OprfInput[]} inputs */
function counted(inputs) {
  if (!Array.isArray(inputs)) throw new InputError("TYPE", "inputs must be an array");
  if (inputs.length < 1 || inputs.length > MAX_ITEMS) throw new InputError("RANGE", `inputs must be 1–${MAX_ITEMS}`);
  return inputs.length;
}

/** Steps in one module, which holds one client and one server at a time. */
class Steps {
  /** Who set the client's side last, and the server's. @type {object | null} */
  connected = null;
  /** @type {object | null} */
  serving = null;

  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    /** Bytes of the next step's input. */
    this.length = 0;
  }

  /** @param {Uint8Array} bytes */
  put(bytes) {
    if (bytes.length > this.room.input.length - this.length) this.refuse(-1);
    this.room.input.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /**
   * Random bytes, straight into the module where the caller has none.
   * @param {number} length
   * @param {Uint8Array | undefined} random
   */
  random(length, random) {
    if (random !== undefined) return this.put(random);
    crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (this.room.input.subarray(this.length, this.length + length)));
    this.length += length;
    return this;
  }

  /**
   * Texts, each behind the others, after the table of their ends.
   * @param {readonly OprfInput[]} inputs
   */
  texts(inputs) {
    const { input } = this.room;
    let table = this.length;
    const start = table + 4 * inputs.length;
    if (start > this.room.input.length) this.refuse(-1);
    this.length = start;
    for (const item of inputs) {
      if (typeof item === "string") {
        const { read, written } = encoder.encodeInto(item, input.subarray(this.length));
        if (read < item.length) this.refuse(-1);
        this.length += written;
      } else if (item instanceof Uint8Array) {
        this.put(item);
      } else {
        this.wipe();
        throw new InputError("TYPE", "an input must be a string or a Uint8Array");
      }
      for (let end = this.length - start, i = 0; i < 4; i++, end >>>= 8) input[table++] = end & 0xff;
    }
    return this;
  }

  wipe() {
    this.room.input.fill(0, 0, this.length);
    this.length = 0;
  }

  /**
   * @param {number} failure
   * @returns {never}
   */
  refuse(failure) {
    this.wipe();
    throw refusal(failure);
  }

  /**
   * Takes the step and answers a copy of what it wrote. The module has cleared
   * the input by then, and here so is the text.
   * @param {number} step
   * @param {number} n
   */
  take(step, n) {
    const { exports, text, status } = this.room;
    const written = exports.oprf(step, n, this.length);
    this.length = 0;
    if (written === REFUSED) {
      const at = status[0] | 0;
      throw new OprfError(oprfCodes[status[3]], at < 0 ? null : at);
    }
    if (written < 0) throw refusal(written);
    const out = text.slice(0, written);
    text.fill(0, 0, written);
    return out;
  }
}

/** @implements {import("./oprf.js").OprfClient} */
class Client {
  #steps;
  #public;
  #mode;

  /**
   * @param {Steps} steps
   * @param {Uint8Array} publicKey
   * @param {number} mode
   */
  constructor(steps, publicKey, mode) {
    this.#steps = steps;
    this.#public = publicKey;
    this.#mode = mode;
    this.#ready();
  }

  #ready() {
    const steps = this.#steps;
    if (steps.connected !== this) {
      steps.connected = null;
      steps.put(this.#public).take(CONNECT, this.#mode);
      steps.connected = this;
    }
    return steps;
  }

  /**
   * @param {readonly OprfInput[]} inputs
   * @param {Uint8Array} [random]
   */
  blind(inputs, random) {
    const n = counted(inputs);
    if (random !== undefined) checked(random, RANDOM * n);
    const out = this.#ready().random(RANDOM * n, random).texts(inputs).take(BLIND, n);
    return { blinds: out.slice(0, ELEMENT * n), blinded: out.slice(ELEMENT * n) };
  }

  /**
   * @param {readonly OprfInput[]} inputs
   * @param {Uint8Array} blinds
   */
  blindWith(inputs, blinds) {
    const n = counted(inputs);
    return this.#ready().put(checked(blinds, ELEMENT * n)).texts(inputs).take(BLIND_WITH, n);
  }

  /**
   * @param {readonly OprfInput[]} inputs
   * @param {Uint8Array} blinds
   * @param {Uint8Array} blinded
   * @param {Uint8Array} evaluated
   * @param {Uint8Array} [proof]
   */
  finalize(inputs, blinds, blinded, evaluated, proof) {
    const n = counted(inputs);
    const size = ELEMENT * n;
    const shown = this.#mode === MODES.OPRF && proof === undefined ? new Uint8Array(PROOF) : checked(proof, PROOF);
    for (const part of [blinds, blinded, evaluated]) checked(part, size);
    return this.#ready().put(shown).put(blinds).put(blinded).put(evaluated).texts(inputs).take(FINALIZE, n);
  }
}

/** @implements {import("./oprf.js").OprfServer} */
class Server {
  #steps;
  #mode;
  /** @type {Uint8Array | null} */
  #key;
  #public;

  /**
   * @param {Steps} steps
   * @param {Uint8Array} privateKey
   * @param {number} mode
   */
  constructor(steps, privateKey, mode) {
    this.#steps = steps;
    this.#mode = mode;
    this.#key = privateKey;
    this.#public = this.#serve(privateKey);
  }

  /** @param {Uint8Array} key */
  #serve(key) {
    const steps = this.#steps;
    steps.serving = null;
    const publicKey = steps.put(key).take(SERVE, this.#mode);
    steps.serving = this;
    return publicKey;
  }

  #ready() {
    if (this.#key === null) throw new InputError("CLOSED", "the server was closed");
    if (this.#steps.serving !== this) this.#serve(this.#key);
    return this.#steps;
  }

  get publicKey() {
    return this.#public.slice();
  }

  /**
   * @param {Uint8Array} blinded
   * @param {Uint8Array} [random]
   */
  evaluate(blinded, random) {
    const size = checked(blinded).length;
    if (size === 0 || size % ELEMENT !== 0 || size > ELEMENT * MAX_ITEMS) throw new OprfError("INVALID_LENGTH", null);
    if (random !== undefined) checked(random, RANDOM);
    const out = this.#ready().random(RANDOM, random).put(blinded).take(EVALUATE, size / ELEMENT);
    return { evaluated: out.slice(0, size), proof: out.slice(size) };
  }

  /** @param {OprfInput} input */
  output(input) {
    const bytes = typeof input === "string" ? encoder.encode(input) : checked(input);
    return this.#ready().put(bytes).take(OUTPUT_OF, 0);
  }

  close() {
    if (this.#key === null) return;
    this.#key.fill(0);
    this.#key = null;
    if (this.#steps.serving !== this) return;
    this.#steps.take(FORGET, 0);
    this.#steps.serving = this.#steps.connected = null;
  }
}

/** @implements {import("./oprf.js").Oprf} */
export class Oprf {
  #steps;

  /** @param {Room} room */
  constructor(room) {
    this.#steps = new Steps(room);
  }

  /**
   * @param {Uint8Array | null} publicKey
   * @param {OprfMode} [mode]
   */
  client(publicKey, mode = "VOPRF") {
    const number = modeOf(mode);
    const key = publicKey === null && number === MODES.OPRF ? new Uint8Array(ELEMENT) : checked(publicKey, ELEMENT).slice();
    return new Client(this.#steps, key, number);
  }

  /**
   * @param {Uint8Array} privateKey
   * @param {OprfMode} [mode]
   */
  server(privateKey, mode = "VOPRF") {
    return new Server(this.#steps, checked(privateKey, ELEMENT).slice(), modeOf(mode));
  }

  /**
   * @param {Uint8Array} seed
   * @param {OprfInput} info
   * @param {OprfMode} [mode]
   */
  deriveKey(seed, info, mode = "VOPRF") {
    const bytes = typeof info === "string" ? encoder.encode(info) : checked(info);
    const number = modeOf(mode);
    return this.#steps.put(checked(seed, ELEMENT)).put(bytes).take(DERIVE, number);
  }

  /**
   * @param {OprfInput} message
   * @param {OprfInput} tag
   * @param {number} length
   */
  expand(message, tag, length) {
    if (!Number.isInteger(length) || length < 1 || length > 255 * 64) throw new InputError("RANGE", "length must be 1–16320");
    return this.#tagged(EXPAND, message, tag, length);
  }

  /**
   * @param {OprfInput} message
   * @param {OprfInput} tag
   */
  hashToGroup(message, tag) {
    return this.#tagged(HASH_TO_GROUP, message, tag, 0);
  }

  /**
   * @param {number} step
   * @param {OprfInput} message
   * @param {OprfInput} tag
   * @param {number} length
   */
  #tagged(step, message, tag, length) {
    const [first, second] = [tag, message].map((input) => typeof input === "string" ? encoder.encode(input) : checked(input));
    if (first.length > 0xffff) throw new OprfError("INVALID_LENGTH", null);
    return this.#steps.put(first).put(second).take(step, (length << 16) | first.length);
  }
}
