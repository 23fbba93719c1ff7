import { imageSides } from "../image/sides.js";
import { affineMatrix, still } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure } from "../parameter.js";
import { defineAugmentation } from "../samples.js";

export default defineAugmentation({
  name: "zoom",
  summary: "Makes each image larger or smaller about its centre: 10% draws a factor between 0.9 and 1.1.",
  parameters: { share: measure("share", "The largest change of size.", { least: 0, most: 0.9 }) },
  prepare: (shape, { share }) => {
    const [height, width] = imageSides("zoom", shape);
    return (from, to, random) => {
      const zoom = random.between(1 - share, 1 + share);
      warp(from, to, height, width, affineMatrix(height, width, { ...still, zoom }));
    };
  },
});
