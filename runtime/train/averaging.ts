import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import type { Optimizer, Trained } from "#compiler/catalog/training.js";
import type { LayerId } from "#compiler/ir/network.js";
import type { TrainingState } from "./state.js";

/** The optimizer of a training, with the time constant of the weights' exponential moving average (EMA), in steps. */
export interface Stepping {
  readonly optimizer: Application;
  /** Zero for no average. */
  readonly average: number;
}

/** The optimizer of a training; with an average its state has one slot more, the EMA of the weight. */
export function optimizerOf({ optimizer: { name }, average }: Stepping): Optimizer {
  const optimizer = catalog.optimizers[name]!;
  if (average === 0) return optimizer;
  return {
    ...optimizer,
    slots: optimizer.slots + 1,
    constants: (settings, rate, step) => ({ ...optimizer.constants(settings, rate, step), ...sharesOf(average) }),
    update: (on, { weight, slots }, gradient, constants) => {
      const next = optimizer.update(on, { weight, slots: slots.slice(0, -1) }, gradient, constants);
      const mean = on.add(on.multiply(constants["old"]!, slots.at(-1)!), on.multiply(constants["new"]!, next.weight));
      return { weight: next.weight, slots: [...next.slots, mean] };
    },
  };
}

/** The coefficients of the EMA: of the old mean and of the new weight. */
export const sharesOf = (average: number) => ({ old: 1 - 1 / average, new: 1 / average });

/** The state with the EMA for weights. The mean starts at zero; dividing by the sum of its coefficients corrects that bias. */
export function averaged(state: TrainingState, average: number): TrainingState {
  if (average === 0 || state.step === 0) return state;
  const seen = 1 - sharesOf(average).old ** state.step;
  const meanOf = <T extends Trained>(trained: ReadonlyMap<LayerId, T>): ReadonlyMap<LayerId, T> =>
    new Map([...trained].map(([id, each]) => [id, { ...each, weights: each.slots.at(-1)!.map((mean) => mean / seen) }]));
  return { ...state, layers: meanOf(state.layers), biases: meanOf(state.biases) };
}
