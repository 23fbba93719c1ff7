import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../host.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";

/** `bnmc tune` by the built program, and what other commands make of it; `npm test` builds it first. */

const folder = mkdtempSync(join(tmpdir(), "bnmc-tune-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bnmc = (...words: readonly string[]) =>
  spawnSync(process.execPath, [join(packageRoot, "dist/runtime/cli/main.js"), ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined)(
  "a measured choice lies beside the model, and other commands go by it until it is out of date",
  () => {
    mkdirSync(join(folder, "models"));
    for (const name of ["digits.bnm", "tiny.safetensors"]) cpSync(join(packageRoot, "models", name), join(folder, "models", name));
    const model = "models/digits.bnm";
    const tuned = bnmc("tune", model, "--target", "ch32v003", "--samples", "2", "--objective", "flash");
    expect(tuned.stdout).toMatch(/^tiny on ch32v003, 2 samples: the least flash\n[^]*dense1 .* 1[^]*1, by estimate .*[^]* chosen/);
    expect(tuned.stderr).toMatch(/wrote models\/tiny\.tune\.yaml/);
    expect(tuned.status).toBe(0);

    const shown = bnmc("check", model, "--show", "plan");
    expect(shown.stdout).toMatch(/^plan tiny on ch32v003: .*, measured$/m);
    const emitted = bnmc("emit-c", model, "--target", "ch32v003");
    expect(emitted.stderr).toMatch(/as `bnmc tune` measured/);
    expect(emitted.stderr).not.toMatch(/warning/);

    // Nothing is measured twice.
    const again = bnmc("tune", model, "--target", "ch32v003", "--samples", "2", "--json");
    expect(again.stderr).toMatch(/offers were measured before/);
    expect(again.stderr).not.toMatch(/takes [\d,]+ cycles/);
    expect(JSON.parse(again.stdout)).toMatchObject({ model: "tiny", target: "ch32v003", objective: "cycles" });

    const file = join(folder, "models/tiny.tune.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/kernels: "\w+"/, 'kernels: "0123456789abcdef"'));
    const stale = bnmc("emit-c", model, "--target", "ch32v003");
    expect(stale.stderr).toMatch(/warning\[stale-tuning\]: .*: the kernels have changed since/);
    expect(stale.stderr).toMatch(/k cycles an inference, .*: an estimate, which `bnmc sim` replaces/);
    expect(stale.status).toBe(0);
  },
);
