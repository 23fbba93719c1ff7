/**
 * The program of a process that trains one variant of a sweep: it gets an order, reports while it works, says how it
 * ended, and exits. When the sweep ends before it, it saves its work like one that is told to stop.
 */
import { DataError } from "#compiler/catalog/data-error.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Evaluation } from "#compiler/catalog/claim.js";
import { loadDataset, type PreparedDataset } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import { elementReadBy } from "../data/fits.js";
import { dataHost } from "../data/host.js";
import { evaluate } from "../evaluate/evaluate.js";
import { Failure } from "../failure.js";
import { collectGarbage } from "../memory.js";
import { engines } from "../train/engines/index.js";
import type { Report } from "../train/events.js";
import { fit, type TrainingResult } from "../train/fit.js";
import { lockRun } from "../train/run-folder.js";
import type { FromWorker, Order, ToWorker } from "./protocol.js";
import { hashOf, identityOf, writeRecord } from "./record.js";
import type { Outcome, VariantResult } from "./variant.js";

/** How often steps are reported, in milliseconds. */
const interval = 200;

const stop = new AbortController();
// A terminal sends Ctrl-C to all processes; what is to be done is for the sweep to say.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => stop.abort());
process.on("message", (message: ToWorker) => {
  if (message.kind === "stop") return stop.abort();
  void work(message).then((outcome) => say({ kind: "outcome", outcome }, () => process.exit()));
});

function say(message: FromWorker, then: () => void = () => undefined): void {
  if (process.connected && process.send !== undefined) process.send(message, then);
  else then();
}

async function work(order: Order): Promise<Outcome> {
  try {
    return await train(order);
  } catch (error) {
    if (error instanceof Failure || error instanceof DataError) return { kind: "failed", message: error.message, remedy: error.remedy };
    return {
      kind: "failed",
      message: `bnmc has a bug: ${(error as Error).stack ?? String(error)}`,
      remedy: "please report this with the model and the command",
    };
  }
}

async function train(order: Order): Promise<Outcome> {
  const release = lockRun(order.runFolder);
  try {
    return await trainAlone(order);
  } finally {
    release();
  }
}

async function trainAlone(order: Order): Promise<Outcome> {
  const { network, settings, dataset, engine, threads, modelFolder, dataDirectory, runFolder, resume } = order;
  const identity = identityOf(order);
  const host = dataHost({ ...(dataDirectory === undefined ? {} : { dataDirectory }), modelFolder, environment: process.env });
  const data = await loadDataset(dataset, host, catalog, { element: elementReadBy(network) });
  collectGarbage();
  writeRecord(runFolder, { identity });
  const trained = await fit({
    network,
    settings,
    data,
    engine: engines[engine].start,
    threads,
    runFolder,
    resume,
    signal: stop.signal,
    report: reporter(),
  });
  if (trained.outcome === "interrupted") return { kind: "unfinished" };
  const result = resultOf(network, data, trained);
  writeRecord(runFolder, { identity, result });
  return { kind: "finished", result };
}

/** Passes on what training reports, but not every step of it. */
function reporter(): Report {
  let said = -Infinity;
  return (event) => {
    if (event.kind === "step" && performance.now() - said < interval) return;
    if (event.kind === "step") said = performance.now();
    say({ kind: "event", event });
  };
}

function resultOf(
  network: Network,
  { validate, classes }: PreparedDataset,
  { weights, provenance, evaluation, path }: Extract<TrainingResult, { outcome: "finished" }>,
): VariantResult {
  const { samples, correct }: Evaluation = validate === undefined ? evaluation : evaluate(network, weights, validate, classes);
  return { set: validate === undefined ? "test" : "validation", samples, correct, epoch: provenance.epochs!, weights: hashOf(path) };
}
