import { readIdxSplits } from "../files/idx.js";
import { list, optional, text } from "../parameter.js";
import { defineSource } from "../samples.js";

export default defineSource({
  name: "idx",
  summary: "Your own samples in IDX files of bytes, plain or gzipped; paths start at the model's folder.",
  parameters: {
    train_images: text("Samples to train on: [count, …]."),
    train_labels: text("Their labels: [count]."),
    test_images: text("Samples to test on."),
    test_labels: text("Their labels."),
    classes: optional(
      list(text("A class."), "Names of the classes, in the order of the labels; the labels themselves when left out.", 0),
      [],
    ),
  },
  describe: ({ classes }) => ({ values: "bytes", ...(classes.length > 0 && { classes }) }),
  load: async (host, settings) => {
    const files = {
      trainImages: settings.train_images,
      trainLabels: settings.train_labels,
      testImages: settings.test_images,
      testLabels: settings.test_labels,
    };
    const splits = await readIdxSplits(files, host.own, (path) => path);
    const numbered = Array.from({ length: splits.train.labels.reduce((most, label) => Math.max(most, label), 0) + 1 }, (_, label) =>
      String(label),
    );
    return {
      ...splits,
      classes: settings.classes.length > 0 ? settings.classes : numbered,
      origin: `${settings.train_images} (${splits.train.count}) and ${settings.test_images} (${splits.test.count})`,
    };
  },
});
