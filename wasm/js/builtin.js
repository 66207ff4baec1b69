// Modules of Node, where this runs in Node.

/**
 * @param {string} name not a literal here, so that bundlers for browsers look for nothing
 * @returns {Promise<object>}
 */
export async function builtin(name) {
  // First, for test runners let nothing be imported late. Node 20.16 and newer.
  const { getBuiltinModule } = /** @type {{ getBuiltinModule?: (name: string) => object }} */ (/** @type {unknown} */ (globalThis.process));
  return getBuiltinModule?.(name) ?? import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ name);
}
