import type { TrainSettings } from "#compiler/catalog/sentences/train.js";
import type { Network } from "#compiler/ir/network.js";
import type { Engine, EngineFactory, EngineTask } from "./engine.js";
import { networkAt } from "./formats.js";
import { inFormats, type TrainingState } from "./state.js";

/** The engine of each epoch: a new one takes over whenever weights change their formats. */
export interface EngineSource {
  /** The engine for an epoch, counted from 0; one that takes over goes on from `state`. */
  at(epoch: number, state: TrainingState): Promise<Engine>;
  dispose(): void;
}

export interface EngineSourceTask extends Omit<EngineTask, "network"> {
  readonly network: Network;
  readonly quantize: TrainSettings["quantize"];
}

export function engineSource(start: EngineFactory, { network, quantize, ...task }: EngineSourceTask): EngineSource {
  let current: { readonly engine: Engine; readonly formats: string } | undefined;
  const formatsOf = ({ layers }: Network): string => layers.map(({ weights }) => weights?.quantizer ?? "").join();
  return {
    at: async (epoch, state) => {
      const wanted = networkAt(network, quantize, epoch);
      const formats = formatsOf(wanted);
      if (current?.formats === formats) return current.engine;
      current?.engine.dispose();
      current = { engine: await start({ ...task, network: wanted }), formats };
      current.engine.load(inFormats(state, wanted));
      return current.engine;
    },
    dispose: () => current?.engine.dispose(),
  };
}
