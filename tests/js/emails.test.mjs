// E-mail recipes: vectors, and what is no address.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { emailDigest, emailRecipes, normalizeEmail } from "../../wasm/js/emails.js";
import { load } from "../../wasm/js/index.js";
import { root } from "./package.js";

test("vectors", async () => {
  const sealbook = await load({ wasm: join(root, "wasm/core/core.wasm") });
  const { count, vectors } = JSON.parse(await readFile(join(root, "tests/vectors/emails.json"), "utf8"));
  assert.equal(vectors.length, count);
  let [printed, refused] = [0, 0];
  for (const { recipe, address, normal, digest, ...v } of vectors) {
    if (normal === null) {
      refused++;
      assert.throws(() => normalizeEmail(address, recipe), { name: "InputError", code: "TEXT" }, address);
      assert.throws(() => emailDigest(sealbook, address, recipe), { name: "InputError", code: "TEXT" }, address);
      continue;
    }
    assert.equal(normalizeEmail(address, recipe), normal, address);
    const encoding = emailRecipes.find(({ id }) => id === recipe)?.encoding;
    assert.equal(createHash("sha256").update(normal).digest(encoding ?? "hex"), digest, address);
    assert.equal(emailDigest(sealbook, address, recipe), digest, address);
    printed += Number(v.printed ?? false);
  }
  assert.deepEqual([printed, refused], [13, 14]);
  for (const { id, source, confidence } of emailRecipes) assert.ok(/^[a-z0-9]+-email$/.test(id) && source.length > 20 && confidence);
  assert.equal(emailRecipes.length, 10);
  console.log(`counts: ${count} vectors of e-mail recipes, ${printed} of them printed by vendors, ${refused} refused`);
});

test("refusals", async () => {
  const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
  // What bytes cannot say; all else is in the vectors.
  for (const text of ["a\ud800@example.com", "a@\udc00.example", `${"x".repeat(1e6)}@example.com`]) {
    assert.throws(() => normalizeEmail(text, "google-email"), { name: "InputError", code: "TEXT" });
  }
  for (const value of [undefined, null, 7, {}]) assert.throws(() => normalizeEmail(any(value), "meta-email"), { name: "InputError", code: "TYPE" });
  for (const value of [undefined, null, 7, "meta", "__proto__"]) assert.throws(() => normalizeEmail("a@b.c", any(value)), { name: "RecipeError", code: "RECIPE" });
});
