/** Target distributions of a batch, [samples, classes], each row adding up to one: labels, smoothed. */
export function targetsOf(labels: Uint8Array, classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => (targets[i * classes + label]! += 1 - smoothing));
  return targets;
}

/** The mean softmax of several networks' logits at a temperature, [samples, classes]. */
export function meanAnswers(sums: readonly Float32Array[], classes: number, temperature: number): Float32Array {
  const mean = new Float32Array(sums[0]!.length);
  for (const each of sums) addSoftened(mean, each, classes, temperature, 1 / sums.length);
  return mean;
}

function addSoftened(mean: Float32Array, sums: Float32Array, classes: number, temperature: number, share: number): void {
  for (let start = 0; start < mean.length; start += classes) {
    const row = sums.subarray(start, start + classes);
    const largest = row.reduce((most, sum) => Math.max(most, sum), -Infinity);
    const powers = Array.from(row, (sum) => Math.exp((sum - largest) / temperature));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, i) => (mean[start + i]! += (share * power) / total));
  }
}

/** A mixture of targets and the teachers' soft targets. */
export const taught = (targets: Float32Array, answers: Float32Array, share: number): Float32Array =>
  targets.map((target, i) => (1 - share) * target + share * answers[i]!);
