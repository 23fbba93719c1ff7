import type { Axis } from "./axis.js";
import { boxAround, labelFont, placeLabels, type PlacedLabel } from "./labels.js";
import { type Box, element, escape, fixed, pathThrough, type Place } from "./svg.js";
import { seriesColors, stylesheet } from "./theme.js";

/** Points over two axes, in series, with an optional border line of the best. */
export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly x: Axis;
  readonly y: Axis;
  /** At most as many as there are colours. */
  readonly series: readonly Series[];
  /** Drawn as stairs from each point to the next and on to the right; ascending in x and in y. */
  readonly front: readonly Datum[];
}

export interface Series {
  /** In the legend, when there are several. */
  readonly name: string;
  readonly points: readonly Point[];
  /** Whether a line joins the points in their order. */
  readonly joined: boolean;
}

/** In the units of the axes. */
export interface Datum {
  readonly x: number;
  readonly y: number;
}

export interface Point extends Datum {
  /** Of several measurements of which `y` is the mean. */
  readonly spread?: { readonly low: number; readonly high: number };
  /** Beside the point, where there is room. */
  readonly label: string;
  /** In full, for a mouse that rests on the point. */
  readonly about: string;
  /** Filled, and labelled in any case. */
  readonly marked: boolean;
}

const size = { width: 820, height: 520 } as const;
const frame: Box = { left: 76, top: 78, right: size.width - 28, bottom: size.height - 56 };

/** A chart as one SVG file; the same chart gives the same bytes. */
export function drawChart(chart: Chart): string {
  if (chart.series.length > seriesColors) throw new Error(`${chart.series.length} series, but only ${seriesColors} colours`);
  const place = ({ x, y }: Datum): Place => ({
    x: frame.left + chart.x.scale.share(x) * (frame.right - frame.left),
    y: frame.bottom - chart.y.scale.share(y) * (frame.bottom - frame.top),
  });
  const stairs = stairsThrough(chart.front.map(place));
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": `${chart.title}: ${chart.subtitle}`,
    },
    ...[element("style", {}, stylesheet), element("rect", { class: "ground", width: size.width, height: size.height }), ...heading(chart)],
    ...[...axisX(chart.x), ...axisY(chart.y), stairs.length === 0 ? "" : element("path", { class: "front", d: pathThrough(stairs) })],
    ...chart.series.flatMap((series, i) => drawSeries(series, i, place)),
    ...placeLabels(
      labelsOf(chart, place),
      [...chart.series.flatMap(({ points }) => points.map(place)).map(boxAround), ...boxesAlong(stairs)],
      frame,
    ).map(drawLabel),
    "\n",
  ).replaceAll("><", ">\n<");
}

const text = (words: string, x: number, y: number, look: string, anchor?: "middle" | "end"): string =>
  element("text", { x, y, class: look, "text-anchor": anchor }, escape(words));

function heading({ title, subtitle, series }: Chart): readonly string[] {
  const head = [text(title, frame.left, 28, "text title"), text(subtitle, frame.left, 48, "quiet")];
  if (series.length < 2) return head;
  let x: number = frame.left;
  const legend = series.flatMap(({ name }, i) => {
    const entry = [marker({ x: x + 5, y: 64 }, i, true), text(name, x + 14, 68, "text")];
    x += 14 + name.length * 7 + 20;
    return entry;
  });
  return [...head, ...legend];
}

const axisX = ({ title, scale, show }: Axis): readonly string[] => [
  ...scale.ticks.flatMap((tick) => {
    const x = frame.left + scale.share(tick) * (frame.right - frame.left);
    return [
      element("path", { class: "grid", d: `M${fixed(x)} ${frame.top}V${frame.bottom}` }),
      text(show(tick), x, frame.bottom + 18, "quiet", "middle"),
    ];
  }),
  text(title, (frame.left + frame.right) / 2, frame.bottom + 40, "text", "middle"),
];

const axisY = ({ title, scale, show }: Axis): readonly string[] => [
  ...scale.ticks.flatMap((tick) => {
    const y = frame.bottom - scale.share(tick) * (frame.bottom - frame.top);
    return [
      element("path", { class: "grid", d: `M${frame.left} ${fixed(y)}H${frame.right}` }),
      text(show(tick), frame.left - 8, y + 4, "quiet", "end"),
    ];
  }),
  element("g", { transform: `translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)` }, text(title, 0, 0, "text", "middle")),
];

/** What is best for a cost stays best for a higher one, until the next point. */
const stairsThrough = (points: readonly Place[]): readonly Place[] =>
  points.flatMap((point, i) => [point, { x: points[i + 1]?.x ?? frame.right, y: point.y }]);

/** What stairs cover: lines along the axes are boxes. */
const boxesAlong = (corners: readonly Place[]): readonly Box[] =>
  corners.slice(1).map((to, i) => {
    const from = corners[i]!;
    return {
      left: Math.min(from.x, to.x) - 1,
      right: Math.max(from.x, to.x) + 1,
      top: Math.min(from.y, to.y) - 1,
      bottom: Math.max(from.y, to.y) + 1,
    };
  });

function drawSeries({ points, joined }: Series, index: number, place: (datum: Datum) => Place): readonly string[] {
  const line = joined && points.length > 1 ? [element("path", { class: `s${index} line`, d: pathThrough(points.map(place)) })] : [];
  const dots = points.map((point) => {
    const { spread, x } = point;
    const whisker =
      spread === undefined
        ? ""
        : element("path", { class: `s${index}`, d: pathThrough([place({ x, y: spread.low }), place({ x, y: spread.high })]) });
    return element("g", {}, element("title", {}, escape(point.about)), whisker, marker(place(point), index, point.marked));
  });
  return [...line, ...dots];
}

/** A shape for each series, for those who do not see the colours. */
const shapes = [
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  "M-4.5 -4.5h9v9h-9z",
  "M0 -5.8l5.5 10h-11z",
  "M0 -6.2l6.2 6.2l-6.2 6.2l-6.2 -6.2z",
] as const;

const marker = ({ x, y }: Place, index: number, marked: boolean): string =>
  element("path", {
    class: `s${index}${marked ? "" : " hollow"}`,
    transform: `translate(${fixed(x)} ${fixed(y)})`,
    d: shapes[index % shapes.length],
  });

const labelsOf = ({ series }: Chart, place: (datum: Datum) => Place) =>
  series.flatMap(({ points }) => points.map((point) => ({ at: place(point), text: point.label, needed: point.marked })));

function drawLabel({ text: words, box, at, leader, needed }: PlacedLabel): string {
  const line = leader === undefined ? "" : element("path", { class: "leader", d: pathThrough([at, leader]) });
  return line + text(words, box.left, box.top + labelFont.size, `label ${needed ? "text" : "quiet"}`);
}
