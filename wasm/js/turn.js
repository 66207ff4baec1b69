// Lets others have their turn, in the middle of long work.

/** @type {MessageChannel | undefined} */
let channel;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Lets timers, input and painting have their turn: without it no click on
 * "cancel" would ever arrive.
 * @returns {Promise<void>}
 */
export function turn() {
  // Not 0: workerd's clock stands still meanwhile, and no later timer would come.
  const timer = () => new Promise((/** @type {(value: void) => void} */ resolve) => void setTimeout(resolve, 1));
  if (typeof setImmediate === "function") {
    // Next.js's edge runtime has one that throws.
    return new Promise((/** @type {(value: void) => void} */ resolve) => void setImmediate(resolve)).catch(timer);
  }
  if (typeof MessageChannel !== "function" || !("document" in globalThis || "DedicatedWorkerGlobalScope" in globalThis)) return timer();
  // Browsers delay repeated timers by 4 ms; messages they do not.
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}
