import { parentPort, workerData } from "node:worker_threads";
import { catalog } from "#compiler/catalog/index.js";
import { type EpochSource, prepareCopies } from "#compiler/data/dataset.js";
import { copier, fillPart, partsOf } from "#compiler/data/epoch.js";
import type { FeedJob, FeedThreadTask } from "./ahead.js";
import { pooledIn } from "./pool.js";

// A thread of `feedAhead`: makes parts of epochs, as long as there are some.
const { train, originals, recipe, steps, poolFolder } = workerData as FeedThreadTask;
const source: EpochSource = { train, ...prepareCopies(originals, recipe, catalog, steps) };
const made = copier(source);
const copies = poolFolder === undefined ? made : pooledIn(poolFolder, made);

parentPort!.on("message", ({ key, samples, next }: FeedJob) => {
  const parts = partsOf(source);
  for (let part = Atomics.add(next, 0, 1); part < parts; part = Atomics.add(next, 0, 1)) fillPart(source, key, samples, part, copies);
  parentPort!.postMessage(key.epoch);
});
