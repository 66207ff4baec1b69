// The self-test's half that runs in a worker: each way out that a worker has,
// tried towards the page's own server.

import { serve } from "./serve.js";
import { COMMON, tryAll, watch } from "./evidence.js";

watch(globalThis);

const work = {
  /** @param {{ base: string }} asked where the page lies */
  test: ({ base }) => tryAll("worker", base, COMMON),
};

serve(work);

/** @typedef {typeof work} Ways */
