// Links to share. A link may say which recipe, region and language; nothing
// that was typed. It says it after "#", which browsers do not send to servers.

import { make, say } from "./dom.js";
import { language, t } from "./language.js";

/**
 * What this page's link asks for; anything unexpected in it is left aside.
 * @param {ReadonlySet<string>} recipes that are known
 */
export function shared(recipes) {
  const asked = new URLSearchParams(location.hash.slice(1));
  const recipe = asked.get("recipe") ?? "";
  const region = asked.get("region") ?? "";
  return {
    recipe: recipes.has(recipe) ? recipe : null,
    region: /^[A-Z]{2}$/.test(region) ? region : null,
    demo: asked.has("demo"),
  };
}

/**
 * A link to this page.
 * @param {{ recipe: string, region: string }} to a published recipe's id, a region or ""
 */
export function link({ recipe, region }) {
  const asked = new URLSearchParams({ recipe, ...(region && { region }), lang: language() });
  return `${location.origin}${location.pathname}#${asked}`;
}

/**
 * A link to the demonstration, which begins by itself.
 * @param {{ recipe: string, region: string }} to
 */
export function demoLink({ recipe, region }) {
  const asked = new URLSearchParams({ demo: "", region, ...(!recipe.startsWith("plain-") && { recipe }), lang: language() });
  return `${location.origin}${location.pathname}#${String(asked).replace("demo=", "demo")}`;
}

/**
 * A button that copies a text, and says so on itself. Where the browser does not
 * let it, as on plain http, the text stands beside it, selected.
 * @param {string} key of its label
 * @param {() => string} text
 * @param {string} [what] what is copied, for those who hear only the button
 */
export function copyButton(key, text, what) {
  const button = make("button", { type: "button", class: "button small", "aria-label": what && `${t(key)}: ${what}` }, t(key));
  button.addEventListener("click", async () => {
    let done = "copy.done";
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      done = "copy.failed";
      const field = make("textarea", { class: "mono copy", rows: 3, readonly: true, "aria-label": t(key), translate: "no" });
      field.value = text();
      if (button.nextElementSibling?.matches(".copy")) button.nextElementSibling.remove();
      button.after(field);
      field.select();
    }
    button.textContent = t(done);
    say(t(done));
    setTimeout(() => { button.textContent = t(key); }, 1600);
  });
  return button;
}
