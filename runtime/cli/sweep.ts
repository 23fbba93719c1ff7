import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { elementReadBy } from "../data/fits.js";
import { exitCodes, Failure } from "../failure.js";
import { writeFile } from "../host.js";
import { takeLock } from "../lock.js";
import { shellLine } from "../shell.js";
import { boardOf } from "../sweep/board.js";
import { drawPlaces, gridSize, parseSwept, type SweptName, variantsOf } from "../sweep/grid.js";
import { drawPareto } from "../sweep/pictures.js";
import { trainInProcess } from "../sweep/process.js";
import { sweepProgressOn } from "../sweep/progress.js";
import { reportData, reportOf, type SweepReport, unfinished } from "../sweep/report.js";
import { runSweep, standings } from "../sweep/sweep.js";
import { csvReport, markdownReport, picturesOf, textReport } from "../sweep/tables.js";
import { type Outcome, showValues, type Variant } from "../sweep/variant.js";
import { targetNames } from "../targets.js";
import type { EngineName } from "../train/engines/index.js";
import { onInterrupt } from "../train/interrupt.js";
import { dataOption, engineOption, jsonOption, modelOption, setOption, wholeNumber } from "./options.js";
import { open, type Overrides, Rejected } from "./project.js";
import { print, printJson, style, tell } from "./terminal.js";
import { openData } from "./trained.js";
import { type CheckedSweep, checkVariants } from "./variants.js";

interface Options {
  readonly sweep: readonly SweptName[];
  readonly set: Overrides;
  readonly random?: number;
  readonly seed: number;
  readonly target: readonly string[];
  readonly jobs?: number;
  readonly engine?: EngineName;
  readonly runs: string;
  readonly out?: string;
  readonly data?: string;
  readonly model?: string;
  readonly json?: boolean;
}

/** `bnmc sweep FILE --sweep NAME=…`: many variants of a model, trained and compared. */
export function addSweep(program: Command): void {
  program
    .command("sweep")
    .description("train variants of a model and compare their accuracy with flash and cycles")
    .argument("<file>", "a .bnm file with a train statement")
    .addOption(sweepOption())
    .option("--random <n>", "only so many variants, drawn from all combinations", wholeNumber(1))
    .option("--seed <n>", "picks the variants of --random", wholeNumber(0), 1)
    .addOption(targetsOption())
    .option("--jobs <n>", "how many variants train at a time (default: one for each core)", wholeNumber(1))
    .option("--runs <dir>", "where checkpoints, metrics and weights go, a folder for each variant", "runs")
    .option("--out <dir>", "where tables and pictures go (default: <runs>/<model>.sweep)")
    .addOption(engineOption())
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(sweep);
}

const sweepOption = (): Option =>
  new Option(
    "--sweep <name=values>",
    "values of a param or setting to try, such as width=16,32 or hidden=[64],[64,32]; several make a grid",
  )
    .argParser((text: string, before: readonly SweptName[] = []): readonly SweptName[] => {
      const swept = parseSwept(text);
      if (swept === undefined) throw new InvalidArgumentError("Write it as name=value,value, such as width=16,32,64.");
      if (before.some(({ name }) => name === swept.name)) throw new InvalidArgumentError(`${swept.name} is swept twice.`);
      return [...before, swept];
    })
    .makeOptionMandatory();

const targetsOption = (): Option =>
  new Option("--target <name>", "a chip whose flash and cycles to compare; may be repeated (default: that of the first deploy statement)")
    .choices(targetNames())
    .argParser((name: string, before: readonly string[]): readonly string[] => {
      if (targetNames().includes(name)) return [...new Set([...before, name])];
      throw new InvalidArgumentError(`Allowed choices are ${targetNames().join(", ")}.`);
    })
    .default([], "that of the first deploy statement");

