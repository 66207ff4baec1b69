// The page "This page": what runs, what the browser refuses, what was served.

import { askRelease } from "./alarm.js";
import files from "./built/files.js";
import { base64 } from "../js/bytes.js";
import * as published from "../js/pin.js";
import { bytes as loaded, sha256, wasm } from "./loaded.js";
import { find, make, show, touched } from "./dom.js";
import { bytes, count, drawn, has, t } from "./language.js";
import { startPage } from "./page.js";
import { WAYS, tryWays } from "./ways.js";

/** @typedef {import("../worker/evidence.js").Result} Result */

/**
 * A module as it runs: its bytes are those that the other pages start.
 * @param {string} path
 */
async function inspect(path) {
  const [module, data] = await Promise.all([wasm(path), loaded(path)]);
  return {
    size: data.byteLength,
    sha256: await sha256(data),
    imports: WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`),
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
  };
}

/** @param {string} id @param {string | Node} content */
function put(id, content) {
  find(id, HTMLElement).replaceChildren(content);
}

/** @param {"good" | "bad" | "warn"} mark @param {string} text */
const chip = (mark, text) => make("span", { class: "chip " + mark }, text);

/** Whether bytes are the published ones. @param {string | null} sum @param {string} published */
function same(sum, published) {
  return sum === null ? chip("warn", t("core.unknown")) : sum === published ? chip("good", t("core.yes")) : chip("bad", t("core.no"));
}

/**
 * What is known of a module, and the parts of its facts' ids.
 * @param {Awaited<ReturnType<typeof inspect>>} module
 * @param {{ sha256: string }} published
 * @returns {[string, string | Node][]}
 */
const facts = (module, published) => [
  ["running", module.sha256 ?? t("core.no-crypto")],
  ["published", published.sha256],
  ["same", same(module.sha256, published.sha256)],
  ["imports", module.imports.length === 0 ? chip("good", t("core.none")) : chip("bad", module.imports.join(", "))],
  ["exports", module.exports.join(" ")],
  ["size", `${bytes(module.size)} (${count(module.size)})`],
];

const LABELS = /** @type {Record<string, string>} */ ({ running: "core.running", published: "core.published", same: "core.same", imports: "core.imports", exports: "core.exports", size: "core.size" });
const LETTERS = new Set(["running", "published", "exports"]);

/** The modules beside the core, each with what it is for. */
const OTHERS = /** @type {const} */ (["format", "contacts", "blind", "auditor"]);

const sealed = startPage();

const core = inspect("core.wasm");
void core.then((running) => drawn(() => {
  for (const [fact, content] of facts(running, published.core)) put("core-" + fact, content);
  put("core-versions", t("core.version", { metadata: published.metadataVersion }));
}));
void Promise.all(OTHERS.map((name) => inspect(name + ".wasm"))).then((modules) => drawn(() => {
  find("modules", HTMLDivElement).replaceChildren(...OTHERS.flatMap((name, i) => [
    make("h3", {}, name + ".wasm"),
    make("p", {}, t("module." + name)),
    make("dl", { class: "facts" }, ...facts(modules[i], published[name]).map(([fact, content]) =>
      make("div", {}, make("dt", {}, t(LABELS[fact])), make("dd", { id: `${name}-${fact}`, ...(LETTERS.has(fact) && { class: "mono" }) }, content)))),
  ]));
}));

/** How often the page asks for a worker that is not there yet, milliseconds. */
const ASK = 500;

/** Shows the release that the service worker keeps; asks again until there is one. */
async function showRelease() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const release = registration?.active ? await askRelease() : null;
  if (!release && !registration?.active) setTimeout(() => void showRelease(), ASK);
  drawn(() => drawRelease(release, Boolean(registration?.active)));
}

/** @param {import("./release.js").Release | null} release @param {boolean} kept */
function drawRelease(release, kept) {
  find("release-facts", HTMLElement).hidden = release === null;
  if (release === null) {
    put("release-state", kept ? chip("warn", t("release.none")) : t("release.wait"));
    return;
  }
  const day = (/** @type {number} */ time) => new Date(time).toISOString().slice(0, 10);
  const trial = release.origin.startsWith("trial.invalid/");
  put("release-state", trial ? chip("warn", t("release.trial")) : chip("good", release.version));
  put("release-version", `${release.version} · ${t("release.times", { time: day(release.time), expires: day(release.expires) })}`);
  put("release-entry", t("release.place", { entry: count(release.entry), entries: count(release.entries), origin: release.origin }));
  put("release-root", base64(release.root));
  put("release-manifest", release.manifest);
  put("release-witnesses", witnesses(release));
}

/** Who cosigned. @param {import("./release.js").Release} release */
function witnesses({ cosigned, witnesses: all, strangers }) {
  const list = (/** @type {string[]} */ names) => names.join(t("list.comma"));
  if (all > 0) return t(cosigned.length > 0 ? "release.cosigned" : "release.yet", { n: count(cosigned.length), all: count(all), names: list(cosigned) });
  return strangers.length === 0 ? t("release.nobody") : t("release.unchecked", { n: count(strangers.length), names: list(strangers) });
}
drawn(() => drawRelease(null, false));
void sealed.then(showRelease);

const here = new URL("./", location.href).href;
put("command-site", `verifier site ${here}`);
put("command-files", `curl -sSO ${here}SHA256SUMS
cut -c67- SHA256SUMS | while read -r f; do curl -sSL --create-dirs -o "$f" "${here}$f"; done
sha256sum -c SHA256SUMS`);
put("command-core", `curl -sSO ${here}core.wasm
go run ./verifier wasm core.wasm`);

drawn(() => {
  find("files", HTMLTableSectionElement).replaceChildren(...files.map(({ path, size, sha256: sum }) =>
    make("tr", {}, make("td", {}, path), make("td", { class: "number" }, count(size)), make("td", {}, sum))));
  put("files-sum", t("files.sum", { n: files.length, size: bytes(files.reduce((all, { size }) => all + size, 0)) }));
});

/** @type {Map<string, Result>} */
let results = new Map();

/** @param {"page" | "worker"} from @param {string} id */
function wayCell(from, id) {
  const result = results.get(`${from}.${id}`);
  if (!WAYS.some((way) => way.id === id && way.from === from)) return make("td", {}, make("span", { "aria-hidden": "true", class: "faint" }, "–"), make("span", { class: "hidden-text" }, t("outcome.none")));
  if (!result) return make("td", { class: "faint" }, "…");
  const mark = /** @type {const} */ ({ refused: "good", open: "bad", absent: "good", unclear: "warn" })[result.outcome];
  const by = result.by === "" ? "" : has("by." + result.by) ? t("by." + result.by) : result.by;
  return make("td", { "data-way": `${from}.${id}`, "data-outcome": result.outcome },
    chip(mark, t("outcome." + result.outcome)), " ", make("span", { class: "faint" }, by));
}

function drawWays() {
  const ids = new Set(WAYS.map((way) => way.id));
  find("ways-rows", HTMLTableSectionElement).replaceChildren(...[...ids].map((id) =>
    make("tr", {}, make("th", { scope: "row" }, t("way." + id)), wayCell("page", id), wayCell("worker", id))));
  if (results.size === 0) return;
  const of = (/** @type {string} */ outcome, /** @type {"page" | "worker"} */ from) => WAYS.filter((way) => way.from === from && results.get(`${way.from}.${way.id}`)?.outcome === outcome).map(({ id }) => t("way." + id));
  const tried = (/** @type {"page" | "worker"} */ from) => WAYS.filter((way) => way.from === from).length - of("absent", from).length;
  const parts = [t("ways.sum", { page: of("refused", "page").length, pages: tried("page"), worker: of("refused", "worker").length, workers: tried("worker") })];
  for (const outcome of ["open", "unclear"]) {
    for (const from of /** @type {const} */ (["page", "worker"])) {
      const names = of(outcome, from);
      if (names.length > 0) parts.push(t("ways." + outcome + "." + from, { names: names.join(t("list.comma")) }));
    }
  }
  const sum = find("ways-sum", HTMLParagraphElement);
  sum.className = parts.length === 1 ? "note good" : "note warn";
  show(sum, parts.join(" "));
}

async function test() {
  const again = find("again", HTMLButtonElement);
  again.disabled = true;
  results = new Map();
  show(find("ways-sum", HTMLParagraphElement), "");
  drawWays();
  results = await tryWays();
  drawWays();
  again.disabled = false;
}

drawn(drawWays);
find("again", HTMLButtonElement).addEventListener("click", () => void test());
void sealed.then(() => touched).then(test);
