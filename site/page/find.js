// The page "Find contacts".

import { Allow } from "./allow.js";
import { Caller } from "./caller.js";
import { Compare } from "./compare.js";
import { find, show } from "./dom.js";
import { Held } from "./held.js";
import { Intake } from "./intake.js";
import { Join } from "./join.js";
import { drawn, t } from "./language.js";
import { wasms } from "./loaded.js";
import { startPage } from "./page.js";
import { ids } from "./recipes.js";
import { Seek } from "./seek.js";
import { shared } from "./share.js";

/** @typedef {import("../worker/rows.js").Sum} Sum */

// This worker keeps the policy that the page is sent with, which lets it reach
// the directory; the page and the worker that reads the contacts do not.
/** @type {Caller<import("../worker/door.js").Door>} */
const door = new Caller("worker/door.js");
void startPage(wasms("core", "blind").then((modules) => door.ask("open", modules)));

/** @type {Caller<import("../worker/book.js").Book>} */
const book = new Caller("worker/book.js");

/** @type {Sum | null} */
let sum = null;
const place = find("contacts-sum", HTMLParagraphElement);
function drawSum() {
  show(place, sum === null || sum.rows === 0 ? "" : [
    ...(sum.people > 0 ? [t("results.people", { n: sum.people })] : []),
    t("results.numbers", { n: sum.numbers }),
    t("results.valid", { n: sum.valid }),
    t("contacts.askable", { n: sum.askable }),
    ...(sum.errors > 0 ? [t("results.errors", { n: sum.errors })] : []),
  ].join(" · "));
}
drawn(drawSum);

const join = new Join(door, book, setMember);
const seek = new Seek(door, book, leave);
const held = new Held(door, leave);
const compare = new Compare(book);
new Allow(door, (terms) => {
  find("directory", HTMLDivElement).hidden = false;
  join.open(terms);
});

/** @param {import("../worker/door.js").Member | null} member */
function setMember(member) {
  seek.setMember(member);
  held.setMember(member);
}

function leave() {
  join.leave();
  setMember(null);
}

const asked = shared(ids);
const intake = new Intake(book, asked.region, (read) => {
  sum = read;
  drawSum();
  seek.replace(read.askable);
  void compare.again(read.askable);
});

if (location.hash === "#forgotten") {
  history.replaceState(null, "", location.pathname);
  const note = find("forgotten", HTMLParagraphElement);
  drawn(() => show(note, t("forgotten")));
  note.focus();
}

void intake.open(["blind"], (regions) => join.offer(regions, find("region", HTMLSelectElement).value));
