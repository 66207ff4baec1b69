// Runs before anything is drawn.

// First of all modules and workers are sent for, to come while the rest of the
// page does; large ones once something is painted, so that they do not keep it back.
// Their hashes stand in the page: what differs does not arrive. page/loaded.js
// takes them from here.
{
  globalThis.painted = new Promise((resolve) => {
    new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
    setTimeout(resolve, 2000); // in the background nothing is
  });
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel="loaded"]'));
  globalThis.loads = new Map(Array.from(links, ({ href, attributes, integrity, dataset }) => {
    const ask = () => fetch(href, { integrity, credentials: "same-origin" });
    const response = "later" in dataset ? painted.then(ask) : ask();
    response.catch(() => {}); // told by who needs it
    return [attributes.getNamedItem("href")?.value ?? "", response];
  }));
}

// The manifest a page holds itself, see page/app.js. From the file, which is for
// whoever runs no scripts, a browser would go on to icons that a sealed page may
// not load.
document.querySelector('link[rel="manifest"]')?.removeAttribute("href");

// A page should never show one language and then the other: a link's choice,
// else the one made here before, else the browser's.
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
  root.dataset.titleEn = document.title;
  if (/^zh\b/i.test(wanted)) {
    root.lang = "zh-Hans";
    const title = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="title-zh-Hans"]'));
    if (title) document.title = title.content;
  }
}
