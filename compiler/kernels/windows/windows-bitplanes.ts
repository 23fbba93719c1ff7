import type { Placement, Routine } from "../../ir/routine.js";
import { digitLevels, nibbleRows, unitsPerWord } from "../bit-planes/digit-plan.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { limitOf } from "../sparse/input-lists.js";
import { defineKernel } from "../contract.js";
import { routine } from "../routine.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";
import { windowRuns } from "./mixed-windows.js";
import { type WindowAdder, type WindowContext, windowOffers, windowTables } from "./window-offers.js";

/** Registers that add up the low and the high nibbles of words, two or three at once: for three also that of the end of the list, which then is on the stack. */
const registers = {
  2: [
    ["t0", "t2"],
    ["t1", "ra"],
  ],
  3: [
    ["t0", "ra"],
    ["t1", "tp"],
    ["t2", "a1"],
  ],
} as const;

/** Digits that values have, as measured: of those that are not zero. */
const typicalDigits = 2.8;

export default defineKernel<WindowContext>({
  name: "windows-bitplanes",
  template: "windows/windows-bitplanes",
  summary:
    "Implicit im2col: a window of all channels is the input of a dense layer. Lists the values that differ from the zero point and accumulates their weights by bit planes, " +
    "eight to a word; fused with max pooling and requantization to i8. For up to sixteen evenly spaced levels, on cores that do not multiply.",
  serves: windowRuns,
  bid: (job, target) => {
    const { quantizer } = job.weights[0]!;
    if (target.multiplies || digitLevels(quantizer) === undefined) return [];
    return windowOffers(job, target, ({ output }) => {
      const words = Math.ceil(output.channels / unitsPerWord);
      const width = Math.ceil(words / 3) * 3 <= Math.ceil(words / 2) * 2 ? 3 : 2;
      const groups = Math.ceil(words / width);
      const digits = job.range.low < 0 ? 8 : 7;
      const adder: WindowAdder = {
        way: "",
        routine: (placement) => addNibbles(quantizer, width, digits, placement),
        channels: width * unitsPerWord,
        groups,
        stride: 4 * width * groups,
        onlyFromRam: false,
        behind: 1,
        stack: pairsAt + 16 * width,
        cycles: {
          list: 90 + digits * (40 + 40 * width) + width * 100,
          entry: digits * (width === 3 ? 9 : 8) + (job.occupancy?.digits ?? typicalDigits) * (3 + 9 * width),
        },
        borrows: width === 3 ? ["tp"] : [],
      };
      return [adder];
    });
  },
  tables: ([held], context) => {
    const words = context.sums / unitsPerWord;
    return windowTables(held!, context, nibbleRows(held!, words, words));
  },
});

/** Where the frame of the assembly has sums of 16 bits, in bytes. */
const pairsAt = 44;

/** Adds up the weights of a list digit by digit, so many words at a time. */
function addNibbles(quantizer: Quantizer, width: 2 | 3, digits: number, placement: Placement): Routine {
  const { most, lowest, step } = digitLevels(quantizer)!;
  const stepShift = Math.log2(step);
  const words = registers[width].map(([low, high], index) => ({
    ...{ low, high, offset: 4 * index },
    lanes: [low, low, high, high].map((from, lane) => ({ from, offset: pairsAt + 16 * index + 4 * lane, first: lane % 2 === 0 })),
  }));
  return routine("windows/routines/add-nibbles", {
    label: `add_${quantizer.name}_digits_${width}x${digits}`,
    context: {
      ...{ words, width, digits, most, lowest, stepShift },
      entries: [
        { label: 50, back: 41 },
        { label: 51, back: 42 },
      ],
      ...{ borrowing: width === 3, end: width === 3 ? "s1" : "a1" },
      units: width * unitsPerWord,
      pairs: 4 * width,
      pairsAt,
      pairsEnd: pairsAt + 16 * width,
      frameWords: pairsAt / 4 + 4 * width,
      rowBytes: 4 * width,
      longest: Math.min(255, Math.floor(255 / most)),
      lowShift: 16 - stepShift,
      limit: limitOf(quantizer),
      level: levelText({ lowest, step }),
    },
    code: 220 + 122 * width,
    placement,
  });
}
