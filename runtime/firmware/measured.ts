import { budgetsOf, reportOverruns } from "#compiler/plan/budget.js";
import type { Deployment } from "#compiler/ir/module.js";
import { type Cost, type Plan, type Run, type Step } from "#compiler/ir/plan.js";
import { sizeOf } from "#compiler/ir/types.js";
import { routineNames } from "#compiler/emit/emit.js";
import type { Diagnostic } from "#grammar/diagnostic.js";
import type { Firmware } from "./build.js";
import { type Bytes, ramBytes, totalOf } from "./footprint.js";

/** What the model costs by measurement: the input and the deepest stack below its entry are part of its RAM. */
export function modelCost({ plan, footprint, stack }: Firmware): Cost {
  const bytes = totalOf(footprint.parts.filter(({ ofModel }) => ofModel));
  return {
    flash: flashOf(bytes),
    ram: { static: ramBytes(bytes) + inputBytes(plan), stack: stack.model.bytes },
    cycles: plan.cost.cycles,
  };
}

/** What the whole image takes. */
function imageCost({ plan, footprint, stack }: Firmware): Cost {
  const weights = totalOf(footprint.parts.filter(({ ofModel }) => ofModel)).constants;
  return { flash: { code: footprint.flash - weights, weights }, ram: { static: footprint.ram, stack: stack.image.bytes }, cycles: plan.cost.cycles };
}

const flashOf = ({ code, constants, ramCode, data }: Bytes): Cost["flash"] => ({ code: code + ramCode + data, weights: constants });

const inputBytes = ({ network }: Plan): number => sizeOf(network.layers[0]!.type.shape);

/** The plan with what was measured in the place of estimates; a shared routine is paid for by its first step. */
export function measuredPlan(firmware: Firmware): Plan {
  const { plan, footprint } = firmware;
  const functions = routineNames(plan);
  const paid = new Set<string>();
  const measured = (run: Run): Run => {
    const part = paid.has(run.routine) ? undefined : footprint.parts.find(({ routine }) => routine === functions.get(run.routine));
    paid.add(run.routine);
    return { ...run, cost: { ...run.cost, flash: part === undefined ? { code: 0, weights: 0 } : flashOf(part.bytes) } };
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
