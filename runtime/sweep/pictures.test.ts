import { describe, expect, it } from "vitest";
import type { Values } from "./grid.js";
import { drawPareto } from "./pictures.js";
import { reportOf } from "./report.js";
import { csvReport, markdownReport } from "./tables.js";
import { finished, variant } from "./testing/variants.js";

/** A report of variants that differ in these values, each more accurate and larger than the one before it. */
const report = (names: readonly string[], all: readonly Values[]) =>
  reportOf({
    model: "net",
    names,
    targets: ["chip"],
    outcomes: new Map(
      all.map((values, i) => [variant({ values, width: i + 1, flash: 1000 * (i + 1), cycles: 50_000 + i }), finished(80 + i)]),
    ),
    unfit: [{ values: { width: "64" }, reasons: ["it is too large"] }],
  });

const texts = (svg: string, look: string): readonly string[] =>
  [...svg.matchAll(new RegExp(`<text[^>]*class="${look}[^"]*"[^>]*>([^<]*)<`, "g"))].map(([, text]) => text!);

describe("a picture", () => {
  const grid = ["8", "16"].flatMap((width) => ["2bitsym", "8bit"].map((weights): Values => ({ width, weights })));

  it("colours the formats and labels points with the rest", () => {
    const svg = drawPareto(report(["width", "weights"], grid), "chip", "flash");
    expect(texts(svg, "label").toSorted()).toEqual(["16", "16", "8", "8"]);
    expect(texts(svg, "text")).toEqual(expect.arrayContaining(["2bitsym", "8bit"]));
    expect(svg).toContain("labels: width; dashed: the best for the flash");
    expect(svg.match(/class="s\d line"/g)).toHaveLength(2);
  });

  it("of one name has one series, joined where it is a quantity", () => {
    const widths = drawPareto(report(["width"], [{ width: "8" }, { width: "16" }]), "chip", "cycles");
    expect(texts(widths, "label").toSorted()).toEqual(["16", "8"]);
    expect(widths.match(/class="s\d line"/g)).toHaveLength(1);
    const formats = drawPareto(report(["weights"], [{ weights: "2bitsym" }, { weights: "8bit" }]), "chip", "cycles");
    expect(texts(formats, "label").toSorted()).toEqual(["2bitsym", "8bit"]);
    expect(formats).not.toContain(' line"');
  });

  it("tells all of a point to a mouse that rests on it", () => {
    expect(drawPareto(report(["width", "weights"], grid), "chip", "flash")).toContain("<title>width=16 weights=8bit: 83.00%</title>");
  });
});

describe("tables", () => {
  it("quote what a comma would split", () => {
    const csv = csvReport(report(["hidden"], [{ hidden: "[64,32]" }]));
    expect(csv.split("\n")[1]).toBe('chip,"[64,32]",1,test,100,0.8,0.8,0.8,0,1000,1000,128,50000,1,1,1');
  });

  it("as a page link the pictures and say what is missing", () => {
    const page = markdownReport(report(["width"], [{ width: "8" }]), "bnmc sweep net.bnm");
    expect(page).toContain("| 8     | 80.00%   | 1000 B | 128 B | 50,000 | flash, cycles |");
    expect(page).toContain("(chip.flash.svg)");
    expect(page).toContain("- width=64: it is too large\n");
  });
});
