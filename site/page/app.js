// What makes the site an app: it can be installed, opens contacts files where
// the platform has file handlers, and shows what works without network.

import manifest from "./built/manifest.js";
import { find, make, show } from "./dom.js";
import { drawn, t } from "./language.js";

const base = new URL("./", location.href).href;

/**
 * A sealed page can fetch nothing, its manifest neither, and a browser reads
 * that when somebody installs. So the page holds it: as an address that goes
 * nowhere, with the icon in it.
 */
export function holdManifest() {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="manifest"]'));
  const icon = document.querySelector('link[rel="icon"]')?.getAttribute("href");
  if (!link || !icon) return;
  const own = {
    ...manifest, id: base, start_url: base, scope: base,
    icons: [{ src: icon, sizes: "any", type: "image/svg+xml" }],
    file_handlers: manifest.file_handlers.map((handler) => ({ ...handler, action: base })),
  };
  link.href = "data:application/manifest+json," + encodeURIComponent(JSON.stringify(own));
  // Read by iOS when somebody adds the page to the home screen; others would ask for it, and be refused.
  if ("standalone" in navigator) document.head.append(make("link", { rel: "apple-touch-icon", href: "icon-full-180.png" }));
}

/** @type {"" | "page" | "all"} */
let kept = "";

/**
 * Has the service worker keep this page; when somebody comes back, all pages.
 * @param {boolean} again whether it answered for this page already
 */
export async function keepFiles(again) {
  const { active } = await navigator.serviceWorker.ready;
  if (!active) return;
  const loads = Array.from(document.querySelectorAll('link[rel="loaded"]'), (link) => link.getAttribute("href"));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    kept = data;
    draw();
  };
  // A first visit should not cost what other pages need.
  active.postMessage({ keep: [location.pathname.slice(new URL(base).pathname.length) || "index.html", ...loads], all: again }, [port2]);
}

function draw() {
  const sign = document.getElementById("kept");
  if (sign) show(find("kept", HTMLSpanElement), kept === "" ? "" : t("kept." + kept));
}
drawn(draw);

/**
 * Calls back with each file that the platform opens by this app.
 * @param {(file: File) => void} take
 */
export function openedFiles(take) {
  window.launchQueue?.setConsumer(async ({ files }) => {
    const [handle] = files ?? [];
    if (handle) take(await handle.getFile());
  });
}
