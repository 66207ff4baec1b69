// Trial releases: a site, its log and its proof, by keys of their own.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { go } from "./harness.js";

/**
 * Makes a release; those of one folder are of one log.
 * @param {string} dir
 * @param {string} version
 * @param {(site: string) => Promise<unknown>} [change] the site before it is released
 * @param {string} [policy] who its witnesses are
 * @returns {Promise<string>} its dist folder
 */
export async function trialRelease(dir, version, change = async () => {}, policy = "quorum none\n") {
  const from = join(dir, version), dist = join(dir, "make", version);
  await mkdir(join(from, "worker"), { recursive: true });
  await mkdir(join(from, "verifier"));
  await writeFile(join(from, "policy"), policy);
  await go("run", "./verifier/release/make", "keys", "-o", join(from, "keys"));
  await go("run", "./site/build", "-o", join(from, "site"), "-version", version, "-keys", join(from, "keys"), "-policy", join(from, "policy"));
  await change(join(from, "site"));
  await go("run", "./verifier/release/make", "release", "-version", version, "-from", from, "-o", dist, "-tool", "go=1");
  return dist;
}
