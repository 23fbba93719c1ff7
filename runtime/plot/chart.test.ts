import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../host.js";
import { bytesAxis, shareAxis } from "./axis.js";
import { type Chart, drawChart } from "./chart.js";
import { seriesColors } from "./theme.js";

const point = (x: number, y: number, label: string, marked: boolean) => ({ x, y, label, about: `${label} <${x} B>`, marked });

const chart: Chart = {
  title: "tiny & small",
  subtitle: "accuracy against flash",
  x: bytesAxis("flash", [1000, 9000]),
  y: shareAxis("accuracy", [0.9, 0.98]),
  series: [
    {
      name: "2bitsym",
      joined: true,
      points: [point(1000, 0.91, "16", true), { ...point(2000, 0.95, "32", true), spread: { low: 0.94, high: 0.96 } }],
    },
    { name: "8bit", joined: false, points: [point(4000, 0.93, "16", false), point(9000, 0.98, "32", true)] },
  ],
  front: [
    { x: 1000, y: 0.91 },
    { x: 2000, y: 0.95 },
    { x: 9000, y: 0.98 },
  ],
};

test("a chart is drawn as it was seen and found good", async () => {
  await expect(drawChart(chart)).toMatchFileSnapshot(join(packageRoot, "runtime/cases/plot/chart.svg"));
});

test("a chart is well-formed, whatever its words are", () => {
  const words = `<&"'>`;
  const drawn = drawChart({
    ...chart,
    title: words,
    series: [{ name: words, joined: false, points: [{ ...point(1000, 0.95, words, true), about: words }] }],
    front: [],
  });
  expect(drawn).not.toContain(words);
  expect(drawn.match(/<[a-z]+(\s[^>]*[^/])?>/g)!.length).toBe(drawn.match(/<\/[a-z]+>/g)!.length);
});

test("more series than colours are refused", () => {
  const series = Array.from({ length: seriesColors + 1 }, () => chart.series[0]!);
  expect(() => drawChart({ ...chart, series })).toThrow("9 series");
});
