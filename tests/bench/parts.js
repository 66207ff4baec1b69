// What takes how much room in core.wasm: its number tables, the code that only
// the OPRF needs, and the rest.

/** Sections that matter, by number. */
const EXPORTS = 7;
const ELEMENTS = 9;
const CODE = 10;
const DATA = 11;

class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number; a signed one is as long. */
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  name() {
    const length = this.number();
    return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += length)));
  }
}

/** Immediates of an instruction: so many numbers. @type {Record<number, number>} */
const NUMBERS = { 0x0c: 1, 0x0d: 1, 0x11: 2, 0x25: 1, 0x26: 1, 0x3f: 1, 0x40: 1, 0x41: 1, 0x42: 1, 0xd0: 1, 0xd2: 1 };
for (let op = 0x20; op <= 0x24; op++) NUMBERS[op] = 1; // locals and globals
for (let op = 0x02; op <= 0x04; op++) NUMBERS[op] = 1; // blocks
for (let op = 0x28; op <= 0x3e; op++) NUMBERS[op] = 2; // loads and stores
/** The same behind 0xfc. @type {Record<number, number>} */
const BULK = { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1 };

/**
 * The functions that a body calls; -1 stands for any in the table.
 * @param {Reader} r at the body's locals
 * @param {number} end
 */
function calls(r, end) {
  for (let groups = r.number(); groups > 0; groups--) {
    r.number();
    r.byte();
  }
  const called = new Set();
  while (r.at < end) {
    const op = r.byte();
    if (op === 0x10) called.add(r.number());
    else if (op === 0x0e) for (let n = r.number() + 1; n > 0; n--) r.number();
    else if (op === 0x1c) for (let n = r.number(); n > 0; n--) r.byte();
    else if (op === 0x43) r.at += 4;
    else if (op === 0x44) r.at += 8;
    else if (op === 0xfc) for (let n = BULK[r.number()] ?? 0; n > 0; n--) r.number();
    else if (op >= 0xfd) throw new Error("an instruction that is not known here");
    else {
      if (op === 0x11) called.add(-1);
      for (let n = NUMBERS[op] ?? 0; n > 0; n--) r.number();
    }
  }
  return called;
}

/**
 * Bytes of the parts of a core.
 * @param {Uint8Array} wasm
 * @param {string[]} own exports whose code is looked for
 * @returns {{ code: Uint8Array[], data: Uint8Array, alone: Uint8Array[] }} alone is the code that no other export reaches
 */
export function parts(wasm, own) {
  const r = new Reader(wasm, 8);
  /** @type {Map<string, number>} */
  const exported = new Map();
  /** @type {Uint8Array[]} */
  const code = [];
  /** @type {Set<number>[]} */
  const graph = [];
  /** @type {number[]} */
  const table = [];
  let data = new Uint8Array();
  while (r.at < wasm.length) {
    const id = r.byte();
    const length = r.number();
    const end = r.at + length;
    if (id === EXPORTS) {
      for (let n = r.number(); n > 0; n--) {
        const name = r.name();
        const kind = r.byte();
        const index = r.number();
        if (kind === 0) exported.set(name, index);
      }
    } else if (id === ELEMENTS) {
      for (let n = r.number(); n > 0; n--) {
        if (r.number() !== 0) throw new Error("a segment of elements that is not known here");
        while (r.byte() !== 0x0b); // where it begins
        for (let k = r.number(); k > 0; k--) table.push(r.number());
      }
    } else if (id === CODE) {
      for (let n = r.number(); n > 0; n--) {
        const size = r.number();
        const stop = r.at + size;
        code.push(wasm.subarray(r.at, stop));
        graph.push(calls(r, stop));
        r.at = stop;
      }
    } else if (id === DATA) {
      data = wasm.slice(r.at, end);
    }
    r.at = end;
  }
  /** @param {string[]} names */
  const reached = (names) => {
    /** @type {Set<number>} */
    const seen = new Set();
    const todo = names.map((name) => exported.get(name) ?? -1);
    for (let f; (f = todo.pop()) !== undefined; ) {
      if (f === -1) todo.push(...table.filter((g) => !seen.has(g)));
      else if (!seen.has(f)) {
        seen.add(f);
        todo.push(...graph[f]);
      }
    }
    return seen;
  };
  const others = reached([...exported.keys()].filter((name) => !own.includes(name)));
  const mine = reached(own.filter((name) => exported.has(name)));
  return { code, data, alone: code.filter((_, i) => mine.has(i) && !others.has(i)) };
}

/**
 * The tables that a generated Go file holds, in one piece; each has to be in the
 * data.
 * @param {string} source
 * @param {Uint8Array} data
 */
export function tables(source, data) {
  const within = Buffer.from(data);
  return Buffer.concat([...source.matchAll(/^const (\w+) = ("[^]*?")\n(?:\n|$)/gm)].flatMap(([, name, text]) => {
    const table = Buffer.from([...text.matchAll(/\\x([0-9a-f]{2})/g)].map(([, hex]) => parseInt(hex, 16)));
    if (!within.includes(table)) throw new Error(`${name} is not in the data`);
    return [table];
  }));
}
