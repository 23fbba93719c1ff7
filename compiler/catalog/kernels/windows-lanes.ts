import type { Helper } from "../../ir/plan.js";
import { sizeOf } from "../../ir/types.js";
import { behindList, lanesHelper, runsTwice, twiceHelper } from "../add-lanes.js";
import { type Background, backgroundOf, rowSumBytes, rowSumTable } from "../background.js";
import type { Convolution } from "../convolution.js";
import { timesConstant } from "../c-expression.js";
import { evenShape, ranks } from "../codebook-shape.js";
import { typicallyActive } from "../dense-columns.js";
import { levelText } from "../dense-rows.js";
import { limitOf } from "../input-lists.js";
import { defineKernel, type Offer } from "../kernel.js";
import { fieldWords, laneFields, unitsAtOnce, wordsOf } from "../lane-fields.js";
import type { Quantizer } from "../quantizer.js";
import { mixedWindows, valuesOf } from "../mixed-windows.js";

/** How many values of a window may be listed at a time. */
const capacities = [128, 64, 24];

/** What runs from RAM, where a chip tells it apart from flash. */
const placements = [
  { from: "from RAM", resident: true },
  { from: "from flash", resident: false },
] as const;

/** By how much code takes longer there. */
const slower = 1.8;

export default defineKernel({
  name: "windows-lanes",
  summary:
    "Takes a window of all channels as a dense layer takes its inputs: lists the values that are not background and multiplies two weights at once; " +
    "with `relu`, and the largest of windows, in bytes. For few, evenly spaced levels.",
  serves: [],
  sections: true,
  bid: (job, target) => {
    const windows = mixedWindows(job);
    if (windows === undefined || !target.multiplies) return [];
    const { geometry, ...steps } = windows;
    const { input, output, kernel, depth } = geometry;
    const { quantizer } = job.weights[0]!;
    const shape = evenShape(quantizer.levels);
    const most = job.range.low < 0 ? 255 : 127;
    const rows = bandRows(geometry, most, limitOf(quantizer));
    const limit = limitOf(quantizer) - most * kernel.width * rows;
    if (shape === undefined || !Number.isInteger(Math.log2(shape.step)) || limit < 0) return [];
    const fields = laneFields(quantizer.levels.length);
    const values = valuesOf(windows);
    const stride = 4 * wordsOf(fields, output.channels);
    if (values * stride > 65_536) return [];
    const groups = Math.ceil(output.channels / unitsAtOnce(fields));
    const neurons = groups * unitsAtOnce(fields);
    const twice = runsTwice(job, target, fields, groups);
    const background = backgroundOf(job, true);
    const active = values * typicallyActive;
    const entryCycles = (target.core.startsWith("rv32") ? 4 : 8) * fields.lanes + (twice ? 7 : fields.passes > 1 ? 12 : 11);
    return placements.slice(target.chip === undefined ? -1 : 0).flatMap(({ from, resident }) =>
      capacities.filter((capacity) => capacity >= rows * kernel.width && (capacity < 2 * values || capacity === capacities.at(-1))).map((capacity): Offer => {
        const multiply = (twice ? twiceHelper : lanesHelper)(quantizer, fields, resident);
        const weigh = weighHelper(quantizer, kernel.width, rows, multiply);
        const keep = keepHelper(background !== undefined, steps.pooled, resident);
        const helpers = { multiply, weigh, keep, ...(steps.pooled ? { weighPool: poolHelper(weigh, keep) } : {}), round: roundHelper(resident) };
        const listAt = neurons * (background === undefined ? 1 : 2);
        const flushes = Math.ceil(active / Math.min(capacity, 90));
        const perWindow = 90 + depth * (kernel.height / rows) * 12 + values * 8 + active * 4 + output.channels * 24 + groups * (active * entryCycles + flushes * (twice ? 80 : 120));
        return {
          variant: `${capacity} at a time, ${from}`,
          cost: {
            flash: { code: 213 + (background === undefined ? 0 : 75), weights: values * stride + (background === undefined ? 0 : rowSumBytes(output.channels, background)) },
            ram: { static: 4 * (listAt + capacity + behindList), stack: steps.pooled ? 140 : 100 },
            cycles: Math.round(500 + steps.count * 18 + windows.windows * perWindow * (resident ? 1 : slower)),
          },
          facts: {
            ...steps,
            format: quantizer.name,
            level: levelText(shape),
            ...{ depth, groups, neurons, background, listAt, limit, stride: stride * 65_536 },
            channels: output.channels,
            inputs: sizeOf(job.reads.shape),
            bands: kernel.height / rows,
            line: input.width,
            plane: (input.height - kernel.height) * input.width,
            full: capacity - rows * kernel.width,
            ...Object.fromEntries(Object.entries(helpers).map(([role, { name }]) => [role, name])),
          },
          helpers: Object.values(helpers),
          ...(twice ? { borrows: ["gp", "sp", "tp"] as const } : {}),
        };
      }),
    );
  },
  tables: ([held], facts) => {
    const background = facts["background"] as Background | undefined;
    const { levels } = held!.quantizer;
    const words = fieldWords(held!, laneFields(levels.length), ranks(levels));
    return background === undefined ? [words] : [words, rowSumTable(held!, background, held!.rows)];
  },
});

/** Rows that are listed before it is asked whether there is room for more: all of a small kernel, if a list always has room for them. */
const bandRows = ({ kernel }: Convolution, most: number, limit: number): number =>
  kernel.height * kernel.width <= mostAtOnce && most * kernel.height * kernel.width <= limit ? kernel.height : 1;

const mostAtOnce = 9;

/** Lists windows so many columns wide, and has the lists weighed. */
const weighHelper = ({ name, levels }: Quantizer, columns: number, rows: number, multiply: Helper): Helper => ({
  name: `weigh_${name}_window_${rows}x${columns}${multiply.template === "add-lanes" ? "" : "_twice"}${multiply.resident ? "_quickly" : ""}`,
  template: "weigh-window",
  facts: { rows, columns, places: Array.from({ length: columns }, (_, column) => column), format: name, multiply: multiply.name, offset: timesConstant("total", evenShape(levels)!.lowest) },
  code: 110 + 24 * rows * columns,
  resident: multiply.resident,
});

const keepHelper = (based: boolean, pooled: boolean, resident: boolean): Helper => ({
  name: `keep_${pooled ? "largest" : "window"}${based ? "_above" : ""}${resident ? "_quickly" : ""}`,
  template: "keep-window",
  facts: { based, pooled },
  code: 160 + (based ? 18 : 0) + (pooled ? 8 : 0),
  resident,
});

const poolHelper = ({ name: weigh, resident }: Helper, { name: keep }: Helper): Helper => ({
  name: `${weigh}_${keep}`,
  template: "weigh-pool",
  facts: { weigh, keep },
  code: 118,
  resident,
});

const roundHelper = (resident: boolean): Helper => ({ name: `round_kept${resident ? "_quickly" : ""}`, template: "round-kept", facts: {}, code: 126, resident });
