import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { bidding } from "#compiler/plan/cover.js";
import { plan } from "#compiler/plan/plan.js";
import { scheduleOf } from "#compiler/plan/schedule.js";
import { type CallGraph, deepestStack } from "../firmware/call-graph.js";
import { inTemporaryFolder, writeFile } from "../host.js";
import { allTargets, loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { checkForTarget } from "../verify/target-check.js";
import { compile, findCompiler } from "./cc.js";
import { foreignCode, type Sizes } from "./inspect.js";
import { run } from "./process.js";

const templates = loadTemplates();
const chip = loadTarget("ch32v003");
const cross = findCompiler(chip);
const host = findCompiler(loadTarget("host"));
const quantizers = Object.keys(catalog.quantizers);
const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow"];

const netOf = (quantizer: string) => perceptron({ name: "net", input: [60], layers: [[20, quantizer], [12, quantizer], [5, quantizer]] });

/** Tells who calls whom, and keeps equal tables of several layers apart, as plans count them. */
const countable = ["-fcallgraph-info=su", "-fno-ipa-icf"];

/** Every kernel that bids for a format, each on all layers. */
function plansOf(quantizer: string, target: Target): readonly Plan[] {
  const network = netOf(quantizer);
  const offers = bidding(scheduleOf(network), target)[0]!;
  return offers.map(({ kernel }) => forcedPlan(network, target, (bids) => bids.find((bid) => bid.kernel === kernel) ?? bids[0]!));
}

/** One chip of each core. */
const chips = [...new Map(allTargets().filter(({ memory }) => memory !== undefined).map((target) => [target.core, target])).values()];

describe.each(chips)("for $core", (target) => {
  test.skipIf(findCompiler(target) === undefined).each(quantizers)("%s compiles without warnings, library calls or instructions that the chip lacks", (quantizer) => {
    for (const each of plansOf(quantizer, target)) {
      const { foreign, warnings, sizes, calls } = checkForTarget(emit(each, seededWeights(each.network), templates, provenance), target, [...strict, ...countable])!;
      expect(foreign).toEqual([]);
      expect(warnings).toBe("");
      if (target === chip) expectAsPlanned(each, sizes, calls);
    }
  });
});

function expectAsPlanned({ cost, arenaBytes, entry, steps }: Plan, { text, data, bss }: Sizes, calls: CallGraph): void {
  const kernels = runsOf(steps).map(({ kernel }) => kernel).join();
  // Code that runs from RAM counts as data there.
  const measured = text + data - cost.flash.weights;
  expect(cost.flash.code / measured, `code of ${kernels}`).toBeGreaterThan(0.85);
  expect(cost.flash.code / measured, `code of ${kernels}`).toBeLessThan(1.15);
  expect(bss - arenaBytes).toBeLessThan(4);
  expect(deepestStack(calls, entry).bytes, `stack of ${kernels}`).toBeLessThanOrEqual(cost.ram.stack);
}

describe.skipIf(cross === undefined)("for rv32ec", () => {
  test("foreign code is found", () => {
    inTemporaryFolder((folder) => {
      const source = join(folder, "foreign.c");
      const object = join(folder, "foreign.o");
      writeFile(source, "int f(int a, int b) { return a * b; }\nint g(int a, int b) { return a / b; }\n");
      compile(cross!, { sources: [source], output: object, flags: ["-c"] });
      expect(foreignCode(cross!, object, false)).toEqual(["a call to __divsi3", "a call to __mulsi3"]);
      compile({ ...cross!, flags: ["-O1", "-march=rv32emc", "-mabi=ilp32e"] }, { sources: [source], output: object, flags: ["-c"] });
      expect(foreignCode(cross!, object, false).map((line) => line.split(/\s/)[0])).toEqual(["mul", "div"]);
      expect(foreignCode(cross!, object, true).map((line) => line.split(/\s/)[0])).toEqual(["div"]);
    });
  });
});

const speaksCpp = host !== undefined && run(host.command, ["-x", "c++", "-fsyntax-only", "/dev/null"])?.status === 0;

test.skipIf(!speaksCpp)("the header is C++", () => {
  const network = netOf("4bitsym");
  const planned = plan(network, chip).value!;
  const header = emit(planned, seededWeights(network), templates, { ...provenance, classes: ["thumb up", "thumb-up", "0", "c", "ä */ //"] }).get("net.h")!;
  inTemporaryFolder((folder) => {
    const source = join(folder, "use.cpp");
    writeFile(join(folder, "net.h"), header);
    writeFile(source, '#include "net.h"\n#include "net.h"\nint use(signed char *x) { return net_infer(x, nullptr) == NET_CLASS_THUMB_UP; }\n');
    const outcome = run(host!.command, ["-x", "c++", "-std=c++11", "-fsyntax-only", ...strict, source])!;
    expect(outcome.stderr).toBe("");
    expect(outcome.status).toBe(0);
  });
});
