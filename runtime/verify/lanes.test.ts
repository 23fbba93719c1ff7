import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { type Interrupts, runsOf } from "#compiler/ir/plan.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { type Bid, bidding } from "#compiler/plan/bidding.js";
import { lower } from "#compiler/plan/lower.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { roomy } from "../tune/bench.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";
import { expectAgreementOnChip } from "./testing/chip.js";
import { expectAgreementInterrupted } from "./testing/interrupted.js";

/**
 * First layers in lanes are the reference, bit for bit: their C under the sanitizers, their assembly on the simulated chip, in bytes and
 * in nibbles, with inputs that take sums to both ends of their lanes.
 */
const kernel = "conv-lanes";

/** Lanes of all widths, with and without a pool, odd channels, signed inputs, kernels of all sizes, wide results. */
const shapes: Readonly<Record<string, string>> = {
  classic: "weights: 4bitsym activations: 4bit input u4[16, 16, 1] -> conv(14) -> relu -> maxpool(2) -> conv(6) -> relu",
  bare: "bias: no weights: 4bitsym activations: 4bit input u4[16, 16, 1] -> conv(14) -> relu -> maxpool(2) -> conv(8) -> relu",
  four: "weights: 2bitsym activations: 4bit input u2[16, 16, 1] -> conv(8) -> relu -> maxpool(2) -> conv(6) -> relu",
  odd: "weights: ternary activations: 3bit input u3[15, 13, 1] -> conv(7) -> relu -> conv(9, kernel: 2) -> relu",
  signed: "weights: 4bitsym input i8[12, 12, 1] -> conv(5) -> relu -> maxpool(2)",
  narrow: "weights: 8bit activations: 5bit input i3[9, 8, 1] -> conv(3, kernel: 2) -> relu -> maxpool(2)",
  large: "weights: 4bit activations: 2bit input u1[14, 12, 1] -> conv(10, kernel: 5) -> relu -> maxpool(2) -> conv(5, kernel: 1) -> relu",
  few: "weights: 4bitsym activations: 2of4bit input u3[14, 14, 1] -> conv(9) -> relu -> maxpool(2) -> conv(6) -> relu",
  one: "weights: 4bitsym activations: 1of3bit input u2[12, 12, 1] -> conv(6) -> relu -> maxpool(2) -> conv(6) -> relu",
  steep: "weights: fp130 activations: 4bit input u2[12, 9, 1] -> conv(5) -> relu -> maxpool(2)",
  wide: "weights: 2bitsym activations: 2bit input u1[4, 250, 1] -> conv(2) -> relu",
  single: "weights: 8bit activations: 8bit input i8[9, 7, 1] -> conv(2, kernel: 5) -> relu",
  bits: "weights: binary activations: 1bit input u1[12, 9, 1] -> conv(17) -> relu -> conv(8) -> relu",
};

interface Setting {
  readonly shape: string;
  readonly interrupts: Interrupts;
  readonly seed: number;
}

const settings: readonly Setting[] = Object.keys(shapes).flatMap((shape) =>
  (["allowed", "disabled"] as const).flatMap((interrupts) => [1, 2, 3].map((seed) => ({ shape, interrupts, seed }))),
);

function caseOf({ shape, interrupts, seed }: Setting): Case {
  const target = roomy(loadTarget("ch32v003"));
  const network = networkFrom(
    `range: fixed ${shapes[shape]!} -> flatten -> dense(3, weights: 4bitsym)`,
    [shape, interrupts, seed].join("_"),
  );
  const weights = seededWeights(network);
  const draw = random("offers", network.name);
  const pick = (offers: readonly Bid[]): Bid => {
    const own = offers.filter((bid) => bid.kernel.name === kernel || bid.kernel.name === "conv-bitplanes");
    const packed = own.filter(({ writes }) => writes.element === "u4");
    const among = seed === 1 || packed.length === 0 ? own : packed;
    return among[draw.below(among.length)] ?? offers[0]!;
  };
  return {
    plan: forcedPlan(network, target, pick, { interrupts, levels: quantizeWeights(network, weights) }),
    weights,
    inputs: inputsOf(network),
  };
}

/** Noise, then what is empty, what is as large as it can be, edges that only some taps of a window meet, and what is nearly empty. */
function inputsOf(network: Case["plan"]["network"]): Int8Array {
  const inputs = seededInputs(network, samples);
  const size = inputs.length / samples;
  const [least, most] = [Math.min(...inputs), Math.max(...inputs)];
  const kinds: readonly ((value: number, place: number) => number)[] = [
    (value) => value,
    () => least,
    () => most,
    (_, place) => (place % 3 === 0 ? most : least),
    (_, place) => (place % 32 < 16 ? most : least),
    (value, place) => (place % 29 === 0 ? value : least),
  ];
  return inputs.map((value, at) => kinds[Math.floor(at / size) % kinds.length]!(value, at % size));
}

const runs = (each: Case) => runsOf(each.plan.steps).filter((run) => run.kernel === kernel);

test("it takes every shape, in bytes and in nibbles", () => {
  const taken = settings.flatMap((setting) => runs(caseOf(setting)).map(({ writes }) => [setting.shape, writes.element]));
  expect([...new Set(taken.map(([shape]) => shape))]).toEqual(Object.keys(shapes));
  expect([...new Set(taken.map(([, element]) => element))].sort()).toEqual(["i8", "u4"]);
});

test("it makes no offer for maps whose rows are longer than an offset reaches", () => {
  const network = networkFrom(
    `range: fixed activations: 2bit weights: 2bitsym input u1[4, 300, 1] -> conv(2) -> relu -> flatten -> dense(3)`,
  );
  const levels = quantizeWeights(network, seededWeights(network));
  const bids = bidding(lower(network, { levels }), roomy(loadTarget("ch32v003")));
  expect(bids[0]!.length).toBeGreaterThan(0);
  expect(bids[0]!.filter((bid) => bid.kernel.name === kernel)).toEqual([]);
});

test.skipIf(compiler === undefined)("their C agrees with the reference under the sanitizers", () => expectAgreement(settings.map(caseOf)));

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined).each(settings)(
  "$shape agrees on the chip, interrupts $interrupts, draw $seed",
  (setting) => {
    const each = caseOf(setting);
    expectAgreementOnChip(each);
    if (setting.interrupts === "allowed") expect(expectAgreementInterrupted(each, samples, 2)).toBeGreaterThan(1000);
  },
);

test.skipIf(findCompiler(loadTarget("ch32v003")) === undefined)("its frame is part of the stack that is foretold", () => {
  const network = networkFrom(
    "range: fixed bias: no weights: nf4 activations: 1bit input i8[4, 4, 1] -> conv(1, kernel: 1) -> relu -> flatten -> dense(2)",
    "frame",
  );
  const weights = seededWeights(network);
  const pick = (offers: readonly Bid[]): Bid => offers.find((bid) => [kernel, "dense-bucket"].includes(bid.kernel.name))!;
  const plan = forcedPlan(network, roomy(loadTarget("ch32v003")), pick, { levels: quantizeWeights(network, weights) });
  expect(runsOf(plan.steps).map((run) => run.kernel)).toEqual([kernel, "dense-bucket"]);
  expectAgreementOnChip({ plan, weights, inputs: inputsOf(network) });
});
