import { kernels } from "#compiler/kernels/index.js";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Network } from "#compiler/ir/network.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import type { Routine } from "#compiler/ir/routine.js";
import { routinesOf } from "#compiler/kernels/contract.js";
import type { Target } from "#compiler/ir/target.js";
import { bidding } from "#compiler/plan/bidding.js";
import { lower } from "#compiler/plan/lower.js";
import { fixedRanges } from "#compiler/plan/testing/networks.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { roomy } from "../../tune/bench.js";
import { type Case, samples } from "./agreement.js";

/** Templates of C, those of routines once for flash and once for RAM. */
const namesOf = (kernel: string, routines: readonly Routine[]): readonly string[] => [
  kernels[kernel]!.template,
  ...routines.map(({ template, placement }) => `${template}${placement === "ram" ? ", in RAM" : ""}`),
];

/** Every template of C that a plan takes. */
export const templatesOf = ({ steps, routines }: Plan): readonly string[] => [
  ...new Set(runsOf(steps).flatMap(({ kernel }) => namesOf(kernel, routines))),
];

const images = [
  "norm: none weights: 8bit input i8[16, 16, 1] -> conv(5) -> relu -> dwconv -> relu -> maxpool(2) -> dwconv -> relu -> avgpool(2)",
  "norm: none weights: 4bitsym input i8[12, 11, 1] -> conv(3) -> relu -> dwconv -> relu -> maxpool(2)",
  "norm: none weights: ternary input i8[10, 11, 2] -> conv(4, groups: 2) -> relu -> dwconv -> relu -> maxpool(2)",
  "norm: rms weights: 4bitsym input i8[12, 12, 1] -> conv(16) -> relu -> maxpool(2) -> conv(24) -> relu",
  "norm: none weights: 2bitsym input i8[9, 9, 2] -> conv(8, kernel: 2) as a -> relu -> conv(8, padding: same) -> add(a) -> relu",
  "range: fixed bias: yes weights: 4bitsym input i8[9, 9, 2] -> conv(6) -> leaky_relu(2) -> dwconv -> requantize -> sumpool(2) -> relu",
] as const;

/** Small networks of every format: fully connected, convolutional, and depthwise. */
const networks = (): readonly Network[] => [
  ...Object.keys(catalog.quantizers).map((format) =>
    perceptron({
      name: format,
      input: [37],
      layers: [
        [40, format],
        [40, format],
        [18, format],
      ],
    }),
  ),
  perceptron({
    name: "wide",
    input: [256],
    layers: [
      [18, "4bit"],
      [18, "4bit"],
      [12, "4bit"],
    ],
  }),
  perceptron({
    name: "few",
    input: [40],
    layers: [
      [10, "binary"],
      [3, "8bit"],
    ],
  }),
  ...fixedRanges,
  ...images.map((layers, at) => networkFrom(`${layers} -> flatten -> dense(3, weights: 4bitsym, norm: rms)`, `image${at}`)),
];

/**
 * A greedy set cover: few cases that together have every template of C that an offer for a target takes. Each brings one that
 * none before it has. Layers behind the one that is offered for run on the same kernel where they can. Names tell the cases apart
 * in one program.
 */
export function representatives(given: Target): readonly Case[] {
  const target = roomy(given);
  const covered = new Set<string>();
  const cases: Case[] = [];
  for (const [network, interrupts] of networks().flatMap((each) => (["allowed", "disabled"] as const).map((way) => [each, way] as const))) {
    const weights = seededWeights(network);
    const circumstances = { interrupts, levels: quantizeWeights(network, weights) };
    for (const { kernel, offer, layers } of bidding(lower(network, circumstances), target).flat()) {
      if (namesOf(kernel.name, routinesOf(offer)).every((template) => covered.has(template))) continue;
      const name = `${target.name}_${network.name}_${cases.length}`;
      const plan = forcedPlan(
        { ...network, name },
        target,
        (bids) => {
          const alike = bids.filter((bid) => bid.kernel === kernel);
          return alike.find((bid) => bid.offer.variant === offer.variant && bid.layers.length === layers.length) ?? alike[0] ?? bids[0]!;
        },
        circumstances,
      );
      for (const template of templatesOf(plan)) covered.add(template);
      cases.push({ plan, weights, inputs: seededInputs(network, samples) });
    }
  }
  return cases;
}
