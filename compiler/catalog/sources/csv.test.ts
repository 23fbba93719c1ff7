import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../data-error.js";
import type { Samples } from "../samples.js";
import { folder, refusal } from "../testing/folder.js";
import csv from "./csv.js";

type Files = Parameters<typeof folder>[0];
type Settings = Parameters<typeof csv.load>[1];

const plain: Settings = { path: "data", label: "", features: [], skip: [], shape: [], set: "", recording: "", test: "", header: "auto" };
const load = (files: Files, settings: Partial<Settings> = {}, classes?: readonly string[]) => csv.load(folder(files), { ...plain, ...settings }, classes);
const table = (text: string, settings: Partial<Settings> = {}, classes?: readonly string[]) => load({ data: text }, { label: "class", ...settings }, classes);

/** Readings of each sample with its class. */
const rows = ({ shape, count, values, labels }: Samples, classes: readonly string[]) => {
  const size = shape.reduce((product, side) => product * side, 1);
  return Array.from({ length: count }, (_, i) => [...values.subarray(i * size, (i + 1) * size), classes[labels[i]!]].join(" "));
};

describe("csv reads", () => {
  it("a table with a column for the class", async () => {
    const { train, test, classes } = await table("class,x,y\nwalk,1,2\nrun,3,-4.5e0\nwalk,5,6\n");
    expect(classes).toEqual(["run", "walk"]);
    expect(rows(train, classes)).toEqual(["1 2 walk", "3 -4.5 run", "5 6 walk"]);
    expect(test.count).toBe(0);
  });

  it.each([
    ["semicolons, spaces, a byte order mark and lines of Windows", "\uFEFFx ; class\r\n 1 ; a \r\n2;b\r\n"],
    ["tabs", "x\tclass\n1\ta\n2\tb"],
    ["quotation marks", 'x,"class"\n"1",a\n2,"b"'],
  ])("%s", async (_, text) => {
    const { train, classes } = await table(text);
    expect(rows(train, classes)).toEqual(["1 a", "2 b"]);
  });

  it("separators and quotation marks within quotation marks", async () => {
    expect((await table('class,x\n"left, ""hard""",1\nright,2')).classes).toEqual(['left, "hard"', "right"]);
  });

  it("columns without names by their numbers, and names that are numbers when told so", async () => {
    const { train, classes } = await table("1,2,a\n3,4,b", { label: "3" });
    expect(rows(train, classes)).toEqual(["1 2 a", "3 4 b"]);
    const named = await table("class,0,1\na,5,6", { header: "yes", features: ["1"] });
    expect(rows(named.train, named.classes)).toEqual(["6 a"]);
  });

  it("classes that are numbers in their order", async () => {
    expect((await table("x,class\n1,10\n1,9\n1,2")).classes).toEqual(["2", "9", "10"]);
  });

  it("features in the order in which they are asked for, the rest as what samples have in common", async () => {
    const { train } = await table("x,who,y,class\n1,ann,2,a\n3,bob,4,b\n5,ann,6,a", { features: ["y", "x"] });
    expect([...train.values]).toEqual([2, 1, 4, 3, 6, 5]);
    expect(train.groups).toEqual({ who: Uint32Array.of(0, 1, 0) });
  });

  it("recordings, which end with the class, blank lines, and what the column for it says", async () => {
    const recordings = async (text: string, settings: Partial<Settings> = {}) => [...(await table(text, settings)).train.recordings!];
    expect(await recordings("x,class\n1,a\n2,a\n3,b\n\n4,b\n5,a")).toEqual([0, 0, 1, 2, 3]);
    expect(await recordings("x,take,class\n1,1,a\n2,1,a\n3,2,a\n4,1,a", { recording: "take" })).toEqual([0, 0, 1, 2]);
  });

  it("rows that are whole samples, and the sets that they are in", async () => {
    const text = "x0,y0,x1,y1,class,part\n1,2,3,4,a,train\n5,6,7,8,b,test\n9,10,11,12,b,validate";
    const { train, validate, test, classes } = await table(text, { shape: [2, 2], set: "part" });
    expect([train.shape, rows(train, classes), rows(test, classes), rows(validate!, classes)]).toEqual([[2, 2], ["1 2 3 4 a"], ["5 6 7 8 b"], ["9 10 11 12 b"]]);
    expect(train.recordings).toBeUndefined();
  });

  it("a folder with a table, or a folder of tables, for each class", async () => {
    const files = { "data/walk.csv": "x\n1\n2\n\n3", "data/run/1.csv": "x\n4", "data/run/2.csv": "x\n5", "data/notes.md": "none", "data/walk.csv.bak": "x\n?" };
    const { train, classes } = await load(files);
    expect(rows(train, classes)).toEqual(["4 run", "5 run", "1 walk", "2 walk", "3 walk"]);
    expect([...train.recordings!]).toEqual([0, 1, 2, 2, 3]);
  });

  it("another table to test with", async () => {
    const { test, classes, origin } = await load({ data: "x,class\n1,a\n2,b", later: "x,class\n3,b" }, { label: "class", test: "later" });
    expect([rows(test, classes), origin]).toEqual([["3 b"], "data and later (2 + 1 rows)"]);
  });

  it("labels in the order of the dataset's classes", async () => {
    const { train, classes } = await table("x,class\n1,a\n2,b", {}, ["b", "a"]);
    expect([classes, [...train.labels]]).toEqual([["b", "a"], [1, 0]]);
  });
});

