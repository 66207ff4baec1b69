// Numbers through the directory's key, in batches of few sizes, so that it
// learns no exact count.
//
// The rest of a batch is filled up with random inputs, behind the real ones. A
// blinded element is uniformly random whatever its input was: order says
// nothing, and mixing them would hide nothing more.

import { base64url } from "./bytes.js";
import { bearer, finalized } from "./directory.js";
import { DirectoryError } from "./problem.js";
import { send } from "./send.js";

const ELEMENT = 32;
const PROOF = 64;
export const OUTPUT = 64;

/** @typedef {import("./directory.js").Directory} Directory */

/**
 * How many numbers go into each batch, and how large it is then.
 * @param {number} count
 * @param {readonly number[]} sizes ascending
 * @returns {{ numbers: number, size: number }[]}
 */
export function batches(count, sizes) {
  const plan = [];
  for (let left = count; left > 0; ) {
    const size = sizes.find((size) => size >= left) ?? sizes[sizes.length - 1];
    const numbers = Math.min(left, size);
    plan.push({ numbers, size });
    left -= numbers;
  }
  return plan;
}

/**
 * Evaluates one batch.
 * @param {Directory} directory
 * @param {string} credential
 * @param {readonly string[]} numbers
 * @param {number} size of the batch
 * @param {import("./send.js").Context} context
 * @returns {Promise<{ outputs: Uint8Array[], left: number | null }>} in the order of the numbers; left: budget, if it was told
 */
export async function evaluate({ link, oprf, parameters: { epoch } }, credential, numbers, size, context) {
  const padding = Array.from({ length: size - numbers.length }, () => crypto.getRandomValues(new Uint8Array(32)));
  const inputs = [...numbers, ...padding];
  const { blinds, blinded } = oprf.blind(inputs);
  const items = context.transcript && inputs.map((input, i) => {
    const blind = base64url(blinds.subarray(ELEMENT * i, ELEMENT * (i + 1)));
    return typeof input === "string" ? { number: input, blind } : { padding: base64url(input), blind };
  });
  const { headers, body } = await send(link, {
    method: "POST",
    path: "/v1/evaluations",
    headers: { ...bearer(credential), "content-type": "application/octet-stream" },
    body: new Uint8Array(blinded),
    expect: [200],
    limit: ELEMENT * size + PROOF,
  }, { ...context, explanation: { items } });
  const told = headers.get("sealbook-epoch");
  if (told !== null && told !== String(epoch)) throw new DirectoryError("EPOCH", "the directory has moved to another epoch: open it again");
  if (body.length !== ELEMENT * size + PROOF) throw new DirectoryError("ANSWER", "the directory's answer is malformed");
  const evaluated = body.subarray(0, ELEMENT * size);
  const outputs = finalized(oprf, inputs, { blinds, blinded, evaluated, proof: body.subarray(ELEMENT * size) });
  const left = headers.get("sealbook-budget") ?? "";
  return {
    outputs: numbers.map((_, i) => outputs.slice(OUTPUT * i, OUTPUT * (i + 1))),
    left: /^\d{1,15}$/.test(left) ? Number(left) : null,
  };
}
