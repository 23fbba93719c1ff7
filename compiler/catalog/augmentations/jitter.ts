import { measure } from "../parameter.js";
import { defineAugmentation, type Samples } from "../samples.js";
import { statisticsOf } from "../samples/statistics.js";

export default defineAugmentation({
  name: "jitter",
  summary: "Adds Gaussian noise to every value: its deviation is a share of the range of bytes, or of the deviation of each feature.",
  parameters: { share: measure("share", "The standard deviation of the noise.", { least: 0, most: 1 }) },
  prepare: (originals, { share }) => {
    const bytes = originals.values instanceof Uint8Array;
    const deviation = bytes ? [255] : featureDeviations(originals);
    return (from, to, random) => {
      for (let i = 0; i < from.length; i++) {
        const value = from[i]! + share * deviation[i % deviation.length]! * random.normal();
        to[i] = bytes ? Math.min(Math.max(Math.round(value), 0), 255) : value;
      }
    };
  },
});

const featureDeviations = (originals: Samples): ArrayLike<number> => statisticsOf(originals, originals.shape.at(-1)!).deviation;
