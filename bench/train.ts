/**
 * How long an epoch of models/fc_mnist.bnm takes, as the user waits for it: 120000 images with augmentation, evaluation
 * and checkpoint; both engines side by side, and PyTorch's steps alone where this machine has it.
 * Run: npm run build && BNMC_DATA=… npm run bench:train
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Measured {
  /** Of the epochs between the first and the last. */
  readonly seconds: readonly number[];
  readonly firstStep: number;
  /** Resident memory at most, in MiB. */
  readonly peak: number;
  readonly accuracy: number;
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function train(engine: string, epochs: number): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, [beside("train-child.mjs"), engine, String(epochs)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the training on ${engine} ended with ${status}: ${stderr}`);
  const { seconds, ...rest } = JSON.parse(stdout) as Measured;
  // While the last epoch is learned nothing is made ahead.
  return { ...rest, seconds: seconds.slice(0, -1) };
}

/** Undefined where Python does not have it. */
function torch(epochs: number): { readonly seconds: number; readonly peak: number; readonly version: string } | undefined {
  const { stdout, status } = spawnSync("/usr/bin/python3", [beside("train_torch.py"), String(epochs)], { encoding: "utf8" });
  return status === 0 ? (JSON.parse(stdout) as ReturnType<typeof torch>) : undefined;
}

const row = (...cells: readonly string[]): void => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(14))).join(""));

const fused = train("fused", 8);
const tfjs = train("tfjs", 4);
const reference = torch(3);
const base = median(fused.seconds);
const times = (seconds: number): string => `${(seconds / base).toFixed(1)}x`;

row("", "s per epoch", "of fused", "first step s", "peak MiB", "test accuracy");
for (const [name, { seconds, firstStep, peak, accuracy }] of Object.entries({ fused, tfjs })) {
  row(name, median(seconds).toFixed(3), times(median(seconds)), firstStep.toFixed(2), peak.toFixed(0), `${(100 * accuracy).toFixed(2)}%`);
}
if (reference === undefined) row("PyTorch", "not installed");
else row(`PyTorch ${reference.version}`, reference.seconds.toFixed(3), times(reference.seconds), "", reference.peak.toFixed(0));
