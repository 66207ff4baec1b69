// The worker behind "Audit a capture": looks through recordings and keeps what
// came of them; the page asks for the little that it shows.

import { loadAuditor } from "../js/auditor.js";
import { flows, reportJSON, verdictOf } from "./report.js";
import { Refusal, nextTurn, serve } from "./serve.js";

/** @typedef {import("../js/auditor.js").Finding} Finding */
/** @typedef {import("../js/auditor.js").Wanted} Wanted */
/** @typedef {import("./report.js").Audited} Audited */
/** @typedef {{ path: string, file: File }} Given */
/** @typedef {{ text: string, show: "sent" | "requests" | "possible" | "received" | "all" }} View */

/** @type {import("../js/auditor.js").Auditor} */
let auditor;
/** What was asked last. @type {{ people: Wanted[], region: string, salts: string[] } | null} */
let wanted = null;
/** Its memory. @type {import("../js/auditor.js").Audit} */
let audit;
/** Whether it has read all captures and nothing else, as a report needs. */
let whole = true;
/** @type {Audited[]} */
let audited = [];
/** @type {(Finding & { file: string })[]} */
let findings = [];

/** Key logs that were chosen, one after another. @param {readonly Given[]} files */
const keyLogs = async (files) => (await Promise.all(files.filter(({ path }) => isKeyLog(path)).map(({ file }) => file.text()))).join("\n");

const isKeyLog = (/** @type {string} */ path) => /\.keylog$/i.test(path);
const folderOf = (/** @type {string} */ path) => path.slice(0, path.lastIndexOf("/") + 1);
const nameOf = (/** @type {string} */ path) => path.slice(path.lastIndexOf("/") + 1);

/** @type {readonly Given[]} */
let given = [];

async function begin() {
  if (!wanted) throw new Refusal("NO_CAPTURE");
  const { people, region, salts } = wanted;
  audit = await auditor.start({ region, salts, keyLog: await keyLogs(given) });
  return audit.add(people);
}

/** What lies beside a capture in the folder that was chosen. @param {string} path @param {Set<string>} [used] */
const besideOf = (path, used) => (/** @type {string} */ name) => {
  const other = given.find((one) => one.path === folderOf(path) + name);
  if (other) used?.add(other.path);
  return other?.file ?? null;
};

const work = {
  /** @param {{ auditor: WebAssembly.Module }} asked */
  async open(asked) {
    auditor = await loadAuditor({ wasm: asked.auditor });
  },

  /**
   * Looks through recordings.
   * @param {{ people: Wanted[], region: string, salts: string[], files: Given[] }} asked
   * @param {(progress: { file: string, nth: number, of: number, share: number }) => void} progress
   */
  async run({ people, region, salts, files }, progress) {
    wanted = { people, region, salts };
    given = files;
    audited = [];
    findings = [];
    whole = true;
    const added = await begin();
    if (added.codeless > 0) throw new Refusal("NO_REGION", { n: added.codeless });
    if (added.numbers + added.emails === 0) throw new Refusal("NO_PEOPLE");
    const captures = files.filter(({ path }) => !isKeyLog(path) && !nameOf(path).startsWith("."));
    if (captures.length === 0) throw new Refusal("NO_CAPTURE");
    /** Files that belong to a capture are none themselves. @type {Set<string>} */
    const used = new Set();
    for (const [i, { path, file }] of captures.entries()) {
      let last = 0;
      const onProgress = (/** @type {number} */ done, /** @type {number} */ of) => {
        if (of === 0 || done - last < of / 500) return;
        last = done;
        progress({ file: nameOf(path), nth: i + 1, of: captures.length, share: (i + done / of) / captures.length });
      };
      progress({ file: nameOf(path), nth: i + 1, of: captures.length, share: i / captures.length });
      audited.push(await read(path, file, used, onProgress));
      await nextTurn();
    }
    whole = whole && used.size === 0;
    audited = audited.filter(({ path }) => !used.has(path));
    findings = audited.flatMap(({ name, report }) => report.findings.map((finding) => ({ ...finding, file: name })));
    const { people: count, numbers, emails, useless } = added;
    return {
      verdict: verdictOf(audited), people: count, numbers, emails, useless, flows: flows(audited),
      captures: audited.map(({ name, file, report }) => ({
        name, size: file.size, ...report.capture, tweasel: undefined,
        unreadable: tally(report.unreadable),
        sent: report.findings.filter((finding) => isSent(finding)).length,
        possible: report.findings.filter(({ direction, certainty }) => direction === "request" && certainty === "possible").length,
        received: report.findings.filter(({ direction }) => direction === "response").length,
      })),
    };
  },

  /** Some of the findings that a view selects. @param {{ view: View, from: number, count: number }} asked */
  view({ view, from, count }) {
    const chosen = selected(view);
    const start = Math.max(0, Math.min(from, chosen.length - 1));
    return {
      from: start, total: chosen.length,
      rows: chosen.slice(start, start + count).map((index) => ({ index, ...short(findings[index]) })),
    };
  },

  /** One of them. @param {{ index: number }} asked */
  finding({ index }) {
    if (!findings[index]) throw new Refusal("NO_ROW");
    return short(findings[index], 4000);
  },

  /** All that came of it, as `verifier audit --json` writes it. */
  json() {
    return new Blob([reportJSON(audited)], { type: "application/json" });
  },

  /** The report for a complaint, as `verifier audit --html` writes it. @param {import("../js/auditor.js").Stated} stated */
  async html(stated) {
    const good = audited.filter(({ failed }) => !failed);
    if (!whole) {
      // A capture that was too much took its memory with it, or what lies beside one was read too.
      await begin();
      for (const { path, file } of good) await audit.read(file, { beside: besideOf(path) });
      whole = true;
    }
    const page = await audit.page(good.map(({ path, file }) => ({ file, beside: besideOf(path) })), stated);
    return new Blob([page], { type: "text/html;charset=utf-8" });
  },
};

