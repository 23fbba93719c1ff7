import type { Helper } from "../../ir/plan.js";
import { type Background, backgroundOf, rowSumBytes, rowSumTable } from "../background.js";
import { evenShape, ranks } from "../codebook-shape.js";
import { columnWords, groupSize, groupsOf, residencies, typicallyActive } from "../dense-columns.js";
import { levelText } from "../dense-rows.js";
import { limitOf, listFacts, listHelper } from "../input-lists.js";
import { defineKernel, type Offer } from "../kernel.js";
import type { Quantizer } from "../quantizer.js";

/** How many inputs may be listed at a time. */
const capacities = [96, 40, 12];

/** The unit whose number a nibble holds, from the low bits on, says where unit after unit goes. */
const order = [0, 4, 1, 5, 2, 6, 3, 7];

export default defineKernel({
  name: "dense-lanes",
  summary: "Two weights to a multiplication, and none for inputs that are background; for four bits with evenly spaced levels.",
  serves: ["dense"],
  bid: (job, target) => {
    const { rows: units, columns: inputs, quantizer } = job.weights[0]!;
    const shape = evenShape(quantizer.levels);
    const groups = groupsOf(units);
    const nibbles = quantizer.packing.kind === "bits" && quantizer.packing.width === 4;
    if (!target.multiplies || !nibbles || shape === undefined || !Number.isInteger(Math.log2(shape.step)) || inputs * groups * 4 > 65_536) return [];
    const neurons = groups * groupSize;
    const padded = neurons !== units;
    const background = backgroundOf(job, true);
    const active = inputs * typicallyActive;
    const wordCycles = target.core.startsWith("rv32") ? 28 : 42;
    return residencies(target).flatMap((resident) =>
      capacities.map((capacity): Offer => {
        const helpers = [addHelper(quantizer, resident), listHelper(resident)];
        const flushes = Math.ceil(active / Math.min(capacity, 40));
        return {
          cost: {
            flash: { code: background === undefined ? 80 : 140, weights: inputs * groups * 4 + (background === undefined ? 0 : rowSumBytes(neurons, background)) },
            ram: { static: 4 * (capacity + 1 + (padded ? neurons : 0)), stack: 120 },
            cycles: Math.round(neurons * (background === undefined ? 7 : 14) + (resident ? 1 : 1.8) * (inputs * 12 + active * (10 + groups * wordCycles) + flushes * groups * 90)),
          },
          facts: {
            inputs, units, neurons, groups, padded, background, rowSumsAt: 1, capacity,
            ...listFacts(quantizer),
            stride: groups * 4 * 65_536,
            multiply: helpers[0]!.name,
            list: helpers[1]!.name,
          },
          helpers,
          variant: `${capacity} at a time, ${resident ? "from RAM" : "from flash"}`,
        };
      }),
    );
  },
  tables: ([held], facts) => {
    const background = facts["background"] as Background | undefined;
    const numbers = ranks(held!.quantizer.levels);
    const words = columnWords(held!, 8, (code) => [numbers[code]!], order);
    return background === undefined ? [words] : [words, rowSumTable(held!, background, facts["neurons"] as number)];
  },
});

function addHelper(quantizer: Quantizer, resident: boolean): Helper {
  const shape = evenShape(quantizer.levels)!;
  const stepShift = Math.log2(shape.step);
  const pairs = Array.from({ length: 4 }, (_, index) => ({ index, shift: 4 * index }));
  const facts = { groupSize, pairs, stepShift, lowShift: 16 - stepShift, most: quantizer.levels.length - 1, limit: limitOf(quantizer), level: levelText(shape), lowest: shape.lowest };
  return { name: `add_${quantizer.name}_lanes${resident ? "_quickly" : ""}`, template: "add-lanes", facts, code: 330, resident };
}
