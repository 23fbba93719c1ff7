import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import { calibrated, calibratesAt } from "./calibration.js";
import type { TrainingState } from "./state.js";
import { clippedAt, networkAt } from "./trained-network.js";

/** What decides about clipping scalars and shifts. */
interface Training {
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly data: Pick<PreparedDataset, "train">;
}

/**
 * The state at the start of an epoch, counted from 0: clipping scalars and fixed ranges follow the weights, as long as they do. The same
 * object where nothing changes.
 */
export function adjustedAt({ network, settings, data }: Training, state: TrainingState, epoch: number): TrainingState {
  const clipped = clippedAt(network, settings, state, epoch);
  return calibratesAt(epoch, settings.epochs) ? calibrated(networkAt(network, settings, epoch), clipped, data.train) : clipped;
}
