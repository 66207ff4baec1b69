// What workerd, wrangler and Go give to the entry. Only what is used of it.

/** A WebAssembly module, compiled by workerd. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** Bindings of wrangler.jsonc. */
interface Env {
  DB: object;
  PUBLISHED: Bucket;
  PUBLISHER: { idFromName(name: string): object; get(id: object): { fetch(url: string, init?: RequestInit): Promise<Response> } };
  ASSETS: { fetch(request: Request | URL): Promise<Response> };
  [setting: string]: unknown;
}

/** What workerd adds to it. */
interface SubtleCrypto {
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

/** An R2 bucket. */
interface Bucket {
  head(key: string): Promise<{ size: number } | null>;
  get(key: string, options?: { range?: { offset: number; length: number } }): Promise<R2Body | null>;
  put(key: string, value: Uint8Array): Promise<unknown>;
  delete(keys: string[]): Promise<void>;
  list(options: { prefix: string; cursor?: string }): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }>;
  createMultipartUpload(key: string): Promise<MultipartUpload>;
}

interface R2Body {
  /** Of the whole object. */
  size: number;
  body: ReadableStream;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

interface MultipartUpload {
  uploadPart(number: number, value: Uint8Array): Promise<object>;
  complete(parts: object[]): Promise<unknown>;
  abort(): Promise<void>;
}

/** The cache of Cloudflare's data centre. */
interface CacheStorage {
  default: Cache;
}

/** What a Durable Object gets. */
interface DurableState extends ExecutionContext {
  storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    getAlarm(): Promise<number | null>;
    setAlarm(at: number): Promise<void>;
  };
}

/** What came of publishing: in how many milliseconds to look again, and bytes of memory that Go has. */
interface Publication {
  wait: number;
  memory: number;
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
  objects: object;
  /** Set by Go when it is ready. */
  handle?: (
    method: string, target: string, fields: string, body: Uint8Array | null, fault: Fault, address: string,
    answer: Answer,
  ) => void;
  /** Set by Go too: erases what has had its time. */
  clean?: (answer: Answer) => void;
  /** And this: publishes if it is time. */
  publish?: (answer: Answer) => void;
  /** And this: says what can be read. */
  index?: (answer: Answer) => void;
}

/** The name under which github.com/syumai/workers looks for env and ctx. */
declare var context: { env: Env; ctx: ExecutionContext; platform: Platform } | undefined;

