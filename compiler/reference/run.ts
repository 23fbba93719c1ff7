import { catalog } from "../catalog/index.js";
import { quantize } from "../catalog/codebook/codebook.js";
import { type LayerId, layerOf, type Network, weightedLayers } from "../ir/network.js";
import type { Weights } from "../ir/weights.js";

/** The integer weights of every layer that has some: what ships. */
export type Levels = ReadonlyMap<LayerId, Int32Array>;

/** Quantizes latent weights; they must fit the network. */
export function quantizeWeights(network: Network, weights: Weights): Levels {
  return new Map(
    weightedLayers(network).map((layer) => {
      const latent = weights.get(layer.id);
      if (latent === undefined) throw new Error(`no weights for ${layer.id}`);
      const quantizer = catalog.quantizers[layer.weights.quantizer]!;
      return [layer.id, quantize(quantizer, { values: latent.values, rows: layer.weights.shape[0]!, clip: latent.clip })];
    }),
  );
}

/** Maps one int8 input, row-major, to the logits: the sums of the last layer. */
export type Inference = (input: Int8Array) => Int32Array;

/**
 * The integer interpreter, the definition of correct: layer by layer as the catalogue defines them. Every other way of
 * running a network (emitted C, the simulated chip, training's evaluation) must give exactly these sums.
 */
export function interpreter(network: Network, levels: Levels): Inference {
  const run = valuesOf(network, levels);
  return (input) => run(input).get(network.result)!;
}

/** The same, with the output of every layer. */
export function valuesOf(network: Network, levels: Levels): (input: Int8Array) => ReadonlyMap<LayerId, Int32Array> {
  const noWeights = new Int32Array(0);
  const steps = network.layers.slice(1).map(({ id, op, attributes, inputs, type }) => {
    const { reference } = catalog.layers[op]!;
    const inputTypes = inputs.map((input) => layerOf(network, input).type);
    const weights = levels.get(id) ?? noWeights;
    const run = (values: readonly Int32Array[]): Int32Array =>
      reference({ inputs: values, inputTypes, outputType: type, weights }, attributes);
    return { id, inputs, run };
  });
  return (input) => {
    const values = new Map<LayerId, Int32Array>([[network.layers[0]!.id, Int32Array.from(input)]]);
    for (const { id, inputs, run } of steps) values.set(id, run(inputs.map((source) => values.get(source)!)));
    return values;
  };
}

/** The class: argmax, the first of equal ones. */
export function classOf(sums: Int32Array): number {
  let best = 0;
  for (let i = 1; i < sums.length; i++) if (sums[i]! > sums[best]!) best = i;
  return best;
}
