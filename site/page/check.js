// The page that others may show in a frame: is this the hash of that number?

import { load } from "../js/index.js";
import { loadFormats } from "../js/format.js";
import { regionHints } from "../js/hints.js";
import { hashesIn, match } from "../worker/match.js";
import { find, settled, show } from "./dom.js";
import { drawn, t } from "./language.js";
import { wasms } from "./loaded.js";
import { startPage } from "./page.js";
import { algorithmName, byId, formName } from "./recipes.js";
import { words } from "./words.js";

const number = find("number", HTMLInputElement);
const digest = find("digest", HTMLInputElement);

/** @type {{ kind: "none" | "yes" | "no" | "hash" | "unread", match?: import("../worker/match.js").Match, e164?: string }} */
let answer = { kind: "none" };
/** @type {unknown} */
let failure = null;
let asked = 0;

void startPage();
const loading = wasms("core", "format").then(async ({ core, format }) => {
  const [sealbook, formats] = await Promise.all([load({ wasm: core }), loadFormats({ wasm: format })]);
  return { sealbook, formats, region: regionHints(sealbook)[0] };
});

async function check() {
  const mine = ++asked;
  failure = null;
  answer = { kind: "none" };
  try {
    const { sealbook, formats, region } = await loading;
    if (number.value.trim() !== "" && digest.value.trim() !== "") {
      const { hashes } = hashesIn(digest.value);
      const read = sealbook.parseAll([number.value], region ? { region } : {})[0];
      if (hashes.length === 0) answer = { kind: "hash" };
      else if (read.e164 === null) answer = { kind: "unread" };
      else {
        const [{ matches: [first] }] = await match(sealbook, formats, [read.e164], hashes.slice(0, 1), () => mine !== asked, () => {});
        answer = first ? { kind: "yes", match: first, e164: read.e164 } : { kind: "no", e164: read.e164 };
      }
    }
  } catch (error) {
    if (mine !== asked) return;
    failure = error;
  }
  if (mine === asked) draw();
}

function draw() {
  show(find("error", HTMLParagraphElement), words(failure));
  const place = find("answer", HTMLParagraphElement);
  const { kind, match: found, e164 = "" } = answer;
  const how = found ? `${algorithmName(found.algorithm)} · ${formName(found.form)}` : "";
  const names = found?.recipes.map((id) => byId.get(id)?.vendor).filter(Boolean).slice(0, 4).join(", ");
  show(place, kind === "none" ? "" : t("check." + kind, { number: e164, how: names ? `${how} (${names})` : how }));
  place.className = "note " + (kind === "yes" ? "good" : "warn");
}

for (const field of [number, digest]) field.addEventListener("input", settled(150, () => void check()));
drawn(draw);
loading.catch((error) => {
  failure = error;
  draw();
});
