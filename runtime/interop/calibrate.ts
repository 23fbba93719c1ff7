import { biasUnit } from "#compiler/catalog/integers.js";
import { levelValue } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import { biasLayers, fixedLayers, inputRange, type Layer, type LayerId, type Network } from "#compiler/ir/network.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { exitCodes, Failure } from "../failure.js";
import { calibrated } from "../train/calibration.js";
import { stateOfWeights, weightsOfState } from "../train/state.js";

/** Weights of a float network, and its biases by the layers that add them, in units of its own values. */
export interface FloatWeights {
  readonly weights: Weights;
  readonly biases: ReadonlyMap<LayerId, Float32Array>;
}

const noClip = new Float32Array(0);

/**
 * What a network of fixed ranges needs beside weights: shifts, found on training samples layer by layer, and biases in its own units, which follow
 * from the scales of the layers before. Throws a `Failure` where the input has no scale that is the same for all samples.
 */
export function withRanges(
  network: Network,
  { weights, biases }: FloatWeights,
  data: Pick<PreparedDataset, "steps" | "train">,
  path: string,
): Weights {
  const all = new Map<LayerId, LayerWeights>(weights);
  for (const { id, constants } of biasLayers(network))
    all.set(id, { shape: constants, values: new Float32Array(constants[0]!), clip: noClip });
  for (const { id } of fixedLayers(network)) all.set(id, { shape: [], values: Float32Array.of(0), clip: noClip });
  /** What one unit of each layer's output is worth to the float network. */
  const steps = new Map<LayerId, number>([[network.layers[0]!.id, biases.size === 0 ? 1 : sampleStep(network, data, path)]]);
  const calibrate = (): void => {
    const found = weightsOfState(calibrated(network, stateOfWeights(network, all), data.train));
    for (const { id } of fixedLayers(network)) all.set(id, found.get(id)!);
  };
  const stepOf = ({ id, inputs, weights: type, constants }: Layer): number => {
    const before = steps.get(inputs[0]!)!;
    if (type !== undefined) return before * levelValue(catalog.quantizers[type.quantizer]!, all.get(id)!.clip);
    if (constants?.length !== 0) return before;
    calibrate();
    return before * 2 ** all.get(id)!.values[0]!;
  };
  const layers = new Map(network.layers.map((layer) => [layer.id, layer]));
  for (const layer of network.layers.slice(1)) {
    steps.set(layer.id, stepOf(layer));
    const bias = biases.get(layer.id);
    if (bias === undefined) continue;
    const source = layers.get(layer.inputs[0]!)!;
    const factor = biasUnit(network, source) / steps.get(source.inputs[0]!)!;
    all.set(layer.id, { shape: [bias.length], values: bias.map((value) => value * factor), clip: noClip });
  }
  calibrate();
  return all;
}

/** What one unit of the input stands for, as `scale` measured it. */
function sampleStep(network: Network, { steps }: Pick<PreparedDataset, "steps">, path: string): number {
  const { magnitude, least, largest } = steps.at(-1)?.constants ?? {};
  const { high } = inputRange(network);
  const most = magnitude ?? largest;
  if (most?.length === 1 && (least?.[0] ?? 0) === 0) return most[0]! / high;
  throw new Failure(
    `${path} has biases, but samples have no one scale that these could be in`,
    "end the dataset's `samples:` with `scale(per: set)`; for unsigned inputs samples may not be negative",
    exitCodes.rejected,
  );
}
