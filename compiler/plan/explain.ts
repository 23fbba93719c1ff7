import { catalog } from "../catalog/index.js";
import { packedBytes } from "../catalog/codebook/packing.js";
import { type LayerId, layerOf, type Network, weightedLayers } from "../ir/network.js";
import { flashOf, type Plan, regionBytes, type Run, runsOf } from "../ir/plan.js";
import { ramCodeOf } from "../ir/routine.js";
import { showBytes } from "../ir/show.js";
import { sizeOf } from "../ir/types.js";

/** Why a plan is too big, and what would make it smaller. */
export interface Explanation {
  /** The layer that takes most. */
  readonly biggest: LayerId;
  readonly label: string;
  readonly notes: readonly string[];
  readonly help: string;
}

export function explainFlash(plan: Plan, bound: number): Explanation {
  const { weights, code } = plan.cost.flash;
  const eater = largest(plan, ({ cost }) => cost.flash.weights);
  const biggest = eater.layers[0]!;
  const bytes = eater.cost.flash.weights;
  return {
    biggest,
    label: `takes ${showBytes(bytes)}`,
    notes: [`weights ${showBytes(weights)}, of which \`${biggest}\` takes ${showBytes(bytes)}; code about ${showBytes(code)}`],
    help: whatWouldFit(plan, biggest, bound),
  };
}

/** The widest format that brings the plan below the bound: for the biggest layer alone, else for all layers. */
function whatWouldFit(plan: Plan, biggest: LayerId, bound: number): string {
  const layers = weightedLayers(plan.network);
  const held = new Map(layers.map(({ id, weights }) => [id, bytesAs(plan.network, id, weights.quantizer)]));
  const total = flashOf(plan.cost);
  const smaller = Object.values(catalog.quantizers).map(({ name }) => name);
  const saving = (ids: readonly LayerId[], quantizer: string): number =>
    ids.reduce((sum, id) => sum + held.get(id)! - bytesAs(plan.network, id, quantizer), 0);
  const fitting = (ids: readonly LayerId[]): string | undefined =>
    smaller
      .filter((quantizer) => total - saving(ids, quantizer) <= bound && saving(ids, quantizer) > 0)
      .sort((a, b) => saving(ids, a) - saving(ids, b))[0];
  const alone = fitting([biggest]);
  if (alone !== undefined) return `\`weights: ${alone}\` for \`${biggest}\` saves ${showBytes(saving([biggest], alone))} and fits`;
  const all = fitting(layers.map(({ id }) => id));
  if (all !== undefined)
    return `\`weights: ${all}\` for every layer saves ${showBytes(
      saving(
        layers.map(({ id }) => id),
        all,
      ),
    )} and fits`;
  return `no weight format is small enough: make \`${biggest}\` or its input smaller`;
}

function bytesAs(network: Network, id: LayerId, quantizer: string): number {
  const [rows, ...rest] = layerOf(network, id).weights!.shape;
  return packedBytes(catalog.quantizers[quantizer]!.packing, rows!, sizeOf(rest));
}

export function explainRam(plan: Plan): Explanation {
  const { stack } = plan.cost.ram;
  const input = sizeOf(plan.network.layers[0]!.type.shape);
  const { name, scratch, region } = plan.allocations.reduce((most, next) =>
    regionBytes(next.region) > regionBytes(most.region) ? next : most,
  );
  const bytes = showBytes(regionBytes(region));
  const code = ramCodeOf(plan.routines);
  const running = code === 0 ? "" : `code that runs from RAM ${showBytes(code)}; `;
  const what = scratch ? `the scratch space of \`${name}\` takes` : `the values of \`${name}\` take`;
  return {
    biggest: layerNamed(plan, name),
    label: `takes ${bytes}`,
    notes: [
      `input ${showBytes(input)}, buffers ${showBytes(plan.arenaBytes)}, of which ${what} ${bytes}; ${running}stack about ${showBytes(stack)}`,
    ],
    help: input > plan.arenaBytes ? "make the input smaller" : `make \`${name}\` smaller`,
  };
}

/** The layer whose values an allocation holds, or the last one of the step whose scratch space it is. */
const layerNamed = ({ steps }: Plan, name: string): LayerId =>
  runsOf(steps)
    .find((run) => run.name === name)
    ?.layers.at(-1) ?? name;

const largest = (plan: Plan, of: (run: Run) => number): Run => runsOf(plan.steps).reduce((most, run) => (of(run) > of(most) ? run : most));
