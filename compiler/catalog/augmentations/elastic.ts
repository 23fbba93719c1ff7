import { defineImageAugmentation } from "../image/augmentation.js";
import { deformer } from "../image/elastic.js";
import { measure, number, optional } from "../parameter.js";

export default defineImageAugmentation({
  name: "elastic",
  summary: "Elastic deformation of some of the images, as torchvision's ElasticTransform does it.",
  parameters: {
    alpha: optional(number("How far pixels move.", { least: 0 }), 40),
    sigma: optional(number("How smoothly they move together, in pixels.", { least: 0.1 }), 4),
    chance: optional(measure("share", "How many of the images are deformed.", { least: 0, most: 1 }), 1),
  },
  prepareImages: (height, width, { alpha, sigma, chance }) => {
    const deform = deformer(height, width, { alpha, sigma });
    const [right, down] = [new Float64Array(height * width), new Float64Array(height * width)];
    return (from, to, random) => {
      if (random.uniform() >= chance) return to.set(from);
      for (let i = 0; i < right.length; i++) right[i] = random.between(-1, 1);
      for (let i = 0; i < down.length; i++) down[i] = random.between(-1, 1);
      deform(from, to, right, down);
    };
  },
});
