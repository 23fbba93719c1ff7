import { valueBounds } from "#compiler/plan/value-bounds.js";
import { hull } from "#compiler/catalog/bounds.js";
import type { Plan } from "#compiler/ir/plan.js";
import { runsOf } from "#compiler/ir/plan.js";
import { random } from "#compiler/random.js";
import { mostExact } from "../train/engines/fused/exact.js";
import { compileModel } from "../train/engines/fused/inference.js";
import { tfjsIntegers } from "../train/testing/tfjs-integers.js";
import { referenceRows, runOnHost, sanitizers } from "../verify/testing/host-program.js";
import { runInOnnx } from "./in-onnx.js";
import { runOnChip } from "./on-chip.js";
import { type Forced, forcedPlans } from "./plans.js";
import { samples, type Subject } from "./subject.js";

/** What was compared, and what was found. */
export interface Trial {
  readonly findings: readonly string[];
  readonly plans: number;
  /** Inputs whose sums were compared with the reference's, by what ran them. */
  readonly compared: Readonly<Record<Executor, number>>;
  readonly interrupts: number;
}

export const executors = ["host", "chip", "fused", "tfjs", "onnx"] as const;
export type Executor = (typeof executors)[number];

/** What a trial may do. */
export interface Effort {
  /** Plans for the host, and how many of them also run on the simulated chip. */
  readonly plans: number;
  readonly onChip: number;
}

/** Seconds that one net may take for all of its inputs. */
const patience = 20;
/** Inputs that the simulated chip is given. */
const onChipSamples = 4;

/** Runs a subject in every way that there is; `forced` is added to. */
export async function trialOf(subject: Subject, effort: Effort, forced: Forced): Promise<Trial> {
  const { network, weights, inputs, recipe, target } = subject;
  const draw = random("fuzz plans", recipe.seed);
  const plans = forcedPlans(subject, draw, forced, effort.plans);
  const expected = referenceRows({ plan: plans[0] ?? planless(subject), weights, inputs });
  const sums = expected.map((row) => row.slice(2));
  const compared = { host: 0, chip: 0, fused: 0, tfjs: 0, onnx: 0 };
  const findings: string[] = [];
  let interrupts = 0;
  const flat = sums.flat();
  const compare = (executor: Executor, found: Int32Array): void => {
    compared[executor] += samples;
    const at = flat.findIndex((sum, i) => sum !== found[i]);
    const width = sums[0]!.length;
    if (at >= 0) findings.push(`${executor}: input ${Math.floor(at / width)} gives ${found[at]} and not ${flat[at]} for class ${at % width}`);
  };

  if (plans.length > 0) {
    const { answers } = runOnHost(plans.map((plan) => ({ plan, weights, inputs })), ["-O1", "-w", ...sanitizers], patience);
    for (const plan of plans) {
      const rows = answers.get(plan.network.name)!;
      compared.host += samples;
      if (typeof rows === "string") findings.push(`host: ${rows.split("\n").slice(0, 3).join(" ")} with ${waysOf(plan)}`);
      else if (String(rows) !== String(expected)) findings.push(`host: input ${rows.findIndex((row, i) => String(row) !== String(expected[i]))} is wrong with ${waysOf(plan)}`);
    }
  }
  for (const plan of target.chip?.timing === undefined ? [] : draw.below(2) === 0 ? plans.slice(0, effort.onChip) : plans.slice(-effort.onChip)) {
    try {
      const run = runOnChip(subject, plan, Array.from({ length: onChipSamples }, () => draw.below(samples)), draw);
      compared.chip += run.logits.size;
      interrupts += run.interrupts;
      for (const [sample, logits] of run.logits) if (String(logits) !== String(sums[sample])) findings.push(`chip: input ${sample} is wrong with ${waysOf(plan)}`);
      if (run.stack.used > run.stack.foretold) findings.push(`chip: ${run.stack.used} bytes of stack and not ${run.stack.foretold} with ${waysOf(plan)}`);
    } catch (error) {
      findings.push(`chip: ${error instanceof Error ? error.message : String(error)} with ${waysOf(plan)}`);
    }
  }
  const model = compileModel(network);
  if (model !== undefined) compare("fused", model(weights, inputs));
  if (model !== undefined && staysExact(subject)) compare("tfjs", await tfjsIntegers(network, weights, inputs));
  compare("onnx", await runInOnnx(subject));
  return { findings, plans: plans.length, compared, interrupts };
}

/** A plan for its network alone. */
const planless = ({ network }: Subject): Plan => ({ network }) as Plan;

/** Whether float32 holds all sums. */
function staysExact({ network }: Subject): boolean {
  return [...valueBounds(network).values()].map(hull).every(({ low, high }) => Math.max(-low[0]!, high[0]!) < mostExact);
}

const waysOf = ({ steps }: Plan): string => runsOf(steps).map(({ kernel, variant }) => (variant === undefined ? kernel : `${kernel} (${variant})`)).join(" | ");
