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
  let printed = 0;
  for (const { recipe, address, normal, digest, ...v } of vectors) {
    assert.equal(normalizeEmail(address, recipe), normal, address);
    const encoding = emailRecipes.find(({ id }) => id === recipe)?.encoding;
    assert.equal(emailDigest(sealbook, address, recipe), createHash("sha256").update(normal).digest(encoding ?? "hex"));
    if (digest !== undefined) assert.equal(emailDigest(sealbook, address, recipe), digest, address);
    printed += Number(v.printed ?? false);
  }
  assert.equal(printed, 9);
  for (const { id, source, confidence } of emailRecipes) assert.ok(/^[a-z0-9]+-email$/.test(id) && source.length > 20 && confidence);
  assert.equal(emailRecipes.length, 10);
  console.log(`counts: ${count} vectors of e-mail recipes, ${printed} of them printed by vendors`);
});

test("refusals", async () => {
  const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
  for (const text of ["", "jane", "@example.com", "jane@", "a b@example.com", "a@b@c", ".@gmail.com", `${"x".repeat(320)}@example.com`]) {
    assert.throws(() => normalizeEmail(text, "google-email"), { name: "InputError", code: "TEXT" }, text);
  }
  for (const value of [undefined, null, 7, {}]) assert.throws(() => normalizeEmail(any(value), "meta-email"), { name: "InputError", code: "TYPE" });
  for (const value of [undefined, null, 7, "meta", "__proto__"]) assert.throws(() => normalizeEmail("a@b.c", any(value)), { name: "RecipeError", code: "RECIPE" });
});
