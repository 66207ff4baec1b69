// What takes how much room in core.wasm: its number tables, and the rest.

const CODE = 10;
const DATA = 11;

/**
 * The contents of a module's sections of code and data.
 * @param {Uint8Array} module
 */
export function parts(module) {
  /** @type {Map<number, Uint8Array>} */
  const sections = new Map();
  for (let at = 8; at < module.length; ) {
    const id = module[at++];
    let size = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = module[at++];
      size += (byte & 127) * scale;
      if (byte < 128) break;
    }
    sections.set(id, module.subarray(at, at + size));
    at += size;
  }
  const [code, data] = [sections.get(CODE), sections.get(DATA)];
  if (!code || !data) throw new Error("a module without code or data");
  return { code, data };
}

/**
 * The tables of a generated Go file that the data holds, in one piece, and the
 * names of those that it does not.
 * @param {string} source
 * @param {Uint8Array} data
 */
export function tables(source, data) {
  const within = Buffer.from(data);
  /** @type {string[]} */
  const missing = [];
  const held = [...source.matchAll(/^const (\w+) = ("[^]*?")\n(?:\n|$)/gm)].flatMap(([, name, text]) => {
    const table = Buffer.from([...text.matchAll(/\\x([0-9a-f]{2})/g)].map(([, hex]) => parseInt(hex, 16)));
    if (within.includes(table)) return [table];
    missing.push(name);
    return [];
  });
  return { bytes: Buffer.concat(held), missing };
}
