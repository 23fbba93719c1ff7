import { catalog } from "../catalog/index.js";
import type { Levels } from "../catalog/integers.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/** Maps one input, row-major, to the logits: the sums of the last layer. */
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
  const steps = network.layers.slice(1).map((layer) => ({ ...layer, run: layerRun(network, layer, levels.get(layer.id)) }));
  return (input) => {
    const values = new Map<LayerId, Int32Array>([[network.layers[0]!.id, Int32Array.from(input)]]);
    for (const { id, inputs, run } of steps) values.set(id, run(inputs.map((source) => values.get(source)!)));
    return values;
  };
}

/** What one layer makes of its inputs, by its integers where it has some. */
export function layerRun(
  network: Network,
  { op, attributes, inputs, type: outputType }: Layer,
  weights: Int32Array = new Int32Array(0),
): (inputs: readonly Int32Array[]) => Int32Array {
  const { reference } = catalog.layers[op]!;
  const inputTypes = inputs.map((input) => layerOf(network, input).type);
  return (values) => reference({ inputs: values, inputTypes, outputType, weights }, attributes);
}

/** The class: argmax, the first of equal ones. */
export function classOf(sums: Int32Array): number {
  let best = 0;
  for (let i = 1; i < sums.length; i++) if (sums[i]! > sums[best]!) best = i;
  return best;
}
