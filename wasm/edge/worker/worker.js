// The Cloudflare Worker: the directory under /v2/, the site elsewhere.
//
// The site's files are sent by Cloudflare before any of this runs, with the
// fields of the site's _headers; see wrangler.jsonc. Here comes what is none of
// them.

import { readBody } from "./body.js";
import { Counts, metrics } from "./counts.js";
import { Pool, busy } from "./pool.js";
import { respond } from "./problem.js";
import { Published } from "./published.js";
import { page } from "./site.js";

export { Publisher } from "./publisher.js";

const pool = new Pool();
const counts = new Counts(async (env, mine) => (await tell(env, "counts", mine)).json());
const published = new Published((env, ctx) => pool.index(env, ctx), (what) => counts.add(what));

/** Longer than any body that the protocol knows; the directory says what is too large. */
const BODY = 64 << 10;
const BODY_MS = 20_000;

/**
 * @param {Request} request
 * @param {Env} env
 * @param {ExecutionContext} ctx
 */
async function directory(request, env, ctx) {
  const { pathname, search } = new URL(request.url);
  try {
    const answered = await published.answer(request, decoded(pathname), env, ctx);
    if (answered !== null) {
      counts.request(request.method, pathname, answered.status, null);
      return answered;
    }
  } catch {
    console.error("error: the object store failed");
    counts.request(request.method, pathname, busy.status, busy.body);
    return respond(busy);
  }
  // Before an instance is taken: whoever sends slowly holds none.
  const { body, fault } = await readBody(request, BODY, BODY_MS);
  let fields = "";
  for (const [name, value] of request.headers) fields += `${name}:${value}\n`;
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
  if (answer.status < 300 && request.method !== "GET" && request.method !== "HEAD") ctx.waitUntil(tell(env, "changed"));
  counts.request(request.method, pathname, answer.status, answer.body);
  if (pathname === "/v2/health" && request.method === "GET" && answer.body !== null && isOperator(request, env)) {
    const health = JSON.parse(new TextDecoder().decode(answer.body));
    // A directory that fails has no health to tell.
    if (health.version !== undefined) return tellOperator(request, health, answer, await counts.total(env));
  }
  return respond(answer);
}

/**
 * Health with the counts: as metrics for Prometheus, which wants text, and JSON else.
 * @param {Request} request
 * @param {object} health
 * @param {Outgoing} answer
 * @param {Record<string, number>} all
 */
function tellOperator(request, health, answer, all) {
  if (request.headers.get("accept")?.includes("text/plain")) {
    return new Response(metrics(health, all), { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" } });
  }
  const body = new TextEncoder().encode(JSON.stringify({ ...health, counts: all }));
  return respond({ ...answer, body, fields: answer.fields.replace(/^content-length:.*$/im, `content-length:${body.length}`) });
}

/**
 * Whether it is the operator who asks: how busy a directory is is not for everybody.
 * @param {Request} request
 * @param {Env} env
 */
function isOperator(request, env) {
  const secret = String(env.SEALBOOK_OPERATOR ?? "");
  const encoder = new TextEncoder();
  const want = encoder.encode(`Bearer ${secret}`);
  const got = encoder.encode(request.headers.get("authorization") ?? "");
  return secret.length >= 32 && got.length === want.length && crypto.subtle.timingSafeEqual(got, want);
}

/** The path that package edge would see: nothing published is answered by Go. @param {string} pathname */
function decoded(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/**
 * Tells the publisher something.
 * @param {Env} env
 * @param {string} what
 * @param {object} [more]
 */
function tell(env, what, more = {}) {
  return env.PUBLISHER.get(env.PUBLISHER.idFromName("publisher"))
    .fetch(`https://publisher/${what}`, { method: "POST", body: JSON.stringify(more) });
}

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  fetch(request, env, ctx) {
    counts.handOn(env, ctx);
    if (!new URL(request.url).pathname.startsWith("/v2/")) return page(request, env);
    const answer = directory(request, env, ctx);
    // To its end, though the client may have gone: it holds an instance, or reads
    // what others wait for.
    ctx.waitUntil(answer);
    return answer;
  },

  /**
   * By the clock of wrangler.jsonc.
   * @param {unknown} _
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  async scheduled(_, env, ctx) {
    await tell(env, "publish");
    await pool.clean(env, ctx);
  },
};
