// The alarm: when what keeps this site's release on the device is replaced by
// something that the log of releases does not have, or is removed, a page says so
// over everything else, and nothing can be entered any more. An alarm, not a lock:
// other code may have run already.

import { make } from "./dom.js";
import { t } from "./language.js";
import { save } from "./save.js";

/** How often a page looks whether its worker is still there, milliseconds. */
const LOOK = 2000;

let raised = false;

/** @param {{ alarm: "swap" | "lost" }} evidence */
function raise(evidence) {
  if (raised) return;
  raised = true;
  for (const part of document.body.children) part.setAttribute("inert", "");
  const file = () => save(new Blob([JSON.stringify({ page: location.href, time: new Date().toISOString(), ...evidence }, null, 1)], { type: "application/json" }), "sealbook-alarm.json");
  const box = make("div", { class: "alarm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "alarm-title", "aria-describedby": "alarm-what", tabindex: -1 },
    make("div", {},
      make("h2", { id: "alarm-title" }, t("alarm.title")),
      make("p", { id: "alarm-what" }, t("alarm." + evidence.alarm)),
      make("p", {}, t("alarm.do")),
      make("pre", {}, `verifier site ${new URL("./", location.href).href}`),
      make("button", { type: "button", class: "button", onclick: file }, t("alarm.save"))));
  document.body.append(box);
  box.focus();
}

/**
 * The release that the worker of this page is of; null where there is no worker, or
 * it is of none.
 * @returns {Promise<import("./release.js").Release | null>}
 */
export async function askRelease() {
  const active = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!active) return null;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => { port1.close(); resolve(data); };
    active.postMessage("release", [port2]);
  });
}

/** Listens to the worker, and looks whether it is still there. */
export async function startAlarm() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data?.alarm === "swap") raise(data); });
  navigator.serviceWorker.startMessages();
  if (navigator.serviceWorker.controller === null || await askRelease() === null) return; // nothing to lose yet
  document.documentElement.dataset.watched = "";
  const timer = setInterval(async () => {
    if (await navigator.serviceWorker.getRegistration() !== undefined) return;
    clearInterval(timer);
    raise({ alarm: "lost" });
  }, LOOK);
}
