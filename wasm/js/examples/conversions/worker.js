// A Cloudflare Worker that takes order webhooks and forwards conversions: numbers
// and addresses are normalised and hashed as the platform wants them, here; the
// platform is asked by a queue, which tries again.
//
// wrangler.jsonc binds the queue as CONVERSIONS, in both directions, and the
// variables ENDPOINT, TOKEN and SECRET (of the shop's signature) as secrets,
// RETRY_SECONDS, and REGION, in which customers write numbers without a calling code.
//
// A digest of a number is personal data: forward it only for customers who agreed.

import { load } from "sealbook";
import { emailDigest } from "sealbook/emails";

/**
 * @typedef {object} Env
 * @property {{ send(message: Conversion): Promise<void> }} CONVERSIONS
 * @property {string} ENDPOINT
 * @property {string} TOKEN
 * @property {string} SECRET
 * @property {string} REGION
 * @property {string} RETRY_SECONDS until the first attempt after a failure; each later one waits four times as long
 *
 * @typedef {{ event_name: "Purchase", event_time: number, event_id: string, value: number, currency: string, user_data: { ph?: string, em?: string } }} Conversion
 */

/** Most bytes of a webhook. */
const MOST = 64 << 10;

export default {
  /** @param {Request} request @param {Env} env */
  async fetch(request, env) {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { Allow: "POST" } });
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > MOST) return new Response(null, { status: 413 });
    if (!(await signed(body, request.headers.get("X-Signature") ?? "", env.SECRET))) return new Response(null, { status: 401 });
    /** @type {any} */
    let order;
    try {
      order = JSON.parse(new TextDecoder().decode(body));
    } catch {
      return new Response(null, { status: 400 });
    }
    const conversion = await converted(order, env.REGION);
    if (conversion === null) return new Response(null, { status: 204 }); // nothing to match by
    await env.CONVERSIONS.send(conversion);
    return new Response(null, { status: 202 });
  },

  /** @param {{ messages: readonly { body: Conversion, attempts: number, ack(): void, retry(options: { delaySeconds: number }): void }[] }} batch @param {Env} env */
  async queue({ messages }, env) {
    for (const message of messages) {
      const status = await fetch(env.ENDPOINT, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${env.TOKEN}` },
        body: JSON.stringify({ data: [message.body] }),
      }).then((response) => response.status, () => 0);
      // What the platform refuses it will refuse again; all else passes.
      if ((status >= 200 && status < 300) || (status >= 400 && status < 500 && status !== 429)) message.ack();
      else message.retry({ delaySeconds: Math.min(Number(env.RETRY_SECONDS) * 4 ** (message.attempts - 1), 43_200) });
    }
  },
};

/**
 * The conversion of an order, null where there is nothing to match by.
 * @param {any} order
 * @param {string} region
 * @returns {Promise<Conversion | null>}
 */
async function converted(order, region) {
  if (order?.consent !== true || typeof order.id !== "string") return null;
  const sealbook = await load();
  /** @type {Conversion["user_data"]} */
  const user_data = {};
  // An address in the country of delivery says where its number was written down.
  const home = sealbook.callingCode(order.country ?? "") ? order.country : region;
  const number = typeof order.phone === "string" ? sealbook.tryParse(order.phone, home) : null;
  if (number?.error === null && number.valid) user_data.ph = sealbook.digest(number, "meta-capi");
  try {
    user_data.em = emailDigest(sealbook, order.email, "meta-email");
  } catch {
    // No address, or none that could be.
  }
  if (!user_data.ph && !user_data.em) return null;
  return { event_name: "Purchase", event_time: Math.floor(Date.parse(order.time) / 1000), event_id: order.id, value: Number(order.total), currency: String(order.currency), user_data };
}

/**
 * Whether the shop signed a body: HMAC-SHA-256 in hexadecimal.
 * @param {Uint8Array} body
 * @param {string} signature
 * @param {string} secret
 */
async function signed(body, signature, secret) {
  if (!/^[0-9a-f]{64}$/.test(signature)) return false;
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, Uint8Array.from(signature.match(/../g) ?? [], (pair) => parseInt(pair, 16)), body);
}
