import type { Layer } from "../../ir/network.js";
import { areaOf, featureMap, type FeatureMap } from "./feature-map.js";

/** The geometry of a convolution: every output is a weighted sum of a window of the input channels of its group. */
export interface Convolution {
  readonly input: FeatureMap;
  readonly output: FeatureMap;
  readonly kernel: { readonly height: number; readonly width: number };
  /** Stride, in rows and in columns. */
  readonly stride: number;
  /** Zero padding above the first row and left of the first column; as much as is needed follows the last. */
  readonly padding: { readonly top: number; readonly left: number };
  /** Input channels of a group: 1 for a depthwise convolution. */
  readonly depth: number;
  /** Output channels of a group. */
  readonly share: number;
}

export interface ConvolutionSettings {
  readonly kernel: { readonly height: number; readonly width: number };
  readonly channels: number;
  readonly groups: number;
  readonly stride: number;
  readonly padding: "valid" | "same";
}

/** The geometry; undefined when not one window fits into the map. */
export function convolution(
  input: FeatureMap,
  { kernel, channels, groups, stride, padding }: ConvolutionSettings,
): Convolution | undefined {
  const rows = axis(input.height, kernel.height, stride, padding);
  const columns = axis(input.width, kernel.width, stride, padding);
  if (rows.windows < 1 || columns.windows < 1) return undefined;
  return {
    input,
    output: { height: rows.windows, width: columns.windows, channels },
    kernel,
    stride,
    padding: { top: rows.before, left: columns.before },
    depth: input.channels / groups,
    share: channels / groups,
  };
}

/** The windows along one axis. `same` pads so that there are ceil(extent / stride), the odd zero behind, as in TensorFlow. */
function axis(
  extent: number,
  kernel: number,
  stride: number,
  padding: "valid" | "same",
): { readonly windows: number; readonly before: number } {
  if (padding === "valid") return { windows: Math.floor((extent - kernel) / stride) + 1, before: 0 };
  const windows = Math.ceil(extent / stride);
  const zeros = Math.max(0, (windows - 1) * stride + kernel - extent);
  return { windows, before: Math.floor(zeros / 2) };
}

/** The geometry of a convolutional layer, from its input shape, weights and attributes. */
export function convolutionOf({ weights, attributes }: Layer, inputShape: readonly number[]): Convolution {
  const [channels, depth, height, width] = weights!.shape as readonly [number, number, number, number];
  const input = featureMap(inputShape)!;
  const { stride, padding } = attributes as Pick<ConvolutionSettings, "stride" | "padding">;
  return convolution(input, { kernel: { height, width }, channels, groups: input.channels / depth, stride, padding })!;
}

/** Whether any window reads padding. */
export const isPadded = ({ input, output, kernel, stride, padding }: Convolution): boolean =>
  padding.top > 0 ||
  padding.left > 0 ||
  (output.height - 1) * stride + kernel.height > input.height ||
  (output.width - 1) * stride + kernel.width > input.width;

/** In PyTorch's order: [outputs, inputs of one output, rows, columns]. */
export const kernelShape = ({ output, depth, kernel }: Convolution): readonly number[] => [
  output.channels,
  depth,
  kernel.height,
  kernel.width,
];

/** Weights of one filter, that is of one output channel. */
export const tapsOf = ({ depth, kernel }: Convolution): number => depth * kernel.height * kernel.width;

/** The exact sums, [outputs, rows, columns], of values channel by channel and weights in the order of `kernelShape`. */
export function convolve(geometry: Convolution, values: Int32Array, weights: Int32Array): Int32Array {
  const sums = new Int32Array(areaOf(geometry.output) * geometry.output.channels);
  const { input: from, output, kernel, stride, padding, depth, share } = geometry;
  const width = from.width;
  for (let channel = 0; channel < output.channels; channel++) {
    const planes = values.subarray(Math.floor(channel / share) * depth * areaOf(from));
    const row = weights.subarray(channel * tapsOf(geometry));
    let at = channel * areaOf(output);
    for (let y = -padding.top; y < output.height * stride - padding.top; y += stride) {
      for (let x = -padding.left; x < output.width * stride - padding.left; x += stride) {
        let sum = 0;
        for (let plane = 0; plane < depth; plane++) {
          for (let ky = Math.max(0, -y); ky < Math.min(kernel.height, from.height - y); ky++) {
            const line = (plane * from.height + y + ky) * width + x;
            const tap = (plane * kernel.height + ky) * kernel.width;
            for (let kx = Math.max(0, -x); kx < Math.min(kernel.width, width - x); kx++) sum += planes[line + kx]! * row[tap + kx]!;
          }
        }
        sums[at++] = sum;
      }
    }
  }
  return sums;
}
