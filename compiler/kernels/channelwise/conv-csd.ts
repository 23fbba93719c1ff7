import { signedDigits } from "../../catalog/codebook/signed-digits.js";
import { rowBytes, rowTables, rowWords } from "./conv-rows.js";
import { convolutionRuns, type ConvWindows, convWindows, overlaysInput, windowsOf } from "./conv-windows.js";
import { defineKernel, type Table, tableBytes } from "../contract.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

interface Context extends Omit<ConvWindows, "places">, ReturnType<typeof listsOf> {
  /** Where each tap lies, from the window's first. */
  readonly places: readonly { readonly at: number }[];
}

export default defineKernel<Context>({
  name: "conv-csd",
  template: "channelwise/conv-csd",
  summary:
    "Shift-and-add convolution: lists for each channel which taps have which canonical signed digit (CSD), then doubles, adds and subtracts at every window; fused with max pooling and `relu`.",
  serves: convolutionRuns,
  channelwise: true,
  bid: (job) => {
    const windows = convWindows(job);
    if (windows === undefined) return [];
    const [held] = job.weights;
    const { quantizer, rows } = held!;
    const { total, taps, gathered, depth } = windows;
    const lists = listsOf(windows, quantizer);
    const perWindow = 30 + 11 * lists.typical * total + 22 * lists.digits * depth + (gathered ? 22 * total : 0);
    return [
      {
        cost: {
          flash: { code: 462 + (depth > 1 ? 40 : 0) + (gathered ? 90 : 0), weights: rowBytes(held!) + tableBytes(placeTable(windows)) },
          ram: { static: 0, stack: 80 + 3 * total * lists.maskBytes + lists.capacity * lists.entryBytes + (gathered ? 4 * taps : 0) },
          cycles: rows * (60 + 16 * total + 24 * lists.digits * total + perWindow * windowsOf(job)),
        },
        context: { ...windows, ...lists, places: windows.places.map(({ at }) => ({ at })) },
        row: rowWords(held!),
        ...(overlaysInput(job) ? { overlays: true as const } : {}),
      },
    ];
  },
  tables: (weights, context) => {
    const [rows, ...levels] = rowTables(weights);
    return [rows!, ...levels, placeTable(context)];
  },
});

/** Lists of taps: for each digit those that add, then those that subtract, each ended by `stop`. */
function listsOf({ depth, taps, places }: ConvWindows, { levels }: Quantizer) {
  const digits = levels.map(signedDigits);
  const highest = Math.max(...digits.flat().map(({ shift }) => shift));
  const most = Math.max(...digits.map(({ length }) => length));
  const wide = places.at(-1)!.at >= 255;
  return {
    digits: highest + 1,
    highest: `${2 ** highest}u`,
    mask: highest < 8 ? "uint8_t" : "uint16_t",
    maskBytes: highest < 8 ? 1 : 2,
    entry: wide ? "uint16_t" : "uint8_t",
    entryBytes: wide ? 2 : 1,
    stop: wide ? "65535u" : "255u",
    capacity: depth * (taps * most + 2 * (highest + 1)),
    typical: digits.reduce((sum, { length }) => sum + length, 0) / digits.length,
  };
}

/** Where each tap lies in a window. */
const placeTable = ({ places }: Pick<Context, "places">): Table => ({
  name: "places",
  element: places.at(-1)!.at >= 255 ? "uint16_t" : "uint8_t",
  values: places.map(({ at }) => at),
});
