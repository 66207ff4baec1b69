// The worker, for measuring it. Beside what worker.js answers there is
//
//   GET  /v2/bench/stream?KEY     nothing but the object, streamed: what answers are held against
//   GET  /v2/bench/key?VERSION    under which key the version's files lie
//   GET  /v2/bench/publish        publishes, and says how much memory Go has
//   GET  /v2/bench/used?on        what D1 and R2 were used for since the last; counts from now on
//   GET  /v2/bench/used           the same, and counts no more
//   GET  /v2/bench/largest        the largest memory of an instance so far
//
// The publisher does nothing by itself, so that what it takes is measured alone.
import { Instance } from "./instance.js";
import worker, { Publisher as Real } from "./worker.js";

/** The largest memory of an instance that answers requests, in bytes. */
let largest = 0;
const { answer } = Instance.prototype;
Instance.prototype.answer = async function (...args) {
  try {
    return await answer.apply(this, args);
  } finally {
    largest = Math.max(largest, this.size);
  }
};

let counting = false;
let used = nothing();

function nothing() {
  return { d1_rows_read: 0, d1_rows_written: 0, r2_class_a: 0, r2_class_b: 0 };
}

/**
 * A statement that counts the rows that D1 says it read and wrote. D1 says it of
 * all(), whose rows are objects: so what reads is done twice, and what writes has
 * columns of different names, none of which is a number.
 */
function statement(real, writes) {
  const add = ({ meta }) => {
    used.d1_rows_read += meta.rows_read;
    used.d1_rows_written += meta.rows_written;
  };
  return {
    bind: (...args) => statement(real.bind(...args), writes),
    async run() {
      const result = await real.run();
      if (counting) add(result);
      return result;
    },
    async raw(options) {
      if (!counting) return real.raw(options);
      const result = await real.all();
      add(result);
      if (!writes) return real.raw(options);
      return result.results.length === 0 ? [] : [Object.keys(result.results[0]), ...result.results.map(Object.values)];
    },
  };
}

/** The class of each operation by https://developers.cloudflare.com/r2/pricing/; deleting is free. */
const CLASSES = { put: "a", list: "a", createMultipartUpload: "a", uploadPart: "a", complete: "a", get: "b", head: "b" };

function bucket(real) {
  return new Proxy(real, {
    get(target, name) {
      if (typeof target[name] !== "function") return target[name];
      return async (...args) => {
        if (counting && name in CLASSES) used[`r2_class_${CLASSES[name]}`]++;
        const value = await target[name](...args);
        return name === "createMultipartUpload" ? bucket(value) : value;
      };
    },
  });
}

const measured = (env) => Object.assign(Object.create(null), env, {
  DB: { prepare: (sql) => statement(env.DB.prepare(counting ? sql.replace(/, 0$/, ", 0 AS zero") : sql), !/^\s*(SELECT|WITH)/.test(sql)) }, PUBLISHED: bucket(env.PUBLISHED),
});

export class Publisher extends Real {
  constructor(state, env) {
    super(state, measured(env));
  }

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
      case "/v2/bench/largest":
        return Response.json(largest);
      case "/v2/bench/used": {
        const before = used;
        used = nothing();
        counting = search === "?on";
        return Response.json(before);
      }
      default:
        return worker.fetch(request, counting ? measured(env) : env, ctx);
    }
  },
  // The clock that the simulator has is left out, too.
  async scheduled() {},
};
