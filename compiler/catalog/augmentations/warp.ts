import { measure, optional } from "../parameter.js";
import { defineAugmentation } from "../samples.js";
import { seriesSides } from "../series/sides.js";

export default defineAugmentation({
  name: "warp",
  summary: "Time warping: shifts and stretches each series in time with interpolation; its ends are repeated.",
  parameters: {
    shift: optional(measure("share", "The largest move, either way, as a share of the length.", { least: 0, most: 1 }), 0),
    stretch: optional(
      measure("share", "The largest change of speed: 10% is between 0.9 and 1.1 times as fast.", { least: 0, most: 0.9 }),
      0,
    ),
  },
  prepare: (originals, { shift, stretch }) => {
    const [frames, features] = seriesSides("warp", originals);
    const middle = (frames - 1) / 2;
    return (from, to, random) => {
      const speed = random.between(1 - stretch, 1 + stretch);
      const start = middle + frames * random.between(-shift, shift) - speed * middle;
      for (let frame = 0; frame < frames; frame++) {
        const moment = Math.min(Math.max(start + speed * frame, 0), frames - 1);
        const before = Math.min(Math.floor(moment), Math.max(frames - 2, 0)) * features;
        const after = Math.min(before + features, (frames - 1) * features);
        const share = moment - before / features;
        for (let i = 0; i < features; i++) to[frame * features + i] = (1 - share) * from[before + i]! + share * from[after + i]!;
      }
    };
  },
});
