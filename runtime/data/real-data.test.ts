import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Samples, Source } from "#compiler/catalog/samples.js";
import emnist from "#compiler/catalog/sources/emnist.js";
import fashionMnist from "#compiler/catalog/sources/fashion_mnist.js";
import mnist from "#compiler/catalog/sources/mnist.js";
import resize from "#compiler/catalog/transforms/resize.js";
import scale from "#compiler/catalog/transforms/scale.js";
import standardize from "#compiler/catalog/transforms/standardize.js";
import { prepareDataset } from "#compiler/data/dataset.js";
import { dataHost } from "./host.js";
import { locate } from "./files.js";

const data = process.env["BNMC_DATA"];
const has = (path: string): boolean => data !== undefined && locate({ path }, [{ folder: data, reason: "BNMC_DATA" }]) !== undefined;
const real = (path: string) => ({ skip: !has(path), why: has(path) ? "" : ` (skipped: BNMC_DATA has no ${path})` });

const load = (source: Source, settings = {}) => source.load(dataHost({ modelFolder: ".", environment: { BNMC_DATA: data } }), settings);

/** How often each class occurs. */
function counts({ labels }: Samples): readonly number[] {
  const result: number[] = [];
  for (const label of labels) result[label] = (result[label] ?? 0) + 1;
  return result;
}

/** A sample as rows of text, for tests that a person can check. */
const drawn = ({ values, shape }: Samples, sample: number): string => {
  const [height, width] = shape as readonly [number, number];
  const line = (y: number): string =>
    [...values.subarray((sample * height + y) * width, (sample * height + y + 1) * width)].map((byte) => (byte > 127 ? "#" : ".")).join("");
  return Array.from({ length: height }, (_, y) => line(y))
    .filter((row) => row.includes("#"))
    .join("\n");
};

const digits = real("mnist/t10k-labels-idx1-ubyte");
describe.skipIf(digits.skip)(`MNIST${digits.why}`, () => {
  it("is the official set", async () => {
    const { train, test, classes } = await load(mnist);
    expect([train.shape, train.count, test.count, classes.length]).toEqual([[28, 28], 60000, 10000, 10]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(drawn(test, 0)).toMatchInlineSnapshot(`
      ".......###..................
      ......###############.......
      ..........############......
      ...................##.......
      ...................##.......
      ..................##........
      .................###........
      .................##.........
      ................###.........
      ................##..........
      ................##..........
      ...............##...........
      ..............###...........
      .............###............
      .............##.............
      ............##..............
      ...........###..............
      ...........###..............
      ...........###..............
      ...........##..............."
    `);
  });
});

const vectors = process.env["BNMC_VECTORS"];
const unknownInputs = digits.skip || vectors === undefined;
describe.skipIf(unknownInputs)(
  `MNIST as the peer's networks see it${unknownInputs ? " (skipped: BNMC_DATA has no MNIST or BNMC_VECTORS is not set)" : ""}`,
  () => {
    it("has exactly the inputs of its vectors", async () => {
      const transforms = [
        { name: "resize", arguments: { height: 16, width: 16 } },
        { name: "standardize", arguments: { mean: 0.1307, deviation: 0.3081, per: "given" } },
        { name: "scale", arguments: { per: "sample", clip: 0 } },
      ];
      const { test } = prepareDataset(
        await load(mnist),
        { transforms, augment: [] },
        { sources: {}, transforms: { resize, scale, standardize }, augmentations: {} },
      );
      const published = JSON.parse(readFileSync(join(vectors!, "fc-12k-4bitsym.json"), "utf8")) as {
        readonly inputs_int8_base64: string;
      };
      const inputs = Buffer.from(published.inputs_int8_base64, "base64");
      expect(inputs.length).toBe(200 * 256);
      expect(Buffer.from(test.values.buffer, 0, inputs.length).equals(inputs)).toBe(true);
    });
  },
);

const clothes = real("fashion/t10k-labels-idx1-ubyte");
describe.skipIf(clothes.skip)(`Fashion-MNIST${clothes.why}`, () => {
  it("is the official set", async () => {
    const { train, test, classes } = await load(fashionMnist);
    expect(counts(train)).toEqual(new Array(10).fill(6000));
    expect(counts(test)).toEqual(new Array(10).fill(1000));
    expect(classes[test.labels[0]!]).toBe("Ankle boot");
  });
});

const letters = real("emnist-balanced47/t10k-labels-idx1-ubyte");
describe.skipIf(letters.skip)(`EMNIST${letters.why}`, () => {
  it("is read upright, and says that it is not the official split", async () => {
    const { train, test, classes, origin } = await load(emnist, { set: "balanced" });
    expect([train.count, test.count, classes.length]).toEqual([94545, 9400, 47]);
    expect(counts(test)).toEqual(new Array(47).fill(200));
    expect(origin).toContain("NOT the official split");
    expect(drawn(test, test.labels.indexOf(classes.indexOf("L")))).toMatchInlineSnapshot(`
      "...........###..............
      ...........###..............
      ..........####..............
      ..........###...............
      ..........###...............
      ........#####...............
      ........####................
      .......####.................
      ......#####.................
      ......####..................
      .....#####..................
      .....#####..................
      ....#####...................
      ....####....................
      ....####....................
      ....###########.............
      ....#############..##.......
      ......################......
      .............###########....
      ................########...."
    `);
  });
});
