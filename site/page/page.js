// What every page does when it starts.

import { startAlarm } from "./alarm.js";
import { find } from "./dom.js";
import { drawn, startLanguage, t } from "./language.js";
import { seal } from "./seal.js";

/**
 * What the page's mark says it may do, by the end of the text's key: "sealed"
 * and "shut" colour it alike, since then nothing is let through.
 * @typedef {"loading" | "sealed" | "failed" | "shut" | "door"} State
 */

/** @type {State} */
let state = "loading";

function draw() {
  find("seal", HTMLAnchorElement).dataset.state = state === "shut" ? "sealed" : state;
  find("seal-text", HTMLSpanElement).textContent = t("seal." + state);
}

/** Shows that the page may do something else now. @param {State} next */
export function markSeal(next) {
  if (state === "failed") return; // no longer for a page to take back
  state = next;
  draw();
}

/**
 * Starts the language switch and seals the page, and shows that it did.
 * Call it once, at the end of a page's imports.
 * @param {Promise<unknown>} [door] settles once the worker runs that may connect; the page seals itself then
 * @returns {Promise<void>} resolves when that is done
 */
export async function startPage(door) {
  startLanguage();
  drawn(draw);
  // Without a door at once: what the caller does next is to be refused already.
  if (door) await door.catch(() => {}); // then nobody can connect, and whoever asks will hear it
  const works = await seal();
  document.documentElement.dataset.started = "";
  void startAlarm().catch(() => {}); // where the browser has no service workers for this page
  markSeal(!works ? "failed" : door ? "shut" : "sealed");
}
