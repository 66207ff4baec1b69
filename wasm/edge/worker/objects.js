// Published files as objects in R2. Each is written once, under an address that
// never changes; but the index, which says what can be read now.
//
//   published/482-65f0…-5f3a…/tags   files of publications, as package edge names them
//   log/tile/0/000                   tiles of the log, by their path
//   index                            versions and hours, with lengths: see Index

const FILES = "published/";
const LOG = "log/";
const INDEX = "index";

/** How often something is tried, and for how long, in milliseconds: what R2 does not answer may be done all the same. */
const TRIES = 3;
const PATIENCE = 30_000;
const PAUSE = 100;

/**
 * Tries something again where it fails or takes too long. What it does must be
 * as good when it was done before.
 * @template T
 * @param {() => Promise<T>} once
 * @returns {Promise<T>}
 */
export async function stubborn(once) {
  for (let left = TRIES - 1; ; left--) {
    let timer = 0;
    try {
      return await Promise.race([once(), new Promise((_, reject) => {
        timer = /** @type {number} */ (/** @type {unknown} */ (setTimeout(() => reject(new Error("slow")), PATIENCE)));
      })]);
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE * (TRIES - left)));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The key of a published file. @param {string} name */
export const fileKey = (name) => FILES + name;
/** The key of a tile. @param {string} path from "tile/" on */
export const tileKey = (path) => LOG + path;

/** What Go does with objects; see ../cloudflare/objects.go. */
export class Objects {
  #bucket;

  /** @param {() => Bucket} bucket the one of the request under way */
  constructor(bucket) {
    this.#bucket = bucket;
  }

  /**
   * Opens a file, with its first bytes.
   * @param {string} name
   * @param {number} most bytes
   */
  open(name, most) {
    return stubborn(async () => {
      const object = await this.#bucket().get(FILES + name);
      if (object === null) return null;
      if (object.size <= most) return { size: object.size, bytes: new Uint8Array(await object.arrayBuffer()) };
      await object.body.cancel();
      return { size: object.size, bytes: new Uint8Array(0) };
    });
  }

  /**
   * @param {string} name
   * @param {number} offset
   * @param {number} length
   */
  read(name, offset, length) {
    return stubborn(async () => {
      const object = await this.#bucket().get(FILES + name, { range: { offset, length } });
      return object === null ? null : new Uint8Array(await object.arrayBuffer());
    });
  }

  /** @param {string} name */
  create(name) {
    return new Upload(this.#bucket(), FILES + name);
  }

  /** Names of all files, with blanks between. */
  list() {
    return this.#list(FILES, FILES);
  }

  /** Paths of all tiles, from "tile/" on. */
  tiles() {
    return this.#list(LOG, LOG);
  }

  /** @param {string} prefix @param {string} cut */
  async #list(prefix, cut) {
    /** @type {string[]} */
    const names = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      const from = cursor;
      const page = await stubborn(() => this.#bucket().list({ prefix, ...(from === undefined ? {} : { cursor: from }) }));
      for (const { key } of page.objects) names.push(key.slice(cut.length));
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    return names.join(" ");
  }

  /** @param {string} names with blanks between */
  remove(names) {
    return this.#remove(names.split(" ").filter((name) => name !== "").map((name) => FILES + name));
  }

  /** @param {string[]} keys */
  async #remove(keys) {
    for (let at = 0; at < keys.length; at += 1000) await stubborn(() => this.#bucket().delete(keys.slice(at, at + 1000)));
    return null;
  }

  /**
   * Writes tiles, then the index, and removes tiles that a longer one replaced.
   * @param {Uint8Array} index
   * @param {[string, Uint8Array][]} tiles
   * @param {string} gone
   */
  async announce(index, tiles, gone) {
    await Promise.all(tiles.map(([path, body]) => stubborn(() => this.#bucket().put(LOG + path, body))));
    await stubborn(() => this.#bucket().put(INDEX, index));
    return this.#remove(gone.split(" ").filter((path) => path !== "").map((path) => LOG + path));
  }
}

/** An object that is being written: in one piece, or in parts. */
class Upload {
  #bucket;
  #key;
  /** @type {MultipartUpload | null} */
  #parts = null;
  /** @type {object[]} */
  #done = [];
  #size = 0;

  /** @param {Bucket} bucket @param {string} key */
  constructor(bucket, key) {
    this.#bucket = bucket;
    this.#key = key;
  }

  /** @param {Uint8Array} bytes */
  async part(bytes) {
    const parts = (this.#parts ??= await stubborn(() => this.#bucket.createMultipartUpload(this.#key)));
    const number = this.#done.length + 1;
    this.#done.push(await stubborn(() => parts.uploadPart(number, bytes)));
    this.#size += bytes.length;
    return null;
  }

  /** With the last bytes the object is there as a whole. @param {Uint8Array} bytes */
  async end(bytes) {
    if (this.#parts === null) {
      await stubborn(() => this.#bucket.put(this.#key, bytes));
      return null;
    }
    const parts = this.#parts;
    if (bytes.length > 0) await this.part(bytes);
    await stubborn(async () => {
      try {
        await parts.complete(this.#done);
      } catch (error) {
        // It may have been completed, and the answer lost.
        const object = await this.#bucket.head(this.#key);
        if (object === null || object.size !== this.#size) throw error;
      }
    });
    this.#parts = null;
    return null;
  }

  /** What was uploaded is given up; R2 itself gives up after 7 days. */
  async abort() {
    const parts = this.#parts;
    this.#parts = null;
    if (parts !== null) await parts.abort().catch(() => {});
    return null;
  }
}

/**
 * What can be read now.
 * @typedef {{ name: string, hour: number, replaced: number, sizes: number[] | null }} Found
 */
export class Index {
  /** When it was read, in milliseconds. */
  read = Date.now();
  first = -1;
  newest = -1;
  /** The newest version. */
  version = 0;
  /** @type {Map<number, Found>} */
  versions = new Map();
  /** The last version of each hour. @type {Map<number, Found>} */
  hours = new Map();

  /** @param {string} text as Go wrote it */
  constructor(text) {
    const { first, newest, versions, hours } = JSON.parse(text);
    this.first = first;
    this.newest = newest;
    for (const [version, files, hour, replaced, sizes] of versions) {
      this.version = Math.max(this.version, version);
      this.versions.set(version, { name: `${version}-${files}`, hour, replaced, sizes });
    }
    for (const [version, files, hour, sizes] of hours) this.hours.set(hour, { name: `${version}-${files}`, hour, replaced: 0, sizes });
  }
}

/**
 * Reads the index, null where there is none.
 * @param {Bucket} bucket
 */
export async function readIndex(bucket) {
  return stubborn(async () => {
    const object = await bucket.get(INDEX);
    return object === null ? null : new Index(await object.text());
  });
}
