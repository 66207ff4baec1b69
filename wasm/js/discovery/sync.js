// Tags up to date, with as few bytes as may be.

import { MOST_BYTES, Tags } from "./buckets.js";
import { send } from "./send.js";

/** @typedef {import("./directory.js").Directory} Directory */

/**
 * What changed since the tags in hand; the whole file where there are none, or
 * where the directory does not go back so far.
 * @param {Directory} directory
 * @param {number} bucket
 * @param {Tags | undefined} known
 * @param {import("./send.js").Context} context
 * @returns {Promise<Tags>}
 */
export async function currentTags({ link, parameters: { epoch, bucketBits: bits } }, bucket, known, context) {
  const place = { epoch, bits, bucket };
  const request = { method: /** @type {const} */ ("GET"), limit: MOST_BYTES, public: true };
  if (known !== undefined) {
    const { status, body } = await send(link, {
      ...request, path: `/v1/buckets/${bucket}/delta?since=${known.version}`, expect: [200, 404, 410],
    }, context);
    const tags = status === 200 ? known.apply(body) : null;
    // A delta that does not fit is no reason to give up: the file settles it.
    if (tags !== null) return tags;
  }
  const etag = known?.etag ?? null;
  const { status, headers, body } = await send(link, {
    ...request,
    path: `/v1/buckets/${bucket}/tags`,
    ...(etag === null ? {} : { headers: { "if-none-match": etag } }),
    expect: etag === null ? [200] : [200, 304],
  }, context);
  return known !== undefined && status === 304 ? known : Tags.read(body, place, headers.get("etag"));
}
