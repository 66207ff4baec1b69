// What is measured of the OPRF: the same numbers, keys and phases for every
// library. Whoever computes RFC 9497 has to give the module's outputs, or there
// is nothing to compare.

import { createHash } from "node:crypto";

/** @typedef {import("./cases.js").Case} Case */
/** @typedef {import("sealbook/blind").Blind} Blind */

const PHASES = /** @type {const} */ (["scalar multiplication", "hash to group", "blind", "evaluate", "evaluate, with proof", "finalize", "finalize, with proof"]);
const encoder = new TextEncoder();
const tag = new Uint8Array([...encoder.encode("HashToGroup-OPRFV1-"), 1, ...encoder.encode("-ristretto255-SHA512")]);
const seed = new Uint8Array(32).fill(7);

/** @param {number} n */
const texts = (n) => Array.from({ length: n }, (_, i) => encoder.encode(`+1201555${String(i % 10_000).padStart(4, "0")}`));

/**
 * @param {string} library
 * @param {number} items
 * @param {Partial<Record<typeof PHASES[number], () => unknown>>} phases
 * @returns {Case[]}
 */
function cases(library, items, phases) {
  return PHASES.flatMap((group) => {
    const run = phases[group];
    return run === undefined ? [] : [{ group, library, way: String(items), items, run }];
  });
}

/** @param {Uint8Array[]} outputs @param {Blind} core @param {Uint8Array[]} inputs @param {string} library */
function agree(outputs, core, inputs, library) {
  const server = core.oprf.server(core.oprf.deriveKey(seed, "bench"));
  inputs.forEach((input, i) => {
    if (Buffer.compare(outputs[i], server.output(input)) !== 0) throw new Error(`${library} gives another output`);
  });
}

/** @param {Uint8Array} all @returns {Uint8Array[]} */
function elements(all) {
  return Array.from({ length: all.length / 32 }, (_, i) => all.subarray(32 * i, 32 * i + 32));
}

/** @param {Blind} core @param {number} n */
export function sealbook({ oprf }, n) {
  const inputs = texts(n);
  const key = oprf.deriveKey(seed, "bench");
  const server = oprf.server(key);
  const client = oprf.client(server.publicKey);
  const plainServer = oprf.server(key, "OPRF");
  const plainClient = oprf.client(null, "OPRF");
  const { blinds, blinded } = client.blind(inputs);
  const { evaluated, proof } = server.evaluate(blinded);
  const singles = elements(blinded);
  return cases("sealbook", n, {
    "scalar multiplication": () => singles.reduce((sum, element) => sum + plainServer.evaluate(element).evaluated[0], 0),
    "hash to group": () => inputs.reduce((sum, input) => sum + oprf.hashToGroup(input, tag)[0], 0),
    "blind": () => client.blind(inputs),
    "evaluate": () => plainServer.evaluate(blinded),
    "evaluate, with proof": () => server.evaluate(blinded),
    "finalize": () => plainClient.finalize(inputs, blinds, blinded, evaluated),
    "finalize, with proof": () => client.finalize(inputs, blinds, blinded, evaluated, proof),
  });
}

/**
 * Libsodium has the group and no OPRF: its parts put together, without proofs.
 * @param {any} sodium
 * @param {Blind} core
 * @param {number} n
 */
