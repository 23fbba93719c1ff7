import type { Worker } from "node:worker_threads";
import type { PreparedStep } from "#compiler/data/conversions.js";
import type { EpochSource, Recipe } from "#compiler/data/dataset.js";
import { emptyEpoch, type EpochKey, type EpochSamples } from "#compiler/data/epoch.js";
import { failureFromThread } from "../../failure.js";
import { removeFolder } from "../../host.js";
import { startThread } from "../../thread.js";
import type { Feed, FeedTask } from "./feed.js";

/** What a thread is given when it starts; the samples are in memory that all share. */
export interface FeedThreadTask extends Pick<EpochSource, "train" | "originals"> {
  readonly recipe: Recipe;
  /** With what was measured, so that nobody measures again. */
  readonly steps: readonly PreparedStep[];
  /** Where copies of a pool are kept; none when no copy is shown twice. */
  readonly poolFolder: string | undefined;
}

/** An epoch to make: threads take parts of it, by the number in `next`, until there are none; then they say so. */
export interface FeedJob {
  readonly key: EpochKey;
  readonly samples: EpochSamples;
  readonly next: Int32Array;
}

/** Makes the epochs of a task in threads, each while the one before it is trained on. */
export function feedAhead({ data, epochs, first, seed, originals, pool, poolFolder }: FeedTask, threads: number): Feed {
  removeFolder(poolFolder);
  const workerData: FeedThreadTask = {
    train: data.train,
    originals: data.originals,
    recipe: data.recipe,
    steps: data.steps,
    poolFolder: pool < epochs ? poolFolder : undefined,
  };
  const crew = Array.from({ length: threads }, () => startThread(import.meta.url, "thread", workerData));
  const allocate = twoBuffers();
  const begun = new Map<number, Promise<EpochSamples>>();

  const begin = (epoch: number): Promise<EpochSamples> => {
    const key = { seed, originals, pool, epoch };
    const samples = emptyEpoch(data, key, allocate(epoch));
    const job: FeedJob = { key, samples, next: new Int32Array(new SharedArrayBuffer(4)) };
    const made = Promise.all(crew.map((worker) => finished(worker, job))).then(() => samples);
    // Whoever asks for the epoch hears of a failure; nobody may.
    made.catch(() => undefined);
    begun.set(epoch, made);
    return made;
  };

  if (first < epochs) void begin(first);
  return {
    samples: async (epoch) => {
      const samples = await (begun.get(epoch) ?? begin(epoch));
      begun.delete(epoch);
      if (epoch + 1 < epochs) void begin(epoch + 1);
      return samples;
    },
    close: () => void Promise.all(crew.map((worker) => worker.terminate())).then(() => removeFolder(poolFolder)),
  };
}

/** Threads work on one job after the other, so the first word of one is about the first job that it has not finished. */
function finished(worker: Worker, job: FeedJob): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(failureFromThread(error));
    const hear = (epoch: number): void => {
      if (epoch !== job.key.epoch) return;
      worker.off("message", hear);
      worker.off("error", fail);
      resolve();
    };
    worker.on("message", hear);
    worker.on("error", fail);
    worker.postMessage(job);
  });
}

/** Double buffering: memory for an epoch and the one after it; every epoch asks for the same sizes in the same order. */
function twoBuffers(): (epoch: number) => (bytes: number) => ArrayBufferLike {
  const buffers: SharedArrayBuffer[][] = [[], []];
  return (epoch) => {
    let asked = 0;
    const own = buffers[epoch % 2]!;
    return (bytes) => (own[asked++] ??= new SharedArrayBuffer(bytes));
  };
}
