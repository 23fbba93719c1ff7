import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { runsOf } from "#compiler/ir/plan.js";
import { loadTarget } from "../targets.js";
import { type Case, compiler, expectAgreement, samples } from "./testing/agreement.js";

/**
 * Steps in a loop over channels that may write over what they read: several rounds that read one channel, rounds that make more bytes
 * than they read, and the caller's input as the buffer of either.
 */
const bodies: Readonly<Record<string, string>> = {
  shared:
    "weights: ternary norm: none input i8[9, 9, 2] -> conv(2, norm: rms) -> relu -> conv(6, groups: 2, norm: rms) -> relu -> conv(4, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
  shared_line:
    "weights: binary norm: none input i8[20, 2] -> conv1d(2, norm: rms) -> relu -> conv1d(8, groups: 2, norm: rms) -> relu -> conv1d(3, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
  widening:
    "weights: 8bit norm: none input i8[3, 3, 5] -> conv(6, norm: rms) -> relu -> dwconv(kernel: 1, norm: rms) -> conv(4, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
  pair: "weights: 4bit norm: none input i8[4, 3, 2] -> conv(4, kernel: 2, norm: rms) -> relu -> dwconv(kernel: 2, norm: rms) -> conv(4, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
  from_input:
    "weights: ternary norm: none input i8[5, 5, 1] -> conv(2) -> relu -> conv(4, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
  depthwise:
    "weights: binary norm: none input i8[6, 6, 4] -> dwconv -> relu -> conv(4, kernel: 1) -> relu -> flatten -> dense(3, norm: rms)",
};

const choices = ["first", "last", "longest", "shortest"] as const;

function caseOf(body: string, choice: (typeof choices)[number], input: "kept" | "overwritten"): Case {
  const network = networkFrom(bodies[body]!, [body, choice, input].join("_"));
  const plan = forcedPlan(
    network,
    loadTarget("ch32v003"),
    (offers) => {
      const own = offers.filter(({ kernel }) => kernel.channelwise === true);
      const among = own.length > 0 ? own : offers;
      const lengths = among.map(({ layers }) => layers.length);
      if (choice === "first" || choice === "last") return among.at(choice === "first" ? 0 : -1)!;
      return among.find(({ layers }) => layers.length === (choice === "longest" ? Math.max(...lengths) : Math.min(...lengths)))!;
    },
    { input },
  );
  return { plan, weights: seededWeights(network), inputs: seededInputs(network, samples) };
}

const cases = Object.keys(bodies).flatMap((body) =>
  choices.flatMap((choice) => (["kept", "overwritten"] as const).map((input) => caseOf(body, choice, input))),
);

test("some steps do write over what they read", () => {
  const inPlace = cases.filter(({ plan }) =>
    runsOf(plan.steps).some(({ reads, writes }) => reads.memory === writes.memory && reads.offset === writes.offset),
  );
  expect(inPlace.length).toBeGreaterThan(5);
});

test.skipIf(compiler === undefined)("rounds leave later ones what they read", () => expectAgreement(cases));
