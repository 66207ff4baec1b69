// The Cloudflare Worker: the directory under /v2/, the site elsewhere.
//
// The site's files are sent by Cloudflare before any of this runs, with the
// fields of the site's _headers; see wrangler.jsonc. Here comes what is none of
// them.

import { readBody } from "./body.js";
import { Pool } from "./pool.js";
import { page } from "./site.js";

const pool = new Pool();

/** Longer than any body that the protocol knows; the directory says what is too large. */
const BODY = 64 << 10;
const BODY_MS = 20_000;

/**
 * @param {Request} request
 * @param {Env} env
 * @param {ExecutionContext} ctx
 */
async function directory(request, env, ctx) {
  // Before an instance is taken: whoever sends slowly holds none.
  const { body, fault } = await readBody(request, BODY, BODY_MS);
  let fields = "";
  for (const [name, value] of request.headers) fields += `${name}:${value}\n`;
  const { pathname, search } = new URL(request.url);
  const answer = await pool.answer(env, ctx, {
    method: request.method,
    target: pathname + search,
    fields,
    body,
    fault,
    address: request.headers.get("cf-connecting-ip") ?? "",
  });
  // What changed something is published when its time comes, without anybody
  // having to ask.
  if (answer.status < 300 && request.method !== "GET" && request.method !== "HEAD") ctx.waitUntil(publishSoon(env, ctx));
  const headers = new Headers();
  for (const line of answer.fields.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  return new Response(answer.body, { status: answer.status, headers });
}

/** How long work may go on after a request was answered; Cloudflare ends it after 30 s. */
const AFTER_MS = 25_000;
/** For how long a request that publishes is waited for before it is taken for broken off. */
const BROKEN_MS = 5_000;

/** Until when somebody is publishing for all. */
let taken = 0;
/** Whether something changed since they last looked. */
let again = false;

/**
 * Publishes as soon as the interval allows. Where that is too long to wait, the
 * clock of wrangler.jsonc does it.
 * @param {Env} env
 * @param {ExecutionContext} ctx
 */
async function publishSoon(env, ctx) {
  again = true;
  if (Date.now() < taken) return;
  const end = Date.now() + AFTER_MS;
  while (again) {
    again = false;
    taken = Date.now() + BROKEN_MS;
    const wait = await pool.publish(env, ctx);
    if (Date.now() + wait > end) continue;
    taken = Date.now() + wait + BROKEN_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(wait, 100)));
    again = true;
  }
  taken = 0;
}

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  fetch(request, env, ctx) {
    return new URL(request.url).pathname.startsWith("/v2/") ? directory(request, env, ctx) : page(request, env);
  },

  /**
   * By the clock of wrangler.jsonc.
   * @param {unknown} _
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  async scheduled(_, env, ctx) {
    await pool.publish(env, ctx);
    await pool.clean(env, ctx);
  },
};
