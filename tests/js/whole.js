// All that runs in every engine, on the same data. It knows no engine.

import { discovery } from "./discovery.js";
import { paths as ofProtocol, protocol } from "./protocol.js";
import { paths as ofPublished, published } from "./published.js";
import { emailVectors, suite } from "./suite.js";

/**
 * Modules as the directory's client takes them, and the formats.
 * @typedef {{ sealbook: import("sealbook").Sealbook, blind: import("sealbook/blind").Blind, formats: import("sealbook/format").Formats }} Loaded
 */

/**
 * @param {{ sealbook: typeof import("sealbook"), discover: typeof import("sealbook/discover"), blind: typeof import("sealbook/blind") }} entries
 * @param {Loaded} core
 * @param {import("./suite.js").Data} data
 * @param {(path: string) => Promise<any>} load a file of the package that is not for its users
 * @returns {Promise<Record<string, number>>}
 */
export async function whole({ sealbook, discover, blind }, core, data, load) {
  /** @param {Record<string, string>} paths */
  const modules = async (paths) => Object.fromEntries(await Promise.all(Object.entries(paths).map(async ([name, path]) => [name, await load(path)])));
  return {
    ...await suite({ ...sealbook, OprfError: blind.OprfError }, core, data),
    "e-mail vectors": emailVectors(await load("emails.js"), core.sealbook, data.emails),
    ...await protocol(await modules(ofProtocol), core, data.directory),
    ...await published(await modules(ofPublished), data.tags, data.trust),
    ...await discovery(discover, core),
  };
}
