import { defineImageAugmentation } from "../image/augmentation.js";
import { affineMatrix, still } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure } from "../parameter.js";

export default defineImageAugmentation({
  name: "zoom",
  summary: "Scales each image about its centre: 10% draws a factor between 0.9 and 1.1.",
  parameters: { share: measure("share", "The largest change of size.", { least: 0, most: 0.9 }) },
  prepareImages:
    (height, width, { share }) =>
    (from, to, random) => {
      const zoom = random.between(1 - share, 1 + share);
      warp(from, to, height, width, affineMatrix(height, width, { ...still, zoom }));
    },
});
