import { resizer } from "../image/resample.js";
import { count } from "../parameter.js";
import { DataError } from "../data-error.js";
import { defineConversion, type Samples } from "../samples.js";

export default defineConversion({
  name: "resize",
  summary: "Scales images to another size, bilinear with antialiasing, bit for bit as Pillow does it.",
  parameters: {
    height: count("Rows of the result."),
    width: count("Columns of the result."),
  },
  takes: "bytes",
  infer: (shape, { height, width }) => (shape.length === 2 ? { shape: [height, width] } : { needs: "images [height, width]" }),
  prepare: (train, { height, width }) => {
    const [fromHeight, fromWidth] = train.shape as readonly [number, number];
    const resize = resizer([fromHeight, fromWidth], [height, width]);
    const convert = (samples: Samples): Samples => {
      const { values } = samples;
      if (!(values instanceof Uint8Array)) {
        throw new DataError(
          "`resize` scales images of bytes, but these samples are fractions",
          "Save the images as bytes: as .png, or in NumPy as `samples.astype(numpy.uint8)`. After `standardize` all are fractions: put `resize` before it.",
        );
      }
      const resized = new Uint8Array(samples.count * height * width);
      resize(values, resized);
      return { ...samples, shape: [height, width], values: resized };
    };
    return { convert, explain: () => `scale to ${height} x ${width}, bilinear with antialiasing` };
  },
});
