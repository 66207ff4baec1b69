// A built site whose workers also try to get out when they are told to: the
// only way to run something in a worker in every engine. The hashes are made
// to fit again; policies and all else stay as they are.

import { createHash } from "node:crypto";
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const integrity = (/** @type {Buffer | string} */ data) => "sha256-" + createHash("sha256").update(data).digest("base64");

/**
 * @param {string} from a built site
 * @param {string} to a new folder
 * @param {Record<string, Function>} escapes
 */
export async function spike(from, to, escapes) {
  await cp(from, to, { recursive: true });
  const code = `
{
  const escapes = { ${Object.entries(escapes).map(([name, escape]) => `${JSON.stringify(name)}: ${escape}`).join(",\n")} };
  const channel = new BroadcastChannel("escape");
  channel.onmessage = ({ data: { worker, where } }) => {
    if (worker !== self.name) return;
    for (const [name, escape] of Object.entries(escapes)) (async () => escape({ ...where, name }))().catch(() => {});
    channel.postMessage({ done: worker });
  };
}
`;
  /** @type {[string, string][]} */
  const changed = [];
  for (const name of await readdir(join(to, "worker"))) {
    const path = join(to, "worker", name);
    const before = await readFile(path, "utf8");
    await writeFile(path, before + code);
    changed.push([integrity(before), integrity(before + code)]);
  }
  const files = (await readdir(to)).filter((name) => name.endsWith(".html"));
  for (const name of [...files, "sw.js"]) {
    const path = join(to, name);
    const before = await readFile(path, "utf8");
    const after = changed.reduce((text, [old, fresh]) => text.replaceAll(old, fresh), before);
    await writeFile(path, after);
    changed.push([integrity(before), integrity(after)]);
  }
}
