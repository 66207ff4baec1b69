// Answers a line of JSON for each {"text","region"} on standard input, with
// google-libphonenumber: see Answer in answer.go.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const { PhoneNumberUtil, PhoneNumberFormat, PhoneNumberType } = createRequire(new URL("../", import.meta.url))("google-libphonenumber");
const util = PhoneNumberUtil.getInstance();
const types = Object.fromEntries(Object.entries(PhoneNumberType).map(([name, value]) => [value, name]));
const possible = Object.fromEntries(Object.entries(PhoneNumberUtil.ValidationResult).map(([name, value]) => [value, name]));
const codes = {
  "Invalid country calling code": "INVALID_COUNTRY_CODE",
  "The string supplied did not seem to be a phone number": "NOT_A_NUMBER",
  "Phone number too short after IDD": "TOO_SHORT_AFTER_IDD",
  "The string supplied is too short to be a phone number": "TOO_SHORT_NSN",
  "The string supplied is too long to be a phone number": "TOO_LONG",
};

function answer({ text, region }) {
  let n;
  try {
    n = util.parse(text, region);
  } catch (error) {
    return { code: codes[error.message] ?? String(error.message) };
  }
  return {
    e164: util.format(n, PhoneNumberFormat.E164),
    extension: n.getExtension() ?? "",
    region: util.getRegionCodeForNumber(n) ?? "",
    type: types[util.getNumberType(n)],
    valid: util.isValidNumber(n),
    possible: possible[util.isPossibleNumberWithReason(n)],
    international: util.format(n, PhoneNumberFormat.INTERNATIONAL),
    national: util.format(n, PhoneNumberFormat.NATIONAL),
    rfc3966: util.format(n, PhoneNumberFormat.RFC3966),
  };
}

let out = [];
for await (const line of createInterface({ input: process.stdin })) {
  out.push(JSON.stringify(answer(JSON.parse(line))));
  if (out.length === 4096) {
    process.stdout.write(out.join("\n") + "\n");
    out = [];
  }
}
if (out.length) process.stdout.write(out.join("\n") + "\n");
