import type { Diagnostic } from "#grammar/diagnostic.js";
import { hull } from "../catalog/shapes/bounds.js";
import { catalog } from "../catalog/index.js";
import { largestLevel } from "../catalog/codebook/shape.js";
import { headerMacros, isReservedInC } from "../ir/c-names.js";
import type { Deployment } from "../ir/module.js";
import { type Layer, layerOf, type Network, type WeightsType } from "../ir/network.js";
import { showCount } from "../ir/show.js";
import { sizeOf } from "../ir/types.js";
import { problem } from "./messages.js";
import type { Levels } from "../catalog/integers.js";
import { valueBounds } from "./value-bounds.js";

/** Rounding of requantization: half of what is shifted out, at most 2^23, is added before the shift. */
const limit = 2 ** 31 - 2 ** 23;

/** Overflow check: every accumulator must fit 32 bits for every input; the first layer where one might not is reported. */
export function checkSums(network: Network, levels?: Levels): readonly Diagnostic[] {
  const bounds = valueBounds(network, levels);
  const magnitude = (id: string): number => {
    const {
      low: [low],
      high: [high],
    } = hull(bounds.get(id)!);
    return Math.max(-low!, high!);
  };
  return network.layers
    .filter(({ id, type }) => type.element === "i32" && magnitude(id) >= limit)
    .slice(0, 1)
    .map((layer) => {
      const values = { layer: layer.id, largest: showCount(magnitude(layer.id)), limit: showCount(limit) };
      return problem("sum-overflow", layer.origin[0]!, values, remedyFor(network, layer, magnitude(layer.inputs[0]!)));
    });
}

function remedyFor(network: Network, layer: Layer, input: number): { readonly notes: readonly string[]; readonly help: string } {
  const { weights, inputs } = layer;
  if (weights === undefined) return { notes: [], help: "put `relu` before it, or use smaller weights" };
  const columns = sizeOf(weights.shape.slice(1));
  const level = largestLevel(catalog.quantizers[weights.quantizer]!.levels);
  const notes = [`${showCount(columns)} inputs, each up to ${showCount(input)}, times levels up to ${level}`];
  return {
    notes,
    help:
      layerOf(network, inputs[0]!).type.element !== "i32"
        ? fewerInputs(weights, level * input)
        : "`norm: rms` lets the `relu` before it rescale to eight bits",
  };
}

const fewerInputs = ({ quantizer }: WeightsType, most: number): string =>
  `${quantizer} weights allow ${showCount(Math.floor((limit - 1) / most))} inputs`;

export function checkEntry(entry: string, deployment: Deployment | undefined): readonly Diagnostic[] {
  if (deployment === undefined || !String(deployment.settings.entry ?? "")) return [];
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(entry) && !isReservedInC(entry) && !headerMacros(deployment.network).includes(entry)) return [];
  return [problem("bad-entry", deployment.origin, { entry }, { help: "use a name such as `gesture_classify`" })];
}
