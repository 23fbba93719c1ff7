import { hull } from "#compiler/catalog/shapes/bounds.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import { valueBounds } from "#compiler/plan/value-bounds.js";
import { type Random, random } from "#compiler/random.js";
import { mostExact } from "../train/engines/fused/exact.js";
import { compileModel } from "../train/engines/fused/inference.js";
import { tfjsIntegers } from "../train/testing/tfjs-integers.js";
import { type Case, referenceRows, type Row, runOnHost, sanitizers } from "../verify/testing/host-program.js";
import { frontEndFinding } from "./front-end.js";
import { runInOnnx } from "./in-onnx.js";
import { type Kill, killOf } from "./kills.js";
import { runOnChip } from "./on-chip.js";
import { type Forced, forcedPlans } from "./plans.js";
import { samples, type Subject } from "./subject.js";

/** What runs a network: C on this machine, firmware on the simulated chip, training's integers compiled and in tfjs, ONNX Runtime. */
export const executors = ["host", "chip", "fused", "tfjs", "onnx"] as const;
export type Executor = (typeof executors)[number];

/** What was compared with the reference, and what was found. */
export interface Trial {
  readonly findings: readonly string[];
  readonly plans: number;
  readonly forced: Forced;
  /** Inputs, by what ran them. */
  readonly compared: Readonly<Record<Executor, number>>;
  readonly interrupts: number;
  readonly texts: number;
  readonly kill?: Kill;
}

/** How much a trial does. */
export interface Effort {
  /** Plans in the C of the host, under the sanitizers. */
  readonly plans: number;
  /** How many of them on the simulated chip as well. */
  readonly onChip: number;
  /** Mutated texts for the front end. */
  readonly texts: number;
  readonly kill: boolean;
}

/** Seconds that one net may take for all of its inputs. */
const patience = 20;
/** Inputs that the simulated chip is given. */
const onChipSamples = 4;

/** Runs a subject in every way that there is. */
export async function trialOf(subject: Subject, effort: Effort): Promise<Trial> {
  const { weights, inputs, recipe, body, target } = subject;
  const draw = random("fuzz plans", recipe.seed);
  const { plans, forced } = forcedPlans(subject, draw, effort.plans);
  const cases = plans.map((plan): Case => ({ plan, weights, inputs }));
  const expected = referenceRows({ plan: { network: subject.network }, weights, inputs });
  const onChip = target.chip?.timing === undefined ? [] : plans.toSorted(() => draw.below(3) - 1).slice(0, effort.onChip);
  const chip = onChip.map((plan) => chipRun(subject, plan, expected, draw));
  const models = await modelRuns(subject, expected);
  const texts = Array.from({ length: effort.texts }, () => frontEndFinding(body, draw));
  const kill = effort.kill && cases.length > 0 ? killOf(cases[draw.below(cases.length)]!, draw) : undefined;
  return {
    findings: [
      ...hostFindings(cases, expected),
      ...chip.flatMap(({ findings }) => findings),
      ...models.findings,
      ...texts.filter((text) => text !== undefined),
    ],
    plans: plans.length,
    forced,
    compared: { ...models.compared, host: cases.length * samples, chip: onChip.length * onChipSamples },
    interrupts: chip.reduce((sum, { interrupts }) => sum + interrupts, 0),
    texts: texts.length,
    ...(kill === undefined ? {} : { kill }),
  };
}

/** All plans in one program. */
function hostFindings(cases: readonly Case[], expected: readonly Row[]): readonly string[] {
  if (cases.length === 0) return [];
  const { answers } = runOnHost(cases, ["-O1", "-w", ...sanitizers], patience);
  return cases.flatMap(({ plan }): readonly string[] => {
    const rows = answers.get(plan.network.name)!;
    if (typeof rows === "string") return [`host: ${rows.split("\n").slice(0, 3).join(" ")} with ${waysOf(plan)}`];
    const wrong = expected.findIndex((row, i) => String(row) !== String(rows[i]));
    return wrong < 0 ? [] : [`host: input ${wrong} is wrong with ${waysOf(plan)}`];
  });
}

function chipRun(
  subject: Subject,
  plan: Plan,
  expected: readonly Row[],
  draw: Random,
): { readonly findings: readonly string[]; readonly interrupts: number } {
  try {
    const { logits, interrupts, stack } = runOnChip(
      subject,
      plan,
      Array.from({ length: onChipSamples }, () => draw.below(samples)),
      draw,
    );
    const wrong = [...logits].filter(([sample, found]) => String(found) !== String(expected[sample]!.slice(2)));
    const deep =
      stack.used > stack.foretold ? [`chip: ${stack.used} bytes of stack, foretold ${stack.foretold}, with ${waysOf(plan)}`] : [];
    return { findings: [...wrong.map(([sample]) => `chip: input ${sample} is wrong with ${waysOf(plan)}`), ...deep], interrupts };
  } catch (error) {
    return { findings: [`chip: ${error instanceof Error ? error.message : String(error)} with ${waysOf(plan)}`], interrupts: 0 };
  }
}

/** The integer model as training evaluates it, and as other programs run it. */
async function modelRuns(subject: Subject, expected: readonly Row[]) {
  const { network, weights, inputs } = subject;
  const sums = expected.flatMap((row) => row.slice(2));
  const model = compileModel(network);
  const runs: Partial<Record<Executor, Int32Array>> = {
    ...(model === undefined ? {} : { fused: model(weights, inputs) }),
    ...(model !== undefined && staysExact(subject) ? { tfjs: await tfjsIntegers(network, weights, inputs) } : {}),
    onnx: await runInOnnx(subject),
  };
  const findings = Object.entries(runs).flatMap(([executor, found]) => {
    const at = sums.findIndex((sum, i) => sum !== found[i]);
    return at < 0 ? [] : [`${executor}: sum ${at} is ${found[at]} and not ${sums[at]}`];
  });
  return {
    findings,
    compared: { fused: runs.fused === undefined ? 0 : samples, tfjs: runs.tfjs === undefined ? 0 : samples, onnx: samples },
  };
}

/** Whether float32 holds all sums. */
const staysExact = ({ network }: Subject): boolean =>
  [...valueBounds(network).values()].map(hull).every(({ low, high }) => Math.max(-low[0]!, high[0]!) < mostExact);

const waysOf = ({ steps }: Plan): string =>
  runsOf(steps)
    .map(({ kernel, variant }) => (variant === undefined ? kernel : `${kernel} (${variant})`))
    .join(" | ");
