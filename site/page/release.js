// What the service worker knows of the log of releases, and how it tells that a
// release is in it: the proof, whose entry is signed by the release keys and whose
// checkpoint by the log's, and the manifest that the entry names. Nothing here
// sends anything.

import { fromBase64, hex, sha256, text as decoded } from "../js/bytes.js";
import { openCheckpoint } from "../js/trust/checkpoint.js";
import { openNote, Verifier } from "../js/trust/note.js";
import { inLog, readProof } from "../js/trust/proof.js";
import { instant, need } from "../js/trust/trust.js";

/**
 * Who has to have cosigned: a witness by its verifier key, or so many of a group.
 * @typedef {{ witness: string } | { least: number, of: Quorum[] }} Quorum
 */

/**
 * The version of a release, the keys of its log, and those of witnesses.
 * @typedef {{ version: string, threshold: number, release: string[], log: string[], witnesses: string[], quorum: Quorum | null }} Log
 */

/**
 * cosigned: names of the witnesses whose signature of the checkpoint holds, of so
 * many witnesses; strangers: names of others, of whom nothing is known. manifest: SHA-256 in hexadecimal. time, expires: milliseconds.
 * @typedef {{ version: string, manifest: string, time: number, expires: number, entry: number, entries: number, root: Uint8Array, origin: string, cosigned: string[], witnesses: number, strangers: string[] }} Release
 */

/**
 * Opens a proof.
 * @param {string} text release.tlog-proof
 * @param {Log} log
 * @returns {Promise<Release>}
 * @throws {import("../js/trust/trust.js").TrustError} FORMAT, SIGNATURE, INCLUSION, WITNESS
 */
export async function openRelease(text, log) {
  const proof = readProof(text);
  const keys = await Promise.all(log.log.map(Verifier.read));
  const [tree] = await Promise.all(keys.map((key) => openCheckpoint(proof.checkpoint, key)));
  await inLog(proof, tree);
  const entry = await openNote(decoded(proof.entry), await Promise.all(log.release.map(Verifier.read)));
  need(entry.signers.size >= log.threshold, "SIGNATURE", "a release by too few keys");
  const [, version, manifest, time, expires] =
    /^sealbook release v1\nversion (\S+)\nmanifest ([0-9a-f]{64})\ntime (\S+)\nexpires (\S+)\n$/.exec(entry.text) ?? [];
  need(version && manifest && time && expires && instant(time) < instant(expires), "FORMAT", "an entry that is no release");
  const witnesses = await Promise.all(log.witnesses.map(Verifier.read));
  const { signers } = await openNote(proof.checkpoint, [...keys, ...witnesses]);
  const cosigned = witnesses.filter((witness) => signers.has(witness));
  need(!log.quorum || reached(log.quorum, cosigned), "WITNESS", "too few have cosigned");
  const names = [...keys, ...witnesses].map(({ name }) => name);
  const strangers = [...proof.checkpoint.matchAll(/^— (\S+) /gmu)].map(([, name]) => name).filter((name) => !names.includes(name));
  return {
    version, manifest, time: instant(time), expires: instant(expires), entry: proof.index, entries: tree.size, root: tree.root,
    origin: keys[0].name, cosigned: cosigned.map(({ name }) => name), witnesses: witnesses.length, strangers,
  };
}

/**
 * Whether a quorum has signed.
 * @param {Quorum} quorum
 * @param {Verifier[]} cosigned
 * @returns {boolean}
 */
function reached(quorum, cosigned) {
  return "witness" in quorum
    ? cosigned.some(({ text }) => text === quorum.witness)
    : quorum.of.filter((member) => reached(member, cosigned)).length >= quorum.least;
}

/**
 * The files of the site by a manifest, which must be the release's.
 * @param {Release} release
 * @param {Uint8Array} manifest
 * @returns {Promise<Map<string, string>>} SHA-256 in hexadecimal, by path
 */
export async function filesOf(release, manifest) {
  need(hex(await sha256(manifest)) === release.manifest, "FILE", "another manifest than the entry names");
  return new Map([...decoded(manifest).matchAll(/^file ([0-9a-f]{64}) \d+ \S+ site\/(\S+)$/gm)].map(([, sum, path]) => [path, sum]));
}

/** What a service worker's list cannot have, because these hold its hash, or hosts keep it. */
const BESIDE = ["sw.js", "SHA256SUMS", "_headers"];
/** Ends the name of a file's copy that hosts send instead of it; what arrives is the file. */
const COPY = ".br";

/**
 * Throws unless a worker's list is the release's, whole.
 * @param {Map<string, string>} files
 * @param {Record<string, string>} list integrity by path
 */
export function compareList(files, list) {
  const own = Object.entries(list);
  const kept = [...files.keys()].filter((path) => !BESIDE.includes(path) && !(path.endsWith(COPY) && files.has(path.slice(0, -COPY.length))));
  need(own.length === kept.length &&
    own.every(([path, integrity]) => files.get(path) === hexOf(integrity)), "FILE", "another list of files than the release has");
}

/** @param {string} integrity sha256-… */
function hexOf(integrity) {
  const bytes = fromBase64(integrity.slice("sha256-".length));
  return bytes && hex(bytes);
}

/**
 * Whether a version is newer than another.
 * @param {string} a such as "1.4.0" or "2.0.0-rc.1"
 * @param {string} b
 */
export function newer(a, b) {
  const parts = (/** @type {string} */ v) => v.split(/[.-]/, 3).map(Number);
  const label = (/** @type {string} */ v) => v.split("-").slice(1).join("-");
  const [x, y, pre, post] = [parts(a), parts(b), label(a), label(b)];
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return x[i] > y[i];
  return pre === "" ? post !== "" : post !== "" && pre > post;
}
