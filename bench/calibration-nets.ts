import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import type { Layer, Network } from "#compiler/ir/network.js";
import { weightedLayers } from "#compiler/ir/network.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import type { Span } from "#grammar/source.js";
import { networkIn, open } from "../runtime/cli/project.js";
import { packageRoot, readText } from "../runtime/host.js";
import { loadWeights } from "../runtime/weights/weights.js";

/** A net with trained weights. */
export interface Trained {
  readonly network: Network;
  readonly weights: Weights;
}

/** Where a net of published.yaml is to be had. */
export type NetSource = { readonly vectors: string } | { readonly model: string };

interface Vectors {
  readonly input_shape: readonly number[];
  readonly layers: readonly {
    readonly op: string;
    readonly quantizer: string;
    readonly units: number;
    readonly weights: readonly number[];
  }[];
  readonly inputs_int8_base64: string;
}

export function loadNet(source: NetSource, folder: string): Trained {
  if ("vectors" in source) return fromVectors(readVectors(folder, source.vectors));
  const path = join(packageRoot, source.model);
  const network = networkIn(open(path));
  return { network, weights: loadWeights(network, path.replace(/\.bnm$/, ".safetensors")).weights };
}

/** The test images that all nets are run on. */
export function loadImages(folder: string, count: number): Int8Array {
  const { input_shape: shape, inputs_int8_base64: text } = readVectors(folder, "fc-12k-4bitsym");
  return new Int8Array(Buffer.from(text, "base64")).slice(0, count * shape.reduce((a, b) => a * b));
}

const readVectors = (folder: string, name: string): Vectors => JSON.parse(readText(join(folder, `${name}.json`))) as Vectors;

/** Dense layers with ReLUs between them, as the elaborator would make them. */
function fromVectors({ input_shape: shape, layers }: Vectors): Trained {
  const nowhere: Span = { source: { path: "vectors", text: "" }, start: 0, end: 0 };
  const size = shape.reduce((a, b) => a * b);
  const made: Layer[] = [
    { id: "input", op: "input", attributes: {}, inputs: [], type: { element: "i8", shape }, origin: [nowhere] },
    { id: "flatten1", op: "flatten", attributes: {}, inputs: ["input"], type: { element: "i8", shape: [size] }, origin: [nowhere] },
  ];
  for (const [index, { units, quantizer }] of layers.entries()) {
    const { id: before, type } = made.at(-1)!;
    const dense: Layer = {
      ...{ id: `dense${index + 1}`, op: "dense", inputs: [before], origin: [nowhere] },
      attributes: { units, weights: quantizer, norm: "rms", activations: "8bit" },
      type: { element: "i32", shape: [units] },
      weights: { shape: [units, type.shape[0]!], quantizer },
    };
    made.push(dense);
    if (index < layers.length - 1) {
      made.push({
        id: `relu${index + 1}`,
        op: "relu",
        attributes: {},
        inputs: [dense.id],
        type: { element: "i8", shape: [units] },
        origin: [nowhere],
      });
    }
  }
  const network: Network = { name: "net", doc: "", layers: made, result: made.at(-1)!.id };
  const weights = weightedLayers(network).map(({ id, weights: { shape: extents, quantizer } }, index): [string, LayerWeights] => {
    const { fullScale } = catalog.quantizers[quantizer]!;
    return [
      id,
      { shape: extents, values: Float32Array.from(layers[index]!.weights, (level) => level / fullScale), clip: Float32Array.of(1) },
    ];
  });
  return { network, weights: new Map(weights) };
}
