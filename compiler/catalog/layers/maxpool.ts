import { defineLayer, ownChannel } from "../layer.js";
import { inferPool, poolSize, runPool } from "../pooling.js";
import { leavesRest, poolWindow } from "../shapes/pool.js";
import { poolWindowsIn } from "../shapes/windows.js";

export default defineLayer({
  name: "maxpool",
  summary: "Max pooling: the largest value of each window; windows do not overlap, and rows and columns that fill none are left out.",
  parameters: { size: poolSize },
  images: true,
  reads: () => "as-wanted",
  infer: ([input], { size }) => inferPool(input!, size),
  channelwise: () => ownChannel,
  picks: ({ inputTypes: [type] }, { size }) => (leavesRest(type!, size) ? "some" : "all"),
  train: (on, { inputs: [input], inputTypes: [type] }, { size }) => on.images!.maxPool(input!, poolWindow(type!, size)),
  reference: (run, { size }) => runPool(run, size, (a, b) => Math.max(a, b)),
  exact: (on, { inputs: [input], inputTypes: [type] }, { size }) => on.largestOfWindows(input!, poolWindowsIn(type!, size)),
  bounds: ({ inputs: [input] }) => input!,
});
