import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import { onNumbers } from "#compiler/catalog/training.js";
import type { LayerId } from "#compiler/ir/network.js";

/** A pruning mask: a learned factor for each output of a layer; those with the smallest ones will be pruned. */
export interface Mask {
  /** Above 0; the largest is 1. */
  readonly factors: Float32Array;
  /** Optimizer state of their logarithms. */
  readonly slots: readonly Float32Array[];
}

/** The layers whose outputs have masks, and the sparsity penalty for each open one. */
export interface Masking {
  readonly layers: ReadonlySet<LayerId>;
  readonly price: number;
}

/** All open. */
export const openMask = (outputs: number, slots: number): Mask => ({
  factors: new Float32Array(outputs).fill(1),
  slots: Array.from({ length: slots }, () => new Float32Array(outputs)),
});

export const copyOfMask = ({ factors, slots }: Mask): Mask => ({ factors: factors.slice(), slots: slots.map((slot) => slot.slice()) });

/** Below this an output is as good as pruned; its gradient could still open it. */
const smallestFactor = 2 ** -10;

/**
 * The mask after a step. A factor of an output is a factor of its row of weights, so that the gradient by its logarithm is the
 * sum of the gradients by the levels of the row, each times its level.
 */
export function learnedMask(
  { factors, slots }: Mask,
  slopes: Float32Array,
  price: number,
  { name, arguments: settings }: Application,
  rate: number,
  step: number,
): Mask {
  const { constants, update } = catalog.optimizers[name]!;
  // Weight decay would open all masks.
  const given = constants({ ...settings, decay: 0 }, rate, step);
  const next = Array.from(factors, (factor, i) =>
    update(onNumbers, { weight: Math.log(factor), slots: slots.map((slot) => slot[i]!) }, slopes[i]! + price * factor, given),
  );
  // A common factor cancels, since inputs are requantized: only their ratios deserve a penalty.
  const widest = Math.max(...next.map(({ weight }) => weight));
  return {
    factors: Float32Array.from(next, ({ weight }) => Math.max(smallestFactor, Math.exp(weight - widest))),
    slots: slots.map((_, k) => Float32Array.from(next, (one) => one.slots[k]!)),
  };
}

/** The gradients by the logarithms of a layer's masks, from the gradients by its levels. */
export function maskSlopes(gradients: Float32Array, levels: ArrayLike<number>, rows: number): Float32Array {
  const size = gradients.length / rows;
  const slopes = new Float32Array(rows);
  gradients.forEach((gradient, i) => (slopes[Math.floor(i / size)]! += gradient * levels[i]!));
  return slopes;
}
