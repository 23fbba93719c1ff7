import type { Graph } from "./graph.js";

/** A quantized tensor: integers times a positive scale, one for each sample, [batch, 1], or one for all. No zero point. */
export interface Scaled<T> {
  readonly integers: T;
  readonly scale: T;
}

/** Fake quantization of the input of a layer to the int8 values that it multiplies, with a straight-through estimator. */
export interface ActivationQuantizer {
  readonly summary: string;
  /** `input` is exact: sums of products, or the samples themselves. */
  quantize<T>(on: Graph<T>, input: Scaled<T>): Scaled<T>;
}

/** The largest magnitude of an i32 accumulator. */
const mostSum = 2 ** 31;

/** By the word that `activations:` takes. */
export const activationQuantizers = {
  "8bit": {
    summary: "Scales each sample so that its largest magnitude is 127.",
    quantize: (on, { integers, scale }) => {
      const largest = on.clamp(on.featureMax(on.abs(integers)), 1, mostSum);
      const factor = on.constant(on.divide(on.literal(127), largest));
      const quantized = on.constant(on.divide(scale, factor));
      return {
        integers: on.straightThrough(on.round(on.multiply(integers, factor)), on.divide(on.multiply(integers, scale), quantized)),
        scale: quantized,
      };
    },
  },
  "8bit_shift": {
    summary: "Divides each sample by the power of two that the chip shifts by, so that training sums what the chip sums.",
    quantize: (on, { integers, scale }) => {
      // As `relu` requantizes: one bit for each that the largest sum has above the lowest seven, rounding half up.
      const divisor = on.clamp(on.scale(on.powerBelow(on.featureMax(integers)), 1 / 64), 1, mostSum);
      const rounded = on.clamp(on.floor(on.offset(on.divide(integers, divisor), 0.5)), -128, 127);
      const quantized = on.constant(on.multiply(scale, divisor));
      return { integers: on.straightThrough(rounded, on.divide(on.multiply(integers, scale), quantized)), scale: quantized };
    },
  },
} as const satisfies Readonly<Record<string, ActivationQuantizer>>;

export type ActivationName = keyof typeof activationQuantizers;
export const activationNames = Object.keys(activationQuantizers) as ActivationName[];
