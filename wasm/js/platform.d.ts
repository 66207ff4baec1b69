// What the platform has, as its own types say where a project loads some: the
// DOM's, a worker's, Node's or Cloudflare's. Without any, what cannot be told
// is an object. So the package's types need no "lib" but the language's own.

/** The type of a global class. */
type Of<Name extends string> = typeof globalThis extends { readonly [name in Name]: { readonly prototype: infer T } } ? T : object;

/** A compiled module: WebAssembly.Module. */
export type WasmModule = typeof globalThis extends { readonly WebAssembly: { readonly Module: { readonly prototype: infer T } } } ? T : object;
export type Response = Of<"Response">;
export type URL = Of<"URL">;
export type Blob = Of<"Blob">;
export type ReadableStream = Of<"ReadableStream">;

/** What an AbortController aborts. */
export type AbortSignal = Of<"AbortSignal">;
export type Fetch = typeof globalThis extends { readonly fetch: infer F } ? F : (url: any, init?: any) => Promise<any>;

/** A Worker, or what looks like one. */
export interface Worker {
  postMessage(message: any): void;
  terminate(): void;
  onmessage: ((event: any) => any) | null;
  onerror: ((event: any) => any) | null;
  onmessageerror: ((event: any) => any) | null;
}