describe("csv refuses", () => {
  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["a ragged row", () => table("x,y,class\n1,2,a\n3,b\n"), /^data:3: 2 fields, but the first row has 3\n/],
    ["what is no number", () => table("x,y,class\n1,2,a\n3, n\/a,b"), /^data:3:4: column "y" holds "n\/a", which is no number\n.*skip:/],
    ["what is missing", () => table("x,class\n1,a\n,b"), /^data:3:1: column "x" holds nothing\n/],
    ["decimal commas", () => table("x;class\n0,5;a"), /^data:2:1: column "x" holds "0,5", which is no number\nWrite decimals with a point/],
    ["an open quotation mark", () => table('x,class\n1,"a\n'), /^data:2: a quotation mark is not closed/],
    ["an unknown column", () => table("x,y\n1,a"), /^data:1: there is no column "class"\nIt has "x", "y"/],
    ["an unknown column of a table without names", () => table("1,2\n3,4"), /no names: they are "1" to "2"/],
    ["a class that the dataset does not have", () => table("x,class\n1,a\n2,c", {}, ["a", "b"]), /^data:3:3: "c" is none of the dataset's classes: "a", "b"\n/],
    ["a class that nobody recorded", () => table("x,class\n1,a\n2,a", {}, ["a", "b"]), /^data has no samples of the class "b"\n.*There are "a"/],
    ["more classes than labels can count", () => table(`x,class\n${Array.from({ length: 257 }, (_, i) => `1,${i}`).join("\n")}`), /^data has more than 256 classes: "0", "1", "2", …/],
    ["a set that is none", () => table("x,class,part\n1,a,eval", { set: "part" }), /^data:2:5: "eval" is no set\nThe sets are train, validate, test/],
    ["a shape of another size", () => table("x,y,class\n1,2,a", { shape: [3, 1] }), /^a row of data has 2 readings, but `shape: \[3, 1\]` is 3\n/],
    ["a table that is empty", () => table("x,class\n"), /^data has no rows/],
    ["one table without a column for the class", () => load({ data: "x\n1" }), /^`csv` is not told the class of the rows of data\n.*label:/],
    ["a folder without tables", () => load({ "data/": "", "data/a.png": "" }), /^the folder data holds no tables/],
    ["files with other columns", () => load({ "data/a.csv": "x,y\n1,2", "data/b.csv": "y,x\n1,2" }), /^data\/b.csv:1: the readings are y, x, but in the file before x, y\n/],
    ["a missing file", () => load({}, { label: "class" }), /^there is no file data/],
    ["what may be a missing folder", () => load({}), /^there is no file data/],
    ["a table of nothing but classes", () => table("class\na"), /^data:1: no column is left for readings/],
  ];
  it.each(refusals)("%s", async (_, loading, message) => expect(await refusal(loading())).toMatch(message));

  it("whatever is no table, in words of its own", async () => {
    const scrap = fc.array(fc.constantFrom("x", "class", "a", "1", "-2.5", ",", ";", "\t", '"', "\n", "\r\n", " ", "\uFEFF", "é"), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(scrap, async (pieces) => {
        const outcome = await table(pieces.join("")).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataError);
        else expect(outcome).toMatchObject({ test: { count: 0 } });
      }),
    );
  });
});
