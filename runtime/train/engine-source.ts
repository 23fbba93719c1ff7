import { type Network, weightedLayers } from "#compiler/ir/network.js";
import type { Engine, EngineFactory, EngineTask } from "./engine.js";
import { maskedAt, priceOf } from "./pruning.js";
import type { TrainingState } from "./state.js";
import { differsIn, networkAt, type Stages, stateFor } from "./trained-network.js";

/** The engine of each epoch: a new one takes over whenever weights change their formats or shapes. */
export interface EngineSource {
  /** The engine for an epoch, counted from 0; one that takes over goes on from `state`. */
  at(epoch: number, state: TrainingState): Promise<Engine>;
  dispose(): void;
}

export interface EngineSourceTask extends Omit<EngineTask, "network" | "masking">, Stages {
  readonly network: Network;
}

export function engineSource(start: EngineFactory, { network, ...task }: EngineSourceTask): EngineSource {
  let current: { readonly engine: Engine; readonly network: Network } | undefined;
  const isAlike = (one: Network, other: Network): boolean => weightedLayers(network).every(({ id }) => !differsIn(id, one, other));
  return {
    at: async (epoch, state) => {
      const wanted = networkAt(network, task, epoch);
      if (current !== undefined && isAlike(current.network, wanted)) return current.engine;
      current?.engine.dispose();
      const masking = { layers: maskedAt(network, task, epoch), price: priceOf(task) };
      current = { engine: await start({ ...task, masking, network: wanted }), network: wanted };
      current.engine.load(stateFor(wanted, state, task));
      return current.engine;
    },
    dispose: () => current?.engine.dispose(),
  };
}
