// Rows of a CSV file (RFC 4180, any of four delimiters), as bytes: what is not
// asked for goes out as it came in. Twin of verifier/csv.go.

const [QUOTE, FEED, RETURN] = [0x22, 0x0a, 0x0d];
const DELIMITERS = [",", ";", "\t", "|"];
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Where the row that begins at a place ends, behind its line feed; -1 if that
 * is not there. A quote opens a field only as its first byte.
 * @param {Uint8Array} data
 * @param {number} from
 * @param {number} delimiter
 */
export function rowEnd(data, from, delimiter) {
  let start = true; // of a field
  for (let i = from; i < data.length; i++) {
    const c = data[i];
    if (c === QUOTE && start) {
      for (i++; ; i++) {
        i = data.indexOf(QUOTE, i);
        if (i < 0) return -1;
        if (data[i + 1] !== QUOTE) break;
        i++; // a quote in the field
      }
      start = false;
    } else if (c === FEED) {
      return i + 1;
    } else {
      start = c === delimiter;
    }
  }
  return -1;
}

/** Where a row ends without its line end. @param {Uint8Array} data @param {number} from @param {number} end */
export function bodyEnd(data, from, end) {
  if (end > from && data[end - 1] === FEED) {
    end--;
    if (end > from && data[end - 1] === RETURN) end--;
  }
  return end;
}

/**
 * Where the text of the field that begins at a place ends, in front of its closing
 * quote if it has one; -1 if that is missing.
 * @param {Uint8Array} data
 * @param {number} at
 * @param {number} end of the row's body
 * @param {number} delimiter
 */
function textEnd(data, at, end, delimiter) {
  if (at < end && data[at] === QUOTE) {
    for (let i = at + 1; ; i += 2) {
      i = data.indexOf(QUOTE, i);
      if (i < 0 || i >= end) return -1;
      if (i + 1 >= end || data[i + 1] !== QUOTE) return i;
    }
  }
  const stop = data.indexOf(delimiter, at);
  return stop < 0 || stop > end ? end : stop;
}

/** Where a field ends, at a delimiter or the row's end, given where its text does. @param {Uint8Array} data @param {number} text @param {number} end @param {number} delimiter */
function fieldEnd(data, text, end, delimiter) {
  const stop = data.indexOf(delimiter, text);
  return stop < 0 || stop > end ? end : stop;
}

/**
 * The texts of a row's fields; null if a quote is never closed.
 * @param {Uint8Array} data
 * @param {number} from
 * @param {number} end of its body
 * @param {number} delimiter
 * @param {readonly number[]} [only] the fields that are wanted; others come as ""
 */
export function fields(data, from, end, delimiter, only) {
  /** @type {string[]} */
  const texts = [];
  for (let at = from; ;) {
    const to = textEnd(data, at, end, delimiter);
    if (to < 0) return null;
    const open = at < end && data[at] === QUOTE;
    let text = "";
    if (!only || only.includes(texts.length)) {
      text = decoder.decode(data.subarray(open ? at + 1 : at, to));
      if (open) text = text.replaceAll('""', '"');
    }
    texts.push(text);
    const stop = open ? fieldEnd(data, to + 1, end, delimiter) : to;
    if (stop >= end) return texts;
    at = stop + 1;
  }
}

/** Whether there is such a name, but for capitals and blanks around it. @param {readonly string[]} names @param {string} name */
const hasName = (names, name) => names.some((one) => one.trim().toLowerCase() === name.trim().toLowerCase());

/**
 * The header with names added. Those of a preset nobody can choose, so a column of
 * the file that has one of them, such as "Phone", becomes "plain_Phone". null if a
 * name would be there twice.
 * @param {Uint8Array} data
 * @param {NonNullable<ReturnType<typeof header>>} head
 * @param {readonly string[]} added
 * @param {boolean} preset
 */
export function addNames(data, { names, delimiter, from, body }, added, preset) {
  const code = delimiter.charCodeAt(0);
  const parts = [data.slice(0, from)];
  let at = from;
  for (const [i, name] of names.entries()) {
    const to = textEnd(data, at, body, code);
    const stop = data[at] === QUOTE ? fieldEnd(data, to + 1, body, code) : to;
    if (hasName(added, name)) {
      const plain = "plain_" + name.trim();
      if (!preset || hasName(names, plain)) return null;
      parts.push(encoder.encode(quoted(plain, delimiter)));
    } else {
      parts.push(data.slice(at, stop));
    }
    if (i < names.length - 1) parts.push(encoder.encode(delimiter));
    at = stop + 1;
  }
  parts.push(encoder.encode(added.map((name) => delimiter + quoted(name, delimiter)).join("")));
  return parts;
}

/**
 * A field, in quotes if it needs them.
 * @param {string} text
 * @param {string} delimiter
 */
export function quoted(text, delimiter) {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The header at the start of a file: its bytes, and the names in it. null if
 * no delimiter makes two columns of a whole row.
 * @param {Uint8Array} data
 */
export function header(data) {
  const from = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  /** @type {{ delimiter: string, from: number, end: number, body: number, names: string[] } | null} */
  let best = null;
  for (const delimiter of DELIMITERS) {
    const code = delimiter.charCodeAt(0);
    const found = rowEnd(data, from, code);
    const end = found < 0 ? data.length : found;
    const body = bodyEnd(data, from, end);
    const names = fields(data, from, body, code);
    if (names && (best === null || names.length > best.names.length)) best = { delimiter, from, end, body, names };
  }
  return best;
}

export { encoder };
