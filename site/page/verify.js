// The page "Verify a hash".

import { openedFiles } from "./app.js";
import { Caller } from "./caller.js";
import { Detail } from "./detail.js";
import { find, say } from "./dom.js";
import { Intake } from "./intake.js";
import { Hashes } from "./hashes.js";
import { drawn } from "./language.js";
import { startPage } from "./page.js";
import { ids } from "./recipes.js";
import { shared } from "./share.js";
import { Table } from "./table.js";

/** @typedef {import("../worker/book.js").Book} Book */

/** @type {Caller<Book>} */
const book = new Caller("worker/book.js");

void startPage();

const asked = shared(ids);
const detail = new Detail(book, () => find("region", HTMLSelectElement).value, asked.recipe);
const table = new Table(book, (index) => void detail.show(index));
const hashes = new Hashes(book);
/** @type {import("./intake.js").Sum | null} */
let sum = null;
drawn(() => {
  find("read-sum", HTMLParagraphElement).hidden = sum === null || sum.rows === 0;
  if (sum) find("read-text", HTMLSpanElement).textContent = table.summary(sum);
});
const intake = new Intake(book, asked.region, (read, chosen) => {
  sum = read;
  table.replace(read);
  detail.clear();
  find("read-sum", HTMLParagraphElement).hidden = read.rows === 0;
  find("read-text", HTMLSpanElement).textContent = table.summary(read);
  say(table.summary(read));
  // A file's numbers are looked at next; who types goes on typing, and has the sum in sight.
  if (chosen && read.rows > 0) {
    const results = find("results", HTMLElement);
    results.scrollIntoView({ block: "start" });
    results.focus({ preventScroll: true });
  }
  void hashes.again();
});
openedFiles((file) => intake.take(file));

void intake.open();
