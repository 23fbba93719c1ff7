import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { folder, refusal } from "../testing/folder.js";
import images from "./images.js";

const png = (width: number, height: number, data: readonly number[], channels = 1): Uint8Array => encode({ width, height, data: Uint8Array.from(data), channels, depth: 8 });
const netpbm = (head: string, ...data: readonly number[]): Uint8Array => Uint8Array.from([...new TextEncoder().encode(head), ...data]);

const load = (files: Parameters<typeof folder>[0], settings: { readonly test?: string; readonly size?: readonly number[] } = {}, classes?: readonly string[]) =>
  images.load(folder(files), { folder: "pets", test: "", size: [], ...settings }, classes);
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
    ["black and white", encode({ width: 9, height: 2, data: Uint8Array.of(0b10100000, 0b10000000, 0b01000000, 0), channels: 1, depth: 1 }), [255, 0, 255, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0]],
    ["PGM with a remark", netpbm("P5\n# made by hand\n2 1\n100\n", 50, 100), [128, 255]],
    ["PPM", netpbm("P6 1 1 255\n", 0, 255, 0), [150]],
  ])("reads %s", async (_, bytes, values) => expect(await one(bytes)).toEqual(values));

  it("scales to one size when told so, and reads a folder to test with", async () => {
    const files = { "pets/cat/1.png": png(2, 2, [10, 10, 10, 10]), "pets/dog/1.png": png(1, 1, [20]), "later/dog/1.png": png(3, 3, new Array<number>(9).fill(30)) };
    const { train, test } = await load(files, { size: [1, 2], test: "later" }, ["dog", "cat"]);
    expect([train.shape, [...train.values], [...train.labels]]).toEqual([[1, 2], [10, 10, 20, 20], [1, 0]]);
    expect([[...test.values], [...test.labels]]).toEqual([[30, 30], [0]]);
  });

  const cat = png(2, 1, [1, 2]);
  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["a folder that is not there", () => load({}), /^there is no folder pets\n/],
    ["a folder without folders", () => load({ "pets/1.png": cat }), /^the folder pets holds no folders\n/],
    ["a class without images", () => load({ "pets/cat/1.png": cat, "pets/dog/": "" }), /^the folder pets\/dog\/ holds no PNG, PGM or PPM images\n.*"dog"/],
    ["images of several sizes", () => load({ "pets/cat/1.png": cat, "pets/cat/2.png": png(1, 1, [1]) }), /^pets\/cat\/2.png is 1 x 1, but pets\/cat\/1.png is 1 x 2\n.*size:/],
    ["what is no image", () => load({ "pets/cat/1.png": netpbm("GIF89a") }), /^pets\/cat\/1.png is no PNG, PGM or PPM image\n/],
    ["a damaged image", () => load({ "pets/cat/1.png": cat.map((byte, i) => (i === cat.length - 20 ? byte ^ 255 : byte)) }), /^pets\/cat\/1.png is a damaged PNG image: /],
    ["an image that was cut short", () => load({ "pets/cat/1.png": cat.subarray(0, cat.length - 20) }), /^pets\/cat\/1.png is a damaged PNG image: /],
    ["a class that the dataset does not have", () => load({ "pets/cat/1.png": cat, "pets/cow/1.png": cat }, {}, ["cat", "dog"]), /^pets\/cow\/1.png: "cow" is none of the dataset's classes/],
  ];
  it.each(refusals)("refuses %s", async (_, loading, message) => expect(await refusal(loading())).toMatch(message));
});
