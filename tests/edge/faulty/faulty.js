// The worker with faults in what it stands on, for tests. Beside what worker.js
// answers there is, for whoever tests:
//
//   POST /v2/fault {mode, at, on}   sets what goes wrong, and answers what was counted; "on" is
//                                   R2 or D1 of the publisher, or "requests": D1 of those
//   POST /v2/fault/publish          what the clock does
//   POST /v2/fault/evict            the publisher's memory is gone, as when Cloudflare moves it
//   POST /v2/fault/damage {key, how}  an object is cut, removed; a cache has something else under it
//
// The publisher does nothing by itself here: neither changes nor alarms wake it.
//
// Modes: "die", at a step everything that the publisher stands on fails, before or
// after it was done, until "evict"; "fail", each call fails at first; "lost", each is
// done and fails at first; "slow"; "down", the database fails for requests.

import worker, { Publisher as Real } from "./worker.js";

const faults = { mode: "", at: 0, on: "R2", steps: 0, dead: false, db: 0 };
/** Calls that failed once. */
let failed = new Set();

async function gate(what) {
  faults.steps++;
  if (faults.mode === "die" && faults.steps >= faults.at) faults.dead = true;
  if (faults.dead) throw new Error("dead");
  if (faults.mode === "slow") await new Promise((resolve) => setTimeout(resolve, 20));
  void what;
}

/** Does a call, with what goes wrong. */
async function call(store, what, once) {
  await gate(what);
  const value = await stumble(store, what, once);
  await gate(what);
  return value;
}

/** Fails the first time, before or after it was done, as D1 words it. */
async function stumble(store, what, once) {
  const first = store === faults.on && !failed.has(what) && (faults.mode === "fail" || faults.mode === "lost");
  if (first) failed.add(what);
  const error = new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
  if (first && faults.mode === "fail") throw error;
  const value = await once();
  if (first) throw error;
  return value;
}

function bucket(real) {
  return new Proxy(real, {
    get(target, name) {
      if (typeof target[name] !== "function") return target[name];
      return (...args) => call("R2", `${String(name)} ${args[0]}`, async () => {
        const value = await target[name](...args);
        if (name !== "createMultipartUpload") return value;
        return {
          uploadPart: (n, bytes) => call("R2", `part ${args[0]} ${n}`, () => value.uploadPart(n, bytes)),
          complete: (parts) => call("R2", `complete ${args[0]}`, () => value.complete(parts)),
          abort: () => value.abort(),
        };
      });
    },
  });
}

function database(real, ask) {
  const statement = (s, sql) => new Proxy(s, {
    get(target, name) {
      if (name === "bind") return (...args) => statement(target.bind(...args), sql);
      if (typeof target[name] !== "function") return target[name];
      return (...args) => ask(sql, () => target[name](...args));
    },
  });
  return new Proxy(real, {
    get(target, name) {
      if (name === "prepare") return (sql) => statement(target.prepare(sql), sql);
      return typeof target[name] === "function" ? target[name].bind(target) : target[name];
    },
  });
}

/** A copy with some bindings replaced: an env itself can't be changed. */
const replaced = (env, bindings) => Object.assign(Object.create(null), env, bindings);

export class Publisher extends Real {
  constructor(state, env) {
    super(state, replaced(env, { PUBLISHED: bucket(env.PUBLISHED), DB: database(env.DB, (sql, once) => call("D1", sql, once)) }));
    this.evicted = () => state.abort("evicted");
  }

  async fetch(request) {
    if (new URL(request.url).pathname === "/evict") this.evicted();
    return super.fetch(request);
  }

  async alarm() {}
}

export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    const ours = replaced(env, {
      PUBLISHER: { idFromName: (name) => env.PUBLISHER.idFromName(name), get: (id) => ({
        fetch: (to, init) => to.endsWith("/changed") ? Promise.resolve(new Response()) : env.PUBLISHER.get(id).fetch(to, init),
      }) },
      DB: database(env.DB, async (sql, once) => {
        faults.db++;
        if (faults.mode === "down") throw new Error("down");
        return stumble("requests", sql, once);
      }),
    });
    switch (url.pathname) {
      case "/v2/fault":
        Object.assign(faults, { mode: "", at: 0, on: "R2", steps: 0, dead: false, db: 0 }, await request.json());
        failed = new Set();
        return Response.json(faults);
      case "/v2/fault/publish": {
        const done = await Promise.all([1, 2].map(() => worker.scheduled(null, ours, ctx).then(() => "", (error) => String(error))));
        return Response.json({ ...faults, done });
      }
      case "/v2/fault/counted":
        return Response.json(faults);
      case "/v2/fault/evict":
        faults.dead = false;
        faults.mode = "";
        await env.PUBLISHER.get(env.PUBLISHER.idFromName("publisher")).fetch("https://publisher/evict").catch(() => {});
        return new Response();
      case "/v2/fault/damage": {
        const { key, how } = await request.json();
        const list = (await env.PUBLISHED.list({ prefix: key.split("*")[0] })).objects.map((object) => object.key);
        const name = list.find((found) => found.endsWith(key.split("*")[1]));
        if (name === undefined) return new Response(null, { status: 404 });
        const object = await env.PUBLISHED.get(name);
        const bytes = await object.arrayBuffer();
        if (how === "remove") await env.PUBLISHED.delete(name);
        else if (how === "cut") await env.PUBLISHED.put(name, bytes.slice(0, bytes.byteLength - 1));
        else if (how === "cache") {
          await caches.default.put(new URL(`/v2/objects/${name}`, request.url).href,
            new Response("an older version", { headers: { "cache-control": "max-age=600" } }));
        }
        return new Response();
      }
      default:
        return worker.fetch(request, ours, ctx);
    }
  },
};
