// What came of an audit, as the command tells it: its JSON, and who received what.

/** @typedef {import("../js/auditor.js").Report} Report */
/** @typedef {{ path: string, name: string, file: File, report: Report, failed: boolean }} Audited failed: it could not be read at all */
/** @typedef {{ contact: string, host: string, certain: number, likely: number, possible: number }} Flow */

const RANK = /** @type {const} */ (["clean", "cannot tell", "found"]);

/** The verdict on all. @param {readonly Audited[]} all */
export function verdictOf(all) {
  return RANK[Math.max(0, ...all.map(({ report }) => RANK.indexOf(report.capture.verdict)))];
}

/** A time of a report: nanoseconds since 1970, to the millisecond. @param {string} ns */
export const moment = (ns) => {
  const n = BigInt(ns);
  return new Date(Number((n - ((n % 1000000n) + 1000000n) % 1000000n) / 1000000n)).toISOString();
};

/** The bytes that `verifier audit --json` writes. @param {readonly Audited[]} all */
export function reportJSON(all) {
  /** @type {Record<string, string>} */
  const verdicts = {};
  for (const { name, report } of [...all].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    const { verdict } = report.capture;
    if (RANK.indexOf(verdict) >= RANK.indexOf(/** @type {"clean"} */ (verdicts[name] ?? "clean"))) verdicts[name] = verdict;
  }
  const object = {
    version: 1,
    captures: all.map(({ name, report }) => ({ file: name, sha256: report.capture.sha256 })),
    findings: all.flatMap(({ name, report }) => report.findings.map((finding) => ({ file: name, ...finding, time: finding.time && moment(finding.time) }))),
    unreadable: all.flatMap(({ name, report }) => report.unreadable.map(({ direction: _, ...rest }) => ({ file: name, ...rest }))),
    verdicts,
  };
  return JSON.stringify(object, null, 1).replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029")) + "\n";
}

/** What of whom went to which host, most first. Responses do not count. @param {readonly Audited[]} all @returns {Flow[]} */
export function flows(all) {
  /** @type {Map<string, Flow>} */
  const by = new Map();
  for (const { report } of all) {
    for (const { direction, contact, host, certainty } of report.findings) {
      if (direction === "response") continue;
      const key = JSON.stringify([contact, host]);
      const flow = by.get(key) ?? { contact, host, certain: 0, likely: 0, possible: 0 };
      by.set(key, flow);
      flow[certainty]++;
    }
  }
  return [...by.values()].sort((a, b) => b.certain + b.likely - a.certain - a.likely);
}
