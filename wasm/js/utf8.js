// TextEncoder and TextDecoder. Jest's jsdom hides both, though Node has them.

const { TextDecoder, TextEncoder } = typeof globalThis.TextEncoder === "function" ? globalThis
  : /** @type {typeof import("node:util")} */ (/** @type {any} */ (globalThis.process).getBuiltinModule("node:util"));

export { TextDecoder, TextEncoder };
