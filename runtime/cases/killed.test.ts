import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../host.js";

/** A whole training by the built program that is killed without a warning; `npm test` builds it first. */

const model = `
dataset drawn {
  samples: digits(train: 400, test: 100) -> split(validate: 20%) -> resize(8, 8)
  augment: shift(10%)
}

model tiny {
  weights: 4bitsym

  input i8[8, 8]
  -> flatten
  -> dense(8) -> relu
  -> dense(10)
}

train tiny on drawn {
  epochs: 60
  batch:  4
  rate:   cosine(from: 0.005, to: 0)
}
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bnmc-killed-"));
  writeFileSync(join(folder, "tiny.bnm"), model);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `bnmc train`; `watch` may act on what was said so far. */
async function train(runs: string, words: readonly string[], watch: (child: ChildProcess, said: string) => void = () => undefined) {
  const program = join(packageRoot, "dist/runtime/cli/main.js");
  const child = spawn(process.execPath, [program, "train", "tiny.bnm", "--runs", runs, "--out", `${runs}/out.safetensors`, ...words], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => watch(child, (stderr += text.toString())));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, stderr };
}

const made = (runs: string, file: string): Buffer => readFileSync(join(folder, runs, file));

test("a training that was killed resumes to the very weights of one that was not", async () => {
  expect(await train("whole", [])).toMatchObject({ code: 0 });
  // Twice: in the middle, and soon after it went on.
  const kill = (epoch: RegExp) => (child: ChildProcess, said: string) => void (epoch.test(said) && child.kill("SIGKILL"));
  expect(await train("parts", [], kill(/epoch 20\/60/))).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(existsSync(join(folder, "parts/out.safetensors"))).toBe(false);
  expect(await train("parts", ["--resume"], kill(/epoch 2[1-9]\/60/))).toMatchObject({ signal: "SIGKILL" });
  const { code, stderr } = await train("parts", ["--resume"]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/resum|goes on|after epoch/i)]);
  for (const file of ["out.safetensors", "tiny/weights.safetensors", "tiny/checkpoint.safetensors", "tiny/best.safetensors"]) {
    expect(made("parts", file).equals(made("whole", file))).toBe(true);
  }
  const epochs = made("parts", "tiny/metrics.jsonl")
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly epoch: number }).epoch);
  expect(epochs).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
}, 120_000);
