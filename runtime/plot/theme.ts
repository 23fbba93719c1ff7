/** The looks of a chart on light and on dark ground; a browser picks by what its user prefers. */

interface Colors {
  readonly ground: string;
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly series: readonly string[];
}

const light: Colors = {
  ground: "#ffffff",
  text: "#24292f",
  quiet: "#57606a",
  grid: "#e4e8ec",
  series: ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#9a6700", "#0f7b8a", "#57606a"],
};

const dark: Colors = {
  ground: "#0d1117",
  text: "#e6edf3",
  quiet: "#9198a1",
  grid: "#262c34",
  series: ["#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#d29922", "#39c5cf", "#9198a1"],
};

/** How many series can be told apart. */
export const seriesColors = light.series.length;

const rules = ({ ground, text, quiet, grid, series }: Colors): string =>
  [
    `.ground { fill: ${ground} } .text { fill: ${text} } .quiet { fill: ${quiet} }`,
    `.grid { stroke: ${grid} } .front, .leader { stroke: ${quiet} } .label { stroke: ${ground} }`,
    ...series.map((color, i) => `.s${i} { fill: ${color}; stroke: ${color} }`),
  ].join("\n");

/**
 * The content of a style element: `ground`, `text`, `quiet`, `title`, `label`, `grid`, `front`, `leader`, `line`, `hollow`, and
 * `s0`, `s1` … for series. Labels have a halo in the colour of the ground, so that lines do not cross their letters.
 */
export const stylesheet = `
${rules(light)}
@media (prefers-color-scheme: dark) {
${rules(dark)}
}
text { font: 12px system-ui, "DejaVu Sans", sans-serif }
.title { font-size: 16px; font-weight: 600 }
.label { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.label { paint-order: stroke; stroke-width: 3.5px; stroke-linejoin: round }
.grid, .front, .leader, .line { fill: none }
.front { stroke-width: 1.5px; stroke-dasharray: 5 4 }
.line { stroke-width: 1.5px; stroke-opacity: .45 }
.hollow { fill-opacity: .2 }
`;
