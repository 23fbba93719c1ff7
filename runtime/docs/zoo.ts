import { catalog } from "#compiler/catalog/index.js";
import { packedBytes } from "#compiler/catalog/codebook/packing.js";
import { type Network, parameterCount, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { setWords, shellLine } from "../shell.js";
import type { Provenance } from "../weights/weights.js";

/** A model of models/ with the weights that lie beside it. */
export interface Published {
  /** The model's file below the project's folder. */
  readonly path: string;
  readonly network: Network;
  readonly provenance: Provenance;
}

/** models/README.md: what each published model reaches and the command that trained it. */
export const zooPage = (
  published: readonly Published[],
): string => `<!-- Generated from the weights files beside it; \`UPDATE=1 npm test\` writes it anew. -->
# Models

Each \`.bnm\` file is a model; \`<model>.safetensors\` beside it holds its trained weights, \`curves/<model>.jsonl\` how they came
to be. Accuracies are those of the integer model on the whole test set, the one that ships; a test evaluates every file again
and compares every logit of its emitted C with the reference.

| model | layers | formats | parameters | weights in flash | test accuracy | trained with |
| --- | --- | --- | --- | --- | --- | --- |
${published.map(row).join("\n")}
`;

function row({ path, network, provenance }: Published): string {
  const layers = weightedLayers(network);
  const widths = [sizeOf(network.layers[0]!.type.shape), ...layers.map(({ weights }) => weights.shape[0]!)];
  const formats = [...new Set(layers.map(({ weights }) => weights.quantizer))];
  const { epochs, seed, set = {} } = provenance;
  const command = shellLine(["bnmc", "train", path, "--epochs", String(epochs), "--seed", String(seed), ...setWords(set)]);
  const accuracy = `${((provenance.integerAccuracy ?? NaN) * 100).toFixed(2)}% of ${provenance.dataset}`;
  return `| [${network.name}](${path.replace("models/", "")}) | ${widths.join("-")} | ${formats.join(", ")} | ${parameterCount(network)} | ${flashBytes(network)} B | ${accuracy} | \`${command}\` |`;
}

const flashBytes = (network: Network): number =>
  weightedLayers(network).reduce((sum, { weights: { shape, quantizer } }) => {
    const [rows, ...rest] = shape;
    return sum + packedBytes(catalog.quantizers[quantizer]!.packing, rows!, sizeOf(rest));
  }, 0);
