import { defineImageAugmentation } from "../image/augmentation.js";
import { affineMatrix, drawShift } from "../image/affine.js";
import { warp } from "../image/warp.js";
import { measure, optional } from "../parameter.js";

export default defineImageAugmentation({
  name: "affine",
  summary: "Rotates, translates, scales and shears each image in one affine transform, so that pixels are resampled only once.",
  parameters: {
    rotate: optional(measure("angle", "The largest turn, either way.", { least: 0, most: 180 }), 0),
    shift: optional(measure("share", "The largest move, as a share of the sides.", { least: 0, most: 1 }), 0),
    zoom: optional(measure("share", "The largest change of size, as a share of it.", { least: 0, most: 0.9 }), 0),
    shear: optional(measure("angle", "The largest slant of vertical lines, either way.", { least: 0, most: 80 }), 0),
  },
  prepareImages: (height, width, settings) => (from, to, random) => {
    const change = {
      rotate: random.between(-settings.rotate, settings.rotate),
      shift: drawShift(height, width, settings.shift, random),
      zoom: random.between(1 - settings.zoom, 1 + settings.zoom),
      shear: random.between(-settings.shear, settings.shear),
    };
    warp(from, to, height, width, affineMatrix(height, width, change));
  },
});
