// A program in TypeScript that uses the packed package: it is type-checked,
// not run. What must not compile says so.

import core from "sealbook/core.wasm";
import { InputError, LoadError, NumberError, RecipeError, SealbookError, compile, load, published } from "sealbook";
import { OprfError, loadBlind, type OprfClient } from "sealbook/blind";
import { formatInput, problem, type Typed } from "sealbook/form";
import type { SealbookPhone } from "sealbook/element";
import { loadFormats, type Format } from "sealbook/format";
import type { Failure, PhoneNumber, PlainFormat, Result, Row, Sealbook } from "sealbook";
import { recipes, type RecipeInfo } from "sealbook/recipes";
import { loadContacts, type Person } from "sealbook/contacts";
import { Directory, DirectoryError, askHandle, discover, type Account, type Found, type StateStore } from "sealbook/discover";
import { Pool, type SearchResult } from "sealbook/workers";

const sealbook: Sealbook = await load();
await load({ wasm: core });
await load({ wasm: fetch("/core.wasm"), integrity: false });
await load({ wasm: new Uint8Array(8), integrity: published.sha256 });
// @ts-expect-error: nothing is no source
await load({ wasm: null });
// @ts-expect-error: integrity is a hash or false
await load({ integrity: true });

// An input's selectionStart may be null.
const typed: Typed = formatInput(sealbook, "0207946", "GB", published.bytes > 0 ? 7 : null);
declare const phone: SealbookPhone;
phone.required = phone.name === "phone" && problem(sealbook.tryParse(typed.text, "GB")) === null;
const number: PhoneNumber = sealbook.parse("020 7946 0123", "GB");
const e164: string = number.e164;
const region: string | null = number.region;
const none: null = number.error;
// @ts-expect-error: results are not changed
number.e164 = "";
// @ts-expect-error: no such type of number
if (number.type === "LANDLINE") throw new Error();

// Regions and recipes: a literal has to be one, a variable may be any.
const anyRegion: string = "XX";
const anyRecipe: string = "none";
sealbook.parse("1", anyRegion);
sealbook.digest(e164, anyRecipe, anyRegion, { validOnly: true });
sealbook.e164All(["1"], { region: anyRegion });
sealbook.digest(e164, "e164_plus/sha256/hex/10");
sealbook.batch(["1"], { region: "GB", recipes: ["meta-capi", anyRecipe] });
// @ts-expect-error: the United Kingdom is GB
sealbook.parse("020 7946 0123", "UK");
// @ts-expect-error: capitals
sealbook.e164All(["1"], { region: "gb" });
// @ts-expect-error: no such recipe
sealbook.digest(e164, "meta");
// @ts-expect-error: no such hash
sealbook.digest(e164, "e164_plus/sha3/hex");
// @ts-expect-error: no such recipe among them
sealbook.batch(["1"], { recipes: ["meta-capi", "meta"] });
// @ts-expect-error: options are an object
sealbook.e164All(["1"], "GB");

const result: Result = sealbook.tryParse("…");
// @ts-expect-error: it may be a failure
const unchecked: string = result.e164;
if (result.error === null) {
  const checked: string = result.e164 + result.extension;
  void checked;
} else {
  const failure: Failure = result;
  const nothing: null = failure.e164;
  void nothing;
  // @ts-expect-error: a failure is never valid
  if (result.valid === true) throw new Error();
  switch (result.error) {
    case "TOO_LONG": case "NOT_A_NUMBER": case "TOO_SHORT_NSN": case "TOO_SHORT_AFTER_IDD": case "INVALID_COUNTRY_CODE": break;
    default: result satisfies never;
  }
}

const formats = await loadFormats();
const format: Format = "RFC3966";
const text: string = formats.format(number, format);
const plain: PlainFormat = "DIGITS";
sealbook.format(number, plain);
// @ts-expect-error: no such format
formats.format(number, "LOCAL");
// @ts-expect-error: the core writes no layouts
sealbook.format(number, "NATIONAL");

const info: RecipeInfo = recipes[0]!;
const digests: string[] = [
  sealbook.digest(number, "meta-capi"),
  sealbook.digest(e164, info),
  sealbook.digest("020 7946 0123", { form: "digits_cc", algorithm: "hmac-sha256", key: new Uint8Array(16) }, "GB"),
  ...sealbook.digests(number).map(({ recipe, digest }) => `${recipe.id} ${digest}`),
  ...sealbook.hashAll(["me@example.com"], "email/sha256/hex"),
];
// @ts-expect-error: no such form
sealbook.digest(number, { form: "national", algorithm: "sha256" });
// @ts-expect-error: a recipe is missing
sealbook.digest(number);

