import { idxFiles, readIdxSplits } from "../files/idx.js";
import { defineSource, type RemoteFile } from "../samples.js";

const MD5 = {
  trainImages: "6bbc9ace898e44ae57da46a324031adb",
  trainLabels: "a25bea736e30d166cdddb491f175f624",
  testImages: "2646ac647ad5339dbf082846283269ea",
  testLabels: "27ae3e4e09519cfbb04c329615203637",
};

const FILES = idxFiles<RemoteFile>((stem, role) => ({
  path: `mnist/${stem}`,
  elsewhere: [`MNIST/raw/${stem}`],
  md5: MD5[role],
  urls: [`https://ossci-datasets.s3.amazonaws.com/mnist/${stem}.gz`, `https://storage.googleapis.com/cvdf-datasets/mnist/${stem}.gz`],
}));

const classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

export default defineSource({
  name: "mnist",
  summary: "Handwritten digits, 28x28 bytes, white on black: 60000 to train, 10000 to test.",
  parameters: {},
  describe: () => ({ shape: [28, 28], values: "bytes", classes }),
  load: async (host) => ({
    ...(await readIdxSplits(FILES, host.published, (file) => file.path)),
    classes,
    origin: "MNIST, the official 60000 + 10000 images",
  }),
});
