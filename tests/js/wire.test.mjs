// The rule on the wire: what the platform adds to requests (host, user agent,
// order of fields, connections) tells no two address books apart, either.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, test } from "node:test";
import { Memory } from "./discovery.js";
import { enter, equip, start, until } from "./server.js";

const { built, package_, core, remove } = await equip();
after(remove);

/** @param {number} from @param {number} n */
const range = (from, n) => Array.from({ length: n }, (_, i) => `+44207946${String(from + i).padStart(4, "0")}`);

/**
 * A way to a server that writes down what goes there, connection by connection.
 * @param {import("node:test").TestContext} t
 * @param {string} target
 */
async function tap(t, target) {
  /** @type {Buffer[][]} */
  const sent = [];
  const { hostname, port } = new URL(target);
  const server = createServer((socket) => {
    /** @type {Buffer[]} */
    const parts = [];
    sent.push(parts);
    const onward = connect(Number(port), hostname);
    socket.on("data", (part) => parts.push(part)).on("error", () => onward.destroy()).pipe(onward);
    onward.on("error", () => socket.destroy()).pipe(socket);
    t.after(() => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  t.after(() => server.close());
  const own = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  return {
    url: `http://127.0.0.1:${own}/`,
    /** What was sent since the last time, but for the port, the credential, and what is uniformly random. */
    take() {
      return sent.map((parts) => {
        let bytes = Buffer.concat(parts.splice(0)).toString("latin1");
        let text = "";
        while (bytes !== "") {
          const head = bytes.slice(0, bytes.indexOf("\r\n\r\n") + 4);
          const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
          assert.ok(head.endsWith("\r\n\r\n") && !/^transfer-encoding:/im.test(head), head);
          text += head.replaceAll(`:${own}`, ":PORT").replace(/Bearer [\w-]{43}/g, "Bearer …") + (length > 0 ? `${length} bytes\n` : "");
          bytes = bytes.slice(head.length + length);
        }
        return text;
      }).filter((text) => text !== "");
    },
  };
}

test("two address books on the wire", async (t) => {
  const server = await start(t, built.dir, "wire");
  const near = await package_.Directory.open(server.url, { ...core, key: server.key });
  await enter(server, near, "+442079460150", 1);
  /** @type {{ way: Awaited<ReturnType<typeof tap>>, directory: import("sealbook/discover").Directory, account: import("sealbook/discover").Account, state: Memory, contacts: string[] }[]} */
  const clients = [];
  for (const [i, from] of [100, 500].entries()) {
    const way = await tap(t, server.url);
    const directory = await package_.Directory.open(way.url, { ...core, key: server.key });
    const account = await enter(server, near, `+44113496010${i}`, 2);
    clients.push({ way, directory, account, state: new Memory(), contacts: range(from, 60) });
  }
  await until(async () => (await package_.discover({ directory: near, contacts: range(100, 60), account: clients[0].account })).log.people === 3);
  let requests = 0;
  for (let sync = 0; sync < 4; sync++) {
    if (sync === 2) {
      // Somebody changes what friends see, so that changes and records are read.
      const version = (await package_.discover({ directory: near, contacts: [], account: clients[0].account })).log.version;
      await enter(server, near, "+442079460199", 3);
      await until(async () => (await package_.discover({ directory: near, contacts: [], account: clients[0].account })).log.version > version);
    }
    const texts = [];
    const found = [];
    for (const { way, directory, account, state, contacts } of clients) {
      way.take();
      found.push((await package_.discover({ directory, contacts, account, state })).found.length);
      texts.push(way.take());
    }
    assert.deepEqual(texts[1], texts[0], `sync ${sync}`);
    assert.ok(found[0] > 0 && found[1] === 0, String(found));
    requests += texts[0].join("").match(/ HTTP\/1\.1\r\n/g)?.length ?? 0;
    for (const name of ["cookie", "if-none-match", "if-modified-since", "if-range", "referer"]) assert.doesNotMatch(texts[0].join(""), new RegExp(`^${name}:`, "im"));
  }
  assert.ok(requests >= 20, String(requests));
  console.log(`counts: ${requests} requests of each client, with all that the platform adds`);
});
