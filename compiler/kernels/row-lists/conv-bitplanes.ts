import { evenShape } from "../../catalog/codebook/shape.js";
import { areaOf } from "../../catalog/shapes/feature-map.js";
import { poolOf, sayPool } from "../channelwise/conv-windows.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { defineKernel, type Job, type Offer } from "../contract.js";
import { wordsOf } from "../nibbles.js";
import { runsOwnAssembly } from "../instruction-sets.js";
import { routine } from "../routine.js";
import { windowRuns } from "../windows/mixed-windows.js";
import { shiftAmong } from "../requantize/bias-table.js";
import { recordBytes } from "./row-layout.js";
import { type RowPlan, rowPlan } from "./row-plan.js";
import { convolveRowRoutine, countPlanesRoutine, listRowRoutine } from "./row-routines.js";
import { biasLanes, type RowTables, weightTable } from "./row-tables.js";
import { firstPlane, valueBytes } from "./rv32-visits.js";

/** What the template and the tables of a convolution by rows read. */
interface RowContext extends RowTables {
  readonly about: string;
  readonly format: string;
  readonly level: string;
  readonly rows: readonly number[];
  readonly [fact: string]: unknown;
}

export default defineKernel<RowContext>({
  name: "conv-bitplanes",
  template: "row-lists/conv-bitplanes",
  summary:
    "Lists the values of each row once, by their bit planes, in nibbles; windows are slices of three such rows, whose weights are accumulated for all channels, eight to a word " +
    "(SWAR). Skips zeros, and requantizes by a constant shift. For up to sixteen evenly spaced levels, and activations of four bits.",
  serves: windowRuns,
  nibbles: { reads: true, writes: true },
  bid: (job, target) => {
    if (!runsOwnAssembly(target)) return [];
    return (["planes", "side by side"] as const).flatMap((side) => {
      const plan = rowPlan(job, side);
      return plan === undefined ? [] : [offerOf(job, side, plan)];
    });
  },
  facts: (constants, context) => {
    const shift = shiftAmong(constants) - Math.log2(context.step);
    const { least } = biasLanes(biasesOf(constants, context), shiftAmong(constants), context);
    return { shift, mask: (0x7fff >> shift) * 0x10001, ground: 32_768 + least };
  },
  tables: ([held], context, constants) => [
    weightTable(held!, context),
    { name: "bias", element: "uint32_t", values: biasLanes(biasesOf(constants, context), shiftAmong(constants), context).lanes },
  ],
});

type Pool = ReturnType<typeof poolOf>;

const largerNibbles = routine("row-lists/routines/larger-nibbles");

const biasesOf = (constants: readonly Int32Array[], { channels }: RowContext): readonly number[] =>
  constants.length === 2 ? [...constants[0]!] : new Array<number>(channels as number).fill(0);

function offerOf(job: Job, side: "planes" | "side by side", plan: RowPlan): Offer<RowContext> {
  const { geometry, shape, passes, values, counted, rowBytes } = plan;
  const { input, output, kernel, stride } = geometry;
  const { words, planes, lowest, step } = shape;
  const { quantizer } = job.weights[0]!;
  const nibbles = job.stored.reads === "u4";
  const unpacks = job.stored.writes !== "u4";
  const pool = poolOf(job);
  const pooled = pool.height * pool.width > 1;
  const buffered = unpacks || pooled;
  const outputWords = output.width * words * passes;
  const list = listRowRoutine(planes, nibbles);
  const convolve = convolveRowRoutine(shape);
  const taps = kernel.height * kernel.width;
  return {
    variant: side,
    cost: {
      flash: { code: unpacks ? 260 : pooled ? 330 : 190, weights: 4 * words * passes * values + 16 * words * passes * step },
      ram: { static: kernel.height * rowBytes + (buffered ? 4 * outputWords : 0), stack: 96 + (convolve.stack ?? 0) },
      cycles: cyclesOf(job, plan, unpacks ? 14 * output.channels : pooled ? 60 * words * passes : 0),
    },
    context: {
      ...{ words, passes, taps, step, lowest, beside: side !== "planes" },
      about: `${kernel.height} x ${kernel.width} windows of ${input.channels} x ${input.height} x ${input.width} values${stride === 1 ? "" : `, stride ${stride}`}${pooled ? `, then ${sayPool(job)}` : ""}`,
      format: quantizer.name,
      level: levelText(evenShape(quantizer.levels)!),
      rows: Array.from({ length: kernel.height }, (_, row) => row),
      lastRow: kernel.height - 1,
      shifted: Array.from({ length: kernel.height - 1 }, (_, row) => ({ row, next: row + 1 })),
      planes: Array.from({ length: planes }, (_, plane) => plane),
      counted,
      rowBytes,
      records: recordBytes(planes) * (input.width + 1),
      rowValues: input.width * input.channels,
      height: input.height,
      width: input.width,
      channels: output.channels,
      pixelWords: nibbles ? wordsOf(input.channels) : 0,
      next: input.width * (nibbles ? wordsOf(input.channels) : 1),
      inputArea: nibbles ? 0 : areaOf(input),
      in: nibbles ? "uint32_t" : "int8_t",
      depth: input.channels,
      first: firstPlane(shape) / 4,
      columns: output.width,
      tap: kernel.width * input.channels * valueBytes(shape),
      column: stride * input.channels * valueBytes(shape),
      passBytes: 4 * words * values,
      advance: stride * recordBytes(planes),
      odd: step === 2 ? 16 * words * passes : 0,
      skipped: stride - 1,
      unpacks,
      pooled,
      out: unpacks ? "int8_t" : "uint32_t",
      buffer: buffered ? kernel.height * rowBytes : 0,
      outputWords: words * passes,
      area: areaOf(output),
      poolRows: pool.height,
      poolColumns: pool.width,
      pooledColumns: Math.floor(output.width / pool.width),
      bands: Math.floor(output.height / pool.height),
    },
    calls: { list, convolve, ...(counted && { count: countPlanesRoutine(planes) }), ...(pooled && { larger: largerNibbles }) },
    ...(nibbles && !unpacks && staysBehind(plan, pool) ? { overlays: true as const } : {}),
  };
}

/** Whether no row of outputs reaches beyond the rows that were listed before. */
function staysBehind({ geometry: { input, output, kernel, stride }, passes, shape: { words } }: RowPlan, pool: Pool): boolean {
  const read = input.width * wordsOf(input.channels);
  const written = Math.floor(output.width / pool.width) * words * passes;
  const bands = Array.from({ length: Math.floor(output.height / pool.height) }, (_, band) => band);
  return bands.every((band) => (band + 1) * written <= (band * pool.height * stride + kernel.height) * read);
}

/** Set bits of a value, as measured behind the first layers of nets for MNIST. */
const typicalDigits = 0.45;

function cyclesOf({ occupancy }: Job, { geometry, shape, passes, values }: RowPlan, storing: number): number {
  const { input, output, kernel } = geometry;
  const { words, planes } = shape;
  const digits = occupancy === undefined ? typicalDigits : occupancy.active * occupancy.digits;
  const windows = areaOf(output);
  const visits = values * digits;
  const flushes = 1.5 + visits / 14;
  const window = planes * kernel.height * 50 + visits * (3 + 8 * words) + flushes * (30 + 38 * words) + 40 + 90 * words;
  const listing = areaOf(input) * (60 + input.channels * (8 + 14 * digits));
  return Math.round(400 + input.height * 160 + listing + windows * (150 + passes * window + storing));
}
