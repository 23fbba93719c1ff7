import { join } from "node:path";
import { Failure } from "../failure.js";
import type { Report } from "../train/events.js";
import { lockRun, setAside } from "../train/run-folder.js";
import type { Order } from "./protocol.js";
import { identityOf, type Standing, standingOf } from "./record.js";
import type { Outcome, Variant } from "./variant.js";

export interface SweepTask {
  readonly variants: readonly Variant[];
  /** Every variant has a folder in it. */
  readonly runs: string;
  readonly modelFolder: string;
  readonly dataDirectory: string | undefined;
  /** How many processes train at a time. */
  readonly jobs: number;
  /** Of each of them. */
  readonly threads: number;
  /** Lets the running ones save their work, and starts no more. */
  readonly signal: AbortSignal;
  readonly report: (event: SweepEvent) => void;
  readonly train: (order: Order, report: Report, signal: AbortSignal) => Promise<Outcome>;
}

/** What a sweep says while it runs. */
export type SweepEvent =
  | { readonly kind: "set-aside"; readonly variant: Variant; readonly to: string }
  | { readonly kind: "begun"; readonly variant: Variant; readonly resumed: boolean }
  | { readonly kind: "training"; readonly variant: Variant; readonly event: Parameters<Report>[0] }
  | { readonly kind: "ended"; readonly variant: Variant; readonly outcome: Outcome };

/** Variants with what lies in their run folders; those that are finished are not trained again. */
export const standings = (variants: readonly Variant[], runs: string): ReadonlyMap<Variant, Standing> =>
  new Map(variants.map((variant) => [variant, standingOf(join(runs, variant.name), identityOf(variant))]));

/** Trains the variants that are not finished, some at a time, in their order; a failure of one stops none of the others. */
export async function runSweep(task: SweepTask): Promise<ReadonlyMap<Variant, Outcome>> {
  const outcomes = new Map<Variant, Outcome>();
  const waiting: [Variant, Standing["kind"]][] = [];
  for (const [variant, standing] of standings(task.variants, task.runs)) {
    outcomes.set(variant, standing.kind === "finished" ? standing : { kind: "unfinished" });
    if (standing.kind !== "finished") waiting.push([variant, standing.kind]);
  }
  const slot = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !task.signal.aborted; next = waiting.shift()) {
      const outcome = await trainVariant(task, ...next);
      outcomes.set(next[0], outcome);
      task.report({ kind: "ended", variant: next[0], outcome });
    }
  };
  await Promise.all(Array.from({ length: task.jobs }, slot));
  return outcomes;
}

async function trainVariant(
  { runs, modelFolder, dataDirectory, threads, report, train, signal }: SweepTask,
  variant: Variant,
  standing: Standing["kind"],
): Promise<Outcome> {
  const { network, settings, dataset, engine } = variant;
  const runFolder = join(runs, variant.name);
  try {
    const to = standing === "foreign" ? setAsideLocked(runFolder) : undefined;
    if (to !== undefined) report({ kind: "set-aside", variant, to });
  } catch (error) {
    if (error instanceof Failure) return { kind: "failed", message: error.message, remedy: error.remedy };
    throw error;
  }
  const resume = standing === "unfinished";
  report({ kind: "begun", variant, resumed: resume });
  const order: Order = { kind: "train", network, settings, dataset, engine, threads, modelFolder, dataDirectory, runFolder, resume };
  return train(order, (event) => report({ kind: "training", variant, event }), signal);
}

/** Nobody's folder is moved while a training is at work in it. */
function setAsideLocked(runFolder: string): string | undefined {
  const release = lockRun(runFolder);
  try {
    return setAside(runFolder);
  } finally {
    release();
  }
}
