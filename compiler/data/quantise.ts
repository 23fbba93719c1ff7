import type { Samples } from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";

/** Adding and subtracting 1.5 * 2^23 in float32 rounds to the nearest integer, halves to even. */
const ROUNDING = 12582912;

/**
 * What the network sees of each sample: scaled by its own 127 / max |x|, rounded half to even, clipped to int8; every
 * step in float32. A sample of zeros stays zeros. Writes to `into` from `offset` on.
 */
export function quantiseSamples(samples: Samples, into: Int8Array, offset = 0): void {
  const size = sizeOf(samples.shape);
  const { values } = samples;
  for (let first = 0; first < values.length; first += size) {
    let largest = 0;
    for (let i = first; i < first + size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    if (largest === 0) {
      into.fill(0, offset + first, offset + first + size);
      continue;
    }
    const scale = Math.fround(127 / largest);
    for (let i = first; i < first + size; i++) {
      const rounded = Math.fround(Math.fround(values[i]! * scale) + ROUNDING) - ROUNDING;
      into[offset + i] = rounded > 127 ? 127 : rounded;
    }
  }
}
