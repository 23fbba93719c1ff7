import { budgetsOf, reportOverruns } from "#compiler/plan/budget.js";
import type { Deployment } from "#compiler/ir/module.js";
import { type Cost, type Plan, type Run, type Step } from "#compiler/ir/plan.js";
import { sizeOf } from "#compiler/ir/types.js";
import { routineNames } from "#compiler/emit/emit.js";
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
function imageCost({ plan, footprint, stack }: Firmware): Cost {
  const { weights } = memoryOf(bytesOf(footprint, "model"));
  return { flash: { code: footprint.flash - weights, weights }, ram: { static: footprint.ram, stack: stack.image.bytes }, cycles: plan.cost.cycles };
}

const bytesOf = ({ parts }: Footprint, wanted: Part["group"]): Bytes => totalOf(parts.filter(({ group }) => group === wanted));

const memoryOf = ({ code, constants, ramCode, data }: Bytes): Cost["flash"] => ({ code: code + ramCode + data, weights: constants });

const inputBytes = ({ network }: Plan): number => sizeOf(network.layers[0]!.type.shape);

/** The plan with what was measured in the place of estimates; a shared routine is paid for by its first step. */
export function measuredPlan(firmware: Firmware): Plan {
  const { plan, footprint } = firmware;
  const functions = routineNames(plan);
  const paid = new Set<string>();
  const measured = (run: Run): Run => {
    const part = paid.has(run.routine) ? undefined : footprint.parts.find(({ routine }) => routine === functions.get(run.routine));
    paid.add(run.routine);
    return { ...run, cost: { ...run.cost, flash: part === undefined ? { code: 0, weights: 0 } : memoryOf(part.bytes) } };
  };
  const each = (step: Step): Step => (step.kind === "run" ? measured(step) : { ...step, body: step.body.map(each) });
  return { ...plan, steps: plan.steps.map(each), cost: modelCost(firmware) };
}

/** What deployment requires is held against the model, what the chip has against the whole image. */
export function judge(firmware: Firmware, deployment: Deployment | undefined): readonly Diagnostic[] {
  const plan = measuredPlan(firmware);
  const budgets = budgetsOf(plan.network, plan.target, deployment);
  return [
    ...reportOverruns(plan, budgets.filter(({ ofChip }) => !ofChip)),
    ...reportOverruns({ ...plan, cost: imageCost(firmware) }, budgets.filter(({ ofChip }) => ofChip)),
  ];
}
