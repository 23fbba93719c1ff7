import { highestOnesUpTo, saturationOf } from "../../catalog/requantize.js";
import type { Ones } from "../../ir/types.js";
import { elementBytes } from "../../ir/plan.js";
import { channelCost, channelSize } from "../channelwise/map-steps.js";
import { cTypes, defineKernel, mayOverlay, onesOf, type Table } from "../contract.js";
import { biasTable, biasValues, halfOf, knownHalf, shiftAmong } from "./bias-table.js";

export default defineKernel({
  name: "requantize-fixed",
  template: "requantize/requantize-fixed",
  summary: "Requantizes sums of a fixed range, with their biases: a rounding right shift by a constant, saturating. In place.",
  serves: ["relu", "leaky_relu", "requantize"].flatMap((op) => [[op], ["bias", op]]),
  channelwise: true,
  bid: (job) => {
    if (job.writes.range !== "fixed" || job.writes.element === "i32") return [];
    const { reads, writes } = job.stored;
    const { op, attributes } = job.layers.at(-1)!;
    const { low, high } = saturationOf(job.writes.element);
    const few: Ones | 0 = onesOf(job) ?? 0;
    const leak = op === "leaky_relu" ? Number(attributes["shift"]) : 0;
    const bias = biasTable(job, knownHalf(job));
    const { bytes = 0, ...table } = bias ?? {};
    const base = bias === undefined ? { code: 50, cycles: 13 } : { code: 62, cycles: 16 };
    const cost = channelCost(job, base.code + (leak > 0 ? 14 : 0), base.cycles + (leak > 0 ? 2 : 0));
    return [
      {
        cost: { ...cost, flash: { ...cost.flash, weights: bytes + (few === 0 ? 0 : high + 1) } },
        context: {
          ...{ in: cTypes[reads], count: channelSize(job).count },
          few,
          ...{ signed: op !== "relu", least: op === "relu" ? 0 : low, most: high, leak },
          ...{ biased: bias !== undefined, element: "int32_t" as const, perChannel: false, ...table },
        },
        ...(bias?.perChannel ? { row: 1 } : {}),
        ...(elementBytes[writes] <= elementBytes[reads] && mayOverlay(reads, writes) ? { overlays: true as const } : {}),
      },
    ];
  },
  tables: (_weights, context, constants) => [
    ...(context.biased ? [biasValues(context, constants[0]!, halfOf(shiftAmong(constants)))] : []),
    ...(context.few === 0 ? [] : [levelTable(context.most, context.few)]),
  ],
  facts: (constants, { most, leak }) => {
    const shift = shiftAmong(constants);
    const half = halfOf(shift);
    return { shift, half, limit: (most + 1) * 2 ** shift, leakedShift: shift + leak, leakedHalf: half * 2 ** leak - half };
  },
});

/** What stays of each value where few bits may be set. */
const levelTable = (most: number, ones: Ones): Table => ({
  name: "levels",
  element: "uint8_t",
  values: highestOnesUpTo(most, ones),
});
