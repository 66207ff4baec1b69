// The worker, for measuring it. Beside what worker.js answers there is
//
//   GET  /v2/bench/stream?KEY     nothing but the object, streamed: what answers are held against
//   GET  /v2/bench/key?VERSION    under which key the version's files lie
//   POST /v2/bench/publish        publishes, and says how much memory Go has
//
// The publisher does nothing by itself, so that what it takes is measured alone.
import worker, { Publisher as Real } from "./worker.js";

export class Publisher extends Real {
  async alarm() {}

  async fetch(request) {
    return new URL(request.url).pathname === "/changed" ? new Response() : super.fetch(request);
  }
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, search } = new URL(request.url);
    switch (pathname) {
      case "/v2/bench/stream": {
        const object = await env.PUBLISHED.get(search.slice(1), request.headers.has("range") ? { range: request.headers } : {});
        return new Response(object.body);
      }
      case "/v2/bench/key":
        return new Response((await env.PUBLISHED.list({ prefix: `published/${search.slice(1)}-` })).objects[0].key.replace(/[^/]*$/, ""));
      case "/v2/bench/publish":
        return env.PUBLISHER.get(env.PUBLISHER.idFromName("publisher")).fetch("https://publisher/publish");
      default:
        return worker.fetch(request, env, ctx);
    }
  },
  // The clock that the simulator has is left out, too.
  async scheduled() {},
};
