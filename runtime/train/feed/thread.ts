import { parentPort, workerData } from "node:worker_threads";
import { catalog } from "#compiler/catalog/index.js";
import { type EpochSource, prepareCopies } from "#compiler/data/dataset.js";
import { copiesOf, fillPart, partsOf } from "#compiler/data/epoch.js";
import { collectGarbage } from "../../memory.js";
import type { FeedJob, FeedThreadTask } from "./ahead.js";
import { pooledIn } from "./pool.js";

// A thread of `feedAhead`: makes parts of epochs, as long as there are some.
const { train, originals, recipe, poolFolder } = workerData as FeedThreadTask;
const source: EpochSource = { train, ...prepareCopies(originals, recipe, catalog) };

const copies = poolFolder === undefined ? copiesOf : pooledIn(poolFolder);

/** Of so many parts one is followed by letting go of what its making left behind: about a megabyte each. */
const collected = 8;

parentPort!.on("message", ({ key, samples, next }: FeedJob) => {
  const parts = partsOf(source);
  for (let part = Atomics.add(next, 0, 1); part < parts; part = Atomics.add(next, 0, 1)) {
    fillPart(source, key, samples, part, copies);
    if (part % collected === 0) collectGarbage();
  }
  parentPort!.postMessage(key.epoch);
});
