import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";

const width = 760;
const rowHeight = 34;
const margin = { left: 84, right: 24, top: 34 };
/** Half the width of the axis, in clipping scalars. */
const reach = 1.1;

const xOf = (share: number): number => margin.left + ((share + reach) / (2 * reach)) * (width - margin.left - margin.right);

/**
 * All codebooks under each other, as one SVG: a tick where each level lies between minus and plus the clipping scalar,
 * so that one sees where a format spends its codes. Readable on light and on dark ground.
 */
export function codebookPlot(quantizers: readonly Quantizer[]): string {
  const height = margin.top + quantizers.length * rowHeight + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The levels of every weight format">`,
    "<style>",
    "text { font: 13px ui-monospace, monospace; fill: #57606a } .axis { stroke: #d0d7de } .level { stroke: #0969da; stroke-width: 2 }",
    "@media (prefers-color-scheme: dark) { text { fill: #8b949e } .axis { stroke: #30363d } .level { stroke: #58a6ff } }",
    "</style>",
    ...[-1, 0, 1].flatMap((share) => guide(share, height)),
    ...quantizers.flatMap((quantizer, row) => rowOf(quantizer, margin.top + row * rowHeight + rowHeight / 2)),
    "</svg>",
    "",
  ].join("\n");
}

function guide(share: number, height: number): readonly string[] {
  const label = share === 0 ? "0" : share < 0 ? "−clip" : "+clip";
  return [
    `<line class="axis" x1="${fixed(xOf(share))}" y1="${margin.top}" x2="${fixed(xOf(share))}" y2="${height - 10}" stroke-dasharray="2 4"/>`,
    `<text x="${fixed(xOf(share))}" y="20" text-anchor="middle">${label}</text>`,
  ];
}

function rowOf({ name, levels, fullScale }: Quantizer, y: number): readonly string[] {
  const ticks = [...levels].sort((a, b) => a - b).map((level) => `M${fixed(xOf(level / fullScale))} ${y - 9}v18`);
  return [
    `<text x="8" y="${y + 4}">${name}</text>`,
    `<line class="axis" x1="${fixed(xOf(-reach))}" y1="${y}" x2="${fixed(xOf(reach))}" y2="${y}"/>`,
    `<path class="level" d="${ticks.join("")}"/>`,
  ];
}

const fixed = (value: number): string => String(Number(value.toFixed(1)));
