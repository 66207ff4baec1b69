const { load, NumberError } = require("sealbook");
const { loadFormats } = require("sealbook/format");

test("required", async () => {
  const sealbook = await load();
  const number = sealbook.parse("020 7946 0123", "GB");
  expect(sealbook.digest(number, "meta-capi")).toMatch(/^9b48e488/);
  expect((await loadFormats()).national(number)).toBe("020 7946 0123");
  expect(() => sealbook.parse("call me", "GB")).toThrow(NumberError);
});
