import type { Placement, Routine } from "../../ir/routine.js";
import { digitLevels, nibbleRows, unitsPerWord } from "../bit-planes/digit-plan.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { limitOf } from "../sparse/input-lists.js";
import { defineKernel } from "../contract.js";
import { routine } from "../routine.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";
import { windowRuns } from "./mixed-windows.js";
import { addNibbles, frameBytes, longestBlock } from "./rv32-add-nibbles.js";
import { type WindowAdder, type WindowContext, windowFacts, windowOffers, windowTables } from "./window-offers.js";

/** Digits that values have, as measured: of those that are not zero. */
const typicalDigits = 2.8;

export default defineKernel<WindowContext>({
  name: "windows-bitplanes",
  template: "windows/windows-bitplanes",
  summary:
    "Implicit im2col: a window of all channels is the input of a dense layer. Lists the values that differ from the zero point and accumulates their weights by bit planes, " +
    "eight to a word; fused with max pooling and requantization. For up to sixteen evenly spaced levels, on cores that do not multiply.",
  serves: windowRuns,
  bid: (job, target) => {
    const { quantizer } = job.weights[0]!;
    if (target.multiplies || digitLevels(quantizer) === undefined) return [];
    return windowOffers(job, target, ({ output }) => {
      const words = Math.ceil(output.channels / unitsPerWord);
      const width = Math.ceil(words / 3) * 3 <= Math.ceil(words / 2) * 2 ? 3 : 2;
      const groups = Math.ceil(words / width);
      const digits = job.range.low < 0 ? 8 : job.range.high.toString(2).length;
      const adder: WindowAdder = {
        way: "",
        routine: (placement) => addNibblesRoutine(quantizer, width, digits, placement),
        channels: width * unitsPerWord,
        groups,
        stride: 4 * width * groups,
        onlyFromRam: false,
        behind: 1,
        stack: frameBytes(width),
        cycles: {
          list: 90 + digits * (40 + 40 * width) + width * 100,
          entry: digits * (width === 3 ? 9 : 8) + (job.occupancy?.digits ?? typicalDigits) * (3 + 9 * width),
        },
      };
      return [adder];
    });
  },
  facts: windowFacts,
  tables: ([held], context, constants) => {
    const words = context.sums / unitsPerWord;
    return windowTables(held!, context, nibbleRows(held!, words, words), constants);
  },
});

/** Adds up the weights of a list digit by digit, so many words at a time. */
function addNibblesRoutine(quantizer: Quantizer, width: 2 | 3, digits: number, placement: Placement): Routine {
  const { most, lowest, step } = digitLevels(quantizer)!;
  const stepShift = Math.log2(step);
  const add = addNibbles({ width, digits, most, stepShift });
  return routine("windows/routines/add-nibbles", {
    label: `add_${quantizer.name}_digits_${width}x${digits}`,
    context: {
      ...{ width, digits, most, lowest, stepShift, add },
      units: width * unitsPerWord,
      pairs: 4 * width,
      frameWords: frameBytes(width) / 4,
      longest: longestBlock(most),
      limit: limitOf(quantizer),
      level: levelText({ lowest, step }),
    },
    placement,
  });
}
