// Counts requests and refusals, and nothing of who asked. Isolates add theirs to
// those of the publisher, now and then: what an isolate counted last is lost with it.

/** How often they are handed on, in milliseconds. */
const HAND_ON_MS = 10_000;

const PATHS = new Set(["/v2/directory", "/v2/health", "/v2/log/checkpoint", "/v2/log/cosigned", "/v2/log/update", "/v2/log/tile/**",
  "/v2/states/*/tags", "/v2/states/*/records", "/v2/states/*/root", "/v2/states/*/hashes", "/v2/changes/*", "/v2/changes/*/records",
  "/v2/changes/*/*", "/v2/changes/*/*/records", "/v2/registrations", "/v2/registrations/*", "/v2/evaluations", "/v2/me", "/v2/me/record",
  "/v2/me/renewal", "/v2/me/epoch"]);
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);

/** The path as metrics name it. @param {string} pathname */
function named(pathname) {
  const path = pathname.replace(/^\/v2\/log\/tile\/.*/, "/v2/log/tile/**").replace(/^(\/v2\/registrations)\/[^/]+$/, "$1/*").replace(/\/\d+(?=\/|$)/g, "/*");
  return PATHS.has(path) ? path : "other";
}

export class Counts {
  /** @type {Record<string, number>} */
  #all = {};
  #handed = Date.now();
  #tell;

  /** @param {(env: Env, counts: Record<string, number>) => Promise<Record<string, number>>} tell answers all counts */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {string} name */
  add(name) {
    this.#all[name] = (this.#all[name] ?? 0) + 1;
  }

  /**
   * Counts a request and its answer.
   * @param {string} method
   * @param {string} pathname
   * @param {number} status
   * @param {Uint8Array | null} body of a refusal, as far as it is at hand
   */
  request(method, pathname, status, body) {
    this.add(`sealbook_requests_total{method="${METHODS.has(method) ? method : "other"}",path="${named(pathname)}"}`);
    if (status < 400) return;
    const code = body === null ? "" : /"code":"([a-z_]+)"/.exec(new TextDecoder().decode(body))?.[1] ?? "";
    this.add(`sealbook_refusals_total{code="${code === "" ? status : code}"}`);
  }

  /** Hands them on, if it is time. @param {Env} env @param {ExecutionContext} ctx */
  handOn(env, ctx) {
    if (Date.now() - this.#handed >= HAND_ON_MS) ctx.waitUntil(this.total(env).catch(() => {}));
  }

  /** All counts. @param {Env} env */
  async total(env) {
    const mine = this.#all;
    this.#all = {};
    this.#handed = Date.now();
    try {
      return await this.#tell(env, mine);
    } catch (error) {
      for (const [name, n] of Object.entries(mine)) this.#all[name] = (this.#all[name] ?? 0) + n;
      throw error;
    }
  }
}

/** What health says, as metrics: those of package edge, by the same names. @type {[string, (h: any) => number][]} */
const GAUGES = [
  ["sealbook_up", (h) => (h.status === "ok" ? 1 : 0)],
  ["sealbook_state_version", (h) => h.version],
  ["sealbook_state_age_seconds", (h) => h.age],
  ["sealbook_people", (h) => h.people],
  ["sealbook_pending", (h) => (h.pending ? 1 : 0)],
  ["sealbook_epoch", (h) => h.epoch],
  ["sealbook_epoch_age_seconds", (h) => h.epoch_age],
];

/** Those that are counted. */
const COUNTERS = ["sealbook_publication_milliseconds_sum", "sealbook_publications_failed_total", "sealbook_publications_total",
  "sealbook_refusals_total", "sealbook_requests_total"];

/**
 * Writes all of it in the text form that Prometheus reads, version 0.0.4.
 * @param {any} health
 * @param {Record<string, number>} counts
 */
export function metrics(health, counts) {
  let text = "";
  for (const [name, value] of GAUGES) text += `# TYPE ${name} gauge\n${name} ${value(health)}\n`;
  const names = Object.keys(counts).sort();
  for (const counter of COUNTERS) {
    text += `# TYPE ${counter} counter\n`;
    for (const name of names) if (name.split("{")[0] === counter) text += `${name} ${counts[name]}\n`;
  }
  return text;
}
