// The OPRF's part of the suite that every engine is put through.

/**
 * @typedef {{ mode: number, seed: string, keyInfo: string, skSm: string, pkSm?: string, vectors: { Batch: number, Blind: string, BlindedElement: string, EvaluationElement: string, Input: string, Output: string, Proof?: { proof: string, r: string } }[] }[]} RFC9497
 * @typedef {{ dst: string, vectors: { message: string, length: number, expanded: string }[] }} RFC9380
 * @typedef {{ multiples: string[], invalid: { reason: string, encoding: string }[] }} RFC9496
 * @typedef {{ rfc9497: RFC9497, rfc9380: RFC9380, rfc9496: RFC9496 }} OprfData
 * @typedef {import("sealbook/blind").Blind} Blind
 */

/** @typedef {Pick<typeof import("sealbook"), "InputError"> & Pick<typeof import("sealbook/blind"), "OprfError">} Errors */

/**
 * @param {Errors} sealbook
 * @param {Blind} core
 * @param {OprfData} data
 * @returns {Record<string, number>}
 */
export function oprf(sealbook, core, data) {
  return {
    "RFC 9497 items": rfc9497(core, data.rfc9497),
    "RFC 9380 vectors": rfc9380(core, data.rfc9380),
    "RFC 9496 vectors": rfc9496(sealbook, core, data.rfc9496),
    "OPRF items": batches(core),
    "OPRF refusals": refusals(sealbook, core),
  };
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** @param {string} text hexadecimal items, separated by commas */
const unhex = (text) => Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (pair) => parseInt(pair, 16));

/** @param {unknown} got @param {unknown} want @param {string} what */
function same(got, want, what) {
  if (got !== want) throw new Error(`${what}: got ${got}, want ${want}`);
}

/** @param {Uint8Array} got @param {string} want @param {string} what */
const sameBytes = (got, want, what) => same(hex(got), want.replaceAll(",", ""), what);

/** Bytes that differ by seed. @param {number} length @param {number} seed */
function bytes(length, seed) {
  const out = new Uint8Array(length);
  for (let i = 0, x = seed + 1; i < length; i++) out[i] = (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 16;
  return out;
}

/** @param {Blind} core @param {RFC9497} suites */
function rfc9497({ oprf }, suites) {
  let items = 0;
  for (const { mode, seed, keyInfo, skSm, pkSm, vectors } of suites) {
    const name = mode === 0 ? "OPRF" : "VOPRF";
    const key = oprf.deriveKey(unhex(seed), unhex(keyInfo), name);
    sameBytes(key, skSm, "key");
    const server = oprf.server(key, name);
    if (pkSm !== undefined) sameBytes(server.publicKey, pkSm, "public key");
    const client = oprf.client(mode === 0 ? null : server.publicKey, name);
    for (const v of vectors) {
      const inputs = v.Input.split(",").map(unhex);
      same(inputs.length, v.Batch, "inputs");
      const blinds = unhex(v.Blind);
      const blinded = client.blindWith(inputs, blinds);
      sameBytes(blinded, v.BlindedElement, "blinded");
      const r = new Uint8Array(64); // a scalar is its own wide reduction
      r.set(unhex(v.Proof?.r ?? "01"));
      const { evaluated, proof } = server.evaluate(blinded, r);
      sameBytes(evaluated, v.EvaluationElement, "evaluated");
      if (v.Proof !== undefined) sameBytes(proof, v.Proof.proof, "proof");
      sameBytes(client.finalize(inputs, blinds, blinded, evaluated, mode === 0 ? undefined : proof), v.Output, "outputs");
      inputs.forEach((input, i) => sameBytes(server.output(input), v.Output.split(",")[i], "the server's own output"));
      items += v.Batch;
    }
    server.close();
  }
  same(items, 6, "items of RFC 9497");
  return items;
}

/** @param {Blind} core @param {RFC9380} file */
function rfc9380({ oprf }, { dst, vectors }) {
  for (const { message, length, expanded } of vectors) {
    sameBytes(oprf.expand(message, dst, length), expanded, `${message.length} bytes expanded`);
  }
  // The blinded element of RFC 9497 is this one, times the blind.
  const tag = unhex("48617368546f47726f75702d4f50524656312d012d72697374726574746f3235352d534841353132");
  const one = new Uint8Array(32);
  one[0] = 1;
  const client = oprf.client(oprf.server(one).publicKey);
  for (const input of ["", "abc", "+442079460123"]) {
    sameBytes(client.blindWith([input], one), hex(oprf.hashToGroup(input, tag)), "hash to group");
  }
  return vectors.length;
}

/** @param {Errors} sealbook @param {Blind} core @param {RFC9496} file */
function rfc9496({ OprfError }, { oprf }, { multiples, invalid }) {
  const key = new Uint8Array(32);
  for (let i = 1; i < multiples.length; i++) {
    key[0] = i;
    sameBytes(oprf.server(key).publicKey, multiples[i], `${i} times the generator`);
  }
  const server = oprf.server(key);
  const good = unhex(multiples[7]);
  for (const { reason, encoding } of [...invalid, { reason: "identity", encoding: multiples[0] }]) {
    const code = reason === "identity" ? "IDENTITY_ELEMENT" : "INVALID_ELEMENT";
    const three = new Uint8Array([...good, ...good, ...unhex(encoding)]);
    refused(OprfError, code, 2, () => server.evaluate(three));
    refused(OprfError, code, null, () => oprf.client(unhex(encoding)));
  }
  return multiples.length - 1 + invalid.length + 1;
}

/**
 * @param {abstract new (...args: never) => Error} type
 * @param {string} code
 * @param {number | null | undefined} index
 * @param {() => unknown} call
 */
function refused(type, code, index, call) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof type)) throw error;
    const e = /** @type {import("sealbook/blind").OprfError} */ (/** @type {unknown} */ (error));
    same(e.code, code, e.message);
    same(e.index, index, `index of ${code}`);
    if (/[0-9a-f]{16}/.test(e.message)) throw new Error("a message with a key or an element in it");
    return;
  }
  throw new Error(`${code}: nothing thrown`);
}

