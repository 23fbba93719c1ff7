import { laneAdders } from "../swar/add-lanes.js";
import { ranks } from "../../catalog/codebook/shape.js";
import { defineKernel } from "../contract.js";
import { fieldWords, laneFields, unitsAtOnce, wordsOf } from "../swar/lane-fields.js";
import { windowRuns } from "./mixed-windows.js";
import { type WindowContext, windowFacts, windowOffers, windowTables } from "./window-offers.js";

export default defineKernel<WindowContext>({
  name: "windows-swar",
  template: "windows/windows-swar",
  summary:
    "Implicit im2col: a window of all channels is the input of a dense layer. Lists the values that differ from the zero point and multiplies two weights at once (SWAR); " +
    "fused with max pooling and requantization. For few, evenly spaced levels.",
  serves: windowRuns,
  bid: (job, target) => {
    if (!target.multiplies) return [];
    return windowOffers(job, target, ({ output }) => {
      const fields = laneFields(job.weights[0]!.quantizer.levels.length);
      const groups = Math.ceil(output.channels / unitsAtOnce(fields));
      return laneAdders(job, target, fields, groups).map((adder) => ({
        ...adder,
        channels: unitsAtOnce(fields),
        groups,
        stride: 4 * wordsOf(fields, output.channels),
      }));
    });
  },
  facts: windowFacts,
  tables: ([held], context, constants) => {
    const { levels } = held!.quantizer;
    return windowTables(held!, context, fieldWords(held!, laneFields(levels.length), ranks(levels)), constants);
  },
});
