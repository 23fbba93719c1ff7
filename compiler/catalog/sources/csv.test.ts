import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../data-error.js";
import type { Samples } from "../samples.js";
import { folder, refusal } from "../testing/folder.js";
import csv from "./csv.js";

type Files = Parameters<typeof folder>[0];
type Settings = Parameters<typeof csv.load>[1];

const plain: Settings = { path: "data", label: "", features: [], skip: [], shape: [], set: "", recording: "", test: "", header: "auto" };
const load = (files: Files, settings: Partial<Settings> = {}, classes?: readonly string[]) =>
  csv.load(folder(files), { ...plain, ...settings }, classes);
const table = (text: string, settings: Partial<Settings> = {}, classes?: readonly string[]) =>
  load({ data: text }, { label: "class", ...settings }, classes);

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

  it.each([
    ["a separator at the end of each row, as Arduino prints it", "x,y,class\n1,2,a,\n3,4,b,\n"],
    ["a separator at the end of each row and of the names", "x;y;class;\n1;2;a;\n3;4;b;\n"],
    ["a semicolon at the end of each row", "x,y,class;\n1,2,a;\n3,4,b;\n"],
    ["Excel's line that names the separator", "sep=;\nx;y;class\n1;2;a\n3;4;b\n"],
    ["blanks, one or many, at the edges, too", " x   y\tclass\n1 2  a \n  3 4 b\n"],
    ["comments", "# taken by hand\nx,y,class\n1,2,a\n# the second day\n3,4,b\n"],
    ["rows of nothing but separators", "x,y,class\n1,2,a\n,,\n3,4,b\n,,\n"],
    ["mixed ends of lines", "x,y,class\r\n1,2,a\n3,4,b\r"],
    ["marks around all fields", '"x";"y";"class"\n"1";"2";"a"\n"3";"4";"b"\n'],
    ["decimal commas", "x;y;class\n1,0;2,0;a\n3,0;4;b\n"],
    ["UTF-16 with its mark", Buffer.from("\uFEFFx\ty\tclass\r\n1\t2\ta\r\n3\t4\tb\r\n", "utf16le")],
  ])("%s", async (_, content) => {
    const { train, classes } = await load({ data: content }, { label: "class" });
    expect(rows(train, classes)).toEqual(["1 2 a", "3 4 b"]);
  });

  it("a separator within quotation marks as no separator, also in the names", async () => {
    const { train, classes } = await table('"x (g; m)","class"\n1,"a; b"\n2,c');
    expect([rows(train, classes), train.shape]).toEqual([["1 a; b", "2 c"], [1]]);
  });

  it("a field over several lines, and says the right line behind it", async () => {
    expect((await table('x,class\n1,"a\nb"\n2,c')).classes).toEqual(["a\nb", "c"]);
    expect(await refusal(table('x,class\n1,"a\nb"\n?,c'))).toMatch(/^data:4:1: column "x" holds "\?"/);
  });

  it("columns without a name as none of the readings, and says so", async () => {
    for (const name of ["", "Unnamed: 0"]) {
      const { train, classes, remarks } = await table(`${name},x,class\n0,5,a\n1,6,b`);
      expect(rows(train, classes)).toEqual(["5 a", "6 b"]);
      expect(remarks).toEqual([expect.stringMatching(/^data: column 1 has no name and is no reading/) as string, "readings: x"]);
    }
  });

  it("remarks on numbers with commas, columns that count rows, and classes that differ in case", async () => {
    const text = `t;x;class\n${Array.from({ length: 12 }, (_, i) => `${i},5;${i % 3};${"aAb"[i % 3]}`).join("\n")}`;
    expect((await table(text)).remarks).toEqual([
      "data: numbers are read with a decimal comma",
      "readings: t, x",
      'column "t" rises from row to row, as numbers of rows and times do: if it is none of the readings, `skip: ["t"]`',
      'the classes "a" and "A" differ only in upper and lower case',
    ]);
  });

  it("gives the names of readings, and remarks on classes whose names look alike", async () => {
    const names = ["a", "a\u200b", "\u00e9", "e\u0301", "1", "1.0"];
    const rowOf = (i: number): string => `5,${1_700_000_000_000 + 20 * i},${i % 5},${names[i % 6]!}`;
    const text = `gain,time,x,class\n${Array.from({ length: 12 }, (_, i) => rowOf(i)).join("\n")}`;
    const { features, remarks } = await table(text);
    expect(features).toEqual(["gain", "time", "x"]);
    expect(remarks).toEqual([
      "readings: gain, time, x",
      'the classes "a" and "a\\u200b" differ only in signs that do not show',
      'the classes "\u00e9" and "e\u0301" differ only in signs that do not show',
      'the classes "1" and "1.0" are the same number',
    ]);
  });

  it("folders in folders of classes, names of files with dots, and says what it left out", async () => {
    const { classes, remarks } = await load({
      "data/v1.0.csv": "x\n1",
      "data/v1.1.csv": "x\n2",
      "data/idle/session2/a.tsv": "x\n3",
      "data/tap.log": "x\n4",
      "data/idle/plan.pdf": "",
    });
    expect(classes).toEqual(["idle", "v1.0", "v1.1"]);
    expect(remarks).toEqual(["2 files of data are no tables, and are left out: idle/plan.pdf, tap.log", "readings: x"]);
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
    expect([train.shape, rows(train, classes), rows(test, classes), rows(validate!, classes)]).toEqual([
      [2, 2],
      ["1 2 3 4 a"],
      ["5 6 7 8 b"],
      ["9 10 11 12 b"],
    ]);
    expect(train.recordings).toBeUndefined();
  });

  it("a folder with a table, or a folder of tables, for each class", async () => {
    const files = {
      "data/walk.csv": "x\n1\n2\n\n3",
      "data/run/1.csv": "x\n4",
      "data/run/2.csv": "x\n5",
      "data/notes.md": "none",
      "data/walk.csv.bak": "x\n?",
    };
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
    expect([classes, [...train.labels]]).toEqual([
      ["b", "a"],
      [1, 0],
    ]);
  });
});

