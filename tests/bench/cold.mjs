// Prints the milliseconds from a fresh process's first import of a library to
// its first answer: node cold.mjs LIBRARY

const libraries = {
  sealbook: async () => (await (await import("../../wasm/js/index.js")).load()).e164("020 7946 0123", "GB"),
  "google-libphonenumber": async () => {
    const name = "google-libphonenumber"; // which has no types
    const { PhoneNumberUtil, PhoneNumberFormat } = (await import(name)).default;
    const util = PhoneNumberUtil.getInstance();
    return util.format(util.parse("020 7946 0123", "GB"), PhoneNumberFormat.E164);
  },
  "libphonenumber-js/min": async () => (await import("libphonenumber-js/min")).parsePhoneNumberFromString("020 7946 0123", "GB")?.number,
  "libphonenumber-js/mobile": async () => (await import("libphonenumber-js/mobile")).parsePhoneNumberFromString("07700 900123", "GB")?.number && "+442079460123",
  "libphonenumber-js/max": async () => (await import("libphonenumber-js/max")).parsePhoneNumberFromString("020 7946 0123", "GB")?.number,
};

const began = performance.now();
const answer = await libraries[/** @type {keyof typeof libraries} */ (process.argv[2])]();
const took = performance.now() - began;
if (answer !== "+442079460123") throw new Error("a wrong answer");
console.log(took);
