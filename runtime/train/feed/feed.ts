import { availableParallelism } from "node:os";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import { type EpochKey, type EpochSamples, epochSamples } from "#compiler/data/epoch.js";
import { feedAhead } from "./ahead.js";

/** Where a training gets the samples of its epochs from. */
export interface Feed {
  /** The samples of an epoch, counted from 0; they are good until those of the next but one are asked for. */
  samples(epoch: number): Promise<EpochSamples>;
  close(): void;
}

export interface FeedTask extends Omit<EpochKey, "epoch"> {
  readonly data: PreparedDataset;
  readonly epochs: number;
  /** The epoch that is asked for first; it is begun at once. */
  readonly first: number;
  /** Where copies that are shown again are kept until the feed is closed. */
  readonly poolFolder: string;
  /** Threads; all cores by default. The samples do not depend on their number. */
  readonly threads?: number;
}

/** More threads than this would wait for the training most of the time. */
const mostThreads = 4;

/** Prefetching: augmentation takes about as long as training, so other threads make the samples of the next epoch meanwhile. */
export function openFeed(task: FeedTask): Feed {
  if (task.data.augments.length > 0) return feedAhead(task, Math.min(mostThreads, task.threads ?? availableParallelism()));
  const { data, seed, originals, pool } = task;
  return { samples: (epoch) => Promise.resolve(epochSamples(data, { seed, originals, pool, epoch })), close: () => undefined };
}
