import type { FeatureMap } from "#compiler/catalog/shapes/feature-map.js";
import type { Node } from "./graph/node.js";
import type { Layout } from "./layout.js";

/** Where a scalar lies that all samples share; undefined for what is no such leaf. */
export function scalarOf({ layers, factors, totals }: Layout, node: Node): number | undefined {
  const layer = String(node.parameters[0]);
  if (node.op === "weightScale") return layers.get(layer)!.weightScale;
  return node.op === "rangeFactor" ? factors.get(layer) : totals.get(node);
}

/** Where the factors or addends of each channel lie that all samples share. */
export function channelValuesOf(
  { layers, biases }: Layout,
  { op, parameters }: Node,
): { readonly map: FeatureMap; readonly address: number } | undefined {
  const layer = String(parameters[0]);
  if (op === "mask") {
    const { map, factors } = layers.get(layer)!.mask!;
    return { map, address: factors };
  }
  if (op !== "bias") return undefined;
  const { map, values } = biases.get(layer)!;
  return { map, address: values };
}
