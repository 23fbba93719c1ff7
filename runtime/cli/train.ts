import { join } from "node:path";
import { type Command } from "commander";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { networkHash } from "#compiler/ir/hash.js";
import type { Network } from "#compiler/ir/network.js";
import { spanText } from "#grammar/source.js";
import { decideClaims } from "../evaluate/claims.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import { exitCodes, Failure } from "../failure.js";
import { fileExists, readBack, writeFile } from "../host.js";
import { shellLine } from "../shell.js";
import { hashOf } from "../sweep/record.js";
import { defaultEngine, type EngineName, engines } from "../train/engines/index.js";
import type { TrainingResult } from "../train/fit.js";
import { onInterrupt } from "../train/interrupt.js";
import { progressOn } from "../train/progress.js";
import { lockRun, setAside } from "../train/run-folder.js";
import type { Teacher } from "../train/teacher.js";
import { loadWeights } from "../weights/weights.js";
import { showClaim } from "./eval.js";
import { checkOutput, keepReplaced } from "./outputs.js";
import { dataOption, engineOption, jsonOption, modelOption, setOption, wholeNumber } from "./options.js";
import { checkBudgets, cyclesOnChips } from "./plans.js";
import {
  defaultWeights,
  fileOf,
  networkIn,
  open,
  type Overrides,
  type Project,
  Rejected,
  trainingOf,
  variantName,
  weightsBeside,
} from "./project.js";
import { printJson, style, tell } from "./terminal.js";
import { openDataOf } from "./trained.js";

interface Options {
  readonly set: Overrides;
  readonly model?: string;
  readonly data?: string;
  readonly runs: string;
  readonly out?: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly engine?: EngineName;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** `bnmc train FILE`: from a model to trained weights beside it. */
export function addTrain(program: Command): void {
  program
    .command("train")
    .description("train a model and write its weights beside it")
    .argument("<file>", "a .bnm file with a train statement")
    .option("--epochs <n>", "how often to go through the data", wholeNumber(1))
    .option("--batch <n>", "samples per step", wholeNumber(1))
    .option("--seed <n>", "picks weights, order and augmentation", wholeNumber(0))
    .addOption(engineOption())
    .option("--resume", "go on from the last checkpoint")
    .option("--runs <dir>", "where checkpoints and metrics go", "runs")
    .option("--out <file>", "where the weights go (default: <model>.safetensors beside the model)")
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(train);
}

async function train(path: string, options: Options): Promise<void> {
  const { set, model } = options;
  const project = open(path, set);
  const network = networkIn(project, model);
  const { training } = trainingOf(project, network);
  const cyclesBy = cyclesOnChips(checkBudgets(project, network));
  const out = options.out ?? defaultWeights(project, network, set);
  checkOutput(out);
  const teachers = teachersOf(project, training.settings as TrainSettings);
  const data = await openDataOf(project, network, options.data);
  // Again, since by now more files have been read.
  checkOutput(out);
  // The engine's libraries take a while to load: only training waits for them.
  const [{ fit }, { someRuns, statisticsOf }] = await Promise.all([import("../train/fit.js"), import("../train/measure.js")]);
  const folder = join(options.runs, variantName(network, set));
  const release = lockRun(folder);
  const interruption = onInterrupt();
  try {
    const before = options.resume === true ? undefined : setAside(folder);
    if (before !== undefined) tell(`the run before this one is now ${before}`);
    const result = await fit({
      network,
      settings: { ...(training.settings as TrainSettings), ...overridden(options) },
      data,
      teachers,
      cyclesBy,
      set,
      engine: engines[options.engine ?? defaultEngine].start,
      runFolder: folder,
      resume: options.resume === true,
      signal: interruption.signal,
      report: progressOn({ screen: process.stderr, environment: process.env, resumeCommand: resumeCommand() }),
    });
    if (result.outcome === "interrupted") throw new Rejected(exitCodes.interrupted);
    publish(result.path, out, folder);
    const claims = decideClaims(training.claims, result.evaluation);
    if (options.json)
      printJson({
        ...summary(network, result),
        layers: statisticsOf(network, result.weights, someRuns(network, result.weights, data.test)),
        weights: out,
        claims: claims.map(({ claim, value, holds }) => ({ claim: spanText(claim.origin), value, holds })),
      });
    tell(`wrote ${style("bold", out)}`);
    for (const claim of claims) tell(showClaim(claim));
    if (claims.some(({ holds }) => !holds)) throw new Rejected();
  } finally {
    interruption.release();
    release();
  }
}

/** The trained models that the settings name as teachers; their weights lie beside the files that declare them. */
const teachersOf = (project: Project, { teachers }: TrainSettings): readonly Teacher[] =>
  teachers.map((name) => {
    const network = networkIn(project, name);
    const file = fileOf(network);
    const path = weightsBeside(file, network, {});
    if (!fileExists(path))
      throw new Failure(`${name} has not been trained: there is no ${path}`, `train it first: bnmc train ${file} --model ${name}`);
    return { network, weights: loadWeights(network, path).weights, digest: hashOf(path) };
  });

/** What the command line says instead of the model's train statement. */
function overridden({ epochs, batch, seed }: Options): Partial<TrainSettings> {
  return {
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batch }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** The command that was typed, with `--resume`. */
function resumeCommand(): string {
  const typed = process.argv.slice(2).filter((word) => word !== "--resume");
  return shellLine(["bnmc", ...typed, "--resume"]);
}

/** Puts the weights where other commands look for them; what was there before goes to the run folder. */
function publish(from: string, to: string, runFolder: string): void {
  const weights = readBack(from);
  if (fileExists(to) && Buffer.compare(readBack(to), weights) !== 0) keepReplaced(to, join(runFolder, "replaced.safetensors"));
  writeFile(to, weights);
}

function summary(network: Network, { evaluation, provenance }: Extract<TrainingResult, { outcome: "finished" }>) {
  return { model: network.name, network: networkHash(network), ...provenance, accuracy: accuracyOf(evaluation) };
}
