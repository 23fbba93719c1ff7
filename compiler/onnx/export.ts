import { catalog } from "../catalog/index.js";
import { type Levels, quantizeWeights } from "../catalog/integers.js";
import type { Provenance } from "../ir/emission.js";
import { networkHash } from "../ir/hash.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";
import { showType, sizeOf } from "../ir/types.js";
import type { Weights } from "../ir/weights.js";
import { graphBuilder, type GraphBuilder, type Value } from "./graph-builder.js";
import { integerNodes } from "./integer-nodes.js";
import { encodeModel, type ValueInfo } from "./proto.js";

/** The layers that have no ONNX form (no `exact`). */
export const notExportable = (network: Network): readonly Layer[] =>
  network.layers.filter(({ op, inputs }) => inputs.length > 0 && catalog.layers[op]!.exact === undefined);

/**
 * A network with its integer weights as an .onnx file: int8 samples [batch, inputs] in, the sums of the last layer
 * and the class out, each exactly what the reference gives. Values are named after layers. The weights must fit the
 * network, and all its layers must be exportable.
 */
export function exportOnnx(network: Network, weights: Weights, provenance: Provenance): Uint8Array {
  const builder = graphBuilder();
  const [input, ...layers] = network.layers as readonly [Layer, ...Layer[]];
  builder.begin(input.id);
  const values = new Map([[input.id, builder.cast(input.id, "i32")]]);
  const levels = quantizeWeights(network, weights);
  for (const layer of layers) values.set(layer.id, addLayer(builder, network, layer, values, levels));
  const result = values.get(network.result)!;
  builder.begin("class");
  const answer = builder.name(builder.argumentOfLargest(result), values.has("class") ? "class/index" : "class");
  const named = new Set(builder.nodes.map(({ output }) => output));
  const info = (layer: Layer): ValueInfo => ({ name: layer.id, element: "i32", size: sizeOf(layer.type.shape), doc: aboutLayer(layer) });
  return encodeModel({
    name: network.name,
    doc: network.doc.trim(),
    producerVersion: provenance.version,
    nodes: builder.nodes,
    initializers: builder.initializers,
    inputs: [
      {
        name: input.id,
        element: "i8",
        size: sizeOf(input.type.shape),
        doc: [showType(input.type), ...provenance.preparation].join("\n"),
      },
    ],
    outputs: [
      { ...info(layerOf(network, network.result)), name: result },
      { name: answer, element: "i64", size: undefined, doc: "The index of the first largest sum." },
    ],
    between: layers.filter(({ id }) => named.has(id) && id !== result).map(info),
    metadata: metadataOf(network, provenance),
  });
}

function addLayer(builder: GraphBuilder, network: Network, layer: Layer, values: ReadonlyMap<LayerId, Value>, levels: Levels): Value {
  builder.begin(layer.id);
  const { exact } = catalog.layers[layer.op]!;
  if (exact === undefined) throw new Error(`${layer.op} cannot be exported`);
  const inputs = layer.inputs.map((id) => values.get(id)!);
  const inputTypes = layer.inputs.map((id) => layerOf(network, id).type);
  const pass = { inputs, inputTypes, outputType: layer.type, weights: levels.get(layer.id) ?? new Int32Array(0) };
  return builder.name(exact(integerNodes(builder), pass, layer.attributes), layer.id);
}

const aboutLayer = ({ op, type, weights }: Layer): string =>
  `${op}, ${showType(type)}${weights === undefined ? "" : `, ${weights.shape.join(" x ")} weights as ${weights.quantizer}`}`;

/** What Netron shows of the file's origin. */
const metadataOf = (
  network: Network,
  { model, weights, params, version, command, classes }: Provenance,
): Readonly<Record<string, string>> => ({
  model,
  definition: networkHash(network),
  weights,
  ...(Object.keys(params).length === 0
    ? {}
    : {
        params: Object.entries(params)
          .map(([name, value]) => `${name} = ${value}`)
          .join(", "),
      }),
  ...(classes.length === 0 ? {} : { classes: JSON.stringify(classes) }),
  made_by: `bnmc ${version}: ${command}`,
});