const mixed: (string | Failure)[] = sealbook.e164All(["1", "2"], { region: "US" });
const good: string[] = mixed.filter((m) => typeof m === "string");
// @ts-expect-error: failures are in between
const wrong: string[] = mixed;

interface Contact { text: string; region?: string; name: string }
const contacts: Contact[] = [];
for await (const rows of sealbook.batch(contacts, { recipes: ["meta-capi"], signal: AbortSignal.timeout(1000), onProgress: ({ done, total }) => void (done + (total ?? 0)) })) {
  for (const row of rows satisfies Row<Contact>[]) {
    const name: string = row.input.name;
    const digest: string | null = row.digests[0] ?? null;
    void [name, digest, row.number.e164, row.index];
  }
}
// @ts-expect-error: items are texts or have a text
sealbook.batch([{ number: "1" }]);

const blind = await loadBlind();
const searcher = blind.searcher(digests[0]!, "meta-capi", "GB");
const found: string | null = searcher.run(0n, 1 << 16);
const left: bigint = searcher.size - 65536n;

const pool = new Pool(await compile(), { workers: 2 });
const search: SearchResult = await pool.search(digests[0]!, "meta-capi", "GB", { onProgress: ({ perSecond }) => void perSecond.toFixed() });
for (const row of await pool.rows(contacts)) {
  const line: string | null = row.e164;
  // @ts-expect-error: rows from workers are data alone
  row.toString(1);
  void line;
}

const client: OprfClient = blind.oprf.client(new Uint8Array(32));
const { blinds, blinded } = client.blind(["+442079460123", new Uint8Array(4)]);
const outputs: Uint8Array = client.finalize(["a", "b"], blinds, blinded, new Uint8Array(64), new Uint8Array(64));
// @ts-expect-error: a key is bytes
blind.oprf.server("secret");
// @ts-expect-error: no such mode
blind.oprf.deriveKey(outputs, "info", "POPRF");

const people: Person[] = [];
for await (const entries of (await loadContacts()).read(new Blob([]), { format: "csv", delimiter: ";" })) {
  for (const entry of entries) {
    if (entry.kind === "person") people.push(entry);
    // @ts-expect-error: only people have numbers
    else void entry.numbers;
  }
}

const directory = await Directory.open("https://directory.example", { sealbook, blind, key: "k", fetch, timeout: 5000 });
const { registration, expires } = await directory.register("+442079460123");
let account: Account = await directory.confirm({ registration, number: e164, code: expires.toISOString(), scopes: ["search"], handle: new Uint8Array(32) });
// @ts-expect-error: no such scope
await directory.confirm({ registration, number: e164, code: "1", scopes: ["share"] });
// @ts-expect-error: directories are opened
new Directory();
const state: StateStore = { load: async () => null, save: async (bytes) => void bytes.length };
const run = await discover({ directory, contacts: people, account, state, records: 1 << 20, transcript: directory.transcript(), onProgress: ({ phase }) => void (phase === "tags") });
const met: Found<Person>[] = [...run.found];
for (const { contact, handle, first } of run.found) void [contact.name, handle?.length, first?.length];
// @ts-expect-error: a handle may not be there
run.found[0]?.handle.length;
for (const { code, evidence } of run.warnings) if (code === "OWN") throw new Error(evidence.join());
const shown: number | undefined = (await askHandle({ directory, number: met[0]?.number ?? "", state }))?.flags;
account = await directory.publish({ account, handle: new Uint8Array(32) });
void [shown, run.waiting?.until, run.renewal?.ready, run.log.size];
// @ts-expect-error: an account is needed
await discover({ directory, contacts: ["+442079460123"] });
const gone: boolean = await directory.absent(await directory.withdraw(account.credential), account.receipt.tag ?? "");

try {
  sealbook.parse("");
} catch (error) {
  if (error instanceof NumberError && error.code === "TOO_LONG") throw error;
  if (error instanceof RecipeError && error.code === "SPEC") throw error;
  if (error instanceof OprfError && error.code === "BAD_PROOF") throw error.index;
  if (error instanceof InputError && error.code === "REGION") throw error;
  if (error instanceof LoadError && error.code === "INTEGRITY") throw error;
  if (error instanceof DirectoryError && error.code === "BUDGET") throw error.retryAt ?? error.problem?.available;
  if (error instanceof DirectoryError && error.code === "CONSISTENCY") throw error.evidence.length;
  // @ts-expect-error: no such code
  if (error instanceof NumberError && error.code === "TOO_SMALL") throw error;
  if (error instanceof SealbookError) throw new Error(error.code);
}

void [region, none, unchecked, text, good, wrong, found, left, search, met, gone];
