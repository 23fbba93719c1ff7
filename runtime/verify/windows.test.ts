import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { type Interrupts, runsOf } from "#compiler/ir/plan.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { roomy } from "../tune/bench.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";
import { expectAgreementOnChip } from "./testing/chip.js";
import { expectAgreementInterrupted } from "./testing/interrupted.js";

/**
 * The kernels that take windows of all channels as the inputs of a dense layer are the reference, bit for bit: their C under the
 * sanitizers, their assembly on the simulated chips, on every offer, with inputs that fill lists and lanes to the brim.
 */
const kernels = ["windows-swar", "windows-bitplanes"] as const;

/** Pools in both orders and of every size, strides, kernels of all shapes, channels that fill no word, one channel and many. */
const shapes: Readonly<Record<string, string>> = {
  classic: "weights: 4bitsym input i8[12, 12, 1] -> conv(16) -> relu -> maxpool(2) -> conv(24) -> relu -> conv(48) -> relu",
  pooled:
    "weights: 2bitsym input i8[15, 13, 1] -> conv(8) -> maxpool(2) -> relu -> conv(16, stride: 2) -> relu -> conv(5, kernel: 1) -> maxpool(2) -> relu",
  uneven: "weights: ternary input i8[11, 10, 3] -> conv(7) -> relu -> maxpool(2) -> conv(34, kernel: 2) -> maxpool(3) -> relu",
  large: "weights: binary input i8[13, 12, 2] -> conv(19, kernel: 5) -> relu -> conv(9, kernel: 4, stride: 2) -> maxpool(2) -> relu",
  broad: "weights: 5bitsym input i8[8, 9, 5] -> conv(3) -> relu -> conv(33, kernel: 2) -> relu -> conv(12, kernel: 1) -> relu",
  line: "weights: 4bit input i8[24, 3] -> conv1d(10) -> relu -> conv1d(6, kernel: 2) -> maxpool(2) -> relu -> conv1d(11, stride: 2) -> relu",
};

interface Setting {
  readonly target: string;
  readonly kernel: (typeof kernels)[number];
  readonly shape: string;
  readonly interrupts: Interrupts;
}

const settings = (targets: readonly string[]): readonly Setting[] =>
  targets
    .flatMap((target) =>
      kernels.flatMap((kernel) =>
        Object.keys(shapes).flatMap((shape) =>
          (["disabled", "allowed"] as const).map((interrupts) => ({ target, kernel, shape, interrupts })),
        ),
      ),
    )
    .filter((each) => caseOf(each) !== undefined);

/** All convolutions on one kernel, each on any of its offers; undefined where it has none for one of them. */
function caseOf({ target: name, kernel, shape, interrupts }: Setting): Case | undefined {
  const target = loadTarget(name);
  const network = networkFrom(
    `norm: rms ${shapes[shape]!} -> flatten -> dense(3, weights: 4bitsym)`,
    [shape, name, kernel, interrupts].join("_").replaceAll("-", "_"),
  );
  const weights = seededWeights(network);
  const draw = random("offers", network.name);
  let bids = true;
  const pick = (offers: Parameters<Parameters<typeof forcedPlan>[2]>[0]) => {
    const own = offers.filter((bid) => bid.kernel.name === kernel);
    bids &&= own.length > 0 || !offers[0]!.layers[0]!.startsWith("conv");
    return own[draw.below(own.length)] ?? offers[0]!;
  };
  const plan = forcedPlan(network, target.chip === undefined ? target : roomy(target), pick, {
    interrupts,
    ...(draw.below(2) === 0 ? { levels: quantizeWeights(network, weights) } : {}),
  });
  return bids ? { plan, weights, inputs: inputsOf(network) } : undefined;
}

/** Noise, then what is dark, what is as large as it can be, what is small, and a background with the widest contrast. */
function inputsOf(network: Case["plan"]["network"]): Int8Array {
  const inputs = seededInputs(network, samples);
  const size = inputs.length / samples;
  const kinds: readonly ((value: number, place: number) => number)[] = [
    (value) => value,
    () => -128,
    () => 127,
    (value) => Math.trunc(value / 16),
    (_, place) => (place % 7 === 0 ? 127 : -128),
    (value, place) => (place % 5 === 0 ? value : -20),
  ];
  return inputs.map((value, at) => kinds[Math.floor(at / size) % kinds.length]!(value, at % size));
}

test("every kernel takes every shape, and all of the formats that it should", () => {
  const ran = settings(["host", "ch32v002", "ch32v003"]).map(({ kernel, shape }) => `${kernel} ${shape}`);
  for (const shape of Object.keys(shapes)) expect(ran).toContain(`windows-swar ${shape}`);
  for (const shape of Object.keys(shapes).filter((name) => name !== "broad")) expect(ran).toContain(`windows-bitplanes ${shape}`);
});

test.skipIf(compiler === undefined)("their C agrees with the reference under the sanitizers", () =>
  expectAgreement(settings(["host", "ch32v002", "ch32v003"]).map((each) => caseOf(each)!)),
);

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined).each(settings(["ch32v002", "ch32v003"]))(
  "$kernel takes $shape on $target, interrupts $interrupts",
  (setting) => {
    const each = caseOf(setting)!;
    const { network, steps } = each.plan;
    expectAgreementOnChip(each);
    if (setting.interrupts === "allowed") expect(expectAgreementInterrupted(each, samples, 2)).toBeGreaterThan(1000);
    expect(runsOf(steps).filter(({ kernel }) => kernel === setting.kernel)).toHaveLength(
      network.layers.filter(({ op }) => op.startsWith("conv")).length,
    );
  },
);
