import type { Target } from "../../ir/target.js";
import { type ZeroPoint, zeroPointOf, rowSumBytes, rowSumTable } from "../sparse/zero-point.js";
import { columnWords, groupSize, groupsOf, activeShare } from "../sparse/dense-columns.js";
import { defineKernel, type Offer } from "../contract.js";
import { runsOwnAssembly } from "../instruction-sets.js";
import { placements, slowdown } from "../placement.js";
import { addInputs, digitLevels, entryOf, inputsStack } from "./product-tables.js";

/** How many tables of products there may be at a time. */
const capacities = [24, 16, 8, 3];

interface Context {
  readonly inputs: number;
  readonly units: number;
  readonly neurons: number;
  readonly groups: number;
  readonly stride: number;
  readonly padded: boolean;
  readonly zeroPoint: ZeroPoint | undefined;
  /** The table that has the sums of rows. */
  readonly rowSumsAt: number;
  readonly format: string;
  readonly split: boolean;
  readonly room: number;
}

export default defineKernel<Context>({
  name: "dense-lookup",
  template: "lookup/dense-lookup",
  summary:
    "Product tables: multiplies an input by all levels once, then looks up the product for each of its weights; skips inputs equal to the zero point. For codes of one or two hexadecimal digits.",
  serves: ["dense"],
  bid: (job, target) => {
    const { rows: units, columns: inputs, quantizer } = job.weights[0]!;
    const digits = digitLevels(quantizer);
    if (digits === undefined) return [];
    const groups = groupsOf(units);
    const stride = groups * 4 * digits.length;
    const reach = Math.max(-job.range.low, 0) + job.range.high;
    if (Math.max(...digits.flat().map(Math.abs)) * reach > 32_767 || inputs * stride > 65_536) return [];
    const neurons = groups * groupSize;
    const padded = neurons !== units;
    const zeroPoint = zeroPointOf(job, target.multiplies);
    const entry = entryOf(digits.length);
    const active = inputs * activeShare(job);
    const levels = digits.flat().length;
    const { productCycles, weightCycles } = speedOn(target);
    const placed = placements(target, ["products"]).map(({ of, text }) => ({
      of,
      text,
      multiply: addInputs(quantizer, digits, of("products")),
    }));
    return placed.flatMap(({ of, text, multiply }) =>
      capacities.map((capacity): Offer<Context> => {
        const products = Math.max(capacity * entry, zeroPoint === undefined || zeroPoint.multiplied ? 0 : zeroPoint.products);
        return {
          cost: {
            flash: {
              code: zeroPoint === undefined ? 140 : target.multiplies ? 200 : 290,
              weights: inputs * stride + (zeroPoint === undefined ? 0 : rowSumBytes(neurons, zeroPoint)),
            },
            ram: { static: 4 * Math.ceil(products / 2) + (padded ? 4 * neurons : 0), stack: inputsStack(quantizer) },
            cycles: Math.round(
              neurons * (zeroPoint === undefined ? 7 : 30) +
                slowdown(target, of("products")) *
                  (inputs * 12 +
                    active * (20 + levels * productCycles + groups * (8 + 8 * digits.length * weightCycles)) +
                    Math.ceil(active / capacity) * groups * 55),
            ),
          },
          context: {
            inputs,
            units,
            neurons,
            groups,
            stride,
            padded,
            zeroPoint,
            rowSumsAt: 1,
            format: quantizer.name,
            split: digits.length > 1,
            room: capacity * entry,
          },
          calls: { multiply },
          variant: `${capacity} at a time, ${text}`,
        };
      }),
    );
  },
  tables: ([held], { zeroPoint, split, neurons }) => {
    const words = columnWords(held!, 8, (code) => (split ? [code & 15, code >> 4] : [code]));
    return zeroPoint === undefined ? [words] : [words, rowSumTable(held!, zeroPoint, neurons)];
  },
});

/** Measured, for code in RAM: cycles to make a product, and to look one up and add it. */
const speedOn = (target: Target): { readonly productCycles: number; readonly weightCycles: number } =>
  runsOwnAssembly(target) ? { productCycles: 5, weightCycles: 6 } : { productCycles: 5, weightCycles: 10 };
