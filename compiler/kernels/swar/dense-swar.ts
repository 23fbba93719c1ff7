import { laneAdders } from "./add-lanes.js";
import { type ZeroPoint, zeroPointOf, rowSumBytes, rowSumTable } from "../sparse/zero-point.js";
import { evenShape, ranks } from "../../catalog/codebook/shape.js";
import { activeShare } from "../sparse/dense-columns.js";
import { limitOf, listContext, listInputs } from "../sparse/input-lists.js";
import { defineKernel, type Offer } from "../contract.js";
import { placements, slowdown } from "../placement.js";
import { fieldWords, laneFields, unitsAtOnce, wordsOf } from "./lane-fields.js";

/** How many inputs may be listed at a time. */
const capacities = [96, 40, 12];

/** A list that has no room for so many of the largest inputs is spilled too often. */
const fewestInputs = 8;

interface Context extends ReturnType<typeof listContext> {
  readonly inputs: number;
  readonly units: number;
  readonly neurons: number;
  readonly groups: number;
  readonly padded: boolean;
  readonly zeroPoint: ZeroPoint | undefined;
  /** The table that has the sums of rows. */
  readonly rowSumsAt: number;
  readonly capacity: number;
  readonly stride: number;
}

export default defineKernel<Context>({
  name: "dense-swar",
  template: "swar/dense-swar",
  summary:
    "SWAR: two weights to a multiplication, whose products are accumulated in the halves of a word; inputs equal to the zero point are skipped. For few, evenly spaced levels, in as many bits as they need.",
  serves: ["dense"],
  bid: (job, target) => {
    const { rows: units, columns: inputs, quantizer } = job.weights[0]!;
    const shape = evenShape(quantizer.levels);
    if (!target.multiplies || shape === undefined || !Number.isInteger(Math.log2(shape.step)) || limitOf(quantizer) < 255 * fewestInputs)
      return [];
    const fields = laneFields(quantizer.levels.length);
    const words = wordsOf(fields, units);
    if (inputs * words * 4 > 65_536) return [];
    const groups = Math.ceil(units / unitsAtOnce(fields));
    const neurons = groups * unitsAtOnce(fields);
    const padded = neurons !== units;
    const zeroPoint = zeroPointOf(job, true);
    const active = inputs * activeShare(job);
    const adders = laneAdders(job, target, fields, groups);
    return placements(target, ["products", "lists"]).flatMap(({ of, text }) =>
      adders
        .filter(({ onlyFromRam }) => of("products") === "ram" || !onlyFromRam)
        .map((adder) => ({ adder, multiply: adder.routine(of("products")), list: listInputs(of("lists")) }))
        .flatMap(({ adder, multiply, list }) =>
          capacities.map((capacity): Offer<Context> => {
            const flushes = Math.ceil(active / Math.min(capacity, 40));
            const adding = groups * (active * adder.cycles.entry + flushes * adder.cycles.list);
            return {
              cost: {
                flash: {
                  code: 148 + (zeroPoint === undefined ? 0 : 60) + (padded ? 40 : 0),
                  weights: inputs * words * 4 + (zeroPoint === undefined ? 0 : rowSumBytes(neurons, zeroPoint)),
                },
                ram: { static: 4 * (capacity + adder.behind + (padded ? neurons : 0)), stack: 68 + adder.stack },
                cycles: Math.round(
                  neurons * (zeroPoint === undefined ? 7 : 14) +
                    slowdown(target, of("lists")) * (inputs * 12 + active * 10) +
                    slowdown(target, of("products")) * adding,
                ),
              },
              context: {
                inputs,
                units,
                neurons,
                groups,
                padded,
                zeroPoint,
                rowSumsAt: 1,
                capacity,
                ...listContext(quantizer),
                stride: words * 4 * 65_536,
              },
              calls: { multiply, list },
              variant: `${capacity} at a time, ${text}${adder.way}`,
            };
          }),
        ),
    );
  },
  tables: ([held], { zeroPoint, neurons }) => {
    const { levels } = held!.quantizer;
    const words = fieldWords(held!, laneFields(levels.length), ranks(levels));
    return zeroPoint === undefined ? [words] : [words, rowSumTable(held!, zeroPoint, neurons)];
  },
});
