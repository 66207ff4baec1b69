// The worker under many clients, for tests:
//
//   GET /v2/warm   has V8 compile what hands instances on, as in a worker that has
//                  answered for hours
//   GET /v2/cut    takes all instances, and goes before they have answered

import { WorkerEntrypoint } from "cloudflare:workers";
import { Instance } from "./instance.js";
import { Pool } from "./pool.js";
import worker from "./worker.js";

export { Publisher } from "./worker.js";

/** The worker for requests that can be broken off here: workerd does not see it where a connection ends. */
export class Client extends WorkerEntrypoint {
  fetch(request) {
    return worker.fetch(request, this.env, this.ctx);
  }
}

async function warm(env, ctx) {
  const pool = new Pool();
  const { answer } = Instance.prototype;
  Instance.prototype.answer = async () => ({ status: 200, fields: "", body: null, panicked: false });
  let left = 400_000;
  await Promise.all(Array.from({ length: 5 }, async () => {
    while (left-- > 0) await pool.answer(env, ctx, {});
  }));
  Instance.prototype.answer = answer;
}

async function cut(url, ctx) {
  const leaving = new AbortController();
  const all = Array.from({ length: 8 }, () => ctx.exports.Client.fetch(new Request(new URL("/v2/wait/300ms", url), { signal: leaving.signal })));
  await new Promise((resolve) => setTimeout(resolve, 100));
  leaving.abort();
  return (await Promise.allSettled(all)).filter(({ status }) => status === "rejected").length;
}

export default {
  async fetch(request, env, ctx) {
    switch (new URL(request.url).pathname) {
      case "/v2/warm":
        await warm(env, ctx);
        return new Response("warm");
      case "/v2/cut":
        return Response.json(await cut(request.url, ctx));
      default:
        return worker.fetch(request, env, ctx);
    }
  },
};
