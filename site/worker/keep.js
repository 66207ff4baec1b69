// What the person wants kept on this device, in the browser's own storage. It
// is asked for by a tick, and without one nothing is created here.

import { Refusal } from "./serve.js";

const NAME = "sealbook";
const STORE = "kept";

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * Opens the database; null if there is none and none is to be made.
 * @param {boolean} create
 * @returns {Promise<IDBDatabase | null>}
 */
async function open(create) {
  // To open it is to create it, and WebKit goes on listing one whose creation was taken back.
  if (!create && !(await indexedDB.databases()).some(({ name }) => name === NAME)) return null;
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    if (create) request.result.createObjectStore(STORE);
    else request.transaction?.abort(); // and so there is none afterwards, either
  };
  return create ? done(request) : done(request).catch(() => null);
}

/**
 * Everything that is kept, by key; empty where the browser keeps nothing.
 * @returns {Promise<Map<string, any>>}
 */
export async function kept() {
  const database = await open(false).catch(() => null);
  if (database === null) return new Map();
  try {
    const store = database.transaction(STORE).objectStore(STORE);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    return new Map(keys.map((key, i) => [String(key), values[i]]));
  } finally {
    database.close();
  }
}

/**
 * Keeps values under their keys, all or none.
 * @param {Record<string, unknown>} values
 */
export async function keep(values) {
  try {
    const database = await open(true);
    if (database === null) throw new Refusal("KEEPING");
    try {
      const transaction = database.transaction(STORE, "readwrite");
      for (const [key, value] of Object.entries(values)) transaction.objectStore(STORE).put(value, key);
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  } catch {
    // Private windows and full disks: the message of the cause is the browser's.
    throw new Refusal("KEEPING");
  }
}

/** Removes all of it, and the database with it. */
export async function forget() {
  let request;
  try {
    request = indexedDB.deleteDatabase(NAME);
  } catch {
    return; // where storage is refused nothing was kept
  }
  await done(request);
}
