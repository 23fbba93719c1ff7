import { count, optional } from "../parameter.js";
import { defineArrangement, type Samples } from "../samples.js";
import { dealSamples } from "../samples/select.js";

/** At most `most` samples (0: all). */
const limited = (samples: Samples, most: number): Samples =>
  most === 0 || most >= samples.count ? samples : dealSamples(samples, [most], "limit")[0]!;

export default defineArrangement({
  name: "limit",
  summary: "Uses only some of the samples, for quick runs: always the same ones, stratified by class.",
  parameters: {
    train: optional(count("How many samples to train on; 0 for all.", { least: 0 }), 0),
    test: optional(count("How many samples to test on; 0 for all.", { least: 0 }), 0),
  },
  infer: (shape) => ({ shape }),
  arrange: (splits, { train, test }) => {
    const [fewer, tested] = [limited(splits.train, train), limited(splits.test, test)];
    return { ...splits, train: fewer, test: tested, origin: `${splits.origin}; limited to ${fewer.count} + ${tested.count}` };
  },
});
