import { catalog } from "#compiler/catalog/index.js";
import { encode } from "#compiler/catalog/codebook/codebook.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Inputs, PreparedDataset } from "#compiler/data/dataset.js";
import { evenlySpaced } from "#compiler/data/evenly-spaced.js";
import { type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { type Occupancies, occupancyOf } from "#compiler/ir/occupancy.js";
import type { Weights } from "#compiler/ir/weights.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { valuesOf } from "#compiler/reference/run.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import { averaged } from "./averaging.js";
import type { Engine } from "./engine.js";
import type { Evaluator } from "./evaluator.js";
import type { CyclesByTarget, EpochReport, LayerStatistics } from "./events.js";
import { indexOfLargest } from "./loss.js";
import { type TrainingState, weightsOfState, withClips } from "./state.js";
import { stateFor } from "./trained-network.js";

/** The weights that would ship if training ended now: the EMA where there is one, in the formats and shapes of the network. */
export function shippedWeights(network: Network, settings: TrainSettings, state: TrainingState): Weights {
  const mean = averaged(state, settings.average);
  const final = stateFor(network, mean, settings);
  const changed = (id: LayerId): boolean => {
    const [now, then] = [final.layers.get(id)!, state.layers.get(id)!];
    return now.format !== then.format || now.shape.join() !== then.shape.join();
  };
  return weightsOfState(withClips(final, settings, changed));
}

export interface Measurement {
  readonly network: Network;
  readonly data: PreparedDataset;
  readonly evaluator: Evaluator;
  readonly cyclesBy: ((occupancies: Occupancies) => CyclesByTarget) | undefined;
}

/** What is told of the weights after an epoch. */
export function measure(
  { network, data, evaluator, cyclesBy }: Measurement,
  weights: Weights,
): Pick<EpochReport, "integerAccuracy" | "validationAccuracy" | "layers" | "cycles"> {
  const runs = someRuns(network, weights, data.test);
  const accuracy = (inputs: Inputs): number => accuracyOf(evaluator(weights, inputs, data.classes));
  return {
    integerAccuracy: accuracy(data.test),
    validationAccuracy: data.validate && accuracy(data.validate),
    layers: statisticsOf(network, weights, runs),
    ...(cyclesBy && { cycles: cyclesBy(occupanciesOf(network, runs)) }),
  };
}

/** The output of every layer for one sample. */
type LayerValues = ReadonlyMap<LayerId, Int32Array>;

/** Samples that are enough to say what share of sums is positive. */
const sampled = 32;

/** The outputs of all layers on some samples. */
export const someRuns = (network: Network, weights: Weights, samples: Inputs): readonly LayerValues[] =>
  evenlySpaced(samples, sampled)
    .slice(0, sampled)
    .map(valuesOf(network, quantizeWeights(network, weights)));

/** How each layer with weights does in some runs. */
export function statisticsOf(network: Network, weights: Weights, runs: readonly LayerValues[]): Readonly<Record<LayerId, LayerStatistics>> {
  const statistics = weightedLayers(network).map(({ id, inputs, weights: { quantizer: name, shape } }): [LayerId, LayerStatistics] => {
    const { values: latent, clip } = weights.get(id)!;
    const quantizer = catalog.quantizers[name]!;
    const sums = runs.map((found) => found.get(id)!);
    const positive = sums.reduce((total, layer) => total + layer.reduce((found, sum) => found + (sum > 0 ? 1 : 0), 0), 0);
    return [
      id,
      {
        entropy: entropyOf(encode(quantizer, { values: latent, rows: shape[0]!, clip })),
        positive: positive / (sums.length * sums[0]!.length),
        digits: digitsOf(runs.map((found) => found.get(inputs[0]!)!)),
      },
    ];
  });
  return Object.fromEntries(statistics);
}

/** The activation density of the input and of every layer that gives activations, in some runs. */
export const occupanciesOf = (network: Network, runs: readonly LayerValues[]): Occupancies =>
  new Map(
    network.layers.filter(({ type }) => type.element !== "i32").map(({ id }) => [id, occupancyOf(runs.map((values) => values.get(id)!))]),
  );

/** Set bits of a value above the zero point. */
function digitsOf(samples: readonly Int32Array[]): number {
  const { active, digits } = occupancyOf(samples);
  return active * digits;
}

/** Entropy in bits per code. */
function entropyOf(codes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const code of codes) counts[code]!++;
  return counts.reduce((bits, count) => (count === 0 ? bits : bits - (count / codes.length) * Math.log2(count / codes.length)), 0);
}

/** Samples that the float model is measured on at a time, to keep its tensors small. */
const measuredAtOnce = 1000;

/** Of the float model on the test set, as the engine runs it. */
export function floatAccuracyOf(engine: Engine, { test, classes }: PreparedDataset): number {
  let correct = 0;
  for (let first = 0; first < test.count; first += measuredAtOnce) {
    const sums = engine.sums(test.values.subarray(first * test.size, (first + measuredAtOnce) * test.size));
    for (let i = 0; i * classes.length < sums.length; i++) {
      const row = sums.subarray(i * classes.length, (i + 1) * classes.length);
      if (indexOfLargest(row) === test.labels[first + i]) correct++;
    }
  }
  return correct / test.count;
}
