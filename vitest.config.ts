import { defineConfig } from "vitest/config";

/** Tests run on the TypeScript sources: the `source` condition resolves `#compiler/*` and its siblings. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["{grammar,compiler,runtime}/**/*.test.ts"],
    testTimeout: 120_000,
  },
});
