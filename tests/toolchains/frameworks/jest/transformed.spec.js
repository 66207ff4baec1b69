import { demo } from "./demo.js";

test("what Babel makes of it", async () => {
  const results = await demo();
  expect(Object.values(results).filter((result) => result !== "ok")).toEqual([]);
  expect(Object.keys(results).length).toBe(8);
});
