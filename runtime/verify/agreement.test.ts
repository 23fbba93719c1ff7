import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Kernel } from "#compiler/kernels/contract.js";
import { kernels } from "#compiler/kernels/index.js";
import { runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";

/**
 * The C of every kernel for vectors is the reference, bit for bit: for every weight format that it bids for, on both
 * targets, with random shapes (rows that do not fill words among them) and extreme inputs.
 */
const targets = ["host", "ch32v003"].map(loadTarget);

const servesDense = ({ serves }: Kernel): boolean => serves.some(([op]) => op === "dense");

/**
 * One net for each format, kernel and target: three dense layers of random sizes, all on that kernel, smaller ones for
 * kernels of small layers, and of four-bit values for those that read no others. The chip's plans know the weights.
 */
const cases: readonly Case[] = targets.flatMap((target) =>
  Object.keys(catalog.quantizers).flatMap((quantizer) => casesFor(target, quantizer)),
);

function casesFor(target: Target, quantizer: string): readonly Case[] {
  const draw = random("shapes", target.name, quantizer);
  const shaped = (name: string, sizes: readonly number[], narrow: boolean) => {
    const size = (): number => 1 + draw.below(sizes[draw.below(sizes.length)]!);
    if (narrow) {
      const layers = [size(), size(), 1 + size()].map((units) => `dense(${units})`).join(" -> relu -> ");
      const body = `weights: ${quantizer} activations: 4bit range: sample input u4[${size()}, ${size()}] -> flatten -> ${layers}`;
      return networkFrom(body, name);
    }
    return perceptron({
      name,
      input: [size(), size()],
      layers: [
        [size(), quantizer],
        [size(), quantizer],
        [size(), quantizer],
      ],
    });
  };
  const denseKernels = Object.values(kernels).filter((kernel) => servesDense(kernel));
  const caseOf = (kernel: Kernel, sizes: readonly number[], narrow = false): readonly Case[] => {
    const network = shaped(`${target.name}_${quantizer}_${kernel.name}`.replaceAll("-", "_"), sizes, narrow);
    const known = target.chip === undefined ? {} : { levels: quantizeWeights(network, seededWeights(network)) };
    let bids = true;
    const plan = forcedPlan(
      network,
      target,
      (offers) => {
        const wanted = offers.find((bid) => bid.kernel === kernel) ?? offers[0]!;
        bids &&= wanted.kernel === kernel || !servesDense(wanted.kernel);
        return wanted;
      },
      known,
    );
    return bids ? [{ plan, weights: seededWeights(network), inputs: seededInputs(network, samples) }] : [];
  };
  return denseKernels.flatMap((kernel) => {
    const drawn = caseOf(kernel, [1, 12, 40, 100]);
    const small = drawn.length > 0 ? drawn : caseOf(kernel, [1, 5, 16]);
    return small.length > 0 ? small : caseOf(kernel, [1, 12, 40], true);
  });
}

test("every format runs on both targets, and every dense kernel runs some format", () => {
  const ran = new Set(cases.flatMap(({ plan }) => runsOf(plan.steps).map(({ kernel }) => kernel)));
  const wholes = Object.values(kernels).filter(
    ({ channelwise, serves }) => channelwise !== true && serves.some(([op]) => op === "dense" || op === "relu"),
  );
  expect([...ran].sort()).toEqual(wholes.map(({ name }) => name).sort());
  for (const target of targets) {
    const formats = new Set(
      cases.filter(({ plan }) => plan.target === target).map(({ plan }) => plan.network.layers[2]!.weights!.quantizer),
    );
    expect([...formats].sort()).toEqual(Object.keys(catalog.quantizers).sort());
  }
});

test.skipIf(compiler === undefined)("every kernel agrees with the reference under the sanitizers", () => expectAgreement(cases));
