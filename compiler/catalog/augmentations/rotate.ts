import { imageSides } from "../image/sides.js";
import { rotationMatrix } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure } from "../parameter.js";
import { defineAugmentation } from "../samples.js";

export default defineAugmentation({
  name: "rotate",
  summary: "Turns each image by up to an angle, either way, about its centre.",
  parameters: { angle: measure("angle", "The largest turn.", { least: 0, most: 180 }) },
  prepare: (shape, { angle }) => {
    const [height, width] = imageSides("rotate", shape);
    return (from, to, random) => warp(from, to, height, width, rotationMatrix(height, width, random.between(-angle, angle)));
  },
});
