// Writes the metadata that google-libphonenumber carries as metadata.json:
// one object a region, one region a line, so that a refresh shows as a
// readable difference. Run from the repository root after npm ci in tests:
//
//	node wasm/number/gentable/dump.mjs VERSION >wasm/number/gentable/metadata.json
//
// VERSION is libphonenumber's own (the npm package's change log names it).
// The arrays are protocol buffers, indexed by field number.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const tests = new URL("../../../tests/", import.meta.url);
const library = createRequire(tests)("google-libphonenumber");
const { version: npm } = JSON.parse(readFileSync(new URL("node_modules/google-libphonenumber/package.json", tests), "utf8"));
const [, , version] = process.argv;
if (!/^\d+\.\d+\.\d+$/.test(version ?? "")) {
  process.stderr.write("error: name the metadata's version, such as 9.0.40\n");
  process.exit(2);
}

const desc = (d) => {
  if (!d || !d[2]) return undefined;
  return { pattern: d[2], lengths: d[9], local: d[10], example: d[6] };
};
const formats = (list) => list?.map((f) => ({ pattern: f[1], format: f[2], leading: f[3], prefix: f[4] || undefined }));
const descs = { 1: "general", 2: "fixed", 3: "mobile", 4: "tollFree", 5: "premium", 6: "shared", 7: "personal", 8: "voip", 21: "pager", 25: "uan", 28: "voicemail" };

function region(m) {
  const out = { id: m[9], code: m[10], idd: m[11], prefix: m[12], extension: m[13], parse: m[15], transform: m[16], same: m[18] ? true : undefined, leading: m[23] };
  for (const [field, name] of Object.entries(descs)) out[name] = desc(m[field]);
  out.formats = formats(m[19]);
  out.international = formats(m[20]);
  return out;
}

function short(m) {
  const out = { id: m[9] };
  for (const [field, name] of Object.entries({ 1: "general", 4: "tollFree", 5: "premium", 27: "emergency", 29: "short", 30: "standard", 31: "carrier", 33: "sms" })) out[name] = desc(m[field]);
  return out;
}

const lines = (list) => "[\n" + list.map((x) => JSON.stringify(x)).join(",\n") + "\n]";
const byKey = ([a], [b]) => (a < b ? -1 : 1);
const main = library.metadata, brief = library.shortnumbermetadata;
const out = [
  `{"source": "google-libphonenumber ${npm} (npm), metadata of libphonenumber ${version}, Copyright The Libphonenumber Authors, Apache License 2.0",`,
  `"version": "${version}",`,
  `"codes": ${lines(Object.entries(main.countryCodeToRegionCodeMap).map(([code, regions]) => ({ code: +code, regions })))},`,
  `"regions": ${lines(Object.entries(main.countryToMetadata).sort(byKey).map(([, m]) => region(m)))},`,
  `"short": ${lines(Object.entries(brief.countryToMetadata).sort(byKey).map(([, m]) => short(m)))}}`,
];
process.stdout.write(out.join("\n") + "\n");
