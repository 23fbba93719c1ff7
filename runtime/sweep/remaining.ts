/** A run on the way, in seconds and epochs. */
export interface Progress {
  readonly seconds: number;
  /** A fraction of the epoch that is under way counts. */
  readonly epochs: number;
  /** By its own pace; undefined before its first step. */
  readonly secondsLeft: number | undefined;
  /** Of the whole run. */
  readonly epochsInAll: number;
}

export interface Remaining {
  readonly running: readonly Progress[];
  /** Those that ended in this session. */
  readonly ended: readonly Pick<Progress, "seconds" | "epochs">[];
  /** Epochs of each variant that has not begun, in order. */
  readonly waiting: readonly number[];
  readonly jobs: number;
}

/** Seconds until a sweep is done when all epochs take as long as those so far; undefined before there was any. */
export function secondsLeft({ running, ended, waiting, jobs }: Remaining): number | undefined {
  const begun = [...running, ...ended];
  const epochs = begun.reduce((sum, each) => sum + each.epochs, 0);
  const perEpoch = begun.reduce((sum, each) => sum + each.seconds, 0) / epochs;
  if (!Number.isFinite(perEpoch)) return undefined;
  // The pool as it will run: who is free first takes the next.
  const free = running.map((each) => each.secondsLeft ?? each.epochsInAll * perEpoch);
  while (free.length < jobs) free.push(0);
  for (const each of waiting) {
    const first = free.indexOf(Math.min(...free));
    free[first]! += each * perEpoch;
  }
  return Math.max(...free);
}
