// Runs before anything is drawn, so that a page never shows one language and
// then the other: a link's choice, else the one made here before, else the
// browser's.
{
  const root = document.documentElement;
  let wanted = new URLSearchParams(location.hash.slice(1)).get("lang");
  try {
    // A link's language holds for the pages one goes on to, as well.
    if (wanted === "en" || wanted === "zh-Hans") localStorage.setItem("language", wanted);
    wanted ??= localStorage.getItem("language");
  } catch {
    // Storage may be refused; the choice then lasts as long as the page.
  }
  wanted ??= navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "en";
  if (/^zh\b/i.test(wanted)) {
    root.lang = "zh-Hans";
    const title = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="title-zh-Hans"]'));
    root.dataset.titleEn = document.title;
    if (title) document.title = title.content;
  }
}
