import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { routinesOf } from "#compiler/kernels/contract.js";
import { kernels } from "#compiler/kernels/index.js";
import { emit } from "#compiler/emit/emit.js";
import type { Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import type { Bid } from "#compiler/plan/bidding.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { buildFirmware } from "../firmware/build.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { roomy } from "../tune/bench.js";
import { verifyOnChip } from "./on-chip.js";

/**
 * Routines have assembly of their own for RISC-V: on simulated chips it is the reference, bit for bit, whatever runs from
 * RAM, with units that do not fill the last group, inputs of all distances from a background and inputs without one.
 */
const templates = loadTemplates();
const count = 12;
/** With room for any offer: what assembly gives does not depend on whether it fits. */
const chips = ["ch32v003", "ch32v002"].map((name) => roomy(loadTarget(name)));

const assembled = (bid: Bid): boolean => routinesOf(bid.offer).length > 0;

/** A net for each format that a kernel with routines runs, on any of its offers: so many inputs that their sum does not fit a lane of one bit a weight. */
const cases = chips
  .flatMap((target) =>
    Object.keys(catalog.quantizers).flatMap((quantizer) =>
      Object.values(kernels).map((kernel) => ({ target, quantizer, kernel: kernel.name })),
    ),
  )
  .filter(({ target, quantizer, kernel }) => planOf(target, quantizer, kernel) !== undefined);

function planOf(target: (typeof chips)[number], quantizer: string, kernel: string) {
  const network = perceptron({
    name: "net",
    input: [18, 18],
    layers: [
      [11, quantizer],
      [16, quantizer],
      [3, quantizer],
    ],
  });
  const draw = random("offers", target.name, quantizer, kernel);
  let runs = true;
  const planned = forcedPlan(
    network,
    target,
    (bids) => {
      const wanted = bids.filter((bid) => bid.kernel.name === kernel && assembled(bid));
      runs &&= wanted.length > 0 || bids.every((bid) => bid.layers[0]!.startsWith("relu"));
      return wanted[draw.below(wanted.length)] ?? bids[0]!;
    },
    { levels: quantizeWeights(network, weightsOf(network)), interrupts: target.multiplies ? "disabled" : "allowed" },
  );
  return runs ? planned : undefined;
}

/** All levels, in the first unit only the highest, in the second only the lowest. */
function weightsOf(network: Network): Weights {
  return new Map(
    [...seededWeights(network)].map(([id, { values, shape, clip }]) => {
      const columns = shape[1]!;
      return [id, { shape, clip, values: values.map((value, i) => (i < columns ? 1000 : i < 2 * columns ? -1000 : value)) }];
    }),
  );
}

/** Noise, then pictures: a background with a few other values, the extremes among them; at last the widest apart. */
function inputsOf(network: Network): Int8Array {
  const inputs = seededInputs(network, count);
  const size = inputs.length / count;
  for (let i = 6 * size; i < inputs.length; i++) if (i % 5 !== 0) inputs[i] = i < 9 * size ? -20 : 127;
  inputs.fill(127, (count - 1) * size);
  inputs[inputs.length - 1] = -128;
  return inputs;
}

test("assembly runs on both chips", () => {
  expect(new Set(cases.map(({ target }) => target))).toEqual(new Set(chips));
});

test.skipIf(chips.some((chip) => findCompiler(chip) === undefined)).each(cases)(
  "$kernel runs $quantizer on $target.name",
  ({ target, quantizer, kernel }) => {
    const plan = planOf(target, quantizer, kernel)!;
    const weights = weightsOf(plan.network);
    const emission = emit(plan, weights, templates, provenance);
    const firmware = buildFirmware({ plan, emission, templates, demo: { dataset: "none", width: 18, samples: [] } });
    const { first } = verifyOnChip({ plan, weights, emission, templates, inputs: inputsOf(plan.network), count }, firmware);
    expect(first).toEqual([]);
  },
);
