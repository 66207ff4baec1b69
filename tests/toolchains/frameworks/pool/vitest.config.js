import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ main: "./workerd.js", miniflare: { compatibilityDate: "2026-04-01" } })],
  test: { include: ["pool.spec.js"], testTimeout: 60_000 },
});
