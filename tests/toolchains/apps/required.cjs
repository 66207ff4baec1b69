const { load } = require("sealbook");
const { loadFormats } = require("sealbook/format");

(async () => {
  const sealbook = await load();
  const number = sealbook.parse("020 7946 0123", "GB");
  const results = [number.e164, sealbook.digest(number, "meta-capi").slice(0, 8), (await loadFormats()).international(number)];
  console.log(JSON.stringify({ require: results.join() === "+442079460123,9b48e488,+44 20 7946 0123" ? "ok" : String(results) }));
})();
