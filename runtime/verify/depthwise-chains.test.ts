import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import type { Kernel } from "#compiler/kernels/contract.js";
import { kernels } from "#compiler/kernels/index.js";
import type { Interrupts } from "#compiler/ir/plan.js";
import { runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";
import { expectAgreementOnChip } from "./testing/chip.js";
import { expectAgreementInterrupted } from "./testing/interrupted.js";

/**
 * The kernels that take channels through all stages are the reference, bit for bit: their C under the sanitizers, their
 * assembly on the simulated chips, on random and extreme inputs that do and do not fit two sums into a word.
 */
const chainKernels = ["depthwise-mul", "depthwise-jit"].map((name) => kernels[name]!);

/** Each with what only it has: odd sizes, lines that are no power of two, one stage, several input channels, small weights, all kinds. */
const shapes: Readonly<Record<string, string>> = {
  published: "weights: 8bit input i8[16, 16, 1] -> conv(5) -> relu -> repeat 2 { dwconv -> relu -> maxpool(2) }",
  odd: "weights: 4bitsym input i8[13, 11, 1] -> conv(3) -> relu -> dwconv -> relu -> maxpool(2) -> dwconv -> relu",
  single: "weights: 2bitsym input i8[9, 14, 1] -> conv(4) -> relu",
  several: "weights: 5bitsym input i8[12, 12, 3] -> dwconv -> relu -> dwconv -> relu -> dwconv -> relu -> maxpool(2)",
  shared: "weights: ternary input i8[10, 11, 2] -> conv(4, groups: 2) -> relu -> dwconv -> relu -> maxpool(2)",
  pooled: "weights: 4bitsym input i8[13, 12, 1] -> conv(5) -> maxpool(2) -> relu",
  small: "weights: nf4 input i8[5, 5, 1] -> conv(2) -> relu -> dwconv -> relu",
};

/** The fastest offer, and the one that takes least RAM. */
const choices = ["first", "last"] as const;

function caseOf(
  kernel: Kernel,
  target: Target,
  interrupts: Interrupts,
  [shape, text]: readonly [string, string],
  choice: (typeof choices)[number],
): readonly Case[] {
  const network = networkFrom(
    `norm: none ${text} -> flatten -> dense(3, weights: 4bitsym, norm: rms)`,
    [shape, target.name, kernel.name, choice, interrupts].join("_").replaceAll("-", "_"),
  );
  const weights = seededWeights(network);
  let bids = false;
  const plan = forcedPlan(
    network,
    target,
    (offers) => {
      const own = offers.filter((bid) => bid.kernel === kernel);
      const wanted = choice === "first" ? own[0] : own.at(-1);
      bids ||= wanted !== undefined;
      // All else as simple as can be: RAM is for the chain.
      return wanted ?? offers.at(-1)!;
    },
    { levels: quantizeWeights(network, weights), interrupts, input: shape.length % 2 === 0 ? "overwritten" : "kept" },
  );
  return bids ? [{ plan, weights, inputs: inputsOf(network) }] : [];
}

/** A third of the samples have little contrast, so that their sums are small. */
function inputsOf(network: Case["plan"]["network"]): Int8Array {
  const inputs = seededInputs(network, samples);
  const size = inputs.length / samples;
  return inputs.map((value, at) => (Math.floor(at / size) % 3 === 2 ? Math.trunc(value / 8) : value));
}

const casesOn = (targets: readonly string[], interrupts: Interrupts): readonly Case[] =>
  targets
    .map(loadTarget)
    .flatMap((target) =>
      chainKernels.flatMap((kernel) =>
        Object.entries(shapes).flatMap((shape) => choices.flatMap((choice) => caseOf(kernel, target, interrupts, shape, choice))),
      ),
    );

test.each(["disabled", "allowed"] as const)(
  "every kernel for depthwise chains takes every shape somewhere, interrupts %s",
  (interrupts) => {
    const ran = casesOn(["host", "ch32v003", "ch32v002"], interrupts).flatMap(({ plan }) =>
      runsOf(plan.steps).map(({ kernel }) => `${kernel} ${plan.network.name.split("_")[0]}`),
    );
    // One convolution with a pool is not worth generating code for.
    for (const { name } of chainKernels)
      for (const shape of Object.keys(shapes))
        if (shape !== "pooled" || name === "depthwise-mul") expect(ran).toContain(`${name} ${shape}`);
  },
);

test.skipIf(compiler === undefined)("their C agrees with the reference under the sanitizers", () =>
  expectAgreement([...casesOn(["host", "ch32v003"], "disabled"), ...casesOn(["ch32v003"], "allowed")]),
);

const chips = ["ch32v002", "ch32v003"];
const [undisturbed, interrupted] = [casesOn(chips, "disabled"), casesOn(chips, "allowed")];

test
  .skipIf(findCompiler(loadTarget("ch32v003")) === undefined)
  .each([...undisturbed, ...interrupted].map((each) => [each.plan.network.name, each] as const))(
  "%s agrees on the simulated chip",
  (_, each) => expectAgreementOnChip(each),
);

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined).each(interrupted.map((each) => [each.plan.network.name, each] as const))(
  "%s agrees with interrupts before every instruction",
  (_, each) => void expect(expectAgreementInterrupted(each, samples, 3)).toBeGreaterThan(1000),
);
