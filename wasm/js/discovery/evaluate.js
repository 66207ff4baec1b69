// Numbers through the directory's key, in batches of few sizes, so that it
// learns no exact count.
//
// The rest of a batch is filled up with random inputs, behind the real ones. A
// blinded element is uniformly random whatever its input was: order says
// nothing, and mixing them would hide nothing more.

import { base64url } from "../bytes.js";
import { SealbookError } from "../error.js";
import { SIZES } from "./parameters.js";
import { DirectoryError } from "./problem.js";
import { bearer, malformed, send } from "./send.js";

const ELEMENT = 32;
const PROOF = 64;
/** Bytes of a number's evaluation. */
export const OUTPUT = 64;
/** Bytes of an input that fills up a batch. */
const PADDING = 32;

/**
 * Whom to ask: for the epoch and the key that the log has.
 * @typedef {{ link: import("./send.js").Link, oprf: import("../oprf.js").OprfClient, epoch: number }} Asked
 */
/** @typedef {{ inputs: (string | Uint8Array)[], blinds: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array }} Exchanged */

/**
 * How many numbers go into each batch, and how large it is then. Where there are
 * none, one batch goes all the same.
 * @param {number} count
 * @returns {{ numbers: number, size: number }[]}
 */
export function batches(count) {
  const plan = [];
  let left = count;
  do {
    const size = SIZES.find((size) => size >= left) ?? SIZES[SIZES.length - 1];
    const numbers = Math.min(left, size);
    plan.push({ numbers, size });
    left -= numbers;
  } while (left > 0);
  return plan;
}

/**
 * Blinds a batch, sends it, and takes the answer; nothing is made of it yet.
 * @param {Asked} asked
 * @param {string} credential
 * @param {readonly string[]} numbers
 * @param {number} size of the batch
 * @param {import("./send.js").Context} context
 * @returns {Promise<Exchanged & { left: number | null }>} left: budget, if it was told
 */
export async function evaluate({ link, oprf, epoch }, credential, numbers, size, context) {
  const padding = Array.from({ length: size - numbers.length }, () => crypto.getRandomValues(new Uint8Array(PADDING)));
  const inputs = [...numbers, ...padding];
  const { blinds, blinded } = oprf.blind(inputs);
  const items = context.transcript && inputs.map((input, i) => {
    const blind = base64url(blinds.subarray(ELEMENT * i, ELEMENT * (i + 1)));
    return typeof input === "string" ? { number: input, blind } : { padding: base64url(input), blind };
  });
  const { headers, body } = await send(link, {
    method: "POST",
    path: "/v2/evaluations",
    headers: { ...bearer(credential), "content-type": "application/octet-stream" },
    body: new Uint8Array(blinded),
    expect: [200],
    limit: ELEMENT * size + PROOF,
  }, { ...context, explanation: { items } });
  const told = headers.get("sealbook-epoch");
  if (told !== null && told !== String(epoch)) throw new DirectoryError("EPOCH", "the directory has moved to another epoch: do it again");
  if (body.length !== ELEMENT * size + PROOF) throw malformed();
  const left = headers.get("sealbook-budget") ?? "";
  return {
    inputs, blinds, blinded,
    evaluated: body.subarray(0, ELEMENT * size),
    proof: body.subarray(ELEMENT * size),
    left: /^\d{1,15}$/.test(left) ? Number(left) : null,
  };
}

/**
 * What the directory computed, once it has proved that it used the key of its
 * public key for every element.
 * @param {import("../oprf.js").OprfClient} oprf
 * @param {Exchanged} exchanged
 * @returns {Uint8Array[]} 64 bytes for each input
 * @throws {DirectoryError} PROOF
 */
export function finalized(oprf, { inputs, blinds, blinded, evaluated, proof }) {
  try {
    const outputs = oprf.finalize(inputs, blinds, blinded, evaluated, proof);
    return inputs.map((_, i) => outputs.slice(OUTPUT * i, OUTPUT * (i + 1)));
  } catch (cause) {
    if (!(cause instanceof SealbookError)) throw cause;
    throw new DirectoryError("PROOF", "the directory did not prove that it used its key", { cause });
  }
}
