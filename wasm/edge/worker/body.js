// Reads the body of a request, as far as it is wanted and comes in time.

/** How much more than wanted is read and dropped: whoever still writes would see a broken connection and no answer. */
const DRAINED = 2 << 20;

/**
 * Answers at most limit + 1 bytes: enough to see that there are too many.
 * @param {Request} request
 * @param {number} limit bytes
 * @param {number} patience milliseconds
 * @returns {Promise<{ body: Uint8Array | null, fault: Fault }>}
 */
export async function readBody(request, limit, patience) {
  if (request.body === null) return { body: null, fault: "" };
  const declared = Number(request.headers.get("content-length") ?? "0");
  const reader = request.body.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  let done = false;
  /** @type {Fault} */
  let fault = "";
  let timer = 0;
  /** @type {Promise<"late">} */
  const late = new Promise((resolve) => {
    timer = /** @type {number} */ (/** @type {unknown} */ (setTimeout(() => resolve("late"), patience)));
  });
  try {
    while (length <= limit + DRAINED) {
      const read = await Promise.race([reader.read(), late]);
      if (read === "late") {
        if (length <= limit) fault = "late";
        break;
      }
      if (read.done) {
        done = true;
        break;
      }
      if (length <= limit) chunks.push(read.value);
      length += read.value.length;
    }
    // Connections break without an error here; the length tells.
    if (fault === "" && length < declared && length <= limit) fault = "cut";
  } catch {
    if (length <= limit) fault = "cut";
  } finally {
    clearTimeout(timer);
    if (!done) reader.cancel().catch(() => {});
  }
  const body = new Uint8Array(Math.min(length, limit + 1));
  let at = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, body.length - at);
    body.set(part, at);
    at += part.length;
  }
  return { body, fault };
}
