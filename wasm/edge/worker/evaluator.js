// The oblivious function in blind.wasm, for Go. One serves all instances of
// the isolate: its calls answer at once, so no two are under way.

import module from "../../js/blind.wasm";
import { OprfError, loadBlind } from "../../js/blind.js";

/** @type {Promise<import("../../js/blind.js").Blind> | null} */
let loading = null;

/** Servers by key, so that instances share one: setting a key costs a multiplication. @type {Map<string, Evaluator>} */
const evaluators = new Map();

/**
 * Returns the evaluators of the module. It needs a request under way: there is no
 * randomness before.
 * @returns {Promise<Platform["evaluator"]>}
 */
export async function evaluatorOf() {
  const { oprf } = await (loading ??= loadBlind({ wasm: module }));
  return (key) => {
    const name = String(key);
    let evaluator = evaluators.get(name) ?? null;
    if (evaluator !== null) return evaluator;
    try {
      evaluator = wrap(oprf.server(key));
    } catch (error) {
      if (error instanceof OprfError) return null;
      throw error;
    }
    // More than one only while an epoch ends.
    if (evaluators.size > 1) evaluators.clear();
    evaluators.set(name, evaluator);
    return evaluator;
  };
}

/**
 * @param {import("../../js/oprf.js").OprfServer} server
 * @returns {Evaluator}
 */
function wrap(server) {
  return {
    publicKey: server.publicKey,
    evaluate(blinded, random) {
      try {
        return { code: "OK", at: -1, ...server.evaluate(blinded, random) };
      } catch (error) {
        return refusal(error);
      }
    },
    output(input) {
      try {
        return { code: "OK", output: server.output(input) };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

/** @param {unknown} error */
function refusal(error) {
  if (!(error instanceof OprfError)) throw error;
  return { code: error.code, at: error.index ?? -1 };
}
