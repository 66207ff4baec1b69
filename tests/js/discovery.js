// Finding contacts, in every engine: people who register with a directory in
// memory and find each other. It knows no engine, as suite.js.

import { Double, bytesOf } from "./double.js";

/** @typedef {typeof import("sealbook/discover")} Discover */

const ANN = "+442079460101";
const BEN = "+442079460102";
/** @param {number} i */
export const stranger = (i) => `+4420794602${String(i).padStart(2, "0")}`;

/** A state that is kept in memory. */
export class Memory {
  /** @type {Uint8Array | null} */
  bytes = null;
  saves = 0;
  load = () => this.bytes;
  /** @param {Uint8Array} bytes */
  save = async (bytes) => {
    this.saves++;
    this.bytes = bytes;
  };
}

/**
 * A directory with some people in it, Ann and Ben among them.
 * @param {Discover} discover
 * @param {Omit<import("./whole.js").Loaded, "formats">} core
 * @param {{ people?: number, crowd?: number }} [options] crowd: people that nobody knows
 */
export async function town({ Directory }, core, { people = 30, crowd = 0 } = {}) {
  const double = await Double.make(core);
  for (let i = 0; i < people; i++) await double.enrol(stranger(i));
  for (let i = 0; i < crowd; i++) double.stranger();
  const open = (options = {}) => Directory.open("https://directory.example", { ...core, key: double.key, fetch: double.fetch, ...options });
  const directory = await open();
  /** @param {string} number @param {number} mark @param {import("sealbook/discover").Scope[]} [scopes] */
  const join = async (number, mark, scopes = ["search", "discoverable"]) => {
    const { registration } = await directory.register(number);
    const account = await directory.confirm({ registration, number, code: double.code, scopes, handle: new Uint8Array(32).fill(mark), flags: mark });
    await double.publish();
    return account;
  };
  return { double, directory, open, join, ann: await join(ANN, 1), ben: await join(BEN, 2) };
}

/**
 * @param {Discover} package_
 * @param {Omit<import("./whole.js").Loaded, "formats">} core
 * @returns {Promise<Record<string, number>>}
 */
export async function discovery(package_, core) {
  const { discover, askHandle } = package_;
  let recomputed = 0;
  for (const records of [8 << 20, 0]) {
    const { double, directory, ann, ben } = await town(package_, core, { crowd: 600 });
    const state = new Memory();
    const transcript = directory.transcript();
    const contacts = [{ name: "Ben", numbers: ["020 7946 0102"] }, "+442079460199", "999"];
    const first = await discover({ directory, contacts, region: "GB", account: ann, records, state, transcript });
    const whole = records > 0;
    same(first.found.map(({ contact, number, flags }) => [contact, number, flags]), [[contacts[0], BEN, whole ? 2 : null]], "Ann finds Ben");
    same([first.warnings, first.waiting, first.unwatched, first.log.records, first.log.people], [[], null, null, whole, 632], "nothing to warn of");
    if (!whole) same((await askHandle({ directory, number: BEN, state, transcript }))?.flags, 2, "what Ben shows");
    same(double.charged, 8, "a padded batch");
    const back = await discover({ directory, contacts: [ANN], account: ben });
    same(back.found.map(({ number, flags }) => [number, flags]), [[ANN, 1]], "Ben finds Ann");
    recomputed += explained(core, directory, String(transcript));

    same((await directory.me(ben.credential)).account, ben.account, "what is held about Ben");
    const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
    same(await directory.absent(withdrawal, ben.receipt.tag ?? ""), false, "Ben's tag is still in what was published before");
    await double.publish();
    same(await directory.absent(withdrawal, ben.receipt.tag ?? ""), true, "Ben's tag is gone");
    const charged = double.charged;
    const later = await discover({ directory, contacts, region: "GB", account: ann, records, state });
    same([later.found.length, later.counts.known, later.warnings, double.charged], [0, 2, [], charged + 8], "Ben has disappeared, for a batch of nobody");
  }
  return { "people found": 4, "blinded elements recomputed": recomputed };
}

/**
 * The same with a directory that really runs.
 * @param {Discover} package_
 * @param {Omit<import("./whole.js").Loaded, "formats">} core
 * @param {{ url: string, key: string, code: (registration: string) => Promise<string>, numbers: [string, string] }} server
 */
export async function meet({ Directory, discover }, core, { url, key, code, numbers }) {
  const directory = await Directory.open(url, { ...core, key });
  const people = [];
  for (const [i, number] of numbers.entries()) {
    const { registration } = await directory.register(number);
    people.push(await directory.confirm({ registration, number, code: await code(registration), scopes: ["search", "discoverable"], handle: new Uint8Array(32).fill(i + 1), flags: i + 1 }));
  }
  let [ann, ben] = people;
  const state = new Memory();
  /** What is found, once the directory has published what was done; it does so by the clock. @param {typeof ann} account @param {unknown} want @param {string[]} warned @param {string} what */
  const until = async (account, want, warned, what) => {
    for (const began = Date.now();;) {
      const { found, warnings } = await discover({ directory, contacts: numbers, account, state });
      const got = found.map(({ number, handle, flags }) => [number, handle?.[0], flags]);
      if (JSON.stringify(got) === JSON.stringify(want)) return same(warnings.map(({ code }) => code), warned, "what is warned of");
      if (Date.now() - began > 20_000) same(got, want, what);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const both = [[numbers[0], 1, 1], [numbers[1], 2, 2]];
  await until(ann, both, [], "Ann finds Ben");
  await until(ben, both, [], "Ben finds Ann");
  ann = await directory.publish({ account: ann, handle: new Uint8Array(32).fill(9), flags: 9 });
  const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
  // Ann is among her own contacts, and sees that what she shows is not what it was.
  await until(ann, [[numbers[0], 9, 9]], ["HANDLE"], "Ben has disappeared");
  for (const began = Date.now(); !await directory.absent(withdrawal, ben.receipt.tag ?? "");) {
    if (Date.now() - began > 20_000) throw new Error("Ben's tag does not go");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const refused = await directory.me(ben.credential).then(() => null, (error) => error);
  same([refused?.code, refused?.problem?.code, refused?.message.includes(ben.credential)], ["PROBLEM", "credential_unknown", false], "Ben is unknown");
  return { met: 2 };
}

/**
 * Computes each blinded element of a transcript again, as a verifier does.
 * @param {Omit<import("./whole.js").Loaded, "formats">} core
 * @param {import("sealbook/discover").Directory} directory
 * @param {string} transcript
 */
function explained(core, directory, transcript) {
  const client = core.blind.oprf.client(directory.parameters.publicKey);
  let n = 0;
  for (const { request, items } of transcript.trimEnd().split("\n").slice(1).map((line) => JSON.parse(line))) {
    if (items === undefined) {
      same(request.body, "", `${request.method} ${request.path} sends no body`);
      continue;
    }
    const inputs = items.map((/** @type {any} */ item) => item.number ?? bytesOf(item.padding));
    const blinds = Uint8Array.from(items.flatMap((/** @type {any} */ item) => [...bytesOf(item.blind)]));
    same([...client.blindWith(inputs, blinds)], [...bytesOf(request.body)], "the body is these blinded elements");
    n += items.length;
  }
  return n;
}

/**
 * @param {unknown} got
 * @param {unknown} want
 * @param {string} what
 */
function same(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}
