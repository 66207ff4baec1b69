// What every page does when it starts.

import { find } from "./dom.js";
import { drawn, startLanguage, t } from "./language.js";
import { seal } from "./seal.js";

/** @type {"loading" | "sealed" | "failed"} */
let state = "loading";

/**
 * Starts the language switch and seals the page, and shows that it did.
 * Call it once, at the end of a page's imports.
 */
export function startPage() {
  startLanguage();
  const draw = () => {
    find("seal", HTMLAnchorElement).dataset.state = state;
    find("seal-text", HTMLSpanElement).textContent = t("seal." + state);
  };
  drawn(draw);
  void seal().then((works) => {
    state = works ? "sealed" : "failed";
    draw();
  });
}
