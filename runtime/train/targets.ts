import type { TrainSettings } from "#compiler/catalog/sentences/train.js";
import type { Batch } from "./engine.js";
import type { TeacherAtWork } from "./teacher.js";

/** What the answers of a batch should be, [samples, classes]: each row adds up to one. */
export function targetsOf(labels: Uint8Array, classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => (targets[i * classes + label]! += 1 - smoothing));
  return targets;
}

/** What other networks answer on average, softened by a temperature, takes so large a share of the targets. */
export function taught(targets: Float32Array, answers: readonly Float32Array[], classes: number, temperature: number, share: number): Float32Array {
  const mixed = targets.map((target) => (1 - share) * target);
  for (const sums of answers) addSoftened(mixed, sums, classes, temperature, share / answers.length);
  return mixed;
}

function addSoftened(mixed: Float32Array, sums: Float32Array, classes: number, temperature: number, share: number): void {
  for (let start = 0; start < mixed.length; start += classes) {
    const row = sums.subarray(start, start + classes);
    const largest = row.reduce((most, sum) => Math.max(most, sum), -Infinity);
    const powers = Array.from(row, (sum) => Math.exp((sum - largest) / temperature));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, i) => (mixed[start + i]! += (share * power) / total));
  }
}

/** Adds to batches what their samples should be answered, where that is more than their labels. */
export const answersFor =
  ({ smoothing, trust, temperature }: TrainSettings, classes: number, teachers: readonly TeacherAtWork[]): ((batch: Batch) => Batch) =>
  (batch) => {
    if (smoothing === 0 && teachers.length === 0) return batch;
    const targets = targetsOf(batch.labels, classes, smoothing);
    if (teachers.length === 0) return { ...batch, targets };
    return { ...batch, targets: taught(targets, teachers.map(({ sums }) => sums(batch.inputs)), classes, temperature, trust) };
  };
