import { DataError } from "../data-error.js";
import { type NpyArray, parseNpy } from "../files/npy.js";
import { optional, text } from "../parameter.js";
import { type DataHost, defineSource, type Samples } from "../samples.js";

export default defineSource({
  name: "npy",
  summary: "Your own samples as NumPy saves them, plain or gzipped; paths start at the model's folder, else in a data directory.",
  parameters: {
    samples: text("Samples to train on: [count, …]; arrays of uint8 are bytes, all others fractions."),
    labels: text("Their classes, counted from 0: [count]."),
    test_samples: optional(text("Samples to test on; without them, let `split` hold some out."), ""),
    test_labels: optional(text("Their classes."), ""),
  },
  describe: () => ({}),
  load: async (host, { samples, labels, test_samples, test_labels }, classes) => {
    if ((test_samples === "") !== (test_labels === "")) {
      throw new DataError("`npy` is given test samples or test labels without the other", "Give both, or none.");
    }
    const train = await readSamples(samples, labels, host);
    const test = test_samples === "" ? nothingLike(train) : await readSamples(test_samples, test_labels, host);
    const count = 1 + [train, test].reduce((most, set) => set.labels.reduce((a, b) => Math.max(a, b), most), 0);
    return {
      train,
      test,
      classes: classes ?? Array.from({ length: count }, (_, label) => String(label)),
      origin: test_samples === "" ? `${samples} (${train.count})` : `${samples} (${train.count}) and ${test_samples} (${test.count})`,
    };
  },
});

const nothingLike = ({ shape, values }: Samples): Samples => ({ shape, count: 0, values: values.slice(0, 0), labels: new Uint8Array(0) });

async function readSamples(samplesPath: string, labelsPath: string, host: DataHost): Promise<Samples> {
  const read = async (path: string): Promise<NpyArray> => parseNpy(await host.own(path), path);
  const [samples, labels] = [await read(samplesPath), await read(labelsPath)];
  const [count = 0, ...rest] = samples.shape;
  if (samples.shape.length === 0 || labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new DataError(
      `${samplesPath} is [${samples.shape.join(", ")}], but ${labelsPath} is [${labels.shape.join(", ")}]`,
      "Samples are [count, …], labels [count], of the same count.",
    );
  }
  const strange = labels.values.findIndex((label) => !Number.isInteger(label) || label < 0 || label > 255);
  if (strange >= 0) {
    throw new DataError(`${labelsPath}: label ${strange} is ${labels.values[strange]}`, "Labels count the classes from 0 to 255 at most.");
  }
  return {
    // A vector of samples is one value each.
    shape: rest.length === 0 ? [1] : rest,
    count,
    values: samples.values instanceof Uint8Array ? samples.values : Float32Array.from(samples.values),
    labels: Uint8Array.from(labels.values),
  };
}
