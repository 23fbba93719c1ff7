import type { TrainSettings } from "#compiler/catalog/sentences/train.js";
import type { Batch } from "./engine.js";
import type { TeacherAtWork } from "./teacher.js";

/** What the answers of a batch should be, [samples, classes]: each row adds up to one. */
export function targetsOf(labels: Uint8Array, classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => (targets[i * classes + label]! += 1 - smoothing));
  return targets;
}

/** What another network answers, softened by a temperature, takes so large a share of the targets. */
export function taught(targets: Float32Array, sums: Float32Array, classes: number, temperature: number, share: number): Float32Array {
  const mixed = new Float32Array(targets.length);
  for (let start = 0; start < targets.length; start += classes) {
    const row = sums.subarray(start, start + classes);
    const largest = row.reduce((most, sum) => Math.max(most, sum), -Infinity);
    const powers = Array.from(row, (sum) => Math.exp((sum - largest) / temperature));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, i) => (mixed[start + i] = (1 - share) * targets[start + i]! + (share * power) / total));
  }
  return mixed;
}

/** Adds to batches what their samples should be answered, where that is more than their labels. */
export const answersFor =
  ({ smoothing, trust, temperature }: TrainSettings, classes: number, teacher: TeacherAtWork | undefined): ((batch: Batch) => Batch) =>
  (batch) => {
    if (smoothing === 0 && teacher === undefined) return batch;
    const targets = targetsOf(batch.labels, classes, smoothing);
    return { ...batch, targets: teacher === undefined ? targets : taught(targets, teacher.sums(batch.inputs), classes, temperature, trust) };
  };
