import { defineConfig } from "vitest/config";

/** Tests run on the TypeScript sources: the `source` condition resolves `#compiler/*` and its siblings. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["{grammar,compiler,runtime}/**/*.test.ts"],
    // `UPDATE=1 npm test` blesses goldens and generated files; the reviewer reads `git diff`.
    update: process.env["UPDATE"] === "1",
    testTimeout: 120_000,
  },
});
