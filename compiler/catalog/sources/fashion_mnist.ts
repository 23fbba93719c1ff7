import { idxFiles, readIdxSplits } from "../files/idx.js";
import { defineSource, type RemoteFile } from "../samples.js";

const MD5 = {
  trainImages: "f4a8712d7a061bf5bd6d2ca38dc4d50a",
  trainLabels: "9018921c3c673c538a1fc5bad174d6f9",
  testImages: "8181f5470baa50b63fa0f6fddb340f0a",
  testLabels: "15d484375f8d13e6eb1aabb0c3f46965",
};

const FILES = idxFiles<RemoteFile>((stem, role) => ({
  path: `fashion/${stem}`,
  elsewhere: [`fashion-mnist/${stem}`, `fashion_mnist/${stem}`, `FashionMNIST/raw/${stem}`],
  md5: MD5[role],
  // The authors' bucket serves websites, and those have no https.
  urls: [`http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/${stem}.gz`],
}));

const classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

export default defineSource({
  name: "fashion_mnist",
  summary: "Zalando's articles of clothing, 28x28 bytes, in the format of MNIST but harder: 60000 to train, 10000 to test.",
  parameters: {},
  describe: () => ({ shape: [28, 28], values: "bytes", classes }),
  load: async (host) => ({
    ...(await readIdxSplits(FILES, host.published, (file) => file.path)),
    classes,
    origin: "Fashion-MNIST, the official 60000 + 10000 images",
  }),
});
