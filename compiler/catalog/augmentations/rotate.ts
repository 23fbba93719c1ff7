import { defineImageAugmentation } from "../image/augmentation.js";
import { rotationMatrix } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure } from "../parameter.js";

export default defineImageAugmentation({
  name: "rotate",
  summary: "Rotates each image by up to an angle, either way, about its centre.",
  parameters: { angle: measure("angle", "The largest turn.", { least: 0, most: 180 }) },
  prepareImages:
    (height, width, { angle }) =>
    (from, to, random) =>
      warp(from, to, height, width, rotationMatrix(height, width, random.between(-angle, angle))),
});
