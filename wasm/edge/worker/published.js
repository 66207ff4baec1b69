// Answers GET and HEAD of what is published, from R2: no database is asked, and no
// Go instance is used. The same answers as those of package edge, which its suite
// compares.

import { Index, fileKey, readIndex, stubborn, tileKey } from "./objects.js";
import { problem, respond } from "./problem.js";

const STATE = /^\/v2\/states\/([1-9]\d{0,15})\/(tags|records|root|hashes)$/;
const CHANGES = /^\/v2\/changes\/(0|[1-9]\d{0,15})(?:\/([1-9]\d{0,15}))?(\/records)?$/;
const TILE = /^\/v2\/log\/(tile\/(?:entries|[0-5])\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;

/**
 * How many entries of a log lie in a tile of them, each behind its length in two
 * bytes; -1 where the last is not whole.
 * @param {Uint8Array} tile
 */
function entriesOf(tile) {
  let n = 0;
  for (let at = 0; at < tile.length; n++) {
    at += 2 + (tile[at] << 8 | tile[at + 1]);
    if (at > tile.length) return -1;
  }
  return n;
}

/** In the order of their lengths in the index. */
const FILES = ["tags", "records", "root", "hashes", "changes", "changes-records"];

/** How long what can be read is known without looking, in milliseconds. */
const KNOWN_MS = 20_000;
/** How many versions the index may lack: it is written at once after each. */
const AHEAD = 8;
/** How long an hour's changes are kept after its end, in seconds. */
const HOUR_KEPT = 8 * 86_400 + 3_600;
/** And a version after the next. */
const VERSION_KEPT = 600;
/** Longer files are not put into the cache. */
const CACHED = 32 << 20;

const PUBLIC = "access-control-allow-origin:*\naccess-control-expose-headers:content-range, retry-after, sealbook-budget, sealbook-epoch\n" +
  "cross-origin-resource-policy:cross-origin\n";

const unknownVersion = problem(404, "version_unknown", "Not Found", "There is no such version.", PUBLIC);
const goneVersion = problem(410, "version_gone", "Gone", "This version can't be read any more; there is a newer one.", PUBLIC);
const unknownHour = problem(404, "hour_unknown", "Not Found", "There are no changes of this hour; it may not be over.", PUBLIC);
const goneHour = problem(410, "hour_gone", "Gone", "Changes are kept for 8 days.", PUBLIC);
const missing = problem(503, "file_missing", "Service Unavailable",
  "A published file is missing or not whole; the directory's operator has to look.", PUBLIC);

export class Published {
  /** @type {Index | null} */
  #index = null;
  /** A reading of the index, and a question to the database, that are under way. @type {Promise<Index | null> | null} */
  #reading = null;
  /** @type {Promise<Index | null> | null} */
  #asking = null;
  #ask;
  #count;

  /**
   * @param {(env: Env, ctx: ExecutionContext) => Promise<string | null>} ask makes the index from the database
   * @param {(what: string) => void} count
   */
  constructor(ask, count) {
    this.#ask = ask;
    this.#count = count;
  }

  /**
   * Answers a request, or null where it is none for what is published.
   * @param {Request} request
   * @param {string} pathname
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @returns {Promise<Response | null>}
   */
  async answer(request, pathname, env, ctx) {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const state = STATE.exec(pathname);
    if (state !== null) {
      const found = await this.#version(Number(state[1]), env, ctx);
      return "status" in found ? respond(found) : this.#file(request, found, state[2], "public, max-age=600", env, ctx);
    }
    const changes = CHANGES.exec(pathname);
    if (changes !== null) {
      const hour = Number(changes[1]);
      const found = changes[2] === undefined ? await this.#hour(hour, env, ctx) : await this.#version(Number(changes[2]), env, ctx);
      if ("status" in found) return respond(found);
      if (found.hour !== hour) return respond(unknownHour);
      if (found.name === "") return this.#send(request, "no-store", 0, async () => null);
      return this.#file(request, found, changes[3] === undefined ? "changes" : "changes-records", "no-store", env, ctx);
    }
    const tile = TILE.exec(pathname);
    return tile === null ? null : this.#tile(request, tile[1], env);
  }

  /**
   * What can be read. Where something is not known that may have come meanwhile it
   * is looked for, in R2 and then in the database: an announcement may have been
   * broken off.
   * @param {Env} env
   * @param {ExecutionContext} ctx
   * @param {(index: Index) => boolean} knows
   * @param {(index: Index) => boolean} possible whether it may be in the database all the same
   */
  async #known(env, ctx, knows, possible) {
    let index = this.#index;
    if (index !== null && knows(index) && Date.now() - index.read < KNOWN_MS) return index;
    this.#reading ??= readIndex(env.PUBLISHED).finally(() => (this.#reading = null));
    index = await this.#reading;
    if (index !== null && knows(index)) return (this.#index = index);
    // One at a time; and one that was under way may have looked too early.
    for (const asking of [this.#asking, undefined]) {
      if (asking === null || index !== null && (knows(index) || !possible(index))) continue;
      this.#asking ??= this.#ask(env, ctx).then((text) => text === null ? null : new Index(text)).finally(() => (this.#asking = null));
      index = (await this.#asking) ?? index;
    }
    if (index !== null && index.version >= (this.#index?.version ?? 0)) this.#index = index;
    return this.#index;
  }

  /** @param {number} version @param {Env} env @param {ExecutionContext} ctx */
  async #version(version, env, ctx) {
    const index = await this.#known(env, ctx, (index) => index.versions.has(version) || version < index.version,
      (index) => version <= index.version + AHEAD);
    const found = index?.versions.get(version);
    if (found === undefined) return index !== null && version < index.version ? goneVersion : unknownVersion;
    return found.replaced > 0 && Date.now() / 1000 - found.replaced >= VERSION_KEPT ? goneVersion : found;
  }

  /** @param {number} hour @param {Env} env @param {ExecutionContext} ctx */
  async #hour(hour, env, ctx) {
    const index = await this.#known(env, ctx, (index) => hour < index.newest, () => hour < Math.floor(Date.now() / 3_600_000));
    if (index === null || hour >= index.newest || hour < index.first) return unknownHour;
    if (Date.now() / 1000 >= (hour + 1) * 3600 + HOUR_KEPT) return goneHour;
    // An hour in which nothing was published has no changes.
    return index.hours.get(hour) ?? { name: "", hour, replaced: 0, sizes: null };
  }

  /**
   * @param {Request} request
   * @param {import("./objects.js").Found} found
   * @param {string} file
   * @param {string} caching
   * @param {Env} env
   * @param {ExecutionContext} ctx
   */
  async #file(request, found, file, caching, env, ctx) {
    const key = fileKey(`${found.name}/${file}`);
    let size = found.sizes?.[FILES.indexOf(file)];
    const cacheable = caching !== "no-store" && size !== undefined && size > 0 && size <= CACHED;
    if (size === undefined) { // nobody wrote it down
      const object = await stubborn(() => env.PUBLISHED.head(key));
      if (object === null) return this.#missing();
      size = object.size;
    }
    const whole = size;
    return this.#send(request, caching, whole, async (range) => {
      const cached = new URL(`/v2/objects/${key}`, request.url).href;
      if (cacheable && (range === null || whole <= 1 << 20)) {
        const hit = await caches.default.match(range === null ? cached : new Request(cached, { headers: { range: `bytes=${range.offset}-${range.offset + range.length - 1}` } }))
          .catch(() => undefined); // a cache that fails is none
        if (hit !== undefined && hit.status === (range === null ? 200 : 206) &&
          Number(hit.headers.get("content-length")) === (range?.length ?? whole)) return hit.body;
        await hit?.body?.cancel();
        // By itself, not by a branch of what is being sent: who reads slowly would
        // have it kept in memory.
        ctx.waitUntil(this.#fill(cached, key, whole, env));
      }
      if (request.method === "HEAD") {
        const object = await stubborn(() => env.PUBLISHED.head(key));
        return object === null || object.size !== whole ? undefined : null;
      }
      const object = await stubborn(() => env.PUBLISHED.get(key, range === null ? {} : { range }));
      if (object !== null && object.size === whole) return object.body;
      await object?.body.cancel();
      return undefined;
    });
  }

  /**
   * Puts a file into the cache.
   * @param {string} cached
   * @param {string} key
   * @param {number} size
   * @param {Env} env
   */
  async #fill(cached, key, size, env) {
    try {
      const object = await env.PUBLISHED.get(key);
      if (object === null) return;
      if (object.size !== size) await object.body.cancel();
      else await caches.default.put(cached, new Response(object.body, { headers: { "cache-control": "public, max-age=600", "content-length": String(size) } }));
    } catch {
      // The next request tries again.
    }
  }

  /**
   * A tile; null where it is not kept, as a shorter one that was replaced: Go makes it.
   * @param {Request} request
   * @param {string} path
   * @param {Env} env
   */
  async #tile(request, path, env) {
    const object = await stubborn(() => env.PUBLISHED.get(tileKey(path)));
    if (object === null) return null;
    const width = Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256);
    // At most 256 leaves or hashes. Nobody wrote down how long leaves are: they say
    // themselves.
    const body = new Uint8Array(await object.arrayBuffer());
    const whole = path.startsWith("tile/entries/") ? entriesOf(body) === width : body.length === 32 * width;
    if (body.length !== object.size || !whole) return this.#missing();
    // As package edge answers it: whole.
    return new Response(request.method === "HEAD" ? null : body, {
      headers: [...common("no-store"), ["content-length", String(object.size)]],
    });
  }

  #missing() {
    this.#count('sealbook_refusals_total{code="file_missing"}');
    return respond(missing);
  }

  /**
   * Answers with a file, or a part of it (RFC 9110, section 14: one range of bytes).
   * @param {Request} request
   * @param {string} caching
   * @param {number} size
   * @param {(range: { offset: number, length: number } | null) => Promise<ReadableStream | null | undefined>} read
   *   undefined where there is no such file
   */
  async #send(request, caching, size, read) {
    // With If-Range nothing can match, for there are no validators.
    const range = request.headers.has("if-range") ? null : parseRange(request.headers.get("range") ?? "", size);
    if (range === "outside") {
      return respond(problem(416, "range_unsatisfiable", "Requested Range Not Satisfiable", "The file does not have these bytes.",
        `${PUBLIC}content-range:bytes */${size}\n`));
    }
    const body = await read(range);
    if (body === undefined) return this.#missing();
    const headers = common(caching);
    headers.push(["accept-ranges", "bytes"], ["content-length", String(range?.length ?? size)]);
    if (range !== null) headers.push(["content-range", `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`]);
    if (request.method === "HEAD") await body?.cancel();
    return new Response(request.method === "HEAD" ? null : body, { status: range === null ? 200 : 206, headers });
  }
}

/** @param {string} caching @returns {[string, string][]} */
const common = (caching) => [
  ["content-type", "application/octet-stream"],
  ["cache-control", caching],
  ["x-content-type-options", "nosniff"],
  ["access-control-allow-origin", "*"],
  ["access-control-expose-headers", "content-range, retry-after, sealbook-budget, sealbook-epoch"],
  ["cross-origin-resource-policy", "cross-origin"],
];

/**
 * Reads a Range field for a file of size bytes. Several ranges, and whatever is
 * not well formed, ask for the whole.
 * @param {string} field
 * @param {number} size
 * @returns {{ offset: number, length: number } | null | "outside"}
 */
export function parseRange(field, size) {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(field);
  if (match === null || match[1] === "" && match[2] === "") return null;
  if (match[1] === "") { // the last bytes
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? "outside" : { offset: size - length, length };
  }
  const offset = Number(match[1]);
  const last = match[2] === "" ? Infinity : Number(match[2]);
  if (last < offset) return null;
  return offset >= size ? "outside" : { offset, length: Math.min(size, last + 1) - offset };
}
