import { kernels } from "../kernels/index.js";
import { expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { roomy } from "#runtime/tune/bench.js";
import { forcedPlan } from "../cases/emit/forced-plan.js";
import { provenance, seededWeights } from "../cases/emit/perceptron.js";
import { networkFrom } from "../cases/network.js";
import type { Interrupts } from "../ir/plan.js";
import { emit, functionNames } from "../emit/emit.js";
import { functionsOf } from "../kernels/contract.js";
import { quantizeWeights } from "../catalog/integers.js";
import { bidding } from "./bidding.js";
import { lower } from "./lower.js";
import { fingerprintOf } from "./fingerprint.js";
import { chains, mixed } from "./testing/networks.js";

/** Functions that kernels share are told apart by their names, and all that bid has a say in a fingerprint. */

const interrupts: readonly Interrupts[] = ["allowed", "disabled"];
test.each(["ch32v003", "ch32v002", "host", "cortex_m0"])(
  "on %s routines of equal content are one, others have other keys, whichever kernels are chosen",
  (name) => {
    const target = loadTarget(name);
    const contents = new Map<string, string>();
    const offers = [chains, ...mixed].flatMap((network) => {
      const levels = quantizeWeights(network, seededWeights(network));
      return interrupts.flatMap((each) => bidding(lower(network, { levels, interrupts: each }), target).flat());
    });
    for (const routine of offers.flatMap(({ offer }) => functionsOf(offer))) {
      const content = JSON.stringify(routine);
      expect(contents.get(routine.key) ?? content).toBe(content);
      contents.set(routine.key, content);
    }
    expect(new Set(contents.values()).size).toBe(contents.size);
    expect(contents.size).toBeGreaterThan(20);
  },
);

test("routines of one label and different contents are both emitted, each under a name of its own", () => {
  const target = roomy(loadTarget("ch32v003"));
  const small = networkFrom("weights: 4bitsym norm: none input i8[48] -> dense(16) -> relu -> dense(16) -> relu -> dense(16)", "placed");
  const wanted = [/all in flash/, /^lists of 24, lists in RAM/, /^lists of 24, lists and rows in RAM/];
  let step = 0;
  const plan = forcedPlan(small, target, (bids) => {
    const found = bids.find(
      ({ kernel, layers, offer }) => kernel.name === "dense-bitplanes" && layers.length === 1 && wanted[step]!.test(offer.variant!),
    );
    if (found !== undefined) step++;
    return found ?? bids[0]!;
  });
  expect(step).toBe(3);
  const walks = plan.routines.filter(({ label }) => label === "walk_words");
  expect(walks.map(({ placement }) => placement).sort()).toEqual(["flash", "ram"]);
  const names = [...functionNames(plan).routines.values()];
  expect(new Set(names).size).toBe(plan.routines.length);
  expect(names).toEqual(expect.arrayContaining(["walk_words", "walk_words_ram", "list_words", "list_words_2"]));
  const text = emit(plan, seededWeights(small), loadTemplates(), provenance).get("placed.c")!;
  for (const name of names.filter((each) => each !== "digits"))
    expect(
      text.split(`FUNCTION `).some((part) => new RegExp(`^[^(]*\\b${name}\\(`).test(part)),
      name,
    ).toBe(true);
});

test("code that is written from RAM for one chain and from flash for the next is two routines, each with its loop", () => {
  const wanted = ["code written, the loop in RAM", "code written, all in flash"];
  let step = 0;
  const plan = forcedPlan(chains, roomy(loadTarget("ch32v003")), (bids) => {
    const found = bids.find(({ kernel, offer }) => kernel.name === "depthwise-jit" && offer.variant === wanted[step]);
    if (found !== undefined) step++;
    return found ?? bids[0]!;
  });
  expect(step).toBe(2);
  const placed = (template: string) => plan.routines.filter((routine) => routine.template.endsWith(template));
  expect(placed("write-digits").map(({ placement }) => placement)).toEqual(["ram", "flash"]);
  expect(placed("write-code").map(({ calls }) => calls["loop"]!.placement)).toEqual(["ram", "flash"]);
  const names = [...functionNames(plan).routines.values()];
  expect(names).toEqual(expect.arrayContaining(["write_digits_ram", "write_digits", "write_code", "write_code_2", "run_write_code_2"]));
});

test.each([
  ["ch32v003", "depthwise-jit"],
  ["ch32v002", "depthwise-mul"],
])("on %s the template of %s, which runs channel by channel, is in the fingerprint of a tuning", (name, kernel) => {
  const target = loadTarget(name);
  const templates = loadTemplates();
  const path = `${kernels[kernel]!.template}.c.hbs`;
  const edited = new Map([...templates, [path, `${templates.get(path)!}/* changed */`]]);
  expect(fingerprintOf(chains, target, edited).kernels).not.toBe(fingerprintOf(chains, target, templates).kernels);
});
