/** A test that did not run, with what it said about it. */
export interface Skip {
  /** From the root of the package. */
  readonly file: string;
  readonly name: string;
  readonly note?: string | undefined;
}

/** Why tests may not run. */
export interface Reason {
  readonly reason: string;
  /** Whether a skip is one of these. */
  readonly covers: (skip: Skip) => boolean;
  /** Whether it is so here; the environment's variables decide. */
  readonly holds: (environment: Environment) => boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const always = (): boolean => true;
const within =
  (...files: readonly string[]) =>
  ({ file }: Skip): boolean =>
    files.includes(file);

/**
 * The whole list: whatever is skipped for another reason fails the run. Tools may be missing on machines of developers, not where
 * CI is set.
 */
export const reasons: readonly Reason[] = [
  {
    reason: "BNMC_DATA names no folder with the published data",
    covers: within("runtime/cases/zoo.test.ts", "runtime/data/real-data.test.ts"),
    holds: always,
  },
  {
    reason: "BNMC_VECTORS is not set",
    covers: within("runtime/interop/import.test.ts", "runtime/verify/vectors.test.ts"),
    holds: ({ BNMC_VECTORS: folder }) => folder === undefined,
  },
  { reason: "there is no Python with PyTorch", covers: within("runtime/interop/torch/checkpoint.test.ts"), holds: always },
  {
    reason: "the operation has no gradient that finite differences could check",
    covers: within("runtime/train/engines/tfjs.test.ts", "runtime/train/engines/tfjs-images.test.ts"),
    holds: always,
  },
  { reason: "only root of Linux can mount a small disk", covers: within("runtime/train/robustness.test.ts"), holds: always },
  {
    reason: "it is not Linux",
    covers: within("runtime/host.test.ts", "runtime/cases/lost.test.ts"),
    holds: () => process.platform !== "linux",
  },
  {
    reason: "a compiler or an emulator is missing (.ci/setup installs them)",
    covers: always,
    holds: ({ CI: onServer }) => onServer === undefined,
  },
];

/** What a run left out. */
export interface Verdict {
  /** How many tests each reason kept from running. */
  readonly counts: ReadonlyMap<string, number>;
  readonly unexplained: readonly Skip[];
}

/** Gives every skip the first reason that covers it and holds. */
export function judgeSkips(skips: readonly Skip[], environment: Environment, known: readonly Reason[] = reasons): Verdict {
  const counts = new Map<string, number>();
  const unexplained: Skip[] = [];
  for (const skip of skips) {
    const found = known.find(({ covers, holds }) => covers(skip) && holds(environment));
    if (found === undefined) unexplained.push(skip);
    else counts.set(found.reason, (counts.get(found.reason) ?? 0) + 1);
  }
  return { counts, unexplained };
}

/** What is printed at the end of a run; nothing where every test ran. */
export function verdictText({ counts, unexplained }: Verdict): string {
  const lines = [...counts].map(([reason, count]) => `${count} skipped: ${reason}`);
  const listed = unexplained.map(({ file, name, note }) => `  ${file} > ${name}${note === undefined ? "" : `: ${note}`}`);
  const rest =
    unexplained.length === 0 ? [] : [`${unexplained.length} skipped for no reason that runtime/testing/skips.ts knows:`, ...listed];
  return [...lines, ...rest].join("\n");
}
