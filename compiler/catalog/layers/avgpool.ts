import { bitsOf, type TensorType } from "../../ir/types.js";
import { areaOf } from "../shapes/feature-map.js";
import { defineLayer, ownChannel } from "../layer.js";
import { inferPool, poolSize, runPool } from "../pooling.js";
import { poolWindow } from "../shapes/pool.js";
import { poolWindowsIn } from "../shapes/windows.js";

export default defineLayer({
  name: "avgpool",
  summary:
    "Average pooling: the mean of each window, rounded down; windows do not overlap and hold a power of two of values, so that a shift divides.",
  parameters: { size: poolSize },
  images: true,
  reads: () => "as-wanted",
  infer: ([input], { size }) => {
    const { bits, ones } = input!.element === "i32" ? {} : bitsOf(input!.element);
    // The mean of 8 and 6 is 7.
    if (ones !== undefined)
      return {
        needs: "sums, or activations any bits of which may be set",
        remedy: `put it before \`relu\`, or set \`activations: ${bits}bit\` of the layer that reads the means`,
      };
    const pooled = inferPool(input!, size);
    if ("needs" in pooled || isPowerOfTwo(tapsOf(input!, size))) return pooled;
    const needs = size === 0 ? "a map of a power of two of values, or a size of 2, 4, 8 …" : "a size of 2, 4, 8 …";
    return { needs, remedy: "`sumpool` takes any: the `relu` behind it divides" };
  },
  channelwise: () => ownChannel,
  train: (on, { inputs: [input], inputTypes: [type] }, { size }) => {
    const means = on.scale(on.images!.sumPool(input!, poolWindow(type!, size)), 1 / tapsOf(type!, size));
    return on.straightThrough(on.floor(means), means);
  },
  reference: (run, { size }) => {
    const shift = Math.log2(tapsOf(run.inputTypes[0]!, size));
    return runPool(run, size, (a, b) => a + b).map((sum) => sum >> shift);
  },
  exact: (on, { inputs: [input], inputTypes: [type] }, { size }) => {
    const windows = poolWindowsIn(type!, size);
    return on.divideDown(on.sumsOfWindows(input!, windows), windows.taps);
  },
  bounds: ({ inputs: [input] }) => input!,
});

/** Values of a window. */
const tapsOf = (type: TensorType, size: number): number => areaOf(poolWindow(type, size));

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count));
