// Formatting while typing against google-libphonenumber's AsYouTypeFormatter:
// each region's examples, written in each way, typed and deleted digit by digit,
// caret included; then the element in a page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { inPage } from "./engines.js";
import { install, output, root } from "./package.js";

const google = createRequire(import.meta.url)("google-libphonenumber");
const util = google.PhoneNumberUtil.getInstance();

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("sealbook/form")} */
let form;
/** @type {import("sealbook").Sealbook} */
let sealbook;
/** @type {typeof import("sealbook/examples")} */
let examples;

before(async () => {
  installed = await install();
  const entry = (/** @type {string} */ name) => import(pathToFileURL(join(installed.package, `dist/${name}.js`)).href);
  sealbook = await (await entry("index")).load();
  form = await entry("form");
  examples = await entry("examples");
});
after(() => installed?.remove());

const TYPES = /** @type {const} */ (["FIXED_LINE", "MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL"]);
const FIELDS = /** @type {const} */ ({ FIXED_LINE: 2, MOBILE: 3, TOLL_FREE: 4, PREMIUM_RATE: 5, SHARED_COST: 6, VOIP: 8, PERSONAL_NUMBER: 7, PAGER: 21, UAN: 25, VOICEMAIL: 28 });

/** The ways in which a number is typed in a region. @param {string} region @param {string} example */
function ways(region, example) {
  const number = util.parse(example, region);
  const e164 = util.format(number, google.PhoneNumberFormat.E164);
  const national = util.format(number, google.PhoneNumberFormat.NATIONAL);
  const code = number.getCountryCode();
  return [
    example, e164, national, national.replace(/\D/g, ""), util.format(number, google.PhoneNumberFormat.INTERNATIONAL),
    `00${e164.slice(1)}`, `011${e164.slice(1)}`, `+${code}0${example}`, `0${example}`, `1${example}`, `8${example}`, `${example}12`, `${code}${example}`,
    e164.replace("+", "＋"), example.replace(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d))),
  ];
}

test("as google-libphonenumber formats while somebody types", async () => {
  let typed = 0;
  let deleted = 0;
  let differences = 0;
  for (const region of sealbook.regions) {
    const theirs = new google.AsYouTypeFormatter(region);
    const own = form.asYouType(sealbook, region);
    const metadata = google.metadata.countryToMetadata[region];
    const texts = new Set(TYPES.flatMap((type) => metadata[FIELDS[type]]?.[6] ?? []).flatMap((example) => ways(region, example)));
    for (const text of texts) {
      const chars = [...text];
      theirs.clear();
      own.clear();
      chars.forEach((char, i) => {
        const remember = i === chars.length >> 1;
        const [want, got] = remember ? [theirs.inputDigitAndRememberPosition(char), own.inputDigitAndRememberPosition(char)] : [theirs.inputDigit(char), own.inputDigit(char)];
        typed++;
        if (got !== want || own.getRememberedPosition() !== theirs.getRememberedPosition()) differences++;
      });
      // Deleted from the end: what is left is typed anew.
      if (!/^\+?[0-9]+$/.test(text)) continue;
      for (let left = chars.length - 1; left > 0; left--) {
        theirs.clear();
        let want = "";
        for (const char of chars.slice(0, left)) want = theirs.inputDigit(char);
        deleted++;
        const shown = form.formatInput(sealbook, chars.slice(0, left).join(""), region);
        if (shown.text !== want || shown.caret !== want.length) differences++;
      }
    }
  }
  assert.equal(differences, 0);
  assert.ok(typed > 150_000 && deleted > 60_000, `${typed}, ${deleted}`);
  const claim = `${(typed + deleted).toLocaleString("en")} characters typed and deleted in ${sealbook.regions.length} regions`;
  assert.ok((await readFile(join(root, "wasm/js/README.md"), "utf8")).includes(claim), `the README does not say ${claim}`);
  console.log(`counts: ${typed} characters typed and ${deleted} deleted in ${sealbook.regions.length} regions as google-libphonenumber formats, ${differences} differences`);
});

test("no region, and texts that are no numbers", () => {
  const own = form.asYouType(sealbook);
  const theirs = new google.AsYouTypeFormatter("ZZ");
  let n = 0;
  for (const text of ["+442079460123", "02079460123", "+80012345678", "+8835100012", "+1", "++44", "+44a20", "1*2#3", "12345678901234567890", "+99912345", "+3906", "+"]) {
    theirs.clear();
    own.clear();
    for (const char of text) {
      assert.equal(own.inputDigit(char), theirs.inputDigit(char), text);
      n++;
    }
  }
  assert.ok(n > 90, String(n));
  assert.equal(form.formatInput(sealbook, "＋442079460123").text, "+44 20 7946 0123");
  for (const text of ["call me", "020 7946 ext 5", "1".repeat(251), "0207946\n0123x"]) assert.deepEqual(form.formatInput(sealbook, text, "GB", 3), { text, caret: 3 });
  assert.equal(form.formatInput(sealbook, "\u202a+44 (20) 7946-0123\u202c", "GB").text, "+44 20 7946 0123");
  assert.throws(() => form.formatInput(sealbook, /** @type {any} */ (7), "GB"), { name: "InputError", code: "TYPE" });
  assert.throws(() => form.asYouType(sealbook, /** @type {any} */ ("UK")), { name: "InputError", code: "REGION", message: /"GB"/ });
});

