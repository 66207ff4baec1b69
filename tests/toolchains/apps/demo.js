// What every toolchain has to build and run: the README's lines, each told as
// "ok" or as what went wrong.

import { compile, load } from "sealbook";
import { loadBlind } from "sealbook/blind";
import { loadContacts, regionHints } from "sealbook/contacts";
import { Directory, discover } from "sealbook/discover";
import { loadFormats } from "sealbook/format";
import { recipes } from "sealbook/recipes";
import { Pool } from "sealbook/workers";

/**
 * @param {{ pool?: boolean }} [wanted]
 * @returns {Promise<Record<string, string>>}
 */
export async function demo({ pool: wantPool = true } = {}) {
  /** @type {Record<string, string>} */
  const results = {};
  /** @param {string} name @param {() => Promise<unknown>} run @param {unknown} want */
  const step = async (name, run, want) => {
    try {
      const got = JSON.stringify(await run());
      results[name] = got === JSON.stringify(want) ? "ok" : `got ${got}`;
    } catch (error) {
      const { name: kind, code, message, cause } = /** @type {any} */ (error);
      results[name] = `${kind} ${code}: ${message}${cause ? `, because ${cause}` : ""}`;
    }
  };
  await step("load, parse, digest", async () => {
    const sealbook = await load();
    const number = sealbook.parse("020 7946 0123", "GB");
    const rows = []; // a file that is imported late does them
    for await (const some of sealbook.batch(["020 7946 0123", "call me"], { region: "GB" })) rows.push(...some.map(({ number }) => number.e164));
    return [number.e164, number.type, number.valid, number.region, sealbook.digest(number, "meta-capi").slice(0, 8), rows];
  }, ["+442079460123", "FIXED_LINE", true, "GB", "9b48e488", ["+442079460123", null]]);
  await step("errors", async () => {
    const sealbook = await load();
    const caught = [];
    for (const text of ["call me", ""]) {
      try {
        sealbook.parse(text, "GB");
      } catch (error) {
        caught.push(/** @type {any} */ (error).name, /** @type {any} */ (error).code);
      }
    }
    await load({ wasm: new Uint8Array(8) }).catch(({ name, code }) => caught.push(name, code)); // another such file says so
    return caught;
  }, ["NumberError", "NOT_A_NUMBER", "NumberError", "NOT_A_NUMBER", "LoadError", globalThis.crypto?.subtle ? "INTEGRITY" : "COMPILE"]); // jsdom hashes nothing
  await step("formats", async () => (await loadFormats()).international("+442079460123"), "+44 20 7946 0123");
  await step("blind", async () => (await loadBlind()).oprf.client(null, "OPRF").blind(["+442079460123"]).blinded.length, 32);
  await step("contacts", async () => {
    const sealbook = await load();
    const contacts = await loadContacts();
    const texts = [];
    for await (const entries of contacts.read("Name,Phone\nBob,020 7946 0123\nEve,999\n")) {
      for (const entry of entries) if (entry.kind === "person") texts.push(...entry.numbers.map(({ text }) => text));
    }
    const { region } = contacts.guessRegion(sealbook, texts, ["GB", ...regionHints(sealbook)]);
    return contacts.sift(sealbook, texts, { region: region ?? "" }).map(({ e164, reason }) => reason ?? e164);
  }, ["+442079460123", "EMERGENCY"]);
  await step("discover", async () => {
    const options = { sealbook: await load(), blind: await loadBlind() };
    return [typeof discover, await Directory.open("http://127.0.0.1:9", options).catch(({ name, code }) => [name, code])];
  }, ["function", ["DirectoryError", "NETWORK"]]);
  await step("recipes", async () => recipes.some(({ id }) => id === "meta-capi"), true);
  if (wantPool) await step("workers", async () => {
    const pool = new Pool(await compile(), { workers: 2 });
    try {
      const rows = await pool.rows(["020 7946 0123", "call me"], { region: "GB", recipes: ["meta-capi"] });
      return [rows[0].digests[0]?.slice(0, 8), rows[1].error];
    } finally {
      pool.close();
    }
  }, ["9b48e488", "NOT_A_NUMBER"]);
  return results;
}
