// The page "Hash a table".

import { emailRecipes } from "../js/email-recipes.js";
import { Caller } from "./caller.js";
import { find, make, say, show } from "./dom.js";
import { drawn, isolated, t } from "./language.js";
import { wasms } from "./loaded.js";
import { startPage } from "./page.js";
import { hashing, ids, method } from "./recipes.js";
import { offerRegions } from "./regions.js";
import { save } from "./save.js";
import { shared } from "./share.js";
import { presets } from "./uploads.js";
import { words } from "./words.js";

/** @typedef {import("../worker/columns.js").Columns} Columns */

/** @type {Caller<Columns>} */
const worker = new Caller("worker/columns.js");
const chooser = find("file", HTMLInputElement);
const preset = find("preset", HTMLSelectElement);
const column = find("column", HTMLSelectElement);
const email = find("email", HTMLSelectElement);
const country = find("country", HTMLSelectElement);
const region = find("region", HTMLSelectElement);
const recipe = find("recipe", HTMLSelectElement);
const emailRecipe = find("email-recipe", HTMLSelectElement);
const only = find("only", HTMLInputElement);
const run = find("run", HTMLButtonElement);
const stop = find("stop", HTMLButtonElement);
const bar = find("bar", HTMLProgressElement);

/** @type {File | null} */
let file = null;
/** @type {Awaited<ReturnType<Columns["head"]>> | null} */
let head = null;
/** @type {Awaited<ReturnType<Columns["add"]>> & { only: boolean, suffix: string } | null} */
let done = null;
/** @type {unknown} */
let failure = null;

void startPage();
const asked = shared(ids);
const opened = wasms("core", "format").then((modules) => worker.ask("open", modules));

/** The platform that is chosen; none where the recipes are. */
const platform = () => presets.find(({ id }) => id === preset.value);

/** What is to be added, as the choices are. */
function wanted() {
  const chosen = platform();
  /** @type {import("../worker/columns.js").Column[]} */
  const columns = [];
  const mail = chosen ? chosen.email : { name: emailRecipe.value, recipe: emailRecipe.value };
  const phone = chosen ? chosen.phone : { name: recipe.value, recipe: recipe.value };
  if (phone && column.value !== "-1") columns.push({ ...phone, of: "phone" });
  // A platform's list begins with the address.
  if (mail && email.value !== "-1") columns[chosen ? "unshift" : "push"]({ ...mail, of: "email" });
  return columns;
}

/** @param {import("../worker/columns.js").Counts} counts @param {number} rows @param {boolean} mail */
function told({ hashed, empty, unread }, rows, mail) {
  if (hashed + empty + unread === 0 && rows > 0) return []; // not asked for
  return [
    t(mail ? "columns.done.email" : "columns.done", { n: hashed, of: rows }),
    ...(empty > 0 ? [t(mail ? "columns.empty.email" : "columns.empty", { n: empty })] : []),
    ...(unread > 0 ? [t(mail ? "columns.unread.email" : "columns.unread", { n: unread })] : []),
  ];
}

