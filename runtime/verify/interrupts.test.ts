import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import type { Kernel } from "#compiler/kernels/contract.js";
import { kernels } from "#compiler/kernels/index.js";
import { type Interrupts, runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { roomy } from "../tune/bench.js";
import { type Case, samples } from "./testing/agreement.js";
import { expectAgreementInterrupted } from "./testing/interrupted.js";

/** Where interrupts may come, they may come before every instruction of every kernel, and change nothing. */
const chips = ["ch32v003", "ch32v002"].map((name) => roomy(loadTarget(name)));

/** Nets that together have a job for every kernel that a chip has. */
const bodies: Readonly<Record<string, string>> = {
  vectors_of_few_digits:
    "weights: csd2 input i8[61] -> dense(10, weights: 4bit, norm: rms) -> relu -> dense(18, weights: ternary) -> relu -> dense(4) -> relu -> dense(3)",
  vectors_of_lanes: "weights: 2bitsym input i8[40] -> dense(10, weights: binary) -> relu -> dense(12) -> relu -> dense(3, weights: 8bit)",
  vectors_of_tables:
    "weights: nf4 input i8[40] -> dense(10, weights: pow2) -> relu -> dense(12, weights: 5bitsym) -> relu -> dense(3, weights: fp130)",
  maps_in_windows:
    "weights: 2bitsym input i8[12, 12, 1] -> conv(16) -> relu -> maxpool(2) -> conv(8, weights: 4bitsym) -> relu -> flatten -> dense(3)",
  lines_in_windows:
    "weights: binary input i8[24, 3] -> conv1d(12) -> relu -> conv1d(6, kernel: 2) -> maxpool(2) -> relu -> flatten -> dense(3)",
  depthwise_chains:
    "weights: 4bitsym input i8[9, 11, 1] -> conv(3, norm: none) -> relu -> dwconv(norm: none) -> relu -> maxpool(2) -> flatten -> dense(3)",
  skips:
    "weights: pow2 input i8[13, 1] -> conv1d(4, kernel: 1, norm: none) as s0 -> add(s0) -> relu -> avgpool(2) -> flatten -> dense(33, weights: 8bit)",
  fixed:
    "range: fixed bias: yes activations: 4bit weights: 4bitsym input u4[8, 8, 2] -> conv(5) -> relu -> sumpool(2) -> relu -> flatten -> dense(12) -> relu -> dense(10)",
  nibbles:
    "range: fixed activations: 2of4bit weights: 4bitsym input u3[12, 12, 1] -> conv(9) -> relu -> maxpool(2) -> conv(8) -> relu -> conv(6, kernel: 2) -> relu -> flatten -> dense(3)",
  code: "weights: 4bit input i8[5, 5, 1] -> conv(9, kernel: 3, norm: rms, weights: nf4) -> relu -> flatten -> dense(5, weights: 4bitsym) -> relu -> dense(16, weights: pow2)",
};

/** A kernel on any of its offers wherever it bids, others where it does not; undefined where it never does. */
function caseOf(kernel: Kernel, target: Target, body: string, interrupts: Interrupts = "allowed"): Case | undefined {
  const network = networkFrom(bodies[body]!, [body, kernel.name, target.name].join("_").replaceAll("-", "_"));
  const weights = seededWeights(network);
  const draw = random("offers", network.name);
  let bids = false;
  const plan = forcedPlan(
    network,
    target,
    (offers) => {
      const own = offers.filter((offer) => offer.kernel === kernel);
      bids ||= own.length > 0;
      return own[draw.below(own.length)] ?? offers[draw.below(offers.length)]!;
    },
    { interrupts, levels: quantizeWeights(network, weights) },
  );
  return bids ? { plan, weights, inputs: seededInputs(network, samples) } : undefined;
}

const cases = chips.flatMap((target) =>
  Object.keys(bodies).flatMap((body) => Object.values(kernels).flatMap((kernel) => caseOf(kernel, target, body) ?? [])),
);

test("every kernel that a chip may take while interrupts come is there", () => {
  const ran = new Set(cases.flatMap(({ plan }) => runsOf(plan.steps).map(({ kernel }) => kernel)));
  expect(Object.keys(kernels).filter((name) => !ran.has(name))).toEqual([]);
});

const needsCompiler = chips.some((target) => findCompiler(target) === undefined);

test.skipIf(needsCompiler)("a kernel that was promised to be left alone is caught without a stack", () => {
  const promised = caseOf(kernels["depthwise-mul"]!, chips[1]!, "depthwise_chains", "disabled")!;
  expect(promised.plan.borrowed).toContain("sp");
  expect(() => expectAgreementInterrupted(promised, samples, 1)).toThrow("where sp is no stack that a handler could push to");
});

test.skipIf(needsCompiler).each(cases.map((each) => [each.plan.network.name, each] as const))(
  "%s gives the sums of the reference",
  (_, each) => {
    expect(expectAgreementInterrupted(each, samples, 2)).toBeGreaterThan(1000);
  },
);

/** Assembly that stands on a frame of its function, wherever the compiler puts it, and assembly that makes its own. */
const framed = ["dense-bitplanes", "dense-swar", "dense-bitsliced", "windows-bitplanes", "windows-swar", "depthwise-jit", "depthwise-mul"];

const compiled = ["-O1", "-O3"].flatMap((level) =>
  chips.flatMap((chip) => {
    const target = { ...chip, flags: chip.flags.map((flag) => (flag === "-Os" ? level : flag)) };
    const some = ["vectors_of_lanes", "maps_in_windows", "depthwise_chains"].flatMap((body) =>
      framed.flatMap((name) => caseOf(kernels[name]!, target, body) ?? []),
    );
    return some.map((each) => [level, each.plan.network.name, each] as const);
  }),
);

test.skipIf(needsCompiler).each(compiled)("compiled with %s, too, %s gives the sums of the reference", (_, __, each) => {
  expect(expectAgreementInterrupted(each, samples, 1)).toBeGreaterThan(1000);
});
