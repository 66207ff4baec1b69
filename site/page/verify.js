// The page "Verify a hash".

import { Caller } from "./caller.js";
import { Detail } from "./detail.js";
import { find, show } from "./dom.js";
import { Intake } from "./intake.js";
import { drawn } from "./language.js";
import { wasms } from "./loaded.js";
import { Lookup } from "./lookup.js";
import { startPage } from "./page.js";
import { ids } from "./recipes.js";
import { shared } from "./share.js";
import { Table } from "./table.js";
import { words } from "./words.js";

/** @typedef {import("../worker/book.js").Book} Book */

/** @type {Caller<Book>} */
const book = new Caller("worker/book.js");

void startPage();

const asked = shared(ids);
const detail = new Detail(book, () => find("region", HTMLSelectElement).value, asked.recipe);
const table = new Table(book, (index) => void detail.show(index));
const lookup = new Lookup(book);
const intake = new Intake(book, asked.region, (sum) => {
  table.replace(sum);
  detail.clear();
  lookup.again();
});

wasms("core", "contacts", "format").then((modules) => book.ask("open", modules)).then(
  ({ regions, hint }) => intake.open(regions, hint),
  (error) => drawn(() => show(find("numbers-error", HTMLParagraphElement), words(error))),
);
