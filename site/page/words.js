// The words for a failure.

import { WorkError } from "./caller.js";
import { has, span, t } from "./language.js";

/** @param {unknown} error null for none */
export function words(error) {
  if (error === null) return "";
  const { code, values } = error instanceof WorkError ? error : { code: "BROKEN", values: /** @type {Record<string, any>} */ ({}) };
  // Codes in small letters are a directory's, which may know more than this page.
  if (!has("error." + code)) return `${t(/^[a-z_]+$/.test(code) ? "error.PROBLEM" : "error.BROKEN")} (${code})`;
  const { wait } = values;
  return `${t("error." + code, typeof wait === "number" ? { ...values, wait: span(wait) } : values)} (${code})`;
}