describe("csv refuses", () => {
  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["a ragged row", () => table("x,y,class\n1,2,a\n3,b\n"), /^data:3: 2 fields, but the first row has 3\n/],
    ["what is no number", () => table("x,y,class\n1,2,a\n3, n\/a,b"), /^data:3:4: column "y" holds "n\/a", which is no number\n.*skip:/],
    ["what is missing", () => table("x,class\n1,a\n,b"), /^data:3:1: column "x" holds nothing\n/],
    [
      "decimal commas beside points",
      () => table("x;class\n0,5;a\n0.5;b"),
      /^data:2:1: column "x" holds "0,5", which is no number\nWrite all decimals with a point, or all with a comma/,
    ],
    [
      "decimal commas in quotation marks",
      () => table('x,class\n"1,238",a'),
      /holds "1,238", which is no number\nWrite decimals with a point and without separators of thousands, or divide fields by semicolons/,
    ],
    [
      "separators of thousands",
      () => table("x;class\n1.100,5;a\n2,5;b"),
      /"1.100,5", which is no number\nWrite numbers without separators/,
    ],
    [
      "what is larger than a float32",
      () => table("x,class\n1,a\n-1e39,b"),
      /^data:3:1: column "x" holds "-1e39", which no float32 holds\n/,
    ],
    [
      "what is larger than any number",
      () => table("x,class\n1,a\n1e400,b"),
      /^data:3:1: column "x" holds "1e400", which no float32 holds\n/,
    ],
    [
      "a first row that is like no other",
      () => table("20,2,a,b\n1,2,0\n3,4,1", { label: "3" }),
      /^data:1: the first row has 4 fields, but most have 3\nIt holds the names of all columns, or is a row like all others/,
    ],
    ["a name that stands twice", () => table("x,y,x,class\n1,2,3,a"), /^data:1:5: there are 2 columns "x": the 1st and the 3rd\n/],
    ["a feature that is named twice", () => table("x,y,class\n1,2,a", { features: ["x", "y", "x"] }), /^`features:` names "x" twice\n/],
    [
      "a row whose class is missing",
      () => table("x,class\n1,a\n2,\n3,b"),
      /^data:3:3: column "class", which says the class, holds nothing\n/,
    ],
    [
      "text that is not UTF-8",
      () => load({ data: Uint8Array.from([...new TextEncoder().encode("x,class\n1,gr"), 0xfc, 0x0a]) }, { label: "class" }),
      /^cannot read data as text: line 2 is not UTF-8: it would be `1,grü` in Windows-1252\nSave it as UTF-8/,
    ],
    [
      "one column where several were meant, with the separators that there are",
      () => table("x|class\n1|a"),
      /^data:1: there is no column "class"\nIt has "x\|class"\. Fields are divided by commas, semicolons, tabs or blanks/,
    ],
    [
      "a class without tables in a folder of them",
      () => load({ "data/walk/1.csv": "x\n1", "data/run/notes.log": "" }),
      /^the folder data\/run holds no tables\n.*"run"/,
    ],
    ["an open quotation mark", () => table('x,class\n1,"a\n'), /^data:2: a quotation mark is not closed/],
    ["an unknown column", () => table("x,y\n1,a"), /^data:1: there is no column "class"\nIt has "x", "y"/],
    ["an unknown column of a table without names", () => table("1,2\n3,4"), /no names: they are "1" to "2"/],
    [
      "a class that the dataset does not have",
      () => table("x,class\n1,a\n2,c", {}, ["a", "b"]),
      /^data:3:3: "c" is none of the dataset's classes: "a", "b"\n/,
    ],
    [
      "a class that nobody recorded",
      () => table("x,class\n1,a\n2,a", {}, ["a", "b"]),
      /^data has no samples of the class "b"\n.*There are "a"/,
    ],
    [
      "more classes than labels can count",
      () => table(`x,class\n${Array.from({ length: 257 }, (_, i) => `1,${i}`).join("\n")}`),
      /^data has more than 256 classes: "0", "1", "2", …/,
    ],
    [
      "a set that is none",
      () => table("x,class,part\n1,a,eval", { set: "part" }),
      /^data:2:5: "eval" is no set\nThe sets are train, validate, test/,
    ],
    [
      "a shape of another size",
      () => table("x,y,class\n1,2,a", { shape: [3, 1] }),
      /^a row of data has 2 readings, but `shape: \[3, 1\]` is 3\n/,
    ],
    ["a table that is empty", () => table("x,class\n"), /^data has no rows/],
    [
      "one table without a column for the class",
      () => load({ data: "x\n1" }),
      /^`csv` is not told the class of the rows of data\n.*label:/,
    ],
    ["a folder without tables", () => load({ "data/": "", "data/a.png": "" }), /^the folder data holds no tables/],
    [
      "files with other columns",
      () => load({ "data/a.csv": "x,y\n1,2", "data/b.csv": "y,x\n1,2" }),
      /^data\/b.csv:1: the readings are y, x, but in the file before x, y\n/,
    ],
    ["a missing file", () => load({}, { label: "class" }), /^there is no file data/],
    ["what may be a missing folder", () => load({}), /^there is no file data/],
    ["a table of nothing but classes", () => table("class\na"), /^data:1: no column is left for readings/],
  ];
  it.each(refusals)("%s", async (_, loading, message) => expect(await refusal(loading())).toMatch(message));

  it("whatever is no table, in words of its own", async () => {
    const scrap = fc.array(fc.constantFrom("x", "class", "a", "1", "-2.5", ",", ";", "\t", '"', "\n", "\r\n", " ", "\uFEFF", "é"), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(scrap, async (pieces) => {
        const outcome = await table(pieces.join("")).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataError);
        else expect(outcome).toMatchObject({ test: { count: 0 } });
      }),
    );
  });
});
