// The page "How safe is a hash?".

import { Caller } from "./caller.js";
import { Crowd } from "./crowd.js";
import { find, make, settled, show } from "./dom.js";
import { count, drawn, span, t } from "./language.js";
import { wasms } from "./loaded.js";
import { startPage } from "./page.js";
import { byId, formName, hashing, ids, method } from "./recipes.js";
import { offerRegions, regionName } from "./regions.js";
import { copyButton, demoLink, shared } from "./share.js";
import { words } from "./words.js";

/** @typedef {import("../worker/search.js").Search} Search */

/** What people hope would help, beside what is published: names that the core reads. @type {Record<string, string>} */
const OWN = {
  "plain-md5": "e164_plus/md5/hex",
  "plain-sha1": "e164_plus/sha1/hex",
  "plain-sha256": "e164_plus/sha256/hex",
  "plain-sha512": "e164_plus/sha512/hex",
  cut: "e164_plus/sha256/hex/8",
  salted: "e164_plus/sha256/hex", // while the salt is empty
};

const region = find("region", HTMLSelectElement);
const number = find("number", HTMLInputElement);
const recipe = find("recipe", HTMLSelectElement);
const salt = find("salt", HTMLInputElement);
const digest = find("digest", HTMLTextAreaElement);
const start = find("start", HTMLButtonElement);
const stop = find("stop", HTMLButtonElement);

/** @type {Caller<Search>} */
const core = new Caller("worker/search.js");
const crowd = new Crowd();

let space = 0;
let searching = false;
/** @type {Awaited<ReturnType<Search["number"]>> | null} */
let typed = null;
/** Settles once the core runs. */
const opened = wasms("core", "blind", "format").then((modules) => core.ask("open", modules));
/** @type {unknown} */
let numberFailure = null;
/** @type {unknown} */
let searchFailure = null;
/** @type {import("./crowd.js").State | null} */
let state = null;
/** @type {import("./crowd.js").Outcome | null} */
let outcome = null;

/** The name of the recipe that is chosen; package recipe in wasm/recipe has its grammar. */
function chosen() {
  if (recipe.value === "salted" && salt.value !== "") {
    return `form=e164_plus alg=sha256 enc=hex template="{salt}{n}" salt="${salt.value.replace(/["\\]/g, "\\$&")}"`;
  }
  return OWN[recipe.value] ?? recipe.value;
}

void startPage();
salt.value = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
const asked = shared(ids);

function offerRecipes() {
  const before = recipe.value || asked.recipe || "plain-sha256";
  recipe.replaceChildren(
    make("optgroup", { label: t("hash.own") }, ...Object.keys(OWN).map((value) => make("option", { value }, t("own." + value)))),
    make("optgroup", { label: t("hash.published") }, ...hashing.map(({ id, name }) => make("option", { value: id }, name))),
  );
  recipe.value = before;
  if (recipe.selectedIndex < 0) recipe.selectedIndex = 0;
}

function draw() {
  find("space", HTMLParagraphElement).textContent = region.value === "" ? "" : t(space > 0 ? "take.space" : "take.space.none", { n: space, region: regionName(region.value) });
  const published = byId.get(recipe.value);
  find("recipe-what", HTMLParagraphElement).textContent = published
    ? `${method(published)} · ${formName(published.form)} · ${t("confidence." + published.confidence)}`
    : t("own." + (recipe.value || "plain-sha256") + ".what");
  find("salt-field", HTMLDivElement).hidden = recipe.value !== "salted";
  let problem = words(numberFailure);
  if (typed && typed.region !== region.value) problem = t("take.elsewhere", { region: typed.region === null ? "–" : regionName(typed.region), searched: regionName(region.value) });
  else if (typed && !typed.mobile) problem = t("take.not-mobile");
  show(find("number-error", HTMLParagraphElement), number.value.trim() === "" ? "" : problem);
  find("search-hint", HTMLParagraphElement).textContent = t("search.cores", { n: Crowd.cores });
  show(find("search-error", HTMLParagraphElement), words(searchFailure));
  drawRun();
}

function drawRun() {
  find("run", HTMLDivElement).hidden = state === null && outcome === null;
  if (state) {
    find("bar", HTMLProgressElement).value = state.size > 0 ? state.tried / state.size : 0;
    find("rate", HTMLElement).textContent = count(Math.round(state.rate));
    find("tried", HTMLElement).textContent = count(state.tried);
    find("size", HTMLElement).textContent = count(state.size);
    find("elapsed", HTMLElement).textContent = span(state.seconds);
    find("full", HTMLElement).textContent = state.rate > 0 ? span(state.size / state.rate) : "–";
  }
  const place = find("outcome", HTMLDivElement);
  if (outcome === null) place.replaceChildren();
  else if (outcome.found !== null) {
    place.replaceChildren(make("div", { class: "match" },
      make("p", { class: "big" }, outcome.found),
      make("p", {}, t("search.found", { n: outcome.state.tried, time: span(outcome.state.seconds) }))));
  } else {
    place.replaceChildren(make("p", { class: "note warn" }, t("search." + outcome.ended)));
  }
}

/** Works out the digest of the number that is typed. */
async function hash() {
  const text = number.value;
  typed = numberFailure = null;
  if (text.trim() !== "") {
    try {
      typed = await core.ask("number", { text, region: region.value });
      if (number.value !== text) return;
      digest.value = await core.ask("digest", { e164: typed.e164, recipe: chosen() });
    } catch (error) {
      if (number.value !== text) return;
      numberFailure = error;
      digest.value = "";
    }
  }
  draw();
}

