// The page for those who build with the package.

import files from "./built/files.js";
import { load } from "../js/index.js";
import { core as pinned, metadataVersion } from "../js/pin.js";
import { find, settled, show } from "./dom.js";
import { bytes, count, drawn, t } from "./language.js";
import { wasm } from "./loaded.js";
import { startPage } from "./page.js";
import { copyButton } from "./share.js";
import { words } from "./words.js";

const text = find("run-text", HTMLInputElement);
const region = find("run-region", HTMLInputElement);
const here = new URL("./", location.href).href;

/** What the page itself runs, with what stands in the fields. */
const snippet = () => [
  'import { load } from "sealbook";',
  "",
  "const sealbook = await load();",
  `const number = sealbook.parse(${JSON.stringify(text.value)}, ${JSON.stringify(region.value.toUpperCase())});`,
  "console.log(number.e164, number.region, number.type, number.valid);",
  'console.log(sealbook.digest(number, "meta-capi"));',
].join("\n");

void startPage();
const loading = wasm("core.wasm").then((module) => load({ wasm: module }));

async function run() {
  find("snippet", HTMLElement).textContent = snippet();
  let said = "";
  /** @type {unknown} */
  let failure = null;
  try {
    const sealbook = await loading;
    const number = sealbook.parse(text.value, region.value.toUpperCase());
    said = `${number.e164} ${number.region} ${number.type} ${number.valid}\n${sealbook.digest(number, "meta-capi")}`;
  } catch (error) {
    // The package's own errors are what its user would see.
    const { code } = /** @type {{ code?: string }} */ (error);
    if (code === undefined) failure = error;
    else said = `${/** @type {Error} */ (error).name}: ${code}`;
  }
  find("run-out", HTMLElement).textContent = said;
  show(find("run-error", HTMLParagraphElement), words(failure));
}

const later = settled(100, () => void run());
text.addEventListener("input", later);
region.addEventListener("input", later);
void run();

const sri = "sha256-" + btoa(String.fromCharCode(.../** @type {RegExpMatchArray} */ (pinned.sha256.match(/../g)).map((pair) => parseInt(pair, 16))));
find("core-sha256", HTMLElement).textContent = pinned.sha256;
find("core-sri", HTMLElement).textContent = sri;
find("use-page", HTMLElement).textContent = `\x3cscript type="module">
  import { load } from "./sealbook/dist/index.js"; // the package's folder, as it is

  const sealbook = await load({                    // the hash is checked before it runs
    integrity: "${sri}",
  });
<\/script>`;

const embed = `<iframe src="${here}check.html" title="Check a hash" width="100%" height="420" style="border: 0" loading="lazy"
  sandbox="allow-scripts allow-same-origin allow-popups" referrerpolicy="no-referrer"></iframe>`;
find("embed", HTMLElement).textContent = embed;

drawn(() => {
  find("embed-copy", HTMLDivElement).replaceChildren(copyButton("copy.snippet", () => embed));
  const size = files.find(({ path }) => path === "core.wasm")?.size ?? 0;
  find("core-size", HTMLElement).textContent = `${bytes(size)} (${count(size)})`;
  find("core-versions", HTMLElement).textContent = t("core.version", { metadata: metadataVersion });
});