export function sodium(sodium, core, n) {
  const inputs = texts(n);
  const key = core.oprf.deriveKey(seed, "bench");
  const concat = (/** @type {(Uint8Array | number[])[]} */ ...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const sha512 = (/** @type {Uint8Array} */ bytes) => createHash("sha512").update(bytes).digest();
  const zero = new Uint8Array(128);
  /** expand_message_xmd to 64 bytes, RFC 9380. @param {Uint8Array} input */
  const hashToGroup = (input) => {
    const prime = concat(tag, [tag.length]);
    const first = sha512(concat(zero, input, [0, 64, 0], prime));
    return sodium.crypto_core_ristretto255_from_hash(sha512(concat(first, [1], prime)));
  };
  // Randomness at once: its own scalar_random asks for every word by itself.
  const random = new Uint8Array(64 * n);
  const blind = () => {
    for (let at = 0; at < random.length; at += 65536) crypto.getRandomValues(random.subarray(at, at + 65536));
    return inputs.map((input, i) => {
      const scalar = sodium.crypto_core_ristretto255_scalar_reduce(random.subarray(64 * i, 64 * i + 64));
      return { scalar, element: sodium.crypto_scalarmult_ristretto255(scalar, hashToGroup(input)) };
    });
  };
  const evaluate = (/** @type {Uint8Array[]} */ all) => all.map((element) => sodium.crypto_scalarmult_ristretto255(key, element));
  const blinded = blind();
  const evaluated = evaluate(blinded.map(({ element }) => element));
  const finalize = () => inputs.map((input, i) => {
    const element = sodium.crypto_scalarmult_ristretto255(sodium.crypto_core_ristretto255_scalar_invert(blinded[i].scalar), evaluated[i]);
    return sha512(concat([input.length >> 8, input.length & 255], input, [0, 32], element, encoder.encode("Finalize")));
  });
  agree(finalize(), core, inputs, "libsodium");
  return cases("libsodium-wrappers-sumo", n, {
    "scalar multiplication": () => evaluate(blinded.map(({ element }) => element)),
    "hash to group": () => inputs.map(hashToGroup),
    "blind": blind,
    "evaluate": () => evaluate(blinded.map(({ element }) => element)),
    "finalize": finalize,
  });
}

/**
 * @param {typeof import("@noble/curves/ed25519.js")} curves
 * @param {Blind} core
 * @param {number} n
 */
export function noble({ ristretto255, ristretto255_hasher, ristretto255_oprf }, core, n) {
  const inputs = texts(n);
  const { oprf, voprf } = ristretto255_oprf;
  const { secretKey, publicKey } = voprf.deriveKeyPair(seed, encoder.encode("bench"));
  const blind = () => inputs.map((input) => voprf.blind(input));
  const sent = blind();
  const blinded = sent.map(({ blinded }) => blinded);
  const { evaluated, proof } = voprf.blindEvaluateBatch(secretKey, publicKey, blinded);
  const items = inputs.map((input, i) => ({ input, ...sent[i], evaluated: evaluated[i] }));
  const scalar = BigInt(`0x${Buffer.from(secretKey).reverse().toString("hex")}`);
  agree(voprf.finalizeBatch(items, publicKey, proof), core, inputs, "@noble/curves");
  return cases("@noble/curves", n, {
    "scalar multiplication": () => blinded.map((bytes) => ristretto255.Point.fromBytes(bytes).multiply(scalar).toBytes()),
    "hash to group": () => inputs.map((input) => ristretto255_hasher.hashToCurve?.(input, { DST: tag }).toBytes()),
    "blind": blind,
    "evaluate": () => blinded.map((element) => oprf.blindEvaluate(secretKey, element)),
    "evaluate, with proof": () => voprf.blindEvaluateBatch(secretKey, publicKey, blinded),
    "finalize": () => items.map(({ input, blind, evaluated }) => oprf.finalize(input, blind, evaluated)),
    "finalize, with proof": () => voprf.finalizeBatch(items, publicKey, proof),
  });
}

/**
 * @param {typeof import("@cloudflare/voprf-ts")} voprf
 * @param {any} provider
 * @param {Blind} core
 * @param {number} n
 */
export async function cloudflare({ Evaluation, EvaluationRequest, Oprf, OPRFClient, OPRFServer, VOPRFClient, VOPRFServer, generatePublicKey }, provider, core, n) {
  const inputs = texts(n);
  const suite = Oprf.Suite.RISTRETTO255_SHA512;
  const key = core.oprf.deriveKey(seed, "bench");
  const client = new VOPRFClient(suite, generatePublicKey(suite, key, provider), provider);
  const server = new VOPRFServer(suite, key, provider);
  const plainClient = new OPRFClient(suite, provider);
  const plainServer = new OPRFServer(suite, key, provider);
  const group = Oprf.getGroup(suite, provider);
  const scalar = group.desScalar(key);
  const [state, request] = await client.blind(inputs);
  const sent = request.serialize();
  const answer = (await server.blindEvaluate(request)).serialize();
  const plainAnswer = (await plainServer.blindEvaluate(request)).serialize();
  const blinded = request.blinded.map((element) => element.serialize(true));
  const finalize = () => client.finalize(state, Evaluation.deserialize(suite, answer, provider));
  const read = () => EvaluationRequest.deserialize(suite, sent, provider);
  agree(await finalize(), core, inputs, "@cloudflare/voprf-ts");
  return cases("@cloudflare/voprf-ts", n, {
    "scalar multiplication": () => blinded.map((element) => group.desElt(element).mul(scalar).serialize(true)),
    "hash to group": async () => {
      for (const input of inputs) (await group.hashToGroup(input, tag)).serialize(true);
    },
    "blind": async () => (await client.blind(inputs))[1].serialize(),
    "evaluate": async () => (await plainServer.blindEvaluate(read())).serialize(),
    "evaluate, with proof": async () => (await server.blindEvaluate(read())).serialize(),
    "finalize": () => plainClient.finalize(state, Evaluation.deserialize(suite, plainAnswer, provider)),
    "finalize, with proof": finalize,
  });
}

/**
 * PSI.js blinds on P-256 and proves nothing; its last step also intersects with
 * a filter, here of one element.
 * @param {any} psi
 * @param {number} n
 */
export function psi(psi, n) {
  const inputs = texts(n).map((bytes) => new TextDecoder().decode(bytes));
  const server = psi.server.createWithNewKey(true);
  const client = psi.client.createWithNewKey(true);
  const setup = server.createSetupMessage(0.001, n, [inputs[0]]);
  const request = client.createRequest(inputs);
  const response = server.processRequest(request);
  if (client.getIntersection(setup, response).length < 1) throw new Error("PSI.js does not find its element");
  return cases("@openmined/psi.js (P-256)", n, {
    "blind": () => client.createRequest(inputs),
    "evaluate": () => server.processRequest(request),
    "finalize": () => client.getIntersection(setup, response),
  });
}
