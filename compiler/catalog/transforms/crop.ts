import { imageSides } from "../image/sides.js";
import { count } from "../parameter.js";
import { defineConversion, type Samples } from "../samples.js";

export default defineConversion({
  name: "crop",
  summary: "Center crop: keeps the middle of images.",
  parameters: {
    height: count("Rows to keep."),
    width: count("Columns to keep."),
  },
  infer: (shape, { height, width }) =>
    shape.length === 2 && height <= shape[0]! && width <= shape[1]!
      ? { shape: [height, width] }
      : { needs: `images [height, width] of at least [${height}, ${width}]` },
  prepare: (train, { height, width }) => {
    const [fromHeight, fromWidth] = imageSides("crop", train.shape);
    // An odd rest leaves one more row or column at the bottom and the right.
    const [top, left] = [(fromHeight - height) >> 1, (fromWidth - width) >> 1];
    const convert = (samples: Samples): Samples => {
      const values =
        samples.values instanceof Uint8Array
          ? new Uint8Array(samples.count * height * width)
          : new Float32Array(samples.count * height * width);
      for (let i = 0; i < samples.count; i++) {
        for (let row = 0; row < height; row++) {
          const start = (i * fromHeight + top + row) * fromWidth + left;
          values.set(samples.values.subarray(start, start + width), (i * height + row) * width);
        }
      }
      return { ...samples, shape: [height, width], values };
    };
    return { convert, explain: () => `keep the middle ${height} x ${width}` };
  },
});
