import { budgetsOf, reportOverruns } from "#compiler/plan/budget.js";
import type { Deployment } from "#compiler/ir/module.js";
import { type Cost, functionOf, type Plan, type Run, type Step } from "#compiler/ir/plan.js";
import { reachedBy } from "#compiler/ir/routine.js";
import { sizeOf } from "#compiler/ir/types.js";
import { functionNames } from "#compiler/emit/emit.js";
import type { Diagnostic } from "#grammar/diagnostic.js";
import type { Firmware } from "./build.js";
import { type Bytes, flashBytes, type Footprint, type Part, ramBytes, totalOf } from "./footprint.js";

/**
 * What the model costs by measurement, in a firmware that does nothing else: start-up code and vector table are part of
 * it, the demo is not; the input and the deepest stack below the entry are part of its RAM.
 */
export function modelCost({ plan, footprint, stack }: Firmware): Cost {
  const model = bytesOf(footprint, "model");
  const startUp = bytesOf(footprint, "start-up");
  const { code, weights } = memoryOf(model);
  return {
    flash: { code: code + flashBytes(startUp), weights },
    ram: { static: ramBytes(model) + ramBytes(startUp) + inputBytes(plan), stack: stack.model.bytes },
    cycles: plan.cost.cycles,
  };
}

/** What the whole image takes. */
export function imageCost({ plan, footprint, stack }: Firmware): Cost {
  const { weights } = memoryOf(bytesOf(footprint, "model"));
  return {
    flash: { code: footprint.flash - weights, weights },
    ram: { static: footprint.ram, stack: stack.image.bytes },
    cycles: plan.cost.cycles,
  };
}

const bytesOf = ({ parts }: Footprint, wanted: Part["group"]): Bytes => totalOf(parts.filter(({ group }) => group === wanted));

const memoryOf = ({ code, constants, ramCode, data }: Bytes): Cost["flash"] => ({ code: code + ramCode + data, weights: constants });

const inputBytes = ({ network }: Plan): number => sizeOf(network.layers[0]!.type.shape);

/** The plan with measured costs instead of estimates; shared functions and routines are paid for by the first step that calls them. */
export function measuredPlan(firmware: Firmware): Plan {
  const { plan, footprint } = firmware;
  const functions = functionNames(plan);
  const paid = new Set<string>();
  const measured = (run: Run): Run => {
    const called = [
      functions.steps.get(functionOf(run))!,
      ...reachedBy(Object.values((run.shared ?? run).calls)).map(({ key }) => functions.routines.get(key)!),
    ].filter((name) => !paid.has(name));
    for (const name of called) paid.add(name);
    const parts = footprint.parts.filter(({ routine }) => routine !== undefined && called.includes(routine));
    return { ...run, cost: { ...run.cost, flash: memoryOf(totalOf(parts)) } };
  };
  const each = (step: Step): Step => (step.kind === "run" ? measured(step) : { ...step, body: step.body.map(each) });
  return { ...plan, steps: plan.steps.map(each), cost: modelCost(firmware) };
}

/** What deployment requires is held against the model, what the chip has against the whole image. */
export function judge(firmware: Firmware, deployment: Deployment | undefined): readonly Diagnostic[] {
  const plan = measuredPlan(firmware);
  const budgets = budgetsOf(plan.network, plan.target, deployment);
  return [
    ...reportOverruns(
      plan,
      budgets.filter(({ ofChip }) => !ofChip),
    ),
    ...reportOverruns(
      { ...plan, cost: imageCost(firmware) },
      budgets.filter(({ ofChip }) => ofChip),
    ),
  ];
}
