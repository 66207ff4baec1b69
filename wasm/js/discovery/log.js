// The directory's log: its newest leaf, proved to follow what is known, and of
// the same moment as the parameters.

import { equal, text as decoded } from "../bytes.js";
import { follows, fresh } from "../trust/state.js";
import { MOST_UPDATE, openUpdate } from "../trust/update.js";
import { MOST } from "./header.js";
import { DirectoryError, trusted } from "./problem.js";
import { send } from "./send.js";

/** @typedef {import("./directory.js").Directory} Directory */
/** @typedef {import("./send.js").Context} Context */
/** @typedef {import("./state.js").View} View */

const ROOT = 32;

/**
 * The log's newest leaf, proved to follow what is known.
 * @param {Directory} directory
 * @param {View | null} known
 * @param {Context} context
 * @returns {Promise<Omit<View, "tags" | "records">>}
 */
export async function update(directory, known, context) {
  const tree = known?.tree ?? { size: 0, root: new Uint8Array(ROOT) };
  const { link, log, note } = directory;
  if (known !== null && known.log !== log.text) throw new DirectoryError("KEY", "the directory shows another key of its log than before", { evidence: [known.note, note] });
  const { body } = await send(link, { method: "GET", path: `/v2/log/update?from=${tree.size}`, expect: [200], limit: MOST_UPDATE }, context);
  let text = "";
  try {
    text = decoded(body);
  } catch {
    // and is refused as any other text that is none
  }
  const size = Number(/\n[^\n]+\n(\d{1,16})\n[^\n]+\n\n— /.exec(text)?.[1]);
  // Two checkpoints of one size with different roots contradict each other; of
  // others only the leaves between could show it.
  const fork = (/** @type {string} */ code) => (known !== null && (code === "RULES" || code === "CONSISTENCY" && size === tree.size) ? [known.update, text] : code === "NOTE" ? [] : [text]);
  const opened = await trusted(() => openUpdate(text, tree, log), fork);
  await trusted(() => {
    if (known !== null && opened.tree.size > tree.size) follows(opened.state, known.leaf);
    fresh(opened.state, Date.now());
  }, fork);
  const { parameters } = directory;
  if (opened.state.epoch === parameters.epoch && !equal(opened.state.key, parameters.publicKey)) {
    throw new DirectoryError("KEY", "the directory shows another public key than it logged for this epoch", { evidence: [note, text] });
  }
  if (opened.state.people > MOST) throw new DirectoryError("SIZE", "the directory has more people than a list may have", { evidence: [text] });
  return { tree: opened.tree, leaf: opened.state, update: text, note, log: log.text };
}

/**
 * Why parameters and leaf are not of one moment, if they are not.
 * @param {Directory} directory
 * @param {Omit<View, "tags" | "records">} seen
 */
export function differs({ parameters, sha256, note }, { leaf, update }) {
  const evidence = [note, update];
  if (leaf.epoch !== parameters.epoch) return new DirectoryError("EPOCH", "the directory's parameters and its log are of different epochs", { evidence });
  if (leaf.consent !== parameters.consent.sha256 || leaf.parameters !== sha256) return new DirectoryError("NOTE", "the directory's parameters are not those that it logged", { evidence });
}
