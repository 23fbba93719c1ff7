import { describe, expect, it } from "vitest";
import { DataError } from "../data-error.js";
import type { DataHost } from "../samples.js";
import emnist from "./emnist.js";

const number = (value: number): readonly number[] => [0, 0, value >> 8, value & 255];
const idx = (sides: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, sides.length, ...sides.flatMap(number), ...values]);

/** A data directory in memory. */
const holding = (files: Readonly<Record<string, Uint8Array>>): DataHost => {
  const held = { ...files };
  const refuse = () => Promise.reject(new Error("not asked for"));
  return {
    found: async ({ path, elsewhere = [] }) => [path, ...elsewhere].map((name) => held[name]).find((bytes) => bytes !== undefined),
    published: refuse,
    own: refuse,
    names: refuse,
    unpack: async (archive, entries) => {
      if (held[archive.path] === undefined) throw new DataError(`cannot get ${archive.path}`, "");
      for (const { entry, file } of entries) held[file.path] = held[`${archive.path}/${entry}`]!;
    },
  };
};

// One sample each; the images are 2x3 as NIST stores them, columns first.
const set = (name: string, prefix: string, suffix = "", label = 1): Readonly<Record<string, Uint8Array>> => ({
  [`${prefix}emnist-${name}-train-images-idx3-ubyte${suffix}`]: idx([1, 2, 3], [1, 2, 3, 4, 5, 6]),
  [`${prefix}emnist-${name}-train-labels-idx1-ubyte${suffix}`]: idx([1], [label]),
  [`${prefix}emnist-${name}-test-images-idx3-ubyte${suffix}`]: idx([1, 2, 3], [6, 5, 4, 3, 2, 1]),
  [`${prefix}emnist-${name}-test-labels-idx1-ubyte${suffix}`]: idx([1], [label]),
});

describe("emnist", () => {
  it.each(["emnist/", "EMNIST/raw/", "gzip/"])("reads the official files in %s and turns them upright", async (prefix) => {
    const { train, test, classes, origin } = await emnist.load(holding(set("balanced", prefix)), { set: "balanced" });
    expect({ shape: train.shape, values: [...train.values] }).toEqual({ shape: [3, 2], values: [1, 4, 2, 5, 3, 6] });
    expect([...test.values]).toEqual([6, 3, 5, 2, 4, 1]);
    expect(classes[train.labels[0]!]).toBe("1");
    expect(origin).toBe("EMNIST balanced, the official split");
  });

  it("counts the labels of letters from 0", async () => {
    const { train, classes } = await emnist.load(holding(set("letters", "emnist/")), { set: "letters" });
    expect([...train.labels]).toEqual([0]);
    expect(classes[0]).toBe("A");
  });

  it("unpacks the official archive when no data directory has the set", async () => {
    const host = holding({ "emnist/gzip.zip": new Uint8Array(1), ...set("digits", "emnist/gzip.zip/gzip/", ".gz", 7) });
    const { train, classes } = await emnist.load(host, { set: "digits" });
    expect(classes[train.labels[0]!]).toBe("7");
    await expect(emnist.load(holding({}), { set: "digits" })).rejects.toThrow("cannot get emnist/gzip.zip");
  });

  it("misses a single file, and refuses an unknown set", async () => {
    const { "emnist/emnist-digits-test-images-idx3-ubyte": _, ...rest } = set("digits", "emnist/");
    await expect(emnist.load(holding(rest), { set: "digits" })).rejects.toThrow("emnist/emnist-digits-test-images-idx3-ubyte is missing");
    await expect(emnist.load(holding({}), { set: "cursive" })).rejects.toThrow('EMNIST has no set "cursive"');
    expect(emnist.describe({ set: "cursive" })).toEqual({ shape: [28, 28], values: "bytes" });
  });

  it.each([
    ["balanced", 47],
    ["byclass", 62],
    ["bymerge", 47],
    ["digits", 10],
    ["letters", 26],
    ["mnist", 10],
  ])("%s has %i classes", (name, count) => {
    const { classes } = emnist.describe({ set: name });
    expect(new Set(classes).size).toBe(count);
  });
});
