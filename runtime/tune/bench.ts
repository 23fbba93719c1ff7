import { emit, functionNames } from "#compiler/emit/emit.js";
import type { Templates } from "#compiler/ir/emission.js";
import type { Network } from "#compiler/ir/network.js";
import { functionOf, type Plan, type Run, runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import type { Weights } from "#compiler/ir/weights.js";
import type { MeasuredOffer } from "#compiler/plan/tuning.js";
import { Failure } from "../failure.js";
import { buildFirmware, type Firmware } from "../firmware/build.js";
import { deepestStack } from "../firmware/call-graph.js";
import type { Samples, Simulation } from "../firmware/simulate.js";
import { verifyOnChip } from "../verify/on-chip.js";

/** What plans are measured with. */
export interface Bench {
  readonly network: Network;
  readonly weights: Weights;
  readonly templates: Templates;
  readonly samples: Samples;
}

/** A plan as firmware that does nothing else: no samples are built in. */
export function firmwareOf(plan: Plan, { weights, templates }: Bench): Firmware {
  const emission = emit(plan, weights, templates, {
    model: "",
    weights: "",
    params: {},
    version: "",
    command: "",
    classes: [],
    preparation: [],
  });
  return buildFirmware({ plan, emission, templates, demo: { dataset: "", width: 16, samples: [] } });
}

/** Runs the samples on the simulated chip; throws a `Failure` where an answer is wrong, so that nothing wrong is timed. */
export function timed(firmware: Firmware, { weights, templates, samples }: Bench): Simulation {
  const { plan, ingredients } = firmware;
  const { simulation, mismatches } = verifyOnChip({ plan, weights, templates, emission: ingredients.emission, ...samples }, firmware);
  if (mismatches === 0) return simulation;
  const kernels = [...new Set(runsOf(plan.steps).map(({ kernel }) => kernel))].join(", ");
  throw new Failure(
    `${mismatches} of ${samples.count} samples have wrong answers with ${kernels}`,
    "this is a mistake of bnmc: please report it with the model",
  );
}

/**
 * The target with more of both memories: what a kernel takes does not depend on whether the others fit beside it, but
 * it has to run to be measured.
 */
export function roomy(target: Target): Target {
  if (target.chip === undefined) return target;
  const { flash, ram } = target.chip;
  return { ...target, chip: { ...target.chip, flash: { ...flash, bytes: 8 * flash.bytes }, ram: { ...ram, bytes: 8 * ram.bytes } } };
}

/** What each step of a firmware took. */
export function measuredSteps(firmware: Firmware, { steps }: Simulation): readonly MeasuredOffer[] {
  const { plan, footprint, calls } = firmware;
  const functions = functionNames(plan).steps;
  return runsOf(plan.steps).map((run): MeasuredOffer => {
    const name = functions.get(functionOf(run))!;
    const part = footprint.parts.find(({ routine }) => routine === name);
    const key = [...calls].find(([, node]) => node.name === name)?.[0];
    return {
      ...nameOf(run),
      cycles: steps.find((step) => step.name === run.name)!.cycles,
      code: part === undefined ? 0 : part.bytes.code + part.bytes.ramCode,
      stack: key === undefined ? 0 : deepestStack(calls, key).bytes,
    };
  });
}

const nameOf = ({ layers, kernel, variant }: Run) => ({ layers, kernel, ...(variant === undefined ? {} : { variant }) });
