import { areaOf } from "../../catalog/shapes/feature-map.js";
import { channelStages, levelElement, stageTables } from "./channel-stages.js";
import { defineKernel } from "../contract.js";
import { isEmbeddedRiscv } from "../instruction-sets.js";
import { type Placed, placements, slowdown } from "../placement.js";
import { placedStages, convolveHalves, convolveLayout, convolveMap, convolvePairs } from "./convolve-stages.js";

/** Twelve bits of offset reach this far from a pointer. */
const farthest = 2047;

export default defineKernel({
  name: "depthwise-mul",
  template: "depthwise-chain/depthwise-mul",
  summary:
    "Runs each channel through all its 3x3 convolutions, `relu` and max pooling before the next, in place: two rows of the image to a word (SWAR), " +
    "each value loaded once, zeros skipped, results requantized to bytes as they come. On cores that multiply.",
  serves: [],
  depthwiseChains: true,
  bid: (job, target) => {
    const section = channelStages(job);
    if (section === undefined || !target.multiplies) return [];
    const { channels, share, input, stages } = section;
    const layout = convolveLayout(section);
    const placed = placedStages(section, layout);
    const level = job.weights.map(({ quantizer }) => levelElement(quantizer.levels)).includes("int16_t") ? "int16_t" : "int8_t";
    const near =
      4 * (layout.imageCells + (layout.below + 1) * layout.line) <= farthest && placed.every(({ line }) => 12 * line <= farthest);
    const assembly = isEmbeddedRiscv(target) && near;
    const borrowing = assembly && job.interrupts === "disabled";
    // Of weights that have no register.
    const loads = borrowing ? 0 : 2;
    const code = { level, assembly, interrupts: job.interrupts } as const;
    const last = placed.at(-1)!;
    const step = last.pooled ? 2 : 1;
    const results = (last.rows / step) * (last.columns / step);
    const joins = last.pooled && (results <= fewResults || stages.length === 1);
    const [first, ...others] = placed.map((stage) => (joins && stage === last ? { ...stage, pooled: false } : stage));
    const windows = others.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const perChannel =
      450 +
      (joins ? 60 : 30) * results +
      (assembly ? 42 + loads : 90) * layout.half * first!.columns +
      (assembly ? 31 + loads : 75) * windows;
    const places = assembly
      ? placements<Hot>(target, ["stages", "the last stage", "single words"]).filter(({ of }) => of("stages") === "ram")
      : cOnly;
    return places.map(({ of, text }) => {
      const pairs = convolvePairs(first!, layout, code, of("stages"));
      const maps = others.map((stage) => convolveMap(stage, code, of(stage === others.at(-1) ? "the last stage" : "stages")));
      return {
        ...(assembly ? { variant: text } : {}),
        cost: {
          flash: {
            code: 490,
            weights: 4 * channels + job.weights.reduce((sum, { rows, columns }) => sum + rows * columns, 0) * (level === "int8_t" ? 1 : 2),
          },
          ram: { static: 4 * layout.words + alignment(layout.line), stack: 96 + (pairs.stack ?? 0) },
          cycles:
            600 +
            20 * areaOf(input) * (channels / share) +
            channels *
              (perChannel +
                oneByOne * 90 * slowdown(target, of("single words")) * layout.half * first!.columns +
                (assembly && of("the last stage") === "flash" ? 36 * last.rows * last.columns : 0)),
        },
        context: {
          about: `${stages.length} stages of ${channels} channels`,
          ...{ level, channels, share, line: layout.line, imageCells: layout.imageCells },
          several: input.channels > 1,
          area: areaOf(input),
          width: input.width,
          below: layout.below * input.width,
          packedEnd: (layout.half + 2) * input.width,
          gap: layout.line - input.width,
          alignMask: 4 * layout.line - 1,
          spreadTable: stages.length,
          roundUp: 2 ** first!.shift - 1,
          grain: 2 ** first!.shift,
          reach: 65_535 - (2 ** first!.shift - 1),
          stages: placed.map(({ shift }, at) => ({ first: at === 0, shift, call: at === 0 ? "pairs" : `map${at}` })),
          resultEnd: last.rows * last.line,
          resultLine: step * last.line,
          resultLineEnd: last.columns * last.spacing,
          resultStep: step * last.spacing,
          joined: joins ? [last.spacing, last.line, last.line + last.spacing] : [],
        },
        calls: {
          pairs,
          plain: convolveHalves(first!, layout, code, of("single words")),
          ...Object.fromEntries(maps.map((map, at) => [`map${at + 1}`, map])),
        },
        ...(input.channels === 1 || results * share <= areaOf(input) ? { overlays: true as const } : {}),
      };
    });
  },
  tables: stageTables,
});

/** So many of a channel, and all of a first stage, are pooled with what keeps them in bytes: code that does it before would be twice as long. */
const fewResults = 4;

/** What runs from RAM: what most of the time goes into always does; less goes into the last stage, and into single words of the first. */
type Hot = "stages" | "the last stage" | "single words";

/** Of C, which need not run from RAM. */
const cOnly: readonly Placed<Hot>[] = [{ of: () => "flash", text: "" }];

/** How many of all kernels have sums that may not fit two to a word, from experience. */
const oneByOne = 1 / 16;

/** What is lost at most before the first line. */
const alignment = (line: number): number => 4 * line - 4;