test("the caret stays behind its digit", () => {
  const show = (/** @type {string} */ marked) => {
    const caret = marked.indexOf("|");
    const { text, caret: to } = form.formatInput(sealbook, marked.replace("|", ""), "GB", caret);
    return `${text.slice(0, to)}|${text.slice(to)}`;
  };
  const cases = [
    ["|", "|"], ["0|", "0|"], ["0207|", "020 7|"], ["020 7|946 0123", "020 7|946 0123"], ["020 |7946 0123", "020| 7946 0123"],
    ["020 79946| 0123", "02079946|0123"], ["02|7946 0123", "02|79 460123"], ["|020 7946 0123", "|020 7946 0123"], ["020-7946-0123|", "020 7946 0123|"], ["+4420|79460123", "+44 20| 7946 0123"],
  ];
  let different = 0;
  for (const [before, want] of cases) {
    const got = show(before);
    // The digits before the caret are those that were before it.
    const digits = (/** @type {string} */ text) => text.slice(0, text.indexOf("|")).replace(/[^0-9+]/g, "");
    assert.equal(digits(got), digits(before), before);
    if (got !== want) different++;
  }
  assert.ok(different <= 2, "layouts of numbers that are none may differ");
});

test("regions, examples and what is wrong", async () => {
  const list = form.listRegions(sealbook, "en");
  assert.equal(list.length, sealbook.regions.length);
  assert.deepEqual(list.find(({ region }) => region === "GB"), { region: "GB", callingCode: 44, name: "United Kingdom" });
  assert.equal(form.listRegions(sealbook, "de").find(({ region }) => region === "AT")?.name, "Österreich");
  let found = 0;
  for (const region of sealbook.regions) {
    for (const type of TYPES) {
      const want = google.metadata.countryToMetadata[region][FIELDS[type]]?.[6];
      const number = examples.exampleNumber(sealbook, /** @type {any} */ (region), type);
      if (want === undefined) assert.equal(number, null);
      else {
        assert.equal(number?.e164, util.format(util.parse(want, region), google.PhoneNumberFormat.E164), `${region} ${type}`);
        found++;
      }
    }
  }
  assert.ok(found > 800, String(found));
  const wrong = (/** @type {string} */ text, /** @type {any} */ region = "GB") => form.problem(sealbook.tryParse(text, region));
  assert.deepEqual(["020 7946 0123", "12", "7946 0123", "call me", "", "020 7946 0123 4567"].map((text) => wrong(text)),
    [null, "TOO_SHORT", "IS_POSSIBLE_LOCAL_ONLY", "NOT_A_NUMBER", "NOT_A_NUMBER", "TOO_LONG"]);
  assert.equal(wrong("020 7946 0123", ""), "INVALID_COUNTRY_CODE");
  assert.equal(wrong("+1 555 555 0123"), "INVALID");
  for (const text of Object.values(form.problems)) assert.match(text, /\.$/);
  await output(process.execPath, ["wasm/js/gen/plans.mjs", "-check"], root); // throws unless the tables are of this metadata
  console.log(`counts: ${found} example numbers`);
});

test("the README's inputs for React and Vue", async () => {
  const readme = await readFile(join(root, "wasm/js/README.md"), "utf8");
  const block = (/** @type {string} */ pattern) => (new RegExp(pattern).exec(readme)?.[1] ?? assert.fail(pattern)).replace(/^import .*\n/gm, ""); // given below
  const type = (/** @type {string} */ value, caret = value.length) => ({ value, selectionStart: caret, caret: -1, setSelectionRange(/** @type {number} */ start) { this.caret = start; } });
  const { code } = await transform(block("```jsx\n([^]*?)```"), { loader: "jsx", jsxFactory: "element" });
  const given = { formatInput: form.formatInput, element: (/** @type {string} */ name, /** @type {any} */ props) => ({ name, ...props }) };
  const Phone = new Function(...Object.keys(given), `${code}; return Phone;`)(...Object.values(given));
  /** @type {(string | null)[]} */
  const numbers = [];
  const rendered = Phone({ sealbook, region: "GB", onNumber: (/** @type {string | null} */ e164) => numbers.push(e164) });
  assert.deepEqual([rendered.name, rendered.type, "value" in rendered], ["input", "tel", false]);
  // The last: a space was deleted, comes back, and is behind the caret.
  for (const [target, shown, caret] of /** @type {const} */ ([[type("0207946"), "020 7946", 8], [type("02079460123", 4), "020 7946 0123", 5], [type("0207946 0123", 3), "020 7946 0123", 3]])) {
    rendered.onChange({ target });
    assert.deepEqual([target.value, target.caret], [shown, caret]);
  }
  assert.deepEqual(numbers, [null, "+442079460123", "+442079460123"]);
  // Of Vue's, the script: its template names what it has.
  const model = { value: "" };
  const script = block("```vue\n<script setup>\n([^]*?)</script>");
  const edit = new Function("formatInput", "defineProps", "defineModel", `${script}; return edit;`)(form.formatInput, () => ({ sealbook }), () => model);
  const target = type("02079460123", 4);
  edit({ target });
  assert.deepEqual([target.value, model.value, target.caret], ["020 7946 0123", "020 7946 0123", 5]);
  assert.ok(readme.includes('<template><input type="tel" :value="text" @input="edit"></template>'));
});

test("the element", async () => {
  const { results, complaints } = await inPage(installed.package, "engines/form-page.js", {});
  assert.equal(results.error, undefined, results.error);
  assert.deepEqual(results, {
    formatted: "020 7946 0123", caret: 5, submitted: "+442079460123", typedRegion: "030 123456", german: "+4930123456",
    listed: sealbook.regions.length, empty: "", missing: "Enter a phone number.", short: "The area code is missing.", reset: "020 7946 0123", label: "Phone", disabled: true, events: 2,
  });
  assert.deepEqual(complaints.filter((text) => !text.includes("404")), []);
});
