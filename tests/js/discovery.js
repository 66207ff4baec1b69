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
 * @param {import("sealbook").Sealbook} core
 * @param {{ bits?: number, people?: number, crowd?: number }} [options] crowd: people that nobody knows
 */
export async function town({ Directory }, core, { bits = 0, people = 30, crowd = 0 } = {}) {
  const double = await Double.make(core, { bits });
  for (let i = 0; i < people; i++) await double.enrol(stranger(i), ["discoverable"]);
  double.fill(crowd);
  const open = (options = {}) => Directory.open("https://directory.example", { sealbook: core, key: double.key, fetch: double.fetch, ...options });
  const directory = await open();
  /** @param {string} number @param {number} mark @param {import("sealbook/discover").Scope[]} [scopes] */
  const join = async (number, mark, scopes = ["search", "discoverable"]) => {
    const { registration } = await directory.register(number);
    return directory.confirm({ registration, number, code: "123456", scopes, handle: new Uint8Array(32).fill(mark), flags: mark });
  };
  return { double, directory, open, join, ann: await join(ANN, 1), ben: await join(BEN, 2) };
}

/**
 * @param {Discover} package_
 * @param {import("sealbook").Sealbook} core
 * @returns {Promise<Record<string, number>>}
 */
export async function discovery(package_, core) {
  const { discover } = package_;
  let found = 0;
  let recomputed = 0;
  for (const bucketBits of [0, 3]) {
    const { double, directory, ann, ben } = await town(package_, core, { bits: bucketBits, crowd: 1000 });
    const state = new Memory();
    const transcript = directory.transcript();
    const contacts = [{ name: "Ben", numbers: ["020 7946 0102"] }, "+442079460199", "999"];
    const first = await discover({ directory, contacts, region: "GB", credential: ann.credential, bucketBits, state, transcript });
    same(first.found.map(({ contact, number, flags }) => [contact, number, flags]), [[contacts[0], BEN, 2]], "Ann finds Ben");
    same([...first.found[0].handle], Array(32).fill(2), "his handle");
    same(double.charged, 8, "a padded batch");
    const back = await discover({ directory, contacts: [ANN], credential: ben.credential, bucketBits });
    same(back.found.map(({ number, flags }) => [number, flags]), [[ANN, 1]], "Ben finds Ann");
    found += 2;
    recomputed += explained(core, directory, String(transcript));

    same((await directory.me(ben.credential)).account, ben.account, "what is held about Ben");
    const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
    same(await directory.absent(withdrawal, ben.receipt.tag ?? ""), true, "Ben's tag is gone");
    const charged = double.charged;
    const later = await discover({ directory, contacts, region: "GB", credential: ann.credential, bucketBits, state });
    same([later.found.length, later.counts.known, double.charged], [0, 2, charged], "Ben has disappeared, at no charge");
  }
  return { "people found": found, "blinded elements recomputed": recomputed };
}

/**
 * The same with a directory that really runs.
 * @param {Discover} package_
 * @param {import("sealbook").Sealbook} core
 * @param {{ url: string, key: string, code: (registration: string) => Promise<string>, numbers: [string, string] }} server
 */
export async function meet({ Directory, discover }, core, { url, key, code, numbers }) {
  const directory = await Directory.open(url, { sealbook: core, key });
  const people = [];
  for (const [i, number] of numbers.entries()) {
    const { registration } = await directory.register(number);
    people.push(await directory.confirm({ registration, number, code: await code(registration), scopes: ["search", "discoverable"], handle: new Uint8Array(32).fill(i + 1), flags: i + 1 }));
  }
  const [ann, ben] = people;
  const state = new Memory();
  const look = async (/** @type {string} */ credential) => {
    const { found, counts } = await discover({ directory, contacts: numbers, credential, state });
    return { found: found.map(({ number, handle, flags }) => [number, handle[0], flags]), charged: counts.charged };
  };
  const both = [[numbers[0], 1, 1], [numbers[1], 2, 2]];
  same(await look(ann.credential), { found: both, charged: 8 }, "Ann finds Ben");
  same(await look(ben.credential), { found: both, charged: 0 }, "Ben finds Ann");
  await directory.publish({ ...ann, handle: new Uint8Array(32).fill(9), flags: 9 });
  const withdrawal = await directory.withdraw(ben.credential, { account: ben.account });
  same(await directory.absent(withdrawal, ben.receipt.tag ?? ""), true, "Ben's tag is gone");
  same(await look(ann.credential), { found: [[numbers[0], 9, 9]], charged: 0 }, "Ben has disappeared");
  const refused = await directory.me(ben.credential).then(() => null, (error) => error);
  same([refused?.code, refused?.problem?.code, refused?.message.includes(ben.credential)], ["PROBLEM", "credential_unknown", false], "Ben is unknown");
  return { met: 2 };
}

/**
 * Computes each blinded element of a transcript again, as a verifier does.
 * @param {import("sealbook").Sealbook} core
 * @param {import("sealbook/discover").Directory} directory
 * @param {string} transcript
 */
function explained(core, directory, transcript) {
  const client = core.oprf.client(directory.parameters.publicKey);
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
