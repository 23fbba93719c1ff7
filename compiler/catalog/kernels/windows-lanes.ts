import { behindList, lanesHelper, runsTwice, twiceHelper } from "../add-lanes.js";
import { ranks } from "../codebook-shape.js";
import { defineKernel } from "../kernel.js";
import { fieldWords, laneFields, unitsAtOnce, wordsOf } from "../lane-fields.js";
import { windowOffers, windowTables } from "../window-offers.js";

export default defineKernel({
  name: "windows-lanes",
  summary:
    "Takes a window of all channels as a dense layer takes its inputs: lists the values that are not background and multiplies two weights at once; " +
    "with `relu`, and the largest of windows, in bytes. For few, evenly spaced levels.",
  serves: [],
  sections: true,
  bid: (job, target) => {
    if (!target.multiplies) return [];
    return windowOffers(job, target, ({ output }) => {
      const { quantizer } = job.weights[0]!;
      const fields = laneFields(quantizer.levels.length);
      const groups = Math.ceil(output.channels / unitsAtOnce(fields));
      const twice = runsTwice(job, target, fields, groups);
      const entry = (target.core.startsWith("rv32") ? 4 : 8) * fields.lanes + (twice ? 7 : fields.passes > 1 ? 12 : 11);
      return {
        helper: (resident) => (twice ? twiceHelper : lanesHelper)(quantizer, fields, resident),
        channels: unitsAtOnce(fields),
        groups,
        stride: 4 * wordsOf(fields, output.channels),
        behind: behindList,
        stack: twice ? 0 : 52,
        cycles: { list: groups * (twice ? 80 : 120), entry: groups * entry },
        borrows: twice ? ["gp", "sp", "tp"] : [],
      };
    });
  },
  tables: ([held], facts) => {
    const { levels } = held!.quantizer;
    return windowTables(held!, facts, fieldWords(held!, laneFields(levels.length), ranks(levels)));
  },
});
