// The page "Verify a hash".

import { auditorBytes, coreBytes } from "./bytes.js";
import { Caller, WorkError } from "./caller.js";
import { Detail } from "./detail.js";
import { find, show } from "./dom.js";
import { Intake } from "./intake.js";
import { drawn, has, t } from "./language.js";
import { Lookup } from "./lookup.js";
import { startPage } from "./page.js";
import { ids } from "./recipes.js";
import { shared } from "./share.js";
import { Table } from "./table.js";

/** @typedef {import("../work/book.js").Book} Book */

/** @type {Caller<Book>} */
const book = new Caller("work/book.js");

/** The words for a failure. @param {unknown} error */
function words(error) {
  const code = error instanceof WorkError ? error.code : "BROKEN";
  return `${t(has("error." + code) ? "error." + code : "error.BROKEN")} (${code})`;
}

startPage();

const asked = shared(ids);
const detail = new Detail(book, () => find("region", HTMLSelectElement).value, asked.recipe);
const table = new Table(book, (index) => void detail.show(index));
const lookup = new Lookup(book, words);
const intake = new Intake(book, words, asked.region, (sum) => {
  table.replace(sum);
  detail.clear();
  lookup.again();
});

book.ask("open", { core: coreBytes(), auditor: auditorBytes() }).then(
  ({ regions, hint }) => intake.open(regions, hint),
  (error) => drawn(() => show(find("numbers-error", HTMLParagraphElement), words(error))),
);
