import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import { runsOf } from "#compiler/ir/plan.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { buildFirmware } from "../firmware/build.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "./on-chip.js";

/** The assembly of the kernels that list inputs by their digits on the simulated chip, with inputs that fill lists and bytes to the brim. */
const chip = loadTarget("ch32v003");
const templates = loadTemplates();

/** What one input or two, or all, are at the ends of their range, against a ground of each kind. */
const extreme: readonly ((place: number, sample: number) => number)[] = [
  () => 127,
  () => -128,
  (place) => (place % 2 === 0 ? 127 : -128),
  (place, sample) => (place === sample ? 127 : -128),
  (place, sample) => (place === sample ? -128 : 127),
  (place, sample) => (place === sample ? 127 : 0),
  (place) => (place % 4 === 3 ? -7 : 0),
];

/** What runs from RAM, and whether inputs are listed singly, as variants say it. */
const isPlaced = (variant: string | undefined, place: string): boolean => variant?.replace(/^lists of \d+, /, "") === place;

test.skipIf(findCompiler(chip) === undefined).each([
  ["dense-bitplanes", "4bitsym", "lists and rows in RAM", [37, 40, 18]],
  ["dense-bitplanes", "4bitsym", "all in flash", [144, 34, 10]],
  ["dense-bitplanes", "4bit", "lists in RAM", [256, 18, 12]],
  ["dense-bitplanes", "4bit", "made singly, all in flash", [37, 40, 18]],
  ["dense-bitsliced", "4bitsym", "rows and lists in RAM", [37, 40, 18]],
  ["dense-bitsliced", "4bit", "all in flash", [144, 34, 10]],
  ["dense-bitsliced", "ternary", "rows in RAM", [50, 70, 6]],
  ["dense-bitsliced", "ternary", "rows and lists in RAM", [300, 40, 33]],
  ["dense-bitsliced", "binary", "rows and lists in RAM", [64, 16, 3]],
  ["dense-bitsliced", "5bitsym", "rows in RAM", [258, 33, 9]],
  ["dense-bitsliced", "2bitsym", "all in flash", [520, 33, 40]],
  ["dense-bitsliced", "8bit", "rows in RAM", [65, 32, 12]],
  ["dense-bitsliced", "2bitsym", "made singly, all in flash", [144, 34, 10]],
] as const)("%s: %s weights, %s", (name, quantizer, place, [inputs, hidden, classes]) => {
  const network = perceptron({
    name: "net",
    input: [inputs],
    layers: [
      [hidden, quantizer],
      [hidden, quantizer],
      [classes, quantizer],
    ],
  });
  const weights = seededWeights(network);
  const plan = forcedPlan(
    network,
    chip,
    (bids) =>
      bids.find(
        ({ kernel, layers, offer }) =>
          kernel.name === name && isPlaced(offer.variant, place) && (layers.length === 2 || layers[0] === network.result),
      ) ?? bids[0]!,
    { levels: quantizeWeights(network, weights) },
  );
  expect(runsOf(plan.steps).map(({ kernel }) => kernel)).toEqual([name, name, name]);
  const emission = emit(plan, weights, templates, provenance);
  const random = seededInputs(network, 12);
  const count = 12 + 2 * extreme.length;
  const samples = Int8Array.from({ length: count * inputs }, (_, at) => {
    const [sample, place] = [Math.floor(at / inputs), at % inputs];
    return sample < 12 ? random[at]! : extreme[(sample - 12) % extreme.length]!(place, sample);
  });
  const firmware = buildFirmware({ plan, emission, templates, demo: { dataset: "none", width: 16, samples: [] } });
  const { mismatches, simulation } = verifyOnChip({ plan, weights, emission, templates, inputs: samples, count }, firmware);
  expect(mismatches).toBe(0);
  expect(simulation.stack).toBeLessThanOrEqual(firmware.stack.model.bytes);
});