function draw() {
  show(find("error", HTMLParagraphElement), words(failure));
  find("choices", HTMLDivElement).hidden = head === null;
  show(find("chosen", HTMLParagraphElement), file && head ? t("columns.file", { name: isolated(file.name), n: head.names.length }) : "");
  const chosen = platform();
  const columns = wanted();
  const names = columns.map(({ name }) => name).join(", ");
  const weak = chosen?.confidence === "recall-only";
  const same = head?.names.filter((name) => [...columns.map((one) => one.name), "error"].some((added) => added.toLowerCase() === name.trim().toLowerCase())) ?? [];
  show(find("preset-what", HTMLParagraphElement), chosen && names ? [
    t(weak ? "columns.preset.weak" : "columns.preset.what", { names, vendor: chosen.vendor }),
    ...(same.length > 0 && !only.checked ? [t("columns.preset.plain", { names: same.map(isolated).join(", ") })] : []),
  ].join(" ") : "");
  show(find("preset-source", HTMLParagraphElement), chosen ? t("columns.preset.source", { source: chosen.source, read: chosen.read }) : "");
  find("only-field", HTMLDivElement).hidden = chosen === undefined;
  find("column-field", HTMLDivElement).hidden = chosen?.phone === null;
  find("email-field", HTMLDivElement).hidden = chosen?.email === null;
  find("recipe-field", HTMLDivElement).hidden = chosen !== undefined || column.value === "-1";
  find("email-recipe-field", HTMLDivElement).hidden = chosen !== undefined || email.value === "-1";
  const published = hashing.find(({ id }) => id === recipe.value);
  find("recipe-what", HTMLParagraphElement).textContent = published ? `${method(published)} · ${published.id}` : "";
  const mail = emailRecipes.find(({ id }) => id === emailRecipe.value);
  find("email-recipe-what", HTMLParagraphElement).textContent = mail ? `${method({ algorithm: "sha256", encoding: mail.encoding, truncation: null })} · ${mail.id}` : "";
  find("done", HTMLDivElement).hidden = done === null;
  if (done) {
    const alone = done.only;
    const unread = done.numbers.unread + done.numbers.empty + done.addresses.unread + done.addresses.empty;
    find("sum", HTMLParagraphElement).textContent = [
      ...told(done.numbers, done.rows, false),
      ...told(done.addresses, done.rows, true),
      ...(unread > 0 && !alone ? [t("columns.why")] : []),
      ...(done.skipped > 0 ? [t(alone ? "columns.skipped.only" : "columns.skipped", { n: done.skipped })] : []),
    ].join(" ");
  }
}

/** A choice of columns of the file. @param {HTMLSelectElement} select @param {number} guessed */
function offerColumns(select, guessed) {
  const before = select.value || String(guessed);
  const names = head?.names ?? [];
  select.replaceChildren(make("option", { value: "-1" }, t("columns.none")), ...names.map((name, i) => make("option", { value: i }, name)));
  select.value = before;
}

function offer() {
  const before = [preset, recipe, emailRecipe].map(({ value, length }) => (length > 0 ? value : null));
  preset.replaceChildren(
    ...presets.map(({ id, vendor }) => make("option", { value: id }, t("columns.preset.list", { vendor }))),
    make("option", { value: "" }, t("columns.preset.none")),
  );
  recipe.replaceChildren(...hashing.map(({ id, name }) => make("option", { value: id }, name)));
  emailRecipe.replaceChildren(...emailRecipes.map(({ id, vendor }) => make("option", { value: id }, vendor)));
  // A link that names a recipe means that one.
  preset.value = before[0] ?? (asked.recipe ? "" : "meta");
  recipe.value = before[1] ?? asked.recipe ?? "meta-capi";
  emailRecipe.value = before[2] ?? "meta-email";
  if (!head) return;
  offerColumns(column, head.phone < 0 && head.email < 0 ? 0 : head.phone);
  offerColumns(email, head.email);
  offerColumns(country, head.country);
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
    for (const select of [column, email, country]) select.replaceChildren();
    offer();
    draw();
    preset.focus();
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
    const chosen = platform();
    const alone = chosen !== undefined && only.checked;
    const added = await worker.ask("add", {
      file, phone: Number(column.value), email: Number(email.value), country: Number(country.value), region: region.value,
      columns: wanted(), preset: chosen !== undefined, only: alone,
    }, (share) => { bar.value = share; });
    done = { ...added, only: alone, suffix: chosen?.id ?? "hashed" };
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
for (const input of [preset, column, email, country, region, recipe, emailRecipe, only]) input.addEventListener("change", () => { done = null; draw(); });
run.addEventListener("click", () => void add());
stop.addEventListener("click", () => void worker.ask("stop", undefined));
find("save", HTMLButtonElement).addEventListener("click", () => {
  if (file && done) save(done.blob, file.name.replace(/(\.\w+)?$/, `-${done.suffix}.csv`));
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
