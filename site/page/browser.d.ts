// What the pages use and TypeScript's library does not describe: trusted
// types, and service workers beside the page's own globals.

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** What early.js has begun to fetch, by path. */
declare var loads: Map<string, Promise<Response>>;
/** Settles when something was painted: then early.js asks for the rest. */
declare var painted: Promise<unknown>;

declare var trustedTypes: TrustedTypePolicyFactory | undefined;

/** The Contact Picker API: Chromium on Android and few others. */
interface ContactsManager {
  select(properties: ("name" | "tel")[], options: { multiple: boolean }): Promise<{ name?: string[], tel?: string[] }[]>;
}

interface Navigator {
  readonly contacts?: ContactsManager;
}

interface ExtendableEvent extends Event {
  waitUntil(until: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface ServiceWorkerGlobalScope extends EventTarget {
  readonly clients: { claim(): Promise<void>, matchAll(options: { includeUncontrolled: boolean }): Promise<{ postMessage(message: unknown): void }[]> };
  readonly registration: ServiceWorkerRegistration;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "message", listener: (event: ExtendableMessageEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

interface ExtendableMessageEvent extends ExtendableEvent {
  readonly data: "release" | { keep: string[], all: boolean };
  readonly ports: readonly MessagePort[];
}

/** File handlers: what the platform opened by this app. */
interface Window {
  readonly launchQueue?: { setConsumer(consume: (params: { files?: { getFile(): Promise<File> }[] }) => void): void };
}
