import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { type LayerId, layerOf, type Network } from "#compiler/ir/network.js";
import { quantity } from "#grammar/units.js";
import { exitCodes, Failure } from "../failure.js";
import { formattedAt } from "./formats.js";
import { pruned, widenedAt } from "./pruning.js";
import { type ClipRules, inFormats, type TrainingState, withClips } from "./state.js";

/** What says how the network that is trained differs from the one that ships. */
export type Stages = Pick<TrainSettings, "quantize" | "prune">;

/** The network that is trained in one epoch, counted from 0: the same object where it is the one that ships. */
export const networkAt = (network: Network, stages: Stages, epoch: number): Network =>
  formattedAt(widenedAt(network, stages, epoch), stages.quantize, epoch);

/** Refuses trainings that end before the network is the one that ships: weights would be rounded, or left out, unprepared. */
export function checkStages(network: Network, { quantize, prune, epochs }: Stages & Pick<TrainSettings, "epochs">): void {
  const after = quantity(epochs, "epochs");
  const refuse = (what: string): void => {
    throw new Failure(
      `${what} before training ends, after ${after}`,
      "let it change them earlier, or train for more `epochs`",
      exitCodes.rejected,
    );
  };
  if (formattedAt(network, quantize, epochs - 1) !== network)
    refuse(`\`quantize: ${quantize.name}\` does not give all weights the format that ships`);
  if (widenedAt(network, { prune }, epochs - 1) !== network)
    refuse(`\`prune: ${prune.name}\` does not leave the neurons and channels that ship`);
}

/** What becomes of a state when `network` is trained from now on; scalars of weights in new formats or shapes may then be new. */
export const stateFor = (network: Network, state: TrainingState, settings: Pick<TrainSettings, "average">): TrainingState =>
  inFormats(pruned(state, network, settings), network);

/** Whether a layer has weights of other formats or shapes in two networks. */
export const differsIn = (id: LayerId, ...[one, other]: readonly [Network, Network]): boolean => {
  const [mine, theirs] = [layerOf(one, id).weights!, layerOf(other, id).weights!];
  return mine.quantizer !== theirs.quantizer || mine.shape.join() !== theirs.shape.join();
};

/**
 * The state at the start of an epoch: clipping scalars follow the weights until their rule says that they stay, and a new
 * format or shape needs new ones. The same object where nothing changes.
 */
export function clippedAt(network: Network, settings: Stages & ClipRules, state: TrainingState, epoch: number): TrainingState {
  const { clip } = settings;
  const follows = epoch < catalog.clips[clip.name]!.until(clip.arguments);
  const [now, before] = [networkAt(network, settings, epoch), networkAt(network, settings, Math.max(0, epoch - 1))];
  const chosen = [...state.layers.keys()].filter((id) => follows || differsIn(id, now, before));
  return chosen.length === 0 ? state : withClips(state, settings, (id) => chosen.includes(id));
}
