// What workerd, wrangler and Go give to the entry. Only what is used of it.

/** A WebAssembly module, compiled by workerd. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** Bindings of wrangler.jsonc. */
interface Env {
  DB: object;
  ASSETS: { fetch(request: Request | URL): Promise<Response> };
  [setting: string]: unknown;
}

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** What goes wrong with a body: it came too slowly, or ended early. */
type Fault = "" | "late" | "cut";

/** A request as Go takes it. */
interface Incoming {
  method: string;
  /** Path and query. */
  target: string;
  /** "name:value" lines. */
  fields: string;
  body: Uint8Array | null;
  fault: Fault;
  /** IP address of the client. */
  address: string;
}

/** An answer as Go gives it. */
interface Outgoing {
  status: number;
  /** "name:value" lines. */
  fields: string;
  body: Uint8Array<ArrayBuffer> | null;
  /** The instance is not to be used again. */
  panicked: boolean;
}

/** A server of the oblivious function, for Go: refusals are values there, not exceptions. */
interface Evaluator {
  publicKey: Uint8Array;
  evaluate(blinded: Uint8Array, random: Uint8Array): { code: string; at: number; evaluated?: Uint8Array; proof?: Uint8Array };
  output(input: Uint8Array): { code: string; output?: Uint8Array };
}

type Answer = (status: number, fields: string, body: Uint8Array<ArrayBuffer> | null, panicked: boolean) => void;

/** Where Go and the entry meet: `context.platform` for Go. */
interface Platform {
  evaluator(key: Uint8Array): Evaluator | null;
  /** Set by Go when it is ready. */
  handle?: (
    method: string, target: string, fields: string, body: Uint8Array | null, fault: Fault, address: string,
    answer: Answer,
  ) => void;
  /** Set by Go too: erases what has had its time. */
  clean?: (answer: Answer) => void;
  /** And this: publishes if it is time. */
  publish?: (answer: Answer) => void;
}

/** The name under which github.com/syumai/workers looks for env and ctx. */
declare var context: { env: Env; ctx: ExecutionContext; platform: Platform } | undefined;