/** Another region: how many numbers it has, and one of them at random. */
async function move() {
  const wanted = region.value;
  space = await core.ask("space", { region: wanted });
  if (wanted === region.value) await random();
}

async function random() {
  number.value = space > 0 ? await core.ask("pick", { region: region.value }) : "";
  if (number.value === "") digest.value = "";
  await hash();
}

async function search() {
  searching = true;
  outcome = state = searchFailure = null;
  start.hidden = true;
  stop.hidden = false;
  stop.focus();
  draw();
  let due = false;
  try {
    const wanted = { digest: digest.value.trim().replace(/\s+/g, ""), recipe: chosen(), region: region.value };
    outcome = await crowd.search(wanted, (now) => {
      state = now;
      // Many ranges end between two frames.
      if (!due) requestAnimationFrame(() => { due = false; drawRun(); });
      due = true;
    });
    if (outcome.ended !== "stopped" || state === null) state = outcome.state;
  } catch (error) {
    searchFailure = error;
  }
  searching = false;
  stop.hidden = true;
  start.hidden = false;
  start.focus();
  draw();
}

/**
 * The demonstration: a number made up here, hashed as is usual, and found
 * again from the hash alone. In a small country that takes seconds;
 * a link may name another, and never a number.
 */
const DEMO = { region: asked.region ?? "MT", recipe: asked.recipe ?? "plain-sha256" };
/** @type {{ number: string, digest: string } | null} */
let shownDemo = null;
/** @type {import("./crowd.js").Outcome | null} */
let demoOutcome = null;
/** @type {import("./crowd.js").State | null} */
let demoState = null;
/** @type {unknown} */
let demoFailure = null;
const demoStart = find("demo-start", HTMLButtonElement);
const demoStop = find("demo-stop", HTMLButtonElement);

function drawDemo() {
  find("demo-run", HTMLDivElement).hidden = shownDemo === null;
  show(find("demo-error", HTMLParagraphElement), words(demoFailure));
  if (shownDemo) {
    find("demo-what", HTMLSpanElement).textContent = t("demo.what", { recipe: recipeName(DEMO.recipe), region: regionName(DEMO.region) });
    find("demo-hash", HTMLElement).textContent = shownDemo.digest;
  }
  find("demo-bar", HTMLProgressElement).value = demoOutcome?.found ? 1 : demoState && demoState.size > 0 ? demoState.tried / demoState.size : 0;
  find("demo-tried", HTMLParagraphElement).textContent = demoState ? t("demo.tried", { n: demoState.tried, of: demoState.size, rate: Math.round(demoState.rate) }) : "";
  const end = find("demo-end", HTMLDivElement);
  if (demoOutcome === null) end.replaceChildren();
  else if (demoOutcome.found !== null) {
    end.replaceChildren(make("div", { class: "note warn demo-found" },
      make("p", { class: "big" }, demoOutcome.found),
      make("p", {}, t("demo.found", { n: demoOutcome.state.tried, time: span(demoOutcome.state.seconds) })),
      make("p", {}, t("demo.so"))));
  } else end.replaceChildren(make("p", { class: "note" }, t("search." + demoOutcome.ended)));
  find("demo-share", HTMLSpanElement).replaceChildren(copyButton("demo.share", () => demoLink(DEMO)));
}

/** @param {string} id of a published recipe, or of one of this page's own */
const recipeName = (id) => byId.get(id)?.name ?? t("own." + id);

async function demonstrate() {
  if (searching) return;
  searching = true;
  demoOutcome = demoState = demoFailure = shownDemo = null;
  demoStart.hidden = true;
  demoStop.hidden = false;
  demoStop.focus();
  drawDemo();
  let due = false;
  try {
    await opened;
    const made = await core.ask("pick", { region: DEMO.region });
    const { e164 } = await core.ask("number", { text: made, region: DEMO.region });
    const name = OWN[DEMO.recipe] ?? DEMO.recipe;
    shownDemo = { number: e164, digest: await core.ask("digest", { e164, recipe: name }) };
    drawDemo();
    demoOutcome = await crowd.search({ digest: shownDemo.digest, recipe: name, region: DEMO.region }, (now) => {
      demoState = now;
      if (!due) requestAnimationFrame(() => { due = false; drawDemo(); });
      due = true;
    });
    if (demoOutcome.ended !== "stopped") demoState = demoOutcome.state;
  } catch (error) {
    demoFailure = error;
  }
  searching = false;
  demoStop.hidden = true;
  demoStart.hidden = false;
  demoStart.focus();
  drawDemo();
}

demoStart.addEventListener("click", () => void demonstrate());
demoStop.addEventListener("click", () => crowd.stop());
drawn(drawDemo);

number.addEventListener("input", settled(150, hash));
salt.addEventListener("input", settled(150, hash));
recipe.addEventListener("change", () => void hash());
region.addEventListener("change", () => void move());
find("random", HTMLButtonElement).addEventListener("click", () => void random());
// A digest from elsewhere: the number is no longer its origin.
digest.addEventListener("input", () => {
  number.value = "";
  typed = numberFailure = null;
  draw();
});
start.addEventListener("click", () => { if (!searching) void search(); });
stop.addEventListener("click", () => crowd.stop());

drawn(() => {
  offerRecipes();
  draw();
});

opened.then(async ({ regions, hint }) => {
  const known = new Set(regions.map(([code]) => code));
  offerRegions(region, regions, false);
  region.value = (asked.region && known.has(asked.region) ? asked.region : hint) ?? regions[0][0];
  await move();
  if (asked.demo) await demonstrate();
}).catch((error) => {
  searchFailure = error;
  draw();
});
