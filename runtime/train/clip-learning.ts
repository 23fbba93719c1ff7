import { ascending } from "#compiler/catalog/codebook/shape.js";
import { levelValue, smallestClip } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import { type Arithmetic, type Clip, onNumbers, type Rounded } from "#compiler/catalog/training.js";
import type { LayerState } from "./state.js";

/** How the scalar of one layer is learned: its rule, applied to the format of the layer. */
export interface ClipLearner {
  differentiate<T>(on: Arithmetic<T>, weight: Pick<Rounded<T>, "scaled" | "level">): { readonly growth: T; readonly keeps: T };
  /** The scalar after a step, given its gradient: the sum over the layer's weights of their gradients times their derivatives by it. */
  learn(layer: LayerState, total: number, optimizer: Application, rate: number, step: number): Pick<LayerState, "clip" | "clipSlots">;
}

/** Whether a rule learns the scalar of a format: some formats take theirs from the weights. */
export const isLearned = ({ learning }: Clip, format: string): boolean =>
  learning !== undefined && catalog.quantizers[format]!.scale === "clip";

/** Undefined where the scalar is not learned. */
export function clipLearner(clip: Application, format: string): ClipLearner | undefined {
  const rule = catalog.clips[clip.name]!;
  const { learning } = rule;
  if (learning === undefined || !isLearned(rule, format)) return undefined;
  const quantizer = catalog.quantizers[format]!;
  const levels = ascending(quantizer.levels);
  const [lowest, highest] = [levels[0]!, levels.at(-1)!];
  return {
    differentiate: (on, weight) => learning.differentiate(on, { ...weight, lowest, highest }),
    learn: ({ weights, clip: [scalar], clipSlots }, total, { name, arguments: settings }, rate, step) => {
      // The gradient scale of LSQ (section 2.2 of the paper): it keeps relative updates of scalar and weights alike.
      const slope = (total * levelValue(quantizer, Float32Array.of(scalar!))) / Math.sqrt(weights.length * highest);
      const { constants, update } = catalog.optimizers[name]!;
      // Weight decay would pull all scalars towards 1.
      const given = constants({ ...settings, decay: 0 }, rate * learning.speed(clip.arguments), step);
      const next = update(onNumbers, { weight: Math.log(scalar!), slots: clipSlots.map(([slot]) => slot!) }, slope, given);
      return {
        clip: Float32Array.of(Math.max(smallestClip, Math.exp(next.weight))),
        clipSlots: next.slots.map((slot) => Float32Array.of(slot)),
      };
    },
  };
}
