import { rooms, startModule } from "#compiler/wasm/start.js";
import { quantiseFunction } from "./quantise-function.js";

/** Adding and subtracting 1.5 * 2^23 in float32 rounds to the nearest integer, halves to even. */
const ROUNDING = 12582912;

/**
 * Symmetric dynamic quantization of each sample: scaled by its own 127 / max |x|, rounded half to even, saturated to int8;
 * every step in float32. A sample of zeros stays zeros. Writes to `into` from `offset` on.
 */
export function quantiseFloats(values: Float32Array, size: number, into: Int8Array, offset: number): void {
  for (let first = 0; first < values.length; first += size) {
    let largest = 0;
    for (let i = first; i < first + size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    scaleTo(largest, values, first, size, into, offset + first);
  }
}

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

/** Bytes that are worked on at a time, so that they stay in the cache. */
const atOnce = 32_768;

/**
 * Quantises samples of `size` bytes, as `quantiseFloats` does the values of a table that they stand for. One of 256 values
 * is the largest of a sample, so there are no more than so many scales, and what each makes of each byte is a table, too.
 */
export function byteQuantiser(size: number, meaning: Float32Array): (values: Uint8Array, into: Int8Array, offset: number) => void {
  const sizes = meaning.map(Math.abs);
  const scales = [...new Set(sizes)].sort((one, other) => one - other);
  const most = Math.max(1, Math.floor(atOnce / size));
  const { room, total } = rooms();
  const at = { size, ranks: room(256), levels: room(256 * scales.length), samples: room(most * size), results: room(most * size) };
  const { run, memory } = startModule({ quantise: quantiseFunction(at) }, total());
  new Uint8Array(memory.buffer, at.ranks).set(Uint8Array.from(sizes, (own) => scales.indexOf(own)));
  const levels = new Int8Array(memory.buffer, at.levels);
  scales.forEach((largest, i) => scaleTo(largest, meaning, 0, 256, levels, i * 256));
  const samples = new Uint8Array(memory.buffer, at.samples);
  return (values, into, offset) => {
    for (let first = 0; first < values.length; first += most * size) {
      const part = values.subarray(first, first + most * size);
      samples.set(part);
      run["quantise"]!(part.length / size);
      into.set(new Int8Array(memory.buffer, at.results, part.length), offset + first);
    }
  };
}
