import { type Cost, interruptible } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { emitTrained } from "../runtime/cli/emission.js";
import { program } from "../runtime/cli/program.js";
import { deploymentOf, trainingOf } from "../runtime/cli/project.js";
import { spreadOf } from "../runtime/cli/simulation-report.js";
import { openData, openTrained } from "../runtime/cli/trained.js";
import { buildFirmware } from "../runtime/firmware/build.js";
import { judge, modelCost } from "../runtime/firmware/measured.js";
import { cycleBound } from "../runtime/firmware/bound.js";
import { searchSlowest } from "../runtime/firmware/slowest.js";
import { verifyOnChip } from "../runtime/verify/on-chip.js";
import { undisturbedCycles } from "./chips-undisturbed.js";
import type { ZooModel } from "./chips-zoo.js";

/** A model on a chip. */
export interface Measured {
  readonly model: ZooModel;
  readonly target: Target;
  /** The source of its samples, or the file that they are in. */
  readonly dataset: string;
  /** Undefined where it does not fit. */
  readonly figures?: Figures;
}

export interface Figures {
  readonly cost: Cost;
  readonly cycles: { readonly mean: number; readonly max: number; readonly worst: number; readonly bound: number };
  /** The mean without interrupts, where other code runs then. */
  readonly undisturbed: number | undefined;
  readonly byMeasurement: boolean;
  /** It has to be left alone by interrupts. */
  readonly alone: boolean;
}

/** Images of the test set that are run, and inputs that the search for the slowest one tries. */
export const [images, tries] = [100, 100];

export async function measureModel(model: ZooModel, target: Target, tuned: boolean): Promise<Measured> {
  const { path, set } = model;
  if (tuned)
    await program().parseAsync(
      ["tune", path, "--target", target.name, ...Object.entries(set).flatMap(([name, value]) => ["--set", `${name}=${value}`])],
      { from: "user" },
    );
  const trained = openTrained(path, { set });
  const { project, network, weights } = trained;
  const { dataset } = trainingOf(project, network);
  const known = { model, target, dataset: String(dataset.source.arguments["path"] ?? dataset.source.name) };
  const emitted = emitTrained(path, trained, target.name, set, "measured");
  const firmware = buildFirmware({ ...emitted, demo: { dataset: "", width: 16, samples: [] } });
  const deployment = deploymentOf(project, network, target.name);
  if (hasErrors(judge(firmware, deployment))) return known;
  const { test } = await openData(project, dataset);
  const samples = { inputs: test.values.subarray(0, images * test.size), count: Math.min(images, test.count) };
  const { simulation, mismatches } = verifyOnChip({ ...emitted, weights, ...samples }, firmware);
  const slowest = searchSlowest(firmware, samples, simulation.cycles, tries);
  const extreme = verifyOnChip({ ...emitted, weights, inputs: slowest.input, count: 1 }, firmware);
  if (mismatches + extreme.mismatches > 0)
    throw new Error(`${model.name} on ${target.name}: ${mismatches + extreme.mismatches} mismatches`);
  const { mean, max } = spreadOf(simulation.cycles);
  const cycles = { mean, max, worst: slowest.cycles, bound: cycleBound(firmware, samples, simulation.cycles, slowest.input) };
  const undisturbed =
    deployment === undefined
      ? undefined
      : await undisturbedCycles({ network, weights, templates: emitted.templates, samples }, target, deployment, tuned);
  return {
    ...known,
    figures: {
      cost: modelCost(firmware),
      cycles,
      undisturbed,
      byMeasurement: emitted.plan.measured,
      alone: !interruptible(emitted.plan.borrowed),
    },
  };
}
