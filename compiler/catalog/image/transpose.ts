import type { Samples } from "../samples.js";
import { imageSides } from "./sides.js";

/** Exchanges rows and columns of byte images. */
export function transposeImages(samples: Samples): Samples {
  const [height, width] = imageSides("emnist", samples.shape);
  const values = new Uint8Array(samples.values.length);
  for (let i = 0, index = 0; i < samples.count; i++) {
    const start = i * height * width;
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < height; row++) values[index++] = samples.values[start + row * width + column]!;
    }
  }
  return { ...samples, shape: [width, height], values };
}
