import { rowBytes, rowTables, rowWords } from "./conv-rows.js";
import { convolutionRuns, type ConvWindows, convWindows, overlaysInput, windowsOf } from "./conv-windows.js";
import { defineKernel } from "../contract.js";

const contextOf = ({ depth: _, ...context }: ConvWindows) => context;

export default defineKernel({
  name: "conv-multiply",
  template: "channelwise/conv-multiply",
  summary:
    "Direct convolution: unpacks a channel's weights, then multiplies and accumulates at every window; fused with max pooling and `relu`. On cores that multiply.",
  serves: convolutionRuns,
  channelwise: true,
  bid: (job, target) => {
    const windows = convWindows(job);
    if (!target.multiplies || windows === undefined) return [];
    const [held] = job.weights;
    const { total, taps, gathered, deep } = windows;
    const perWindow = 34 + 8 * total + (gathered ? 22 * total : 0);
    const unrolled = gathered ? 24 : 13 * taps;
    return [
      {
        cost: {
          flash: { code: 146 + unrolled + (deep ? 24 : 0) + (gathered ? 90 : 0), weights: rowBytes(held!) },
          ram: { static: 0, stack: 64 + total * (windows.level === "int8_t" ? 1 : 2) + (gathered ? 4 * taps : 0) },
          cycles: held!.rows * (60 + 16 * total + perWindow * windowsOf(job)),
        },
        context: contextOf(windows),
        row: rowWords(held!),
        ...(overlaysInput(job) ? { overlays: true as const } : {}),
      },
    ];
  },
  tables: rowTables,
});