async function sweep(path: string, options: Options): Promise<void> {
  const { sweep: swept, set, model, target: targets, engine } = options;
  const both = swept.find(({ name }) => name in set);
  if (both !== undefined) throw new Failure(`${both.name} is both set and swept`, "leave out its --set or its --sweep", exitCodes.usage);
  const size = gridSize(swept);
  const points = variantsOf(swept, options.random === undefined ? undefined : drawPlaces(size, options.random, options.seed));
  const checked = checkVariants({ path, set, model, points, targets, ...(engine === undefined ? {} : { engine }) });
  for (const { values, reasons } of checked.unfit) tell(`${style("yellow", "skipped:")} ${showValues(values)}: ${reasons.join("; ")}`);
  if (checked.variants.length === 0) throw new Failure("no variant fits", "sweep smaller values, or raise the budgets", exitCodes.rejected);
  const release = lockRuns(checked.model, options.runs);
  const interruption = onInterrupt();
  try {
    const outcomes = await trainAll(path, checked, options, interruption.signal);
    conclude(reportOf({ ...checked, names: swept.map(({ name }) => name), outcomes }), options);
    if (interruption.signal.aborted) throw new Rejected(exitCodes.interrupted);
    if ([...outcomes.values()].some(({ kind }) => kind === "failed")) throw new Rejected();
  } finally {
    interruption.release();
    release();
  }
}

/** Two sweeps of a model would train into the same folders. */
function lockRuns(model: string, runs: string): () => void {
  const lock = takeLock(join(runs, `${model}.sweep.lock`));
  if ("release" in lock) return lock.release;
  throw new Failure(
    `another sweep of ${model} is at work in ${runs}: ${lock.heldBy}`,
    "wait until it has ended, or give this one a folder of its own with --runs",
  );
}

async function trainAll(
  path: string,
  { variants }: CheckedSweep,
  options: Options,
  signal: AbortSignal,
): Promise<ReadonlyMap<Variant, Outcome>> {
  const found = standings(variants, options.runs);
  const done = new Set(variants.filter((variant) => found.get(variant)!.kind === "finished"));
  const waiting = variants.filter((variant) => !done.has(variant));
  const cores = availableParallelism();
  const jobs = Math.min(options.jobs ?? cores, waiting.length);
  tell(`${variants.length} variants, ${done.size} of them finished before${waiting.length === 0 ? "" : `; ${jobs} at a time`}`);
  await fetchData(path, waiting, options);
  const board = boardOf(variants, done, jobs);
  const progress = sweepProgressOn(board, { screen: process.stderr, clock: () => performance.now() / 1000 });
  try {
    const { runs, data: dataDirectory } = options;
    return await runSweep({
      variants,
      runs,
      modelFolder: dirname(path),
      dataDirectory,
      jobs,
      threads: Math.max(1, Math.floor(cores / jobs)),
      signal,
      report: progress.report,
      train: trainInProcess,
    });
  } finally {
    progress.close();
  }
}

/** Reads every source once: what has to be downloaded is, before several processes want it, and what is missing is said once. */
async function fetchData(path: string, waiting: readonly Variant[], { data, set }: Options): Promise<void> {
  const sources = new Map(waiting.map(({ dataset, values, network }) => [JSON.stringify(dataset.source), { dataset, values, network }]));
  for (const { dataset, values, network } of sources.values()) {
    await openData(open(path, { ...set, ...values }), dataset, data, { element: elementReadBy(network) });
  }
}

/** Prints the table, and writes it with its pictures. */
function conclude(report: SweepReport, options: Options): void {
  if (report.rows.length > 0) {
    if (options.json) printJson(reportData(report));
    else print(textReport(report));
    const folder = options.out ?? join(options.runs, `${report.model}.sweep`);
    for (const [name, text] of filesOf(report)) writeFile(join(folder, name), text);
    tell(`wrote ${style("bold", join(folder, "sweep.md"))}, .csv and .json, and the pictures beside it`);
  }
  const left = unfinished(report);
  for (const [{ values }, outcome] of left)
    if (outcome.kind === "failed")
      tell(`${style("red", "failed:")} ${showValues(values)}: ${outcome.message}\n   ${style("blue", "=")} help: ${outcome.remedy}`);
  if (left.some(([, { kind }]) => kind === "unfinished")) tell(`stopped; what was trained is saved\nto go on: ${typed()}`);
}

const filesOf = (report: SweepReport): readonly (readonly [string, string])[] => [
  ["sweep.md", markdownReport(report, typed())],
  ["sweep.csv", csvReport(report)],
  ["sweep.json", `${JSON.stringify(reportData(report), undefined, 2)}\n`],
  ...report.targets.flatMap((target) => picturesOf(target).map(([file, against]) => [file, drawPareto(report, target, against)] as const)),
];

/** The same command goes on where a sweep was stopped. */
const typed = (): string => shellLine(["bnmc", ...process.argv.slice(2)]);
