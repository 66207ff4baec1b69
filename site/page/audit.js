// The page "Audit a capture".

import { Caller, WorkError } from "./caller.js";
import { find, make, say, show } from "./dom.js";
import { Findings } from "./findings.js";
import { drawFlows } from "./flows.js";
import { Intake } from "./intake.js";
import { bytes, drawn, has, isolated, t } from "./language.js";
import { sha256, bytes as source, wasm } from "./loaded.js";
import { startPage } from "./page.js";
import { ids } from "./recipes.js";
import { save } from "./save.js";
import { shared } from "./share.js";
import { words } from "./words.js";

/** @typedef {import("../worker/audit.js").AuditWork} AuditWork */
/** @typedef {import("../worker/audit.js").Given} Given */
/** @typedef {Awaited<ReturnType<AuditWork["run"]>>} Outcome */

/** @type {Caller<import("../worker/book.js").Book>} */
const book = new Caller("worker/book.js");
/** @type {Caller<AuditWork>} */
const worker = new Caller("worker/audit.js");

const look = find("look", HTMLButtonElement);
const halt = find("halt", HTMLButtonElement);
const bar = find("looking-bar", HTMLProgressElement);

/** @type {Given[]} */
let files = [];
/** @type {Outcome | null} */
let outcome = null;
/** @type {unknown} */
let failure = null;
/** @type {import("./intake.js").Sum | null} */
let sum = null;
let running = false;

void startPage();
const findings = new Findings(worker);

/** Files of contacts, by their names; any other that is dropped is a recording. */
const CONTACTS = /\.(vcf|vcard|csv|tsv|txt|ldif|contact|abbu)$/i;

window.addEventListener("drop", (event) => {
  const dropped = [...event.dataTransfer?.files ?? []];
  if (dropped.length === 0 || dropped.every(({ name }) => CONTACTS.test(name))) return; // contacts: page/intake.js
  event.preventDefault();
  take(dropped.map((file) => ({ path: file.name, file })));
});

const intake = new Intake(book, shared(ids).region, (read, chosen) => {
  sum = read;
  draw();
  if (chosen && read.rows > 0) say(find("read-sum", HTMLParagraphElement).textContent ?? "");
});

/** @param {Given[]} given */
function take(given) {
  files = given;
  outcome = failure = null;
  draw();
  if (given.length > 0) look.focus({ preventScroll: true });
}

function draw() {
  show(find("read-sum", HTMLParagraphElement), sum === null || sum.rows === 0 ? "" : t("audit.contacts.sum", { n: sum.numbers }));
  show(find("audit-error", HTMLParagraphElement), words(failure));
  const size = files.reduce((total, { file }) => total + file.size, 0);
  show(find("captures-chosen", HTMLParagraphElement), files.length === 0 ? ""
    : files.length === 1 ? t("audit.chosen.one", { name: isolated(files[0].path), size: bytes(size) }) : t("audit.chosen.many", { n: files.length, size: bytes(size) }));
  look.disabled = running;
  halt.hidden = find("looking", HTMLDivElement).hidden = !running;
  find("results", HTMLElement).hidden = outcome === null;
  if (outcome) drawOutcome(outcome);
}

/** @param {Outcome} came */
function drawOutcome(came) {
  const { verdict, captures } = came;
  find("results-sum", HTMLParagraphElement).textContent = t("audit.sum", { people: came.people, numbers: came.numbers, emails: came.emails, captures: captures.length });
  const kind = verdict.replace(" ", "-");
  find("verdict", HTMLDivElement).className = "note " + { found: "bad", clean: "good", "cannot-tell": "warn" }[kind];
  find("verdict-word", HTMLElement).textContent = t("audit.verdict." + kind);
  const unread = captures.some(({ unreadable }) => unreadable.length > 0);
  find("verdict-text", HTMLSpanElement).textContent = t("audit.verdict." + kind + ".text") + (verdict === "found" && unread ? " " + t("audit.verdict.also") : "");
  find("captures-list", HTMLDivElement).replaceChildren(...captures.map((capture) => drawCapture(capture)));
  drawFlows(came.flows);
  find("findings", HTMLDivElement).hidden = captures.every(({ sent, possible, received }) => sent + possible + received === 0);
}

/** @param {Outcome["captures"][number]} capture */
function drawCapture({ name, size, format, creator, messages, verdict, sha256: sum, sent, possible, received, unreadable }) {
  const kind = verdict.replace(" ", "-");
  return make("section", { class: "capture" },
    make("h3", {}, make("span", { class: "chip " + { found: "bad", clean: "good", "cannot-tell": "warn" }[kind] }, t("audit.verdict." + kind)), " ", make("bdi", {}, name)),
    make("p", {}, [
      ...(has("audit.format." + format) ? [t("audit.format." + format)] : []), ...(creator ? [isolated(creator)] : []), bytes(size), t("audit.messages", { n: messages }),
      t("audit.counts", { sent, received, possible }),
    ].join(" · ")),
    unreadable.length === 0 ? null : make("div", {}, make("p", {}, t("audit.unread")),
      make("ul", {}, ...unreadable.map(({ reason, count, places }) => make("li", {},
        `${has("unread." + reason) ? t("unread." + reason) : t("unread.OTHER")} (${reason})`, make("span", { class: "faint" }, " " + t("audit.places", { n: count, places: places.join(", ") || t("audit.places.file") })))))),
    sum === "" ? null : make("p", { class: "faint" }, "SHA-256 ", make("code", {}, sum)));
}

