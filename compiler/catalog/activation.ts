import type { Graph } from "./graph.js";
import { tiny } from "./norm.js";

/**
 * Fake quantization of activations: each sample is scaled so that its largest magnitude is 127, rounded, and scaled
 * back. The gradient passes straight through the rounding and not through the scale.
 */
export function fakeQuantizeActivations<T>(on: Graph<T>, input: T): T {
  const scale = on.constant(on.scale(on.offset(on.featureMax(on.abs(input)), tiny), 1 / 127));
  return on.multiply(on.round(on.divide(input, scale)), scale);
}

