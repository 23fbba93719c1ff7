import type { Activation } from "../../ir/types.js";
import type { Constants, InputQuantizer, Samples, Values } from "../samples.js";
import { type Affine, filling, isSigned, quantizerTo } from "./quantize.js";

/**
 * The range of each of `features` interleaved features of training samples, or of all values (1): the magnitude for signed elements,
 * the least and the largest value for unsigned ones. `clip` is the share of values that may lie outside, on either side of unsigned ones.
 */
export function measureRange({ values }: Pick<Samples, "values">, features: number, clip: number, element: Activation): Constants {
  const measured = Array.from({ length: features }, (_, feature): readonly [number, number] => {
    // Bytes have a range of their own: it is not measured unless something is to be left outside.
    if (values instanceof Uint8Array && features === 1 && clip === 0) return [0, 255];
    return bordersOf(valuesOf(values, feature, features, isSigned(element)), clip);
  });
  const largest = measured.map(([, high]) => high);
  return isSigned(element) ? { magnitude: largest } : { least: measured.map(([low]) => low), largest };
}

/** The values of one feature, or their magnitudes. */
function valuesOf(values: Values, feature: number, features: number, magnitudes: boolean): Float32Array {
  const found = new Float32Array(Math.ceil((values.length - feature) / features));
  for (let i = feature, at = 0; i < values.length; i += features, at++) found[at] = magnitudes ? Math.abs(values[i]!) : values[i]!;
  return found;
}

/** Order statistics: the values that leave a share below and above. */
function bordersOf(values: Float32Array, clip: number): readonly [number, number] {
  if (clip === 0) {
    let [least, largest] = [Infinity, -Infinity];
    for (const value of values) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    return [least, largest];
  }
  const sorted = values.sort();
  const outside = Math.min(Math.floor(clip * sorted.length), Math.floor((sorted.length - 1) / 2));
  return [sorted[outside]!, sorted[sorted.length - 1 - outside]!];
}

/** Static quantization by a range that was measured, of each feature or of all values: saturates what lies outside. */
export function measuredRange(element: Activation, range: Constants): Pick<InputQuantizer, "ofFractions" | "ofBytes"> {
  const quantize = quantizerTo(element);
  const [least, largest] = [range["least"], range["magnitude"] ?? range["largest"]!];
  const by = largest.map((most, feature): Affine => filling(element, least?.[feature] ?? 0, most));
  return {
    ofFractions: (values, into, offset) => {
      by.forEach((each, feature) => {
        for (let i = feature; i < values.length; i += by.length) into[offset + i] = quantize(values[i]!, each);
      });
    },
    ofBytes: (meaning) => {
      const levels = by.map((each) => Int8Array.from(meaning, (value) => quantize(value, each)));
      return (values, into, offset) => {
        levels.forEach((each, feature) => {
          for (let i = feature; i < values.length; i += levels.length) into[offset + i] = each[values[i]!]!;
        });
      };
    },
  };
}
