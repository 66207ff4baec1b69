// The receipt of a withdrawal: signed, and to be kept.

import { make } from "./dom.js";
import { locale, t } from "./language.js";
import { save } from "./save.js";

/** @typedef {Awaited<ReturnType<import("../worker/door.js").Door["withdraw"]>>} Withdrawn */

/** A time, for a reader. @param {string | Date} time */
export const moment = (time) => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));

/**
 * What is shown of it.
 * @param {Withdrawn} withdrawn
 * @param {...Node} more
 */
export function proof({ receipt, version, listed, budget, logSize, logRoot }, ...more) {
  return [
    make("div", { class: "note good" },
      make("p", {}, t("withdrawn.sum", { version })),
      make("p", {}, t("withdrawn.kept", { listed: moment(listed), budget: moment(budget) })),
      make("p", { class: "hint" }, t("receipt.log", { size: logSize, root: logRoot })),
      ...more),
    make("pre", { class: "bytes", id: "withdrawal", tabindex: 0, role: "group", "aria-label": t("held.withdraw"), translate: "no" }, receipt),
    make("div", { class: "row field" }, make("button", {
      type: "button", class: "button", id: "withdrawal-save",
      onclick: () => save(new Blob([receipt]), "sealbook-withdrawal.txt"),
    }, t("receipt.save"))),
  ];
}