async function run() {
  failure = outcome = null;
  running = true;
  bar.value = 0;
  find("looking-text", HTMLParagraphElement).textContent = t("audit.working");
  draw();
  halt.focus({ preventScroll: true });
  try {
    if (files.length === 0) throw new WorkError("NO_CAPTURE");
    await ready();
    const people = await book.ask("people", undefined);
    const salts = find("salts", HTMLTextAreaElement).value.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
    outcome = await worker.ask("run", { people, region: find("region", HTMLSelectElement).value, salts, files }, ({ file, nth, of, share }) => {
      bar.value = share;
      find("looking-text", HTMLParagraphElement).textContent = t("audit.progress", { file, nth, of, percent: Math.floor(100 * share) });
    });
    await findings.begin(outcome.captures.some(({ sent }) => sent > 0));
  } catch (error) {
    failure = error;
  }
  running = false;
  draw();
  if (outcome) {
    const results = find("results", HTMLElement);
    results.scrollIntoView({ block: "start" });
    results.focus({ preventScroll: true });
    say(find("verdict", HTMLDivElement).textContent ?? "");
  } else {
    look.focus({ preventScroll: true });
  }
}

/** The worker, with its module: again after it was stopped. @type {Promise<unknown> | null} */
let opened = null;
function ready() {
  opened ??= wasm("auditor.wasm").then((auditor) => worker.ask("open", { auditor }));
  opened.catch(() => { opened = null; });
  return opened;
}

/** Numbers of nobody, as an app might send them. */
function example() {
  const body = JSON.stringify({ v: 3, contacts: btoa(JSON.stringify({ numbers: ["+442079460123", "+61491570156"] })) });
  const digest = "ed2f0b8a3d4c1e2f5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3"; // of nothing
  const entry = (/** @type {string} */ method, /** @type {string} */ url, /** @type {object} */ postData) => ({
    startedDateTime: "2026-05-01T10:00:00.000Z", time: 1, cache: {}, timings: { send: 0, wait: 1, receive: 0 },
    request: { method, url, httpVersion: "HTTP/1.1", headers: [], queryString: [], cookies: [], headersSize: -1, bodySize: -1, postData },
    response: { status: 204, statusText: "", httpVersion: "HTTP/1.1", headers: [], cookies: [], content: { size: 0, mimeType: "" }, redirectURL: "", headersSize: -1, bodySize: 0 },
  });
  return JSON.stringify({ log: { version: "1.2", creator: { name: "example", version: "1" }, entries: [
    entry("POST", "https://api.vendor.example/online", { mimeType: "application/json", text: body }),
    entry("POST", "https://stats.tracker.example/event?phone=07700900123", { mimeType: "application/json", text: JSON.stringify({ event: "open", session: digest }) }),
  ] } });
}

const chosen = (/** @type {HTMLInputElement} */ input) => {
  const given = [...input.files ?? []].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  input.value = "";
  if (given.length > 0) take(given);
};
for (const [button, input] of [["captures-choose", "captures-file"], ["captures-choose-folder", "captures-folder"]]) {
  const field = find(input, HTMLInputElement);
  find(button, HTMLButtonElement).addEventListener("click", () => field.click());
  field.addEventListener("change", () => chosen(field));
}
find("captures-sample", HTMLButtonElement).addEventListener("click", () => {
  find("sample", HTMLButtonElement).click(); // the people in it
  take([{ path: "example.har", file: new File([example()], "example.har") }]);
});
look.addEventListener("click", () => void run());
halt.addEventListener("click", () => {
  opened = null;
  worker.stop();
});
find("save-json", HTMLButtonElement).addEventListener("click", () => void keep("json", async () => worker.ask("json", undefined)));
find("save-html", HTMLButtonElement).addEventListener("click", () => void keep("html", async () => {
  const value = (/** @type {string} */ id) => find(id, HTMLInputElement).value.trim();
  const sum = await sha256(await source("auditor.wasm"));
  return worker.ask("html", {
    app: value("app"), device: value("device"), consent: value("consent"),
    made: new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC",
    tool: `sealbook, the page Audit a capture${sum ? `, auditor.wasm with SHA-256 ${sum}` : ""}`,
  });
}));

/** @param {"json" | "html"} kind @param {() => Promise<Blob>} made */
async function keep(kind, made) {
  const button = find("save-" + kind, HTMLButtonElement);
  button.disabled = true;
  try {
    save(await made(), "audit." + kind);
    failure = null;
  } catch (error) {
    failure = error;
  }
  button.disabled = false;
  draw();
}

drawn(draw);
void intake.open();
