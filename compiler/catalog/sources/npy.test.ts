import { describe, expect, it } from "vitest";
import { folder, refusal } from "../testing/folder.js";
import npy from "./npy.js";

/** An .npy file as NumPy writes it. */
function saved(type: string, shape: readonly number[], bytes: ArrayLike<number>, { order = "False", version = 1 } = {}): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }\n`;
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    version,
    0,
    ...length,
    ...new TextEncoder().encode(header),
    ...Array.from(bytes),
  ]);
}

const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const labels = (...of: readonly number[]): Uint8Array => saved("|u1", [of.length], of);
const load = (files: Parameters<typeof folder>[0], test = false, classes?: readonly string[]) =>
  npy.load(folder(files), { samples: "x", labels: "y", test_samples: test ? "tx" : "", test_labels: test ? "ty" : "" }, classes);

describe("npy", () => {
  it("keeps bytes, and reads all other numbers as fractions", async () => {
    const { train, classes, test } = await load({ x: saved("|u1", [2, 1, 2], [1, 2, 3, 255]), y: labels(1, 0) });
    expect(train).toEqual({ shape: [1, 2], count: 2, values: Uint8Array.of(1, 2, 3, 255), labels: Uint8Array.of(1, 0) });
    expect([classes, test.count]).toEqual([["0", "1"], 0]);
  });

  it.each([
    ["<f4", bytesOf(Float32Array.of(-1.5, 2))],
    ["<f8", bytesOf(Float64Array.of(-1.5, 2))],
    [">f4", bytesOf(Float32Array.of(-1.5, 2)).map((_, i, all) => all[(i & ~3) + 3 - (i & 3)]!)],
  ])("reads %s", async (type, bytes) => {
    expect([...(await load({ x: saved(type, [1, 2], bytes), y: labels(0) })).train.values]).toEqual([-1.5, 2]);
  });

  it.each([
    ["<i2", bytesOf(Int16Array.of(-300, 7))],
    ["<i4", bytesOf(Int32Array.of(-300, 7))],
    ["<i8", bytesOf(BigInt64Array.of(-300n, 7n))],
  ])("reads %s, and its header of version 2", async (type, bytes) => {
    expect([...(await load({ x: saved(type, [2], bytes, { version: 2 }), y: labels(0, 0) })).train.values]).toEqual([-300, 7]);
  });

  it("takes names for the classes, and a test set", async () => {
    const files = {
      x: saved("|u1", [1, 1], [1]),
      y: labels(0),
      tx: saved("|u1", [1, 1], [2]),
      ty: saved("<i8", [1], bytesOf(BigInt64Array.of(1n))),
    };
    const { test, classes } = await load(files, true, ["no", "yes"]);
    expect([[...test.values], [...test.labels], classes]).toEqual([[2], [1], ["no", "yes"]]);
  });

  const good = saved("|u1", [2, 1], [1, 2]);
  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["other files", () => load({ x: Uint8Array.of(1, 2, 3), y: labels(0) }), /^x is not an .npy file\nSave it with numpy.save/],
    [
      "a file that was cut short",
      () => load({ x: good.subarray(0, good.length - 1), y: labels(0, 0) }),
      /^x announces 2 x 1 elements of 1 bytes but holds 1 bytes/,
    ],
    ["a header that was cut short", () => load({ x: good.subarray(0, 20), y: labels(0, 0) }), /^x ends within its header/],
    ["Fortran order", () => load({ x: saved("|u1", [2, 1], [1, 2], { order: "True" }), y: labels(0, 0) }), /^x is in Fortran order/],
    ["texts", () => load({ x: saved("<U5", [1], new Uint8Array(20)), y: labels(0) }), /^x holds elements of type '<U5', not numbers/],
    ["labels of other samples", () => load({ x: good, y: labels(0, 0, 0) }), /^x is \[2, 1\], but y is \[3\]\n/],
    ["a label below 0", () => load({ x: good, y: saved("|i1", [2], [0, 255]) }), /^y: label 1 is -1\nLabels count the classes from 0/],
    ["a label beyond all classes", () => load({ x: good, y: saved("<i2", [2], bytesOf(Int16Array.of(0, 256))) }), /^y: label 1 is 256/],
    [
      "half a test set",
      () => npy.load(folder({}), { samples: "x", labels: "y", test_samples: "tx", test_labels: "" }),
      /without the other\nGive both/,
    ],
  ];
  it.each(refusals)("refuses %s", async (_, loading, message) => expect(await refusal(loading())).toMatch(message));
});
