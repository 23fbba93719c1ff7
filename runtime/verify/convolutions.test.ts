import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { ConvWindows } from "#compiler/kernels/channelwise/conv-windows.js";
import { kernels } from "#compiler/kernels/index.js";
import type { Network } from "#compiler/ir/network.js";
import { runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import type { Bid } from "#compiler/plan/bidding.js";
import { type Random, random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";
import { drawNetwork } from "./testing/random-maps.js";

/**
 * The C of every kernel that makes one channel at a time is the reference, bit for bit: random nets of all layers for
 * images and sequences, in every weight format, fused in random ways, with sums stored as proved from formats or weights.
 */
const targets = ["host", "ch32v003"].map(loadTarget);
const convolvers = Object.values(kernels).filter(({ channelwise, serves }) => channelwise && serves.some(([op]) => op === "conv"));

/** Whatever a kernel may be asked for at once, at least once. */
const everyShape = `
  input i8[20, 20, 1] -> conv(3) -> relu -> conv(3) -> relu -> conv(2) -> relu -> maxpool(2) -> dwconv(kernel: 2) -> relu -> maxpool(2)
  -> dwconv(padding: same) -> relu -> conv(2, padding: same) -> relu -> dwconv(kernel: 2) -> relu -> maxpool(2)
  -> flatten -> dense(3, norm: rms)`;

/** Sums of a whole map, which reach beyond 16 bits with a sign. */
const wholeMap = "range: fixed bias: no input i8[20, 20, 1] -> conv(2) -> relu -> sumpool -> leaky_relu(1) -> flatten -> dense(3)";

const cases: readonly Case[] = targets.flatMap((target) =>
  convolvers.flatMap(({ name: kernel }) => [
    ...Object.keys(catalog.quantizers).flatMap((quantizer, index) => drawnCase(target, quantizer, kernel, index % 2 === 0)),
    ...caseOf(
      networkFrom(`weights: 2bitsym norm: none range: sample ${everyShape}`, nameOf(target.name, kernel, "shapes")),
      target,
      kernel,
    ),
    ...caseOf(networkFrom(`weights: 4bit ${wholeMap}`, nameOf(target.name, kernel, "sums")), target, kernel),
  ]),
);

function nameOf(...parts: readonly string[]): string {
  return parts.join("_").replaceAll("-", "_");
}

function drawnCase(target: Target, quantizer: string, kernel: string, known: boolean): readonly Case[] {
  const draw = random("maps", target.name, quantizer, kernel);
  return caseOf(drawNetwork(draw, target, quantizer, nameOf(target.name, quantizer, kernel)), target, kernel, draw, known);
}

/** A net all of whose convolutions are on one kernel, planned with its weights or without, fused as far as possible or by chance; none when the target lacks it. */
function caseOf(network: Network, target: Target, kernel: string, draw?: Random, known = false): readonly Case[] {
  const weights = seededWeights(network);
  let lacks = false;
  const pick = (bids: readonly Bid[]): Bid => {
    const wanted = bids.filter((bid) => bid.kernel.name === kernel);
    lacks ||= wanted.length === 0 && bids.some((bid) => convolvers.includes(bid.kernel));
    const choices = wanted.length > 0 ? wanted : bids;
    const longest = choices.reduce((most, bid) => (bid.layers.length > most.layers.length ? bid : most));
    return draw === undefined || draw.below(2) === 0 ? longest : choices[draw.below(choices.length)]!;
  };
  const planned = forcedPlan(network, target, pick, known ? { levels: quantizeWeights(network, weights) } : {});
  return lacks ? [] : [{ plan: planned, weights, inputs: seededInputs(network, samples) }];
}

test("every kernel for channels runs every format, in every shape that it has", () => {
  const runs = cases.flatMap(({ plan: planned }) => runsOf(planned.steps).map((run) => ({ ...run, network: planned.network })));
  const channelwise = Object.values(kernels).filter((kernel) => kernel.channelwise);
  expect([...new Set(runs.map(({ kernel }) => kernel))]).toEqual(expect.arrayContaining(channelwise.map(({ name }) => name)));
  for (const { name } of convolvers) {
    const own = runs.filter(({ kernel }) => kernel === name);
    const contexts = own.map(({ context }) => context as ConvWindows & { readonly format: string });
    const shapes = new Set(contexts.map(({ gathered, deep, pooled, relu }) => [gathered, deep, pooled, relu].map(Number).join("")));
    // Copied windows are not pooled in the same step.
    expect([...shapes].sort()).toEqual(["0000", "0001", "0010", "0011", "0100", "0101", "0110", "0111", "1000", "1001", "1100", "1101"]);
    expect([...new Set(contexts.map(({ format }) => format))].sort()).toEqual(Object.keys(catalog.quantizers).sort());
  }
  const stored = new Set(runs.flatMap(({ reads, writes }) => [reads.element, writes.element]));
  expect([...stored].sort()).toEqual(["i16", "i32", "i8", "u16"]);
});

test.skipIf(compiler === undefined)("every kernel agrees with the reference under the sanitizers", () => expectAgreement(cases));
