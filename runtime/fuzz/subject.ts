import { withSeededConstants } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import { inputRange, type Network, weightedLayers } from "#compiler/ir/network.js";
import type { Target } from "#compiler/ir/target.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { checkSums } from "#compiler/plan/check.js";
import { type Random, random } from "#compiler/random.js";
import { loadTarget } from "../targets.js";
import { roomy } from "../tune/bench.js";
import { calibrated } from "../train/calibration.js";
import { stateOfWeights } from "../train/state.js";
import { bodyOf } from "./body.js";
import type { Recipe } from "./recipe.js";

/** A net with its weights and what is put to it. */
export interface Subject {
  readonly recipe: Recipe;
  readonly body: string;
  readonly network: Network;
  readonly weights: Weights;
  readonly inputs: Int8Array;
  readonly target: Target;
}

/** Inputs of a subject. */
export const samples = 16;

/** Undefined where the language or the planner refuses what the recipe asks for: shapes that do not meet, sums beyond 32 bits. */
export function subjectOf(recipe: Recipe): Subject | undefined {
  const body = bodyOf(recipe);
  const given = loadTarget(recipe.target);
  const target = given.chip === undefined ? given : roomy(given);
  try {
    const network = networkFrom(body, "net");
    if (checkSums(network).length > 0) return undefined;
    const inputs = inputsOf(network, recipe.seed);
    return { recipe, body, network, weights: withConstants(network, weightsOf(network, recipe), inputs, recipe), inputs, target };
  } catch (error) {
    // A refusal of the language has a code; anything else is a finding.
    if (error instanceof Error && /^[a-z-]+: /.test(error.message)) return undefined;
    throw error;
  }
}

/** Biases and shifts of all sizes; shifts that fit the sums in seven of eight, where most mistakes in sums come through. */
function withConstants(network: Network, levels: Weights, inputs: Int8Array, { seed }: Recipe): Weights {
  const weights = withSeededConstants(network, levels, seed);
  if (random("fuzz shifts", seed).below(8) === 0) return weights;
  const given = { values: inputs, labels: new Uint8Array(samples), size: inputs.length / samples, count: samples };
  const { shifts } = calibrated(network, stateOfWeights(network, weights), given);
  return new Map([...weights, ...[...shifts].map(([id, shift]) => [id, { ...weights.get(id)!, values: Float32Array.of(shift) }] as const)]);
}

function weightsOf(network: Network, { seed, weights: kind }: Recipe): Weights {
  return new Map(
    weightedLayers(network).map(({ id, weights: { shape, quantizer } }): [string, LayerWeights] => {
      const draw = random("fuzz weights", seed, id);
      const { levels, fullScale } = catalog.quantizers[quantizer]!;
      const columns = sizeOf(shape.slice(1));
      const sorted = levels.toSorted((a, b) => a - b);
      const small = levels.toSorted((a, b) => Math.abs(a) - Math.abs(b)).slice(0, 2);
      const signs = Array.from({ length: shape[0]! }, () => draw.below(3));
      const levelAt = (row: number): number => {
        const drawn = levels[draw.below(levels.length)]!;
        if (kind === "outermost") return draw.below(2) === 0 ? sorted[0]! : sorted.at(-1)!;
        if (kind === "one-sided") return signs[row] === 0 ? sorted[0]! : signs[row] === 1 ? sorted.at(-1)! : drawn;
        return kind === "smallest" ? small[draw.below(2)]! : drawn;
      };
      const values = Float32Array.from({ length: shape[0]! * columns }, (_, at) => levelAt(Math.floor(at / columns)) / fullScale);
      return [id, { shape, values, clip: Float32Array.of(1) }];
    }),
  );
}

/** Of eight bits, saturated to what the input has: constants, spikes on either ground, alternations, edges, noise of all contrasts. */
const patterns: readonly ((draw: Random, place: number, spike: number) => number)[] = [
  () => -128,
  () => 127,
  () => 0,
  (_, place, spike) => (place === spike ? -128 : 127),
  (_, place, spike) => (place === spike ? 127 : -128),
  (_, place, spike) => (place === spike ? 127 : 0),
  (_, place, spike) => (place === spike ? -128 : 0),
  (_, place) => (place % 2 === 0 ? 127 : -128),
  (_, place) => (place % 3 === 0 ? -128 : 127),
  (_, place, spike) => (place < spike ? -128 : 127),
  (_, place, spike) => (place < spike ? 127 : -128),
  (draw) => draw.below(256) - 128,
  (draw) => draw.below(256) - 128,
  (draw) => draw.below(3) - 1,
  (draw) => (draw.below(8) === 0 ? draw.below(256) - 128 : -20),
  (draw) => (draw.below(4) === 0 ? draw.below(128) : 0),
];

function inputsOf(network: Network, seed: number): Int8Array {
  const size = sizeOf(network.layers[0]!.type.shape);
  const { low, high } = inputRange(network);
  const draw = random("fuzz inputs", seed);
  const spikes = patterns.map(() => draw.below(size));
  return Int8Array.from({ length: samples * size }, (_, at) => {
    const sample = Math.floor(at / size);
    return Math.max(low, Math.min(high, patterns[sample]!(draw, at % size, spikes[sample]!)));
  });
}
