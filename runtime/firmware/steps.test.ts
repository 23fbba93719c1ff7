import { expect, test } from "vitest";
import { perceptron } from "#compiler/cases/emit/perceptron.js";
import type { Plan, Run, Step } from "#compiler/ir/plan.js";
import type { Routine } from "#compiler/ir/routine.js";
import { routine } from "#compiler/kernels/routine.js";
import { plan } from "#compiler/plan/plan.js";
import { loadTarget } from "../targets.js";
import { stepClock } from "./steps.js";

const network = perceptron({
  name: "net",
  input: [16],
  layers: [
    [8, "4bitsym"],
    [8, "4bitsym"],
    [4, "4bitsym"],
  ],
});
const value = plan(network, loadTarget("ch32v003")).value!;
const own = value.steps[0] as Run;
const rescale = routine("requantize/relu-rescale", { label: "rescale", code: 0 });
const run = (name: string, shared?: Routine): Step => ({ ...own, name, ...(shared === undefined ? {} : { shared }) });
const clockOf = (steps: readonly Step[]) => stepClock({ ...value, steps } as Plan);

test("steps that share a function are told apart by the order of their calls", () => {
  const clock = clockOf([run("dense1"), run("relu1", rescale), run("dense2"), run("relu2", rescale)]);
  for (const factor of [1, 3]) {
    const calls = [
      ["dense1", 100],
      ["rescale.constprop.0", 7],
      ["other", 99],
      ["dense2", 50],
      ["rescale.constprop.0", 9],
    ] as const;
    for (const [name, cycles] of calls) clock.returned(name, factor * cycles);
    clock.finish(factor * 200);
  }
  expect(clock.means()).toEqual([
    { name: "dense1", cycles: 200 },
    { name: "relu1", cycles: 14 },
    { name: "dense2", cycles: 100 },
    { name: "relu2", cycles: 18 },
    { name: value.entry, cycles: 68 },
  ]);
});

test("a step that runs for each channel adds up; one that was inlined counts for the entry", () => {
  const clock = clockOf([{ kind: "each-channel", count: 3, body: [run("conv1"), run("pool1")] }, run("dense1")]);
  for (let channel = 0; channel < 3; channel++) clock.returned("conv1", 10 + channel);
  clock.returned("dense1", 5);
  clock.finish(50);
  expect(clock.means()).toEqual([
    { name: "conv1", cycles: 33 },
    { name: "pool1", cycles: 0 },
    { name: "dense1", cycles: 5 },
    { name: value.entry, cycles: 12 },
  ]);
});
