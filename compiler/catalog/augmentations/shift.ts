import { defineImageAugmentation } from "../image/augmentation.js";
import { affineMatrix, drawShift, still } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure } from "../parameter.js";

export default defineImageAugmentation({
  name: "shift",
  summary: "Translates each image by whole pixels, up to a share of its sides.",
  parameters: { share: measure("share", "The largest move.", { least: 0, most: 1 }) },
  prepareImages:
    (height, width, { share }) =>
    (from, to, random) => {
      const shift = drawShift(height, width, share, random);
      warp(from, to, height, width, affineMatrix(height, width, { ...still, shift }));
    },
});
