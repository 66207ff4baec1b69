import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { demo } from "./demo.js";

test("in the test itself, and in the worker", async () => {
  const answered = await (await exports.default.fetch("http://localhost/")).json();
  for (const results of [await demo({ pool: false }), answered]) {
    expect(Object.values(results).filter((result) => result !== "ok")).toEqual([]);
    expect(Object.keys(results).length).toBe(7);
  }
});
