/**
 * How long training takes on 120000 images, for a dense and for a convolutional net: an epoch as the user waits for it, with
 * augmentation, evaluation and checkpoint; and the steps alone, on both engines and in PyTorch where this machine has it.
 * Run: npm run build && BNMC_DATA=… npm run bench:train
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Epochs {
  /** Of the epochs between the first and the last. */
  readonly seconds: readonly number[];
  readonly firstStep: number;
  /** Resident memory at most, in MiB. */
  readonly peak: number;
  readonly accuracy: number;
}

interface Steps {
  /** Of as many steps as an epoch has. */
  readonly seconds: number;
  readonly peak: number;
}

interface Bench {
  readonly model: string;
  readonly epochs: number;
  /** So many steps of each. */
  readonly fused: number;
  readonly tfjs: number;
  readonly torch: number;
}

const benches: readonly Bench[] = [
  { model: "fc_mnist", epochs: 8, fused: 2000, tfjs: 400, torch: 1000 },
  { model: "cnn_mnist", epochs: 5, fused: 1000, tfjs: 20, torch: 100 },
];

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function measured<T>(command: string, script: string, ...parameters: readonly (string | number)[]): T {
  const { stdout, stderr, status } = spawnSync(command, [beside(script), ...parameters.map(String)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${script} ${parameters.join(" ")} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

const hasTorch = spawnSync("/usr/bin/python3", ["-c", "import torch"]).status === 0;
const row = (...cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(14))).join(""));

for (const { model, epochs, ...steps } of benches) {
  const run = measured<Epochs>(process.execPath, "train-child.mjs", model, epochs);
  const fused = measured<Steps>(process.execPath, "train-steps.mjs", model, "fused", steps.fused);
  const tfjs = measured<Steps>(process.execPath, "train-steps.mjs", model, "tfjs", steps.tfjs);
  row(model, "seconds", "of fused", "first step s", "peak MiB", "test accuracy");
  // While the last epoch is learned nothing is made ahead.
  row(
    "an epoch, fused",
    median(run.seconds.slice(0, -1)).toFixed(3),
    "",
    run.firstStep.toFixed(2),
    run.peak.toFixed(0),
    `${(100 * run.accuracy).toFixed(2)}%`,
  );
  const alone = (name: string, { seconds, peak }: Steps): void =>
    row(`its steps, ${name}`, seconds.toFixed(3), `${(seconds / fused.seconds).toFixed(1)}x`, "", peak.toFixed(0));
  alone("fused", fused);
  alone("tfjs", tfjs);
  if (!hasTorch) row("its steps, PyTorch", "not installed");
  else {
    const torch = measured<Steps & { readonly version: string }>("/usr/bin/python3", "train_torch.py", model, steps.torch);
    alone(`PyTorch ${torch.version}`, torch);
  }
}
