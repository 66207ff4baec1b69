// What every page does when it starts.

import { startAlarm } from "./alarm.js";
import { holdManifest } from "./app.js";
import { find, touched } from "./dom.js";
import { drawn, startLanguage, t } from "./language.js";
import { arrived } from "./loaded.js";
import { refuses, seal } from "./seal.js";

/**
 * What the page's mark says it may do, by the end of the text's key: "told",
 * "sealed" and "shut" colour it alike, since then nothing is let through. It is
 * "told" until the browser was seen to refuse a request.
 * @typedef {"loading" | "told" | "sealed" | "failed" | "shut" | "door"} State
 */

/** @type {State} */
let state = "loading";

function draw() {
  find("seal", HTMLAnchorElement).dataset.state = ["told", "shut"].includes(state) ? "sealed" : state;
  find("seal-text", HTMLSpanElement).textContent = t("seal." + state);
}

/** Shows that the page may do something else now. @param {State} next */
export function markSeal(next) {
  if (state === "failed") return; // no longer for a page to take back
  state = next;
  draw();
}

/**
 * Starts the language switch and seals the page, shows that it did, and looks
 * whether it holds.
 * Call it once, at the end of a page's imports.
 * @param {Promise<unknown>} [door] settles once the worker runs that may connect; the page seals itself then
 * @returns {Promise<void>} resolves when it is sealed
 */
export async function startPage(door) {
  holdManifest(); // before the browser asks for the file, and then for its icons
  startLanguage();
  drawn(draw);
  // Without a door at once: what the caller does next is to be refused already.
  if (door) await door.catch(() => {}); // then nobody can connect, and whoever asks will hear it
  await seal();
  void arrived.then(() => { document.documentElement.dataset.started = ""; });
  void startAlarm().catch(() => {}); // where the browser has no service workers for this page
  markSeal(door ? "shut" : "told");
  // Held against what the browser does before anything is entered: a refusal is
  // an error in its console, which should not be the first thing a page does.
  void touched.then(refuses).then((holds) => {
    if (!holds) markSeal("failed");
    else if (state === "told") markSeal("sealed");
  });
}
