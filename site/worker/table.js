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
    let text = "";
    let stop = at;
    const wanted = !only || only.includes(texts.length);
    if (at < end && data[at] === QUOTE) {
      let i = at + 1;
      for (; ; i += 2) {
        i = data.indexOf(QUOTE, i);
        if (i < 0 || i >= end) return null;
        if (i + 1 >= end || data[i + 1] !== QUOTE) break;
      }
      if (wanted) text = decoder.decode(data.subarray(at + 1, i)).replaceAll('""', '"');
      stop = data.indexOf(delimiter, i + 1);
    } else {
      stop = data.indexOf(delimiter, at);
      if (wanted) text = decoder.decode(data.subarray(at, stop < 0 || stop > end ? end : stop));
    }
    if (stop < 0 || stop > end) stop = end;
    texts.push(text);
    if (stop >= end) return texts;
    at = stop + 1;
  }
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
