import type { Diagnostic } from "#grammar/diagnostic.js";
import { catalog } from "../catalog/index.js";
import { largestLevel } from "../catalog/codebook-shape.js";
import { isReservedInC } from "../ir/c-names.js";
import type { Deployment } from "../ir/module.js";
import { type Network, weightedLayers } from "../ir/network.js";
import { showCount } from "../ir/show.js";
import { sizeOf } from "../ir/types.js";
import { problem } from "./messages.js";

/** Rescaling adds half of what it shifts out, at most 2^23, before it shifts. */
const limit = 2 ** 31 - 2 ** 23;

/** Every sum that any input could cause must be exact in 32 bits. */
export function checkSums(network: Network): readonly Diagnostic[] {
  return weightedLayers(network).flatMap(({ id, weights, origin }) => {
    const columns = sizeOf(weights.shape.slice(1));
    const level = largestLevel(catalog.quantizers[weights.quantizer]!.levels);
    const largest = columns * level * 128;
    if (largest < limit) return [];
    const fits = Math.floor((limit - 1) / (level * 128));
    const notes = [`${showCount(columns)} inputs, each up to 128, times levels up to ${level}`];
    const values = { layer: id, largest: showCount(largest), limit: showCount(limit) };
    return [problem("sum-overflow", origin[0]!, values, { notes, help: `${weights.quantizer} weights allow ${showCount(fits)} inputs` })];
  });
}

export function checkEntry(entry: string, deployment: Deployment | undefined): readonly Diagnostic[] {
  if (deployment === undefined || !String(deployment.settings.entry ?? "")) return [];
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(entry) && !isReservedInC(entry)) return [];
  return [problem("bad-entry", deployment.origin, { entry }, { help: "use a name such as `gesture_classify`" })];
}
