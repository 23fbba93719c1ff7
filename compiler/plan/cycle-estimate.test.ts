import { describe, expect, test } from "vitest";
import { networkFrom } from "../cases/network.js";
import type { Network } from "../ir/network.js";
import type { Occupancies } from "../ir/occupancy.js";
import { type Plan, runsOf } from "../ir/plan.js";
import { random } from "../random.js";
import { loadTarget } from "#runtime/targets.js";
import { bidding } from "./bidding.js";
import { cycleEstimator } from "./cycle-estimate.js";
import { lower } from "./lower.js";
import { plan } from "./plan.js";
import { chosenBids } from "./tuning.js";

const nets: Readonly<Record<string, string>> = {
  perceptron: "weights: 4bitsym range: fixed input i8[256] -> dense(64) -> relu -> dense(10, activations: 4bit)",
  sampled: "weights: 2bitsym input u7[144] -> dense(24) -> relu -> dense(10)",
  signed: "weights: ternary range: fixed input i8[64] -> dense(32) -> leaky_relu(3) -> dense(10)",
  depthwise:
    "weights: 2bitsym input i8[16, 16, 1] -> conv(8, kernel: 3, padding: same, norm: none) -> relu -> maxpool(2)" +
    " -> dwconv(kernel: 3, norm: none) -> relu -> flatten -> dense(10)",
  nibbles:
    "weights: 4bitsym range: fixed activations: 4bit input u4[12, 12, 1] -> conv(16, kernel: 3) -> relu -> conv(16, kernel: 3) -> relu" +
    " -> maxpool(2) -> flatten -> dense(10)",
};

/** Other densities for each layer that gives activations, the input included. */
function densities(network: Network, seed: number): Occupancies {
  const draw = random("densities", seed);
  const layers = network.layers.filter(({ type }) => type.element !== "i32");
  return new Map(layers.map(({ id }) => [id, { active: draw.between(0, 1), digits: draw.between(1, 7) }]));
}

const deployment = { settings: {} } as Parameters<typeof cycleEstimator>[1];
const planOf = (network: Network, target: string, occupancies: Occupancies): Plan =>
  plan(network, loadTarget(target), undefined, { occupancies }).value!;

/** What the kernels of a plan bid where densities are others. */
function bidCycles({ network, target, steps, cost }: Plan, occupancies: Occupancies): number {
  const runs = runsOf(steps);
  const bids = chosenBids(bidding(lower(network, { occupancies, untrained: true }), target), { choices: runs, cost })!;
  const entry = cost.cycles - runs.reduce((sum, run) => sum + run.cost.cycles, 0);
  return bids.reduce((sum, { offer }) => sum + offer.cost.cycles, entry);
}

describe.each(["ch32v003", "ch32v002", "cortex_m0"])("on %s", (target) => {
  test.each(Object.keys(nets))("cycles of %s are those that planning estimates, and that its kernels bid for other densities", (name) => {
    const network = networkFrom(nets[name]!);
    const occupancies = densities(network, 1);
    const planned = planOf(network, target, occupancies);
    const estimate = cycleEstimator(planned, deployment);
    expect(estimate(occupancies)).toBe(planned.cost.cycles);
    for (const seed of [2, 3, 4]) {
      const others = densities(network, seed);
      expect(estimate(others)).toBe(bidCycles(planned, others));
    }
  });
});

test("estimates rise with the share of values above the zero point", () => {
  const network = networkFrom(nets["perceptron"]!);
  const at = (active: number): Occupancies => new Map([...densities(network, 1)].map(([id, one]) => [id, { ...one, active }]));
  const estimate = cycleEstimator(planOf(network, "ch32v003", at(0.4)), deployment);
  expect(estimate(at(0.2))).toBeLessThan(estimate(at(0.4)));
  expect(estimate(at(0.4))).toBeLessThan(estimate(at(0.8)));
});

test("where cycles were measured they are estimated all the same", () => {
  const network = networkFrom(nets["signed"]!);
  const occupancies = densities(network, 1);
  const planned = planOf(network, "ch32v003", occupancies);
  const measured = { ...planned, cost: { ...planned.cost, cycles: 1 }, measured: true };
  expect(cycleEstimator(measured, deployment)(occupancies)).toBe(planned.cost.cycles);
});
