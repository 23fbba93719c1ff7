import { type Activation, type Bits, type Ones } from "../ir/types.js";
import type { Graph } from "./graph.js";
import type { Definition } from "./parameter.js";

/** A quantized tensor: integers times a positive scale, one for each sample, [batch, 1], or one for all. No zero point. */
export interface Scaled<T> {
  readonly integers: T;
  readonly scale: T;
}

/** How wide the activations are that a layer reads, and how training rounds them where each sample has a scale of its own. */
export interface ActivationFormat extends Definition<Record<never, never>> {
  readonly bits: Bits;
  /** How many of them may be set; undefined where all may. */
  readonly ones?: Ones;
  /**
   * Fake quantization of the input of a layer, with a straight-through estimator. `input` is exact: sums of products, or the samples
   * themselves.
   */
  quantize<T>(on: Graph<T>, input: Scaled<T>): Scaled<T>;
}

export const defineActivation = (format: Omit<ActivationFormat, "parameters">): ActivationFormat => ({ parameters: {}, ...format });

/** Activations that are never negative; those of eight bits leave out the sign, so that they are i8, too. */
export const unsignedOf = ({ bits, ones }: Pick<ActivationFormat, "bits" | "ones">): Activation =>
  bits === 8 ? "i8" : ones === undefined ? `u${bits}` : `u${ones}of${bits}`;

export const signedOf = (bits: Bits): Activation => `i${bits}`;

/** The largest activation of so many bits. */
export const largestOf = (bits: Bits): number => 2 ** Math.min(bits, 7) - 1;

/** The largest magnitude of an i32 accumulator. */
export const mostSum = 2 ** 31;

/** Activations of which only the highest set bits stay: of a fixed range, since requantization by the sample's has none. */
export const fewOnes = (ones: Ones, bits: Exclude<Bits, 8>): ActivationFormat =>
  defineActivation({
    name: `${ones}of${bits}bit`,
    summary: `0 to ${2 ** bits - 2 ** (bits - ones)} with at most ${ones === 1 ? "one set bit" : "two set bits"}: the highest ${ones === 1 ? "one" : "two"} of ${bits} stay. For fixed ranges.`,
    ...{ bits, ones },
    quantize: (on, input) => quantizeByShift(on, input, bits),
  });

/** As the chip requantizes: one bit of shift for each that the largest sum of the sample has above those that stay, rounding half up. */
export function quantizeByShift<T>(on: Graph<T>, { integers, scale }: Scaled<T>, bits: Bits): Scaled<T> {
  const largest = largestOf(bits);
  const divisor = on.clamp(on.scale(on.powerBelow(on.featureMax(integers)), 2 / (largest + 1)), 1, mostSum);
  const rounded = on.clamp(on.floor(on.offset(on.divide(integers, divisor), 0.5)), -largest - 1, largest);
  const quantized = on.constant(on.multiply(scale, divisor));
  return { integers: on.straightThrough(rounded, on.divide(on.multiply(integers, scale), quantized)), scale: quantized };
}
