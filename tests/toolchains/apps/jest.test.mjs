import { load } from "sealbook";

test("imported", async () => {
  const sealbook = await load();
  expect(sealbook.e164("020 7946 0123", "GB")).toBe("+442079460123");
  expect(sealbook.digest("+442079460123", "meta-capi")).toMatch(/^9b48e488/);
});
