import type { Deployment } from "#compiler/ir/module.js";
import { interruptible } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { plan } from "#compiler/plan/plan.js";
import { fingerprintOf } from "#compiler/plan/fingerprint.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { spreadOf } from "../runtime/cli/simulation-report.js";
import { type Bench, firmwareOf, timed } from "../runtime/tune/bench.js";
import { tune } from "../runtime/tune/tune.js";

/** Samples that kernels are chosen by: the order of plans hardly depends on more. */
const tuningSamples = 20;

/** The mean cycles where a deployment says `interrupts: disabled`; undefined where no other code runs then. `tuned` chooses its kernels by measurement. */
export async function undisturbedCycles(bench: Bench, target: Target, deployment: Deployment, tuned: boolean): Promise<number | undefined> {
  const { network, weights, templates, samples } = bench;
  const promised: Deployment = { ...deployment, settings: { ...deployment.settings, interrupts: "disabled" } };
  const levels = quantizeWeights(network, weights);
  const estimated = plan(network, target, promised, { levels }).value!;
  if (interruptible(estimated.borrowed)) return undefined;
  if (!tuned) return meanOf(bench, estimated);
  const few = { inputs: samples.inputs.subarray(0, (tuningSamples * samples.inputs.length) / samples.count), count: tuningSamples };
  const { offers, chosen } = await tune(
    { ...bench, samples: few, estimated, deployment: promised, objective: "cycles", known: [] },
    () => undefined,
    new AbortController().signal,
  );
  const by = { weights: "", samples: tuningSamples, compiler: "" };
  const tuning = {
    fingerprint: fingerprintOf(network, target, templates, promised),
    by,
    objective: "cycles",
    offers,
    chosen: chosen!,
    origin: deployment.origin,
  } as const;
  return meanOf(bench, plan(network, target, promised, { levels, tuning }).value!);
}

const meanOf = (bench: Bench, planned: Parameters<typeof firmwareOf>[0]): number =>
  spreadOf(timed(firmwareOf(planned, bench), bench).cycles).mean;
