import { defineLayer, ownChannel } from "../layer.js";
import { count } from "../parameter.js";
import { inferPool, runPool } from "../pooling.js";
import { poolWindow } from "../shapes/pool.js";
import { poolWindowsIn } from "../shapes/windows.js";

export default defineLayer({
  name: "avgpool",
  summary:
    "Average pooling: the mean of each window, rounded down; windows do not overlap and hold a power of two of values, so that a shift divides.",
  parameters: { size: count("Height and width of a window; the length in a sequence.", { least: 2 }) },
  images: true,
  reads: () => "as-wanted",
  infer: ([input], { size }) =>
    Number.isInteger(Math.log2(size)) ? inferPool(input!, size) : { needs: "a size of 2, 4, 8 …", remedy: "`maxpool` takes any size" },
  channelwise: () => ownChannel,
  train: (on, { inputs: [input], inputTypes: [type] }, { size }) => {
    const means = on.images!.averagePool(input!, poolWindow(type!, size));
    return on.straightThrough(on.floor(means), means);
  },
  reference: (run, { size }) => {
    const { height, width } = poolWindow(run.inputTypes[0]!, size);
    return runPool(run, size, (a, b) => a + b).map((sum) => sum >> Math.log2(height * width));
  },
  exact: (on, { inputs: [input], inputTypes: [type] }, { size }) => {
    const windows = poolWindowsIn(type!, size);
    return on.divideDown(on.sumsOfWindows(input!, windows), windows.taps);
  },
  bounds: ({ inputs: [input] }) => input!,
});
