import type { TrainingEvent } from "../train/events.js";
import { secondsLeft } from "./remaining.js";
import type { SweepEvent } from "./sweep.js";
import type { Variant } from "./variant.js";

type Step = Extract<TrainingEvent, { kind: "step" }>;

/** A variant while it is trained. */
export interface Running {
  readonly variant: Variant;
  /** When it began in this session, in seconds. */
  readonly since: number;
  /** Where it stood at its first step of this session, and stands now. */
  readonly first: Step | undefined;
  readonly last: Step | undefined;
  /** Of the last finished epoch, by the integer model, on validation data where there is some. */
  readonly accuracy: number | undefined;
}

/** What of a sweep is done, under way and left; told by events, asked by whoever shows it. */
export interface Board {
  /** Also those that were finished before. */
  readonly finished: number;
  readonly total: number;
  readonly running: readonly Running[];
  note(event: SweepEvent, now: number): void;
  /** Undefined before the first step. */
  secondsLeft(now: number): number | undefined;
}

/** For the variants of a sweep, of which `done` need no training. */
export function boardOf(variants: readonly Variant[], done: ReadonlySet<Variant>, jobs: number): Board {
  const running = new Map<Variant, Running>();
  const waiting = new Set(variants.filter((variant) => !done.has(variant)));
  const ended: { readonly seconds: number; readonly epochs: number }[] = [];
  let finished = done.size;
  const note = (event: SweepEvent, now: number): void => {
    const { variant } = event;
    const run = running.get(variant);
    if (event.kind === "begun") {
      waiting.delete(variant);
      running.set(variant, { variant, since: now, first: undefined, last: undefined, accuracy: undefined });
    } else if (event.kind === "training" && run !== undefined) running.set(variant, advanced(run, event.event));
    else if (event.kind === "ended" && run !== undefined) {
      running.delete(variant);
      ended.push({ seconds: now - run.since, epochs: epochsOf(run) });
      if (event.outcome.kind === "finished") finished++;
    }
  };
  return {
    get finished() {
      return finished;
    },
    total: variants.length,
    get running() {
      return [...running.values()];
    },
    note,
    secondsLeft: (now) =>
      secondsLeft({
        running: [...running.values()].map((run) => ({
          seconds: now - run.since,
          epochs: epochsOf(run),
          secondsLeft: run.last?.secondsLeft,
          epochsInAll: run.variant.settings.epochs,
        })),
        ended,
        waiting: [...waiting].map(({ settings }) => settings.epochs),
        jobs,
      }),
  };
}

function advanced(run: Running, event: TrainingEvent): Running {
  if (event.kind === "step") return { ...run, first: run.first ?? event, last: event };
  return event.kind === "epoch" ? { ...run, accuracy: event.validationAccuracy ?? event.integerAccuracy } : run;
}

/** Of this session. */
const epochsOf = ({ first, last }: Running): number =>
  first === undefined || last === undefined ? 0 : last.epoch + last.step / last.steps - (first.epoch + (first.step - 1) / first.steps);
