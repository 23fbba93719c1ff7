import type { Activation } from "../../ir/types.js";
import { rooms, startModule } from "../../wasm/start.js";
import type { InputQuantizer } from "../samples.js";
import { ownRangeFunction } from "./own-range-function.js";
import { type Affine, filling, isSigned, quantizerTo } from "./quantize.js";

/**
 * Dynamic quantization: each sample of `size` values is scaled by itself. The largest magnitude becomes the largest value of signed
 * elements; unsigned ones reach from 0, or the least value where some are negative, to the largest. A sample of zeros stays zeros.
 */
export function ownRange(element: Activation, size: number): Pick<InputQuantizer, "ofFractions" | "ofBytes"> {
  const quantize = quantizerTo(element);
  const ofFractions: InputQuantizer["ofFractions"] = (values, into, offset) => {
    for (let first = 0; first < values.length; first += size) {
      const by = fillingBy(element, values, first, size);
      for (let i = first; i < first + size; i++) into[offset + i] = quantize(values[i]!, by);
    }
  };
  return {
    ofFractions,
    ofBytes: (meaning) =>
      isSigned(element) || meaning.every((value) => value >= 0)
        ? tabled(element, size, meaning)
        : (values, into, offset) =>
            ofFractions(
              Float32Array.from(values, (byte) => meaning[byte]!),
              into,
              offset,
            ),
  };
}

function fillingBy(element: Activation, values: Float32Array, first: number, size: number): Affine {
  let [least, largest] = [0, 0];
  if (isSigned(element)) {
    for (let i = first; i < first + size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    return filling(element, 0, largest);
  }
  largest = -Infinity;
  for (let i = first; i < first + size; i++) [least, largest] = [Math.min(least, values[i]!), Math.max(largest, values[i]!)];
  return filling(element, least, largest);
}

/** Bytes that are worked on at a time, so that they stay in the cache. */
const atOnce = 32_768;

/**
 * Quantizes samples of bytes where their largest magnitude is all that counts. One of 256 values is the largest of a sample, so there
 * are no more than so many scales, and what each makes of each byte is a table, too.
 */
function tabled(element: Activation, size: number, meaning: Float32Array): ReturnType<InputQuantizer["ofBytes"]> {
  const sizes = meaning.map(Math.abs);
  const scales = [...new Set(sizes)].sort((one, other) => one - other);
  const most = Math.max(1, Math.floor(atOnce / size));
  const { room, total } = rooms();
  const at = { size, ranks: room(256), levels: room(256 * scales.length), samples: room(most * size), results: room(most * size) };
  const { run, memory } = startModule({ quantize: ownRangeFunction(at) }, total());
  new Uint8Array(memory.buffer, at.ranks).set(Uint8Array.from(sizes, (own) => scales.indexOf(own)));
  const levels = new Int8Array(memory.buffer, at.levels);
  const quantize = quantizerTo(element);
  scales.forEach((largest, row) => {
    const by = filling(element, 0, largest);
    meaning.forEach((value, byte) => (levels[row * 256 + byte] = quantize(value, by)));
  });
  const samples = new Uint8Array(memory.buffer, at.samples);
  return (values, into, offset) => {
    for (let first = 0; first < values.length; first += most * size) {
      const part = values.subarray(first, first + most * size);
      samples.set(part);
      run["quantize"]!(part.length / size);
      into.set(new Int8Array(memory.buffer, at.results, part.length), offset + first);
    }
  };
}