/**
 * Sizes around those of the core's chunks, two clients and two servers in turn.
 * @param {Blind} core
 */
function batches({ oprf }) {
  let items = 0;
  const seeds = [bytes(32, 1), bytes(32, 2)];
  const servers = seeds.map((seed) => oprf.server(oprf.deriveKey(seed, "suite")));
  const clients = servers.map((server) => oprf.client(server.publicKey));
  for (const n of [1, 3, 64, 65, 130]) {
    const inputs = Array.from({ length: n }, (_, i) => i % 3 === 0 ? bytes(i, i) : `+44207946${1000 + i}\u{1f600}`);
    const sent = clients.map((client) => client.blind(inputs));
    const answers = servers.map((server, i) => server.evaluate(sent[i].blinded));
    const outputs = clients.map((client, i) => client.finalize(inputs, sent[i].blinds, sent[i].blinded, answers[i].evaluated, answers[i].proof));
    same(hex(sent[0].blinds) === hex(sent[1].blinds), false, "the same blinds twice");
    same(hex(outputs[0]) === hex(outputs[1]), false, "two keys give the same outputs");
    clients.forEach((client, i) => {
      sameBytes(client.blindWith(inputs, sent[i].blinds), hex(sent[i].blinded), "blinded again");
      for (const at of [0, n - 1]) sameBytes(servers[i].output(inputs[at]), hex(outputs[i].subarray(64 * at, 64 * at + 64)), "the server's own output");
    });
    items += 2 * n;
  }
  // Randomness that is given is used.
  const random = bytes(64, 9);
  const first = clients[0].blind(["a"], random);
  sameBytes(clients[0].blind(["a"], random).blinded, hex(first.blinded), "blinded from the same randomness");
  for (const server of servers) server.close();
  return items;
}

