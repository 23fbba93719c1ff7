import { createHash } from "node:crypto";
import { basename } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { type Command, Option } from "commander";
import { plan } from "#compiler/plan/plan.js";
import { fingerprintOf } from "#compiler/plan/fingerprint.js";
import { type Conditions, objectives, type Objective, type Tuning } from "#compiler/plan/tuning.js";
import { printTunings } from "#compiler/plan/tuning-file.js";
import { exitCodes, Failure } from "../failure.js";
import { readBytes, writeFile } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { needCompiler } from "../toolchain/cc.js";
import { onInterrupt } from "../train/interrupt.js";
import { tuneProgressOn } from "../tune/progress.js";
import { tuneData, tuneReport } from "../tune/report.js";
import { tune, type Tuned, type TuneEvent, type TuneJob } from "../tune/tune.js";
import { knownOf } from "../weights/weights.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { deploymentOf, Rejected, show } from "./project.js";
import { print, printJson, style, tell } from "./terminal.js";
import { openDataOf, openTrained, type TrainedOptions } from "./trained.js";
import { loadTunings, tuningPath } from "./tunings.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly objective: Objective;
  readonly samples: number;
  readonly data?: string;
  readonly json?: boolean;
}

/** `bnmc tune FILE --target T`: kernels chosen by measurement. */
export function addTune(program: Command): void {
  program
    .command("tune")
    .description("measure the kernels that could run a model on the simulated chip, and keep the best choice beside the model")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(new Option("--objective <what>", "what to have least of, within the budgets").choices(objectives).default("cycles"))
    .option("--samples <n>", "how many test samples each build runs", wholeNumber(1), 50)
    .addOption(weightsOption())
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(tuneModel);
}

async function tuneModel(path: string, options: Options): Promise<void> {
  const target = loadTarget(options.target);
  if (target.chip?.timing === undefined)
    throw new Failure(
      `there is nothing to measure kernels for ${target.name} with: its cycles are not modelled`,
      "they are chosen by estimate: `bnmc check --show plan` says how",
      exitCodes.usage,
    );
  const compiler = needCompiler(target);
  const trained = openTrained(path, options);
  const { project, network, weights } = trained;
  const templates = loadTemplates();
  const deployment = deploymentOf(project, network, target.name);
  const { value: estimated, diagnostics } = plan(network, target, deployment, knownOf(network, trained));
  if (estimated === undefined) {
    show(diagnostics);
    throw new Rejected();
  }
  const { test } = await openDataOf(project, network, options.data, trained.provenance);
  const count = Math.min(options.samples, test.count);
  const fingerprint = fingerprintOf(network, target, templates, deployment);
  const by: Conditions = { weights: hashOf(trained.weightsPath), samples: count, compiler: compiler.version };
  const file = tuningPath(project, network);
  const before = loadTunings(file).get(target.name);
  const known = before !== undefined && sameText(before.fingerprint, fingerprint) && sameText(before.by, by) ? before.offers : [];
  if (known.length > 0) tell(`${known.length} offers were measured before: they are in ${file}`);
  const job: TuneJob = {
    network,
    weights,
    occupancies: trained.provenance.occupancies,
    templates,
    estimated,
    deployment,
    objective: options.objective,
    known,
    samples: { inputs: test.values.subarray(0, count * test.size), count },
  };
  const save: Save = ({ offers, chosen }) =>
    saveTuning(file, path, target.name, {
      fingerprint,
      by,
      objective: options.objective,
      offers,
      ...(chosen === undefined ? {} : { chosen }),
    });
  await conclude(job, save, file, options);
}

/** Measures, saving on the way; a Ctrl-C, or a failure, loses no more than the build that is under way. */
async function conclude(job: TuneJob, save: Save, file: string, options: Options): Promise<void> {
  const progress = tuneProgressOn(process.stderr);
  const interruption = onInterrupt();
  const report = (event: TuneEvent): void => {
    if (event.kind === "offers") save(event);
    progress.report(event);
  };
  try {
    const tuned = await tune(job, report, interruption.signal);
    if (interruption.signal.aborted) throw new Rejected(exitCodes.interrupted);
    progress.close();
    if (options.json) printJson(tuneData(job, tuned));
    else print(tuneReport(job, tuned));
    if (tuned.chosen === undefined)
      throw new Failure(
        `no choice of kernels fits ${job.estimated.target.name}`,
        "make the model smaller, or raise the budgets of its `deploy`",
        exitCodes.rejected,
      );
    save(tuned);
    tell(`wrote ${style("bold", file)}: emit-c, build, sim, verify and check go by it`);
  } catch (error) {
    progress.close();
    // Ctrl-C also reaches a compiler that is under way: what it then says is of no interest.
    await turn();
    if (!interruption.signal.aborted) throw error;
    tell(`stopped; what was measured is in ${file}, and the same command goes on from there`);
    throw new Rejected(exitCodes.interrupted);
  } finally {
    interruption.release();
  }
}

type Save = (tuned: Pick<Tuned, "offers"> & Partial<Tuned>) => void;

/** Writes a target's tuning; those of other targets stay. */
function saveTuning(file: string, model: string, target: string, tuning: Omit<Tuning, "origin">): void {
  writeFile(file, printTunings(basename(model), new Map([...loadTunings(file), [target, tuning]])));
}

const hashOf = (path: string): string => createHash("sha256").update(readBytes(path)).digest("hex").slice(0, 16);

const sameText = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
