import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { describe, expect, it } from "vitest";
import { folder, refusal } from "../testing/folder.js";
import images from "./images.js";

const cat = encode({ width: 2, height: 1, data: Uint8Array.of(1, 2), channels: 1, depth: 8 });
const png = (width: number, height: number, data: readonly number[], channels = 1): Uint8Array =>
  encode({ width, height, data: Uint8Array.from(data), channels, depth: 8 });
const netpbm = (head: string, ...data: readonly number[]): Uint8Array => Uint8Array.from([...new TextEncoder().encode(head), ...data]);

const load = (
  files: Parameters<typeof folder>[0],
  settings: { readonly test?: string; readonly size?: readonly number[] } = {},
  classes?: readonly string[],
) => images.load(folder(files), { folder: "pets", test: "", size: [], ...settings }, classes);
const one = async (bytes: Uint8Array) => [...(await load({ "pets/a/1.png": bytes })).train.values];

describe("images", () => {
  it("reads a folder for each class", async () => {
    const { train, test, classes, origin } = await load({
      "pets/dog/2.PNG": png(2, 1, [3, 4]),
      "pets/cat/1.png": png(2, 1, [1, 2]),
      "pets/cat/notes.txt": "",
      "pets/readme.md": "",
    });
    expect(train).toEqual({ shape: [1, 2], count: 2, values: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 1) });
    expect([classes, test.count, origin]).toEqual([["cat", "dog"], 0, "pets (2 images)"]);
  });

  it.each([
    ["colours", png(1, 1, [255, 128, 0], 3), [151]],
    ["colours with transparency", png(2, 1, [255, 255, 255, 0, 255, 255, 255, 255], 4), [0, 255]],
    ["grey with transparency", png(1, 1, [200, 128], 2), [100]],
    ["shades of 16 bits", encode({ width: 1, height: 1, data: Uint16Array.of(0x8080), channels: 1, depth: 16 }), [128]],
    [
      "black and white",
      encode({ width: 9, height: 2, data: Uint8Array.of(0b10100000, 0b10000000, 0b01000000, 0), channels: 1, depth: 1 }),
      [255, 0, 255, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0],
    ],
    ["PGM with a remark", netpbm("P5\n# made by hand\n2 1\n100\n", 50, 100), [128, 255]],
    ["PPM", netpbm("P6 1 1 255\n", 0, 255, 0), [150]],
  ])("reads %s", async (_, bytes, values) => expect(await one(bytes)).toEqual(values));

  it("scales to one size when told so, and reads a folder to test with", async () => {
    const files = {
      "pets/cat/1.png": png(2, 2, [10, 10, 10, 10]),
      "pets/dog/1.png": png(1, 1, [20]),
      "later/dog/1.png": png(3, 3, new Array<number>(9).fill(30)),
    };
    const { train, test } = await load(files, { size: [1, 2], test: "later" }, ["dog", "cat"]);
    expect([train.shape, [...train.values], [...train.labels]]).toEqual([
      [1, 2],
      [10, 10, 20, 20],
      [1, 0],
    ]);
    expect([[...test.values], [...test.labels]]).toEqual([[30, 30], [0]]);
  });

  const jpeg = (orientation: number): Uint8Array => {
    // A bright upper left quarter.
    const data = Buffer.from(
      Array.from({ length: 32 * 16 }, (_, i) => (i % 32 < 16 && i < 32 * 8 ? [240, 240, 240, 255] : [16, 16, 16, 255])).flat(),
    );
    const plain = encodeJpeg({ width: 32, height: 16, data }, 95).data;
    const exif = [
      0xff,
      0xe1,
      0,
      34,
      ...new TextEncoder().encode("Exif"),
      0,
      0,
      0x49,
      0x49,
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      1,
      3,
      0,
      1,
      0,
      0,
      0,
      orientation,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ];
    return Uint8Array.from([...plain.subarray(0, 2), ...exif, ...plain.subarray(2)]);
  };

  it.each([
    [1, [16, 32], "upper left"],
    [2, [16, 32], "upper right"],
    [3, [16, 32], "lower right"],
    [4, [16, 32], "lower left"],
    [5, [32, 16], "upper left"],
    [6, [32, 16], "upper right"],
    [7, [32, 16], "lower right"],
    [8, [32, 16], "lower left"],
  ] as const)("reads a photo in JPEG as its camera was held: %i", async (orientation, shape, bright) => {
    const { train } = await load({ "pets/cat/1.jpg": jpeg(orientation) });
    expect(train.shape).toEqual(shape);
    const at = (row: number, column: number): number =>
      train.values[Math.floor(shape[0] * row) * shape[1] + Math.floor(shape[1] * column)]!;
    const corners = { "upper left": at(0.2, 0.2), "upper right": at(0.2, 0.8), "lower left": at(0.8, 0.2), "lower right": at(0.8, 0.8) };
    for (const [corner, value] of Object.entries(corners))
      expect([corner, Math.abs(value - (corner === bright ? 240 : 16)) < 6]).toEqual([corner, true]);
  });

  it("finds images in folders of a class's folder, and says what it left out", async () => {
    const { train, remarks } = await load({
      "pets/cat/1.png": cat,
      "pets/cat/more/2.png": cat,
      "pets/cat/3.heic": cat,
      "pets/Thumbs.db": cat,
    });
    expect([train.count, remarks]).toEqual([2, ["2 files of pets are no images, and are left out: Thumbs.db, cat/3.heic"]]);
  });

  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["a folder that is not there", () => load({}), /^there is no folder pets\n/],
    ["a folder without folders", () => load({ "pets/1.png": cat }), /^the folder pets holds no folders\n/],
    [
      "a class without images",
      () => load({ "pets/cat/1.png": cat, "pets/dog/": "" }),
      /^the folder pets\/dog holds no PNG, JPEG, PGM or PPM images\n.*"dog"/,
    ],
    [
      "images of several sizes",
      () => load({ "pets/cat/1.png": cat, "pets/cat/2.png": png(1, 1, [1]) }),
      /^pets\/cat\/2.png is 1 x 1, but pets\/cat\/1.png is 1 x 2\n.*size:/,
    ],
    ["what is no image", () => load({ "pets/cat/1.png": netpbm("GIF89a") }), /^pets\/cat\/1.png is no PNG, JPEG, PGM or PPM image\n/],
    [
      "a damaged image",
      () => load({ "pets/cat/1.png": cat.map((byte, i) => (i === cat.length - 20 ? byte ^ 255 : byte)) }),
      /^pets\/cat\/1.png is a damaged PNG image: /,
    ],
    [
      "an image that was cut short",
      () => load({ "pets/cat/1.png": cat.subarray(0, cat.length - 20) }),
      /^pets\/cat\/1.png is a damaged PNG image: /,
    ],
    [
      "a class that the dataset does not have",
      () => load({ "pets/cat/1.png": cat, "pets/cow/1.png": cat }, {}, ["cat", "dog"]),
      /^pets\/cow\/1.png: "cow" is none of the dataset's classes/,
    ],
  ];
  it.each(refusals)("refuses %s", async (_, loading, message) => expect(await refusal(loading())).toMatch(message));
});