/** @param {Errors} sealbook @param {Blind} core */
function refusals({ InputError, OprfError }, { oprf }) {
  const key = bytes(32, 5);
  key[31] = 0;
  const server = oprf.server(key);
  const client = oprf.client(server.publicKey);
  const inputs = ["one", "two", "three"];
  const { blinds, blinded } = client.blind(inputs);
  const { evaluated, proof } = server.evaluate(blinded);
  const other = oprf.server(bytes(32, 4).fill(0, 31)).evaluate(blinded);
  /** @param {Uint8Array} from @param {number} at @param {number} value */
  const changed = (from, at, value) => {
    const to = from.slice();
    to[at] = value;
    return to;
  };
  const any = /** @type {any} */ (undefined);
  /** @type {[typeof InputError | typeof OprfError, string, number | null | undefined, () => unknown][]} */
  const all = [
    [OprfError, "BAD_PROOF", null, () => client.finalize(inputs, blinds, blinded, other.evaluated, other.proof)],
    [OprfError, "BAD_PROOF", null, () => client.finalize(inputs, blinds, blinded, evaluated, other.proof)],
    [OprfError, "BAD_PROOF", null, () => client.finalize(inputs, blinds, blinded, new Uint8Array([...evaluated.subarray(32, 64), ...evaluated.subarray(0, 32), ...evaluated.subarray(64)]), proof)],
    [OprfError, "BAD_PROOF", null, () => client.finalize(inputs, blinds, blinded, evaluated, changed(proof, 0, proof[0] ^ 1))],
    [OprfError, "INVALID_SCALAR", null, () => client.finalize(inputs, blinds, blinded, evaluated, changed(proof, 63, 255))],
    [OprfError, "INVALID_ELEMENT", 1, () => client.finalize(inputs, blinds, blinded, changed(evaluated, 32, evaluated[32] | 1), proof)],
    [OprfError, "INVALID_ELEMENT", 0, () => server.evaluate(changed(blinded, 0, blinded[0] | 1))],
    [OprfError, "INVALID_SCALAR", 2, () => client.blindWith(inputs, changed(blinds, 95, 255))],
    [OprfError, "ZERO_SCALAR", 2, () => client.blindWith(inputs, blinds.slice().fill(0, 64))],
    [OprfError, "ZERO_SCALAR", null, () => oprf.server(new Uint8Array(32))],
    [OprfError, "ZERO_SCALAR", null, () => server.evaluate(blinded, new Uint8Array(64))],
    [OprfError, "INVALID_SCALAR", null, () => oprf.server(new Uint8Array(32).fill(255))],
    [OprfError, "INPUT_TOO_LONG", 1, () => client.blind(["a", "x".repeat(65536)])],
    [OprfError, "INPUT_TOO_LONG", null, () => oprf.deriveKey(new Uint8Array(32), "x".repeat(65536))],
    [OprfError, "UNKNOWN_MODE", null, () => oprf.client(server.publicKey, /** @type {any} */ ("toString"))],
    [OprfError, "UNKNOWN_MODE", null, () => oprf.deriveKey(key, "", /** @type {any} */ ("POPRF"))],
    [OprfError, "INVALID_LENGTH", null, () => client.finalize(inputs, blinds, blinded, evaluated.subarray(1), proof)],
    [OprfError, "INVALID_LENGTH", null, () => client.finalize(inputs, blinds, blinded, evaluated, proof.subarray(1))],
    [OprfError, "INVALID_LENGTH", null, () => client.blindWith(inputs, blinds.subarray(32))],
    [OprfError, "INVALID_LENGTH", null, () => client.blind(inputs, new Uint8Array(64))],
    [OprfError, "INVALID_LENGTH", null, () => server.evaluate(new Uint8Array(33))],
    [OprfError, "INVALID_LENGTH", null, () => server.evaluate(new Uint8Array(0))],
    [OprfError, "INVALID_LENGTH", null, () => server.evaluate(new Uint8Array(32 * 1025))],
    [OprfError, "INVALID_LENGTH", null, () => oprf.client(new Uint8Array(31))],
    [OprfError, "INVALID_LENGTH", null, () => oprf.hashToGroup("a", "")],
    [InputError, "TYPE", undefined, () => oprf.client(null)],
    [InputError, "TYPE", undefined, () => client.finalize(inputs, blinds, blinded, evaluated)],
    [InputError, "TYPE", undefined, () => client.blind(any)],
    [InputError, "TYPE", undefined, () => client.blind(["a", any])],
    [InputError, "TYPE", undefined, () => server.evaluate(any)],
    [InputError, "RANGE", undefined, () => client.blind([])],
    [InputError, "RANGE", undefined, () => client.blind(Array(1025).fill("a"))],
    [InputError, "RANGE", undefined, () => oprf.expand("a", "b", 0)],
    [InputError, "LENGTH", undefined, () => client.blind(Array(4).fill("x".repeat(65535)))],
    [InputError, "LENGTH", undefined, () => client.blind(Array(4).fill(new Uint8Array(65535)))],
  ];
  const right = client.finalize(inputs, blinds, blinded, evaluated, proof);
  for (const [type, code, index, call] of all) {
    refused(type, code, index, call);
    sameBytes(client.finalize(inputs, blinds, blinded, evaluated, proof), hex(right), `the call after ${code}`);
  }
  server.close();
  server.close();
  refused(InputError, "CLOSED", undefined, () => server.evaluate(blinded));
  sameBytes(client.finalize(inputs, blinds, blinded, evaluated, proof), hex(right), "the client after the server was closed");
  return all.length + 1;
}
