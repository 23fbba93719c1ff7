import { describe, expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { emit } from "#compiler/emit/emit.js";
import type { Interrupts } from "#compiler/ir/plan.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { buildFirmware } from "./build.js";
import { ch32funProject } from "./ch32fun.js";
import { demoOf } from "./demo.js";
import { consoleOf } from "./simulate.js";
import { demoSources } from "./sources.js";

const templates = loadTemplates();

/** A net with a kernel that borrows registers of handlers where that is promised to do no harm. */
function ingredientsOf(name: string, interrupts: Interrupts) {
  const target = loadTarget(name);
  const network = networkFrom(
    "weights: 8bit norm: none input i8[12, 12, 1] -> conv(4) -> relu -> dwconv -> relu -> maxpool(2) -> flatten -> dense(3, weights: 4bitsym, norm: rms)",
    "net",
  );
  const weights = seededWeights(network);
  const plan = forcedPlan(network, target, (bids) => bids.find(({ kernel }) => kernel.depthwiseChains) ?? bids.at(-1)!, {
    levels: quantizeWeights(network, weights),
    interrupts,
  });
  const count = 4;
  const test = { count, size: 144, values: seededInputs(network, count), labels: new Uint8Array(count) };
  const demo = demoOf(network, weights, test, { dataset: "noise", shape: [12, 12, 1], count });
  return { plan, emission: emit(plan, weights, templates, provenance), templates, demo };
}

describe.each(["ch32v002", "ch32v003"])("on the %s", (name) => {
  const [undisturbed, interrupted] = [ingredientsOf(name, "disabled"), ingredientsOf(name, "allowed")];

  test("what main does around the call is what the header asks for", () => {
    expect(undisturbed.emission.get("net.h")).toContain("Disable interrupts before the call: gp, sp, tp hold data while it runs.");
    expect(demoSources(undisturbed).get("firmware/main.c")).toMatch(
      /board_disable_interrupts\(\);\n.*= net_infer\(.*\);\n\s+board_enable_interrupts\(\);/,
    );
    expect(ch32funProject(undisturbed).get("main.c")).toMatch(/__disable_irq\(\);\n.*= net_infer\(.*\);\n\s+__enable_irq\(\);/);
    expect(interrupted.emission.get("net.h")).toContain("Interrupts may come at any time");
    for (const sources of [demoSources(interrupted), ch32funProject(interrupted)])
      for (const [path, text] of sources) if (path.endsWith("main.c")) expect(text).not.toMatch(/disable_i/);
  });

  test.skipIf(findCompiler(loadTarget(name)) === undefined).each([
    ["disabled", undisturbed],
    ["allowed", interrupted],
  ] as const)("the demo answers as the model, interrupts %s", (_, ingredients) => {
    expect(consoleOf(buildFirmware(ingredients))).toContain("as the model: 4 of 4");
  });
});
