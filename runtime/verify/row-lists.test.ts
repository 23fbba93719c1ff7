import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { type Interrupts, runsOf } from "#compiler/ir/plan.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import type { Bid } from "#compiler/plan/bidding.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { roomy } from "../tune/bench.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";
import { expectAgreementOnChip } from "./testing/chip.js";
import { expectAgreementInterrupted } from "./testing/interrupted.js";

/**
 * Convolutions by lists of rows are the reference, bit for bit: their C under the sanitizers, their assembly on the simulated chip, from
 * bytes and from nibbles, with inputs that fill all lists. Some layers have a shift of zero, which the kernel leaves to others.
 */
const kernel = "conv-bitplanes";

/** Of the dense layer behind: whole groups of eight, and tails of one, two and four bytes. */
const units = [3, 10, 13, 16] as const;

/** Widths of one to three words a pass and several passes, channels that fill no word, steps of one and two, strides, lines, few planes. */
const shapes: Readonly<Record<string, string>> = {
  classic: "weights: 4bitsym activations: 4bit input u4[10, 10, 1] -> conv(16) -> relu -> conv(24) -> relu -> conv(48) -> relu",
  uneven:
    "weights: ternary activations: 4bit input u3[9, 8, 3] -> conv(7) -> relu -> conv(34, kernel: 2) -> relu -> conv(5, kernel: 1) -> relu",
  strided: "weights: 4bit activations: 3bit input u2[11, 9, 2] -> conv(18, stride: 2) -> relu -> conv(40, kernel: 2, stride: 2) -> relu",
  bits: "weights: 2bitsym activations: 1bit input u1[8, 8, 2] -> conv(9) -> relu -> conv(12, kernel: 4) -> relu",
  large: "weights: binarysym activations: 2bit input u4[9, 9, 3] -> conv(19, kernel: 5) -> relu -> conv(24, kernel: 3) -> relu",
  line: "weights: 4bitsym activations: 4bit input u4[24, 3] -> conv1d(10) -> relu -> conv1d(16, kernel: 2) -> relu -> conv1d(11, stride: 2) -> relu",
  few: "weights: 4bitsym activations: 2of4bit input u4[9, 9, 2] -> conv(16) -> relu -> conv(24) -> relu -> conv(10, kernel: 2) -> relu",
  one: "weights: 4bit activations: 1of4bit input u4[8, 8, 2] -> conv(14) -> relu -> conv(24) -> relu",
  three: "weights: 4bitsym activations: 2of3bit input u3[8, 8, 2] -> conv(24) -> relu -> conv(18) -> relu",
  pooled:
    "weights: 4bitsym activations: 2of4bit input u4[13, 12, 1] -> conv(16) -> relu -> conv(24) -> relu -> maxpool(2) -> conv(9) -> relu -> maxpool(2)",
  steps:
    "weights: 4bitsym activations: 4bit input u4[19, 2] -> conv1d(10) -> relu -> maxpool(2) -> conv1d(16) -> relu -> maxpool(2) -> conv1d(8) -> relu",
  bare: "bias: no weights: 4bitsym activations: 4bit input u4[6, 6, 2] -> conv(8) -> relu -> conv(24) -> relu",
};

interface Setting {
  readonly shape: string;
  readonly interrupts: Interrupts;
  readonly seed: number;
}

const settings: readonly Setting[] = Object.keys(shapes).flatMap((shape) =>
  (["allowed", "disabled"] as const).flatMap((interrupts) => [1, 2].map((seed) => ({ shape, interrupts, seed }))),
);

/** All convolutions by lists of rows, on any of the offers, most of which take nibbles. */
function caseOf({ shape, interrupts, seed }: Setting): Case {
  const target = roomy(loadTarget("ch32v003"));
  const network = networkFrom(
    `range: fixed ${shapes[shape]!} -> flatten -> dense(${units[(shape.length + seed) % units.length]!}, weights: 4bitsym)`,
    [shape, interrupts, seed].join("_"),
  );
  const weights = seededWeights(network);
  const draw = random("offers", network.name);
  const pick = (offers: readonly Bid[]): Bid => {
    const own = offers.filter((bid) => bid.kernel.name === kernel || bid.kernel.name === "dense-narrow");
    return own[draw.below(own.length)] ?? offers[0]!;
  };
  const levels = quantizeWeights(network, weights);
  return { plan: forcedPlan(network, target, pick, { interrupts, levels }), weights, inputs: inputsOf(network) };
}

/** Noise, then what is empty, what is as large as it can be, what is small, lines, and what is nearly empty. */
function inputsOf(network: Case["plan"]["network"]): Int8Array {
  const inputs = seededInputs(network, samples);
  const size = inputs.length / samples;
  const most = inputs.reduce((largest, value) => Math.max(largest, value), 0);
  const kinds: readonly ((value: number, place: number) => number)[] = [
    (value) => value,
    () => 0,
    () => most,
    (value) => value >> 2,
    (_, place) => (place % 7 === 0 ? most : 0),
    (value, place) => (place % 5 === 0 ? value : 0),
  ];
  return inputs.map((value, at) => kinds[Math.floor(at / size) % kinds.length]!(value, at % size));
}

test("lists are made of bytes and of nibbles, and nibbles of them", () => {
  const runs = settings.flatMap((each) => runsOf(caseOf(each).plan.steps).filter((run) => run.kernel === kernel));
  const ways = runs.map(({ reads, writes }) => `${reads.element} to ${writes.element}`);
  expect([...new Set(ways)].sort()).toEqual(["i8 to i8", "i8 to u4", "u4 to i8", "u4 to u4"]);
  expect([...new Set(runs.map(({ variant }) => variant!.split(",")[0]))].sort()).toEqual(["planes", "side by side"]);
});

test.skipIf(compiler === undefined)("their C agrees with the reference under the sanitizers", () => expectAgreement(settings.map(caseOf)));

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined).each(settings)(
  "$shape agrees on the chip, interrupts $interrupts, draw $seed",
  (setting) => {
    const each = caseOf(setting);
    const { steps } = each.plan;
    expectAgreementOnChip(each);
    if (setting.interrupts === "allowed") expect(expectAgreementInterrupted(each, samples, 2)).toBeGreaterThan(1000);
    expect(runsOf(steps).filter((run) => run.kernel === kernel).length).toBeGreaterThan(0);
  },
);
