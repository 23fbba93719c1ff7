import { defineLayer, ownChannel } from "../layer.js";
import { inferPool, poolSize, runPool } from "../pooling.js";
import { mapBounds } from "../shapes/bounds.js";
import { areaOf } from "../shapes/feature-map.js";
import { poolWindow } from "../shapes/pool.js";
import { poolWindowsIn } from "../shapes/windows.js";
import { weightedParameters } from "../weighted.js";

export default defineLayer({
  name: "sumpool",
  summary:
    "Sum pooling: the sum of each window, as i32 sums, of any size: the requantization that follows divides. Without a size it is global " +
    "average pooling: one value for each channel.",
  parameters: { size: poolSize, activations: weightedParameters.activations, range: weightedParameters.range },
  images: true,
  reads: () => "activations",
  infer: ([input], { size }) => {
    const pooled = inferPool(input!, size);
    return "shape" in pooled ? { ...pooled, element: "i32" } : pooled;
  },
  channelwise: () => ownChannel,
  train: (on, { inputs: [input], inputTypes: [type] }, { size }) => on.images!.sumPool(input!, poolWindow(type!, size)),
  reference: (run, { size }) => runPool(run, size, (a, b) => a + b),
  exact: (on, { inputs: [input], inputTypes: [type] }, { size }) => on.sumsOfWindows(input!, poolWindowsIn(type!, size)),
  bounds: ({ inputs: [input], inputTypes: [type] }, { size }) => {
    const taps = areaOf(poolWindow(type!, size));
    return mapBounds(input!, (end) => taps * end);
  },
});
