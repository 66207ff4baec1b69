// The page "A hash column".

import { Caller } from "./caller.js";
import { find, make, say, show } from "./dom.js";
import { drawn, isolated, t } from "./language.js";
import { wasms } from "./loaded.js";
import { startPage } from "./page.js";
import { hashing, ids, method } from "./recipes.js";
import { offerRegions } from "./regions.js";
import { save } from "./save.js";
import { shared } from "./share.js";
import { words } from "./words.js";

/** @typedef {import("../worker/columns.js").Columns} Columns */

/** @type {Caller<Columns>} */
const worker = new Caller("worker/columns.js");
const chooser = find("file", HTMLInputElement);
const column = find("column", HTMLSelectElement);
const country = find("country", HTMLSelectElement);
const region = find("region", HTMLSelectElement);
const recipe = find("recipe", HTMLSelectElement);
const run = find("run", HTMLButtonElement);
const stop = find("stop", HTMLButtonElement);
const bar = find("bar", HTMLProgressElement);

/** @type {File | null} */
let file = null;
/** @type {Awaited<ReturnType<Columns["head"]>> | null} */
let head = null;
/** @type {Awaited<ReturnType<Columns["add"]>> | null} */
let done = null;
/** @type {unknown} */
let failure = null;

void startPage();
const asked = shared(ids);
const opened = wasms("core", "format").then((modules) => worker.ask("open", modules));

function draw() {
  show(find("error", HTMLParagraphElement), words(failure));
  find("choices", HTMLDivElement).hidden = head === null;
  show(find("chosen", HTMLParagraphElement), file && head ? t("columns.file", { name: isolated(file.name), n: head.names.length }) : "");
  const published = hashing.find(({ id }) => id === recipe.value);
  find("recipe-what", HTMLParagraphElement).textContent = published ? `${method(published)} · ${published.id}` : "";
  find("done", HTMLDivElement).hidden = done === null;
  if (done) {
    find("sum", HTMLParagraphElement).textContent = [
      t("columns.done", { n: done.hashed, of: done.rows }),
      ...(done.empty > 0 ? [t("columns.empty", { n: done.empty })] : []),
      ...(done.unread > 0 ? [t("columns.unread", { n: done.unread })] : []),
      ...(done.skipped > 0 ? [t("columns.skipped", { n: done.skipped })] : []),
    ].join(" ");
  }
}

function offer() {
  const [before, other] = [recipe.value || asked.recipe || "meta-capi", country.value];
  recipe.replaceChildren(...hashing.map(({ id, name }) => make("option", { value: id }, name)));
  recipe.value = before;
  if (!head) return;
  country.replaceChildren(make("option", { value: "-1" }, t("columns.country.none")), ...head.names.map((name, i) => make("option", { value: i }, name)));
  country.value = other || String(head.country);
}

/** @param {File} chosen */
async function take(chosen) {
  file = chosen;
  head = done = failure = null;
  draw();
  try {
    await opened;
    const read = await worker.ask("head", { file: chosen });
    if (file !== chosen) return;
    head = read;
    column.replaceChildren(...read.names.map((name, i) => make("option", { value: i }, name)));
    column.value = String(Math.max(0, read.phone));
    country.value = "";
    offer();
    country.value = String(read.country);
    draw();
    column.focus();
  } catch (error) {
    failure = error;
    draw();
  }
}

async function add() {
  if (!file) return;
  done = failure = null;
  run.disabled = true;
  stop.hidden = bar.hidden = false;
  bar.value = 0;
  draw();
  try {
    done = await worker.ask("add", { file, column: Number(column.value), country: Number(country.value), region: region.value, recipes: [recipe.value] }, (share) => { bar.value = share; });
  } catch (error) {
    failure = error;
  }
  run.disabled = false;
  stop.hidden = bar.hidden = true;
  draw();
  if (!done) return;
  say(find("sum", HTMLParagraphElement).textContent ?? "");
  find("save", HTMLButtonElement).focus();
}

find("choose", HTMLButtonElement).addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => {
  const [chosen] = chooser.files ?? [];
  chooser.value = "";
  if (chosen) void take(chosen);
});
window.addEventListener("dragover", (event) => event.preventDefault());
window.addEventListener("drop", (event) => {
  event.preventDefault();
  const dropped = event.dataTransfer?.files[0];
  if (dropped) void take(dropped);
});
for (const select of [column, country, region, recipe]) select.addEventListener("change", () => { done = null; draw(); });
run.addEventListener("click", () => void add());
stop.addEventListener("click", () => void worker.ask("stop", undefined));
find("save", HTMLButtonElement).addEventListener("click", () => {
  if (file && done) save(done.blob, file.name.replace(/(\.\w+)?$/, "-hashed.csv"));
});

drawn(() => {
  offer();
  draw();
});
opened.then(({ regions, hint }) => {
  offerRegions(region, regions, true);
  region.value = asked.region ?? hint ?? "";
}, (error) => {
  failure = error;
  draw();
});
