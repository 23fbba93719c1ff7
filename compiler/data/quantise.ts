/** Adding and subtracting 1.5 * 2^23 in float32 rounds to the nearest integer, halves to even. */
const ROUNDING = 12582912;

/** Writes what the network sees of samples of `size` values each to `into`, from `offset` on. */
export type Quantise<V> = (values: V, size: number, into: Int8Array, offset: number) => void;

/**
 * What the network sees of each sample: scaled by its own 127 / max |x|, rounded half to even, clipped to int8; every
 * step in float32. A sample of zeros stays zeros.
 */
export const quantiseFloats: Quantise<Float32Array> = (values, size, into, offset) => {
  for (let first = 0; first < values.length; first += size) {
    let largest = 0;
    for (let i = first; i < first + size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    scaleTo(largest, values, first, size, into, offset + first);
  }
};

/** Quantises `size` values from `first` on, the largest of which becomes ±127. */
function scaleTo(largest: number, values: Float32Array, first: number, size: number, into: Int8Array, offset: number): void {
  if (largest === 0) {
    into.fill(0, offset, offset + size);
    return;
  }
  const scale = Math.fround(127 / largest);
  for (let i = 0; i < size; i++) {
    const rounded = Math.fround(Math.fround(values[first + i]! * scale) + ROUNDING) - ROUNDING;
    into[offset + i] = rounded > 127 ? 127 : rounded;
  }
}

/**
 * Quantises samples of bytes that stand for the values of a table. One of 256 values is the largest of a sample, so there
 * are no more than so many scales, and what each makes of each byte is a table, too.
 */
export function byteQuantiser(meaning: Float32Array): Quantise<Uint8Array> {
  const sizes = meaning.map(Math.abs);
  const scales = [...new Set(sizes)].sort((one, other) => one - other);
  const rank = Uint8Array.from(sizes, (size) => scales.indexOf(size));
  const levels = new Int8Array(scales.length * 256);
  scales.forEach((largest, i) => scaleTo(largest, meaning, 0, 256, levels, i * 256));
  return (values, size, into, offset) => {
    for (let first = 0; first < values.length; first += size) {
      let largest = 0;
      for (let i = first; i < first + size; i++) {
        const own = rank[values[i]!]!;
        if (own > largest) largest = own;
      }
      const row = largest * 256;
      for (let i = first; i < first + size; i++) into[offset + i] = levels[row + values[i]!]!;
    }
  };
}
