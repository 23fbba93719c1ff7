import type { Random } from "../../random.js";
import { defineImageAugmentation } from "../image/augmentation.js";
import { bender, type Place } from "../image/bend.js";
import { measure, optional } from "../parameter.js";

/** After Simard et al. 2003, "Best practices for convolutional neural networks applied to visual document analysis". */
export default defineImageAugmentation({
  name: "deform",
  summary:
    "Rotates, translates, scales, stretches, shears and elastically bends each image in one step with bilinear interpolation: the strongest and gentlest.",
  parameters: {
    rotate: optional(measure("angle", "The largest turn, either way.", { least: 0, most: 180 }), 0),
    shift: optional(measure("share", "The largest move, as a share of the sides.", { least: 0, most: 1 }), 0),
    zoom: optional(measure("share", "The largest change of size, as a share of it.", { least: 0, most: 0.9 }), 0),
    stretch: optional(measure("share", "The largest change of width against height.", { least: 0, most: 0.9 }), 0),
    shear: optional(measure("angle", "The largest slant of vertical lines, either way.", { least: 0, most: 80 }), 0),
    bend: optional(measure("pixels", "How far pixels wander, as root mean square; each image draws from zero to this.", { least: 0 }), 0),
    smoothness: optional(measure("pixels", "How far apart pixels still wander together.", { least: 0.5 }), 5),
  },
  prepareImages: (height, width, settings) => {
    const bend = bender(height, width, settings.smoothness);
    return (from, to, random) => {
      const place = drawPlace(height, width, settings, random);
      bend(from, to, place, random.between(0, settings.bend), random);
    };
  },
});

type Change = Readonly<Record<"rotate" | "shift" | "zoom" | "stretch" | "shear", number>>;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The inverse of a change about the centre: where each pixel of the result comes from. */
function drawPlace(height: number, width: number, change: Change, random: Random): Place {
  const draw = (most: number): number => random.between(-most, most);
  const turn = radians(draw(change.rotate));
  const slant = Math.tan(radians(draw(change.shear)));
  const zoom = 1 + draw(change.zoom);
  const stretch = 1 + draw(change.stretch);
  const [cos, sin] = [Math.cos(turn) / zoom, Math.sin(turn) / zoom];
  const [a, d] = [cos / stretch, -sin / stretch];
  const [b, e] = [sin + slant * a, cos + slant * d];
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  const [x, y] = [centerX + draw(change.shift) * width, centerY + draw(change.shift) * height];
  return [a, b, centerX - a * x - b * y, d, e, centerY - d * x - e * y];
}
