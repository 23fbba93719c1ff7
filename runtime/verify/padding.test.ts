import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";

/**
 * Units that do not exist fill up words of weights and sums, and what stands in their places may be anything: kernels of several units at
 * once, fused with `relu` and alone, with numbers of units that leave some over and inputs that drive sums as far as they go.
 */
const kernels = ["dense-bitplanes", "dense-bitsliced", "dense-swar", "dense-lookup", "dense-unrolled"];

const shapes: readonly (readonly [target: string, format: string, units: number])[] = [
  ["ch32v003", "4bit", 4],
  ["ch32v003", "4bit", 18],
  ["ch32v003", "4bitsym", 6],
  ["ch32v003", "ternary", 7],
  ["ch32v003", "2bitsym", 2],
  ["ch32v003", "5bitsym", 3],
  ["ch32v002", "4bit", 5],
  ["ch32v002", "binary", 3],
  ["host", "8bit", 9],
];

function caseOf(kernel: string, target: Target, format: string, units: number, fused: boolean): readonly Case[] {
  const name = ["pad", kernel, target.name, format, units, fused ? "fused" : "alone"].join("_").replaceAll("-", "_");
  const network = networkFrom(
    `input i8[256] -> dense(${units}, weights: ${format}, norm: batch, activations: 8bit_shift) -> relu -> dense(10, weights: 5bitsym)`,
    name,
  );
  const weights = seededWeights(network);
  let bids = false;
  const plan = forcedPlan(
    network,
    target,
    (offers) => {
      const own = offers.find(
        ({ kernel: { name: offering }, layers }) => offering === kernel && layers[0] === "dense1" && layers.length === (fused ? 2 : 1),
      );
      bids ||= own !== undefined;
      return own ?? offers[0]!;
    },
    { levels: quantizeWeights(network, weights) },
  );
  return bids ? [{ plan, weights, inputs: contrasts(256) }] : [];
}

/** One input at one end of the range, at a place that moves, and all others at the other; the ground at -128 or at zero. */
const contrasts = (size: number): Int8Array =>
  Int8Array.from({ length: samples * size }, (_, at) => {
    const [sample, place] = [Math.floor(at / size), at % size];
    const [spike, ground] = [
      [-128, 127],
      [127, -128],
      [-1, 127],
      [127, 0],
    ][sample % 4]!;
    return place === (133 + 7 * sample) % size ? spike! : ground!;
  });

const cases = shapes.flatMap(([target, format, units]) =>
  kernels.flatMap((kernel) => [true, false].flatMap((fused) => caseOf(kernel, loadTarget(target), format, units, fused))),
);

test("every kernel that packs units is there, fused where it can be", () => {
  const ran = new Set(cases.map(({ plan }) => runsOf(plan.steps)[0]!).map(({ kernel, layers }) => `${kernel} ${layers.length}`));
  expect([...ran].sort()).toEqual([...kernels.map((name) => `${name} 1`), "dense-bitplanes 2", "dense-bitsliced 2"].sort());
});

test.skipIf(compiler === undefined)("what no unit owns changes nothing", () => expectAgreement(cases));