/**
 * Looks through one recording.
 * @param {string} path
 * @param {File} file
 * @param {Set<string>} used
 * @param {(done: number, of: number) => void} onProgress
 * @returns {Promise<Audited>}
 */
async function read(path, file, used, onProgress) {
  try {
    const report = await audit.read(file, { beside: besideOf(path, used), onProgress });
    return { path, name: nameOf(path), file, report, failed: false };
  } catch (error) {
    const code = error instanceof DOMException ? "NO_FILE" : /** @type {{ code?: string }} */ (error).code;
    if (code !== "MEMORY" && code !== "NO_FILE" && code !== "TYPE") throw error;
    whole = false;
    await begin();
    const capture = { format: "", sha256: "", creator: null, messages: 0, first: null, last: null, verdict: /** @type {const} */ ("cannot tell"), salts: [] };
    const reason = code === "MEMORY" ? "MEMORY" : "NO_FILE";
    return { path, name: nameOf(path), file, failed: true, report: { capture, findings: [], unreadable: [{ request_index: null, direction: "request", reason }] } };
  }
}

/** How often something was not read, by reason, and where first. @param {readonly import("../js/auditor.js").Unreadable[]} list */
function tally(list) {
  /** @type {Map<string, { reason: string, count: number, places: string[] }>} */
  const by = new Map();
  for (const { reason, request_index: index, direction } of list) {
    const one = by.get(reason) ?? { reason, count: 0, places: [] };
    by.set(reason, one);
    one.count++;
    if (index !== null && one.places.length < 10) one.places.push(`${direction} ${index}`);
  }
  return [...by.values()];
}

/** Whether it makes a capture "found". @param {Finding} finding */
const isSent = ({ direction, certainty }) => direction === "request" && certainty !== "possible";

/** The places of findings that a view shows. @param {View} view */
function selected({ text, show }) {
  const looked = text.trim().toLowerCase();
  const places = [];
  for (const [i, finding] of findings.entries()) {
    const { direction, certainty, contact, e164, host, value, location } = finding;
    const fits = show === "all" || (show === "received" ? direction === "response"
      : direction === "request" && (show === "requests" || (show === "possible") === (certainty === "possible")));
    if (fits && (looked === "" || [contact, e164 ?? "", host, value, location].some((one) => one.toLowerCase().includes(looked)))) places.push(i);
  }
  return places;
}

/** A finding as a page can show it. @param {Finding & { file: string }} finding @param {number} [most] */
function short(finding, most = 120) {
  const cut = (/** @type {string} */ text) => (text.length > most ? text.slice(0, most) + "…" : text);
  const { contact, value, target, context, host, location } = finding;
  return { ...finding, contact: cut(contact), value: cut(value), target: cut(target), context: cut(context), host: cut(host), location: cut(location) };
}

serve(work);

/** @typedef {typeof work} AuditWork */
