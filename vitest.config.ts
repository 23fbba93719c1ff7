import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { skipReporter } from "./runtime/testing/skip-reporter.js";

/**
 * Real data and published vectors beside the project, where there are some; tests that need them and do not find them
 * say so and are skipped.
 */
function beside(variable: string, path: string): Record<string, string> {
  const folder = fileURLToPath(new URL(`../shared/${path}`, import.meta.url));
  const value = process.env[variable] ?? (existsSync(folder) ? folder : undefined);
  return value === undefined ? {} : { [variable]: value };
}

/** Tests run on the TypeScript sources: the `source` condition resolves `#compiler/*` and its siblings. */
export default defineConfig({
  // Chevrotain in one file is read ten times as fast as in hundreds, in every test file again.
  resolve: {
    conditions: ["source"],
    alias: { chevrotain: fileURLToPath(new URL("node_modules/chevrotain/lib/chevrotain.mjs", import.meta.url)) },
  },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["{grammar,compiler,runtime,bench}/**/*.test.ts"],
    reporters: ["default", skipReporter(fileURLToPath(new URL(".", import.meta.url)))],
    env: { ...beside("BNMC_DATA", "data"), ...beside("BNMC_VECTORS", "vectors") },
    // `UPDATE=1 npm test` blesses goldens and generated files; the reviewer reads `git diff`.
    update: process.env["UPDATE"] === "1",
    // Most of the time goes to compilers and simulators in processes of their own: every core works.
    maxWorkers: "100%",
    // Far more than any takes where nothing else runs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
