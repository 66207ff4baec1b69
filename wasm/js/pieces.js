// Arrays of texts through the core, as many at a time as its buffers hold.

import { INPUT_SIZE, MAX_UNITS, RECORD_SIZE, SINGLE } from "./core.js";
import { accepted } from "./errors.js";
import { CODES, FAILURES, TOO_LONG } from "./numbers.js";

/** What an item that is no string counts as. */
export const NOT_TEXT = CODES.indexOf("NOT_A_NUMBER");

/** Most items of a piece: few enough that what they need stays in the processor's cache. */
const PIECE = 1024;
/** Most UTF-16 units of a piece: at most three bytes each, they fit. */
const PIECE_UNITS = Math.floor(INPUT_SIZE / 3) - PIECE - MAX_UNITS;

/**
 * Parses all texts, and names each once, in any order: `read(i, at)` those that are
 * numbers, with texts[i] in the core's record that begins at records[at], and
 * `failed(i, code)` the others, which else become failures in answers. `ready(from,
 * count)` is called before, when texts[from…] are in the core's records 0…count-1.
 * @param {import("./core.js").Core} core
 * @param {readonly string[]} texts
 * @param {string | undefined} region
 * @param {number} mode without SINGLE
 * @param {unknown[]} answers
 * @param {(i: number, at: number) => void} read
 * @param {(from: number, count: number) => void} [ready]
 * @param {(i: number, code: number) => void} [failed]
 */
export function pieces(core, texts, region, mode, answers, read, ready, failed = (i, code) => void (answers[i] = FAILURES[code])) {
  const packed = core.region(region);
  const { exports, records, status } = core;
  /** @param {number} from @param {number} count */
  const done = (from, count) => {
    ready?.(from, count);
    for (let i = 0, at = 0; i < count; i++, at += RECORD_SIZE) {
      const code = records[at];
      if (code === 0) read(from + i, at);
      else failed(from + i, code);
    }
  };
  let from = 0;
  while (from < texts.length) {
    let to = from;
    let units = 0;
    let code = 0;
    for (const end = Math.min(texts.length, from + PIECE); to < end && units < PIECE_UNITS; to++) {
      const text = texts[to];
      if (typeof text !== "string") code = NOT_TEXT;
      else if (text.length > MAX_UNITS) code = TOO_LONG;
      else {
        units += text.length;
        continue;
      }
      break;
    }
    if (to > from) {
      const length = core.writeLines(from === 0 && to === texts.length ? texts : texts.slice(from, to));
      const count = accepted(exports.parse(length, packed, mode));
      if (count === to - from && status[1] === length) {
        done(from, count);
      } else {
        // A text has a line feed inside: one by one.
        for (let i = from; i < to; i++) {
          exports.parse(core.write(texts[i]), packed, mode | SINGLE);
          done(i, 1);
        }
      }
    }
    if (code !== 0) failed(to++, code);
    from = to;
  }
}

/**
 * Digests of all texts as they are, to answers[0…].
 * @param {import("./core.js").Core} core
 * @param {readonly string[]} texts
 * @param {number} handle
 * @param {string[]} answers
 * @param {(text: string) => string} single does one text of any length
 */
export function hashPieces(core, texts, handle, answers, single) {
  const { exports, status } = core;
  let from = 0;
  while (from < texts.length) {
    let to = from;
    let units = 0;
    for (const end = Math.min(texts.length, from + PIECE); to < end; to++) {
      const text = texts[to];
      if (typeof text !== "string" || units + text.length > PIECE_UNITS) break;
      units += text.length;
    }
    if (to === from) {
      answers[from] = single(texts[from++]);
      continue;
    }
    const length = core.writeLines(texts.slice(from, to));
    const count = accepted(exports.hash(length, handle, 0));
    if (count === to - from && status[1] === length) {
      core.lines(answers, from);
    } else {
      // A text has a line feed inside, or the answers take too much room.
      for (let i = from; i < to; i++) answers[i] = single(texts[i]);
    }
    from = to;
  }
}
