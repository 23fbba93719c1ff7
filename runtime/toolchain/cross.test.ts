import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import type { Network } from "#compiler/ir/network.js";
import type { Target } from "#compiler/ir/target.js";
import { bidding } from "#compiler/plan/bidding.js";
import { plan } from "#compiler/plan/plan.js";
import { lower } from "#compiler/plan/lower.js";
import { stackOfAssembly } from "../firmware/build.js";
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

const netOf = (quantizer: string): Network =>
  perceptron({
    name: "net",
    input: [60],
    layers: [
      [20, quantizer],
      [12, quantizer],
      [5, quantizer],
    ],
  });

/** Channels that meet, and channels that never do. */
const imageNetsOf = (quantizer: string): readonly Network[] =>
  ["conv(8) -> relu -> maxpool(2) -> conv(12) -> relu", "conv(8) -> relu -> dwconv -> relu -> maxpool(2)"].map((layers) =>
    networkFrom(`norm: rms weights: ${quantizer} input i8[12, 12, 1] -> ${layers} -> flatten -> dense(3)`, "net"),
  );

/** Tells who calls whom, and keeps equal tables of several layers apart, as plans count them. */
const countable = ["-fcallgraph-info=su", "-fno-ipa-icf"];

/** Every offer for the first layer that does as much in one step as it can, and on the other layers what is nearest to it. */
function plansOf(network: Network, target: Target): readonly Plan[] {
  const offers = bidding(lower(network), target)[0]!;
  const fullest = offers.filter(
    (bid) => bid.layers.length === Math.max(...offers.filter(({ kernel }) => kernel === bid.kernel).map(({ layers }) => layers.length)),
  );
  return fullest.map(({ kernel, offer: { variant } }) =>
    forcedPlan(network, target, (bids) => {
      const alike = bids.filter((bid) => bid.kernel === kernel).toSorted((one, other) => other.layers.length - one.layers.length);
      return alike.find((bid) => bid.offer.variant === variant) ?? alike[0] ?? bids[0]!;
    }),
  );
}

/** One chip of each core. */
const chips = [
  ...new Map(
    allTargets()
      .filter(({ memory }) => memory !== undefined)
      .map((target) => [target.core, target]),
  ).values(),
];

describe.each(chips)("for $core", (target) => {
  test.skipIf(findCompiler(target) === undefined).each(quantizers)(
    "%s compiles without warnings, library calls or instructions that the chip lacks",
    (quantizer) => {
      for (const each of plansOf(netOf(quantizer), target)) {
        const { foreign, warnings, sizes, calls } = checkForTarget(
          emit(each, seededWeights(each.network), templates, provenance),
          target,
          [...strict, ...countable],
          stackOfAssembly(each),
        )!;
        expect(foreign).toEqual([]);
        expect(warnings).toBe("");
        if (target.name === chip.name) expectAsPlanned(each, sizes, calls);
      }
    },
  );
});

test.skipIf(cross === undefined).each(quantizers)(
  "convolutions in %s take the code and the stack that is planned for them",
  (quantizer) => {
    for (const each of imageNetsOf(quantizer).flatMap((network) => onePlanOfEach(network))) {
      const { sizes, calls } = checkForTarget(
        emit(each, seededWeights(each.network), templates, provenance),
        chip,
        countable,
        stackOfAssembly(each),
      )!;
      expectAsPlanned(each, sizes, calls);
    }
  },
);

/** One variant of each kernel for the first layer. */
const onePlanOfEach = (network: Network): readonly Plan[] => [
  ...new Map(plansOf(network, chip).map((each) => [runsOf(each.steps)[0]!.kernel, each])).values(),
];

function expectAsPlanned({ cost, arenaBytes, entry, steps }: Plan, { text, data, bss }: Sizes, calls: CallGraph): void {
  const kernels = runsOf(steps)
    .map(({ kernel }) => kernel)
    .join();
  // Code that runs from RAM counts as data there; start-up code is planned for, too.
  const measured = text + data - cost.flash.weights + chip.chip!.startUp;
  // What is planned is what links or more.
  expect(cost.flash.code / measured, `code of ${kernels}`).toBeGreaterThanOrEqual(1);
  expect(cost.flash.code / measured, `code of ${kernels}`).toBeLessThan(1.4);
  expect(bss - arenaBytes).toBeLessThan(4);
  // The entry function may save one register more.
  expect(deepestStack(calls, entry).bytes, `stack of ${kernels}`).toBeLessThanOrEqual(cost.ram.stack + 4);
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
  const header = emit(planned, seededWeights(network), templates, {
    ...provenance,
    classes: ["thumb up", "thumb-up", "0", "c", "ä */ //"],
  }).get("net.h")!;
  inTemporaryFolder((folder) => {
    const source = join(folder, "use.cpp");
    writeFile(join(folder, "net.h"), header);
    writeFile(
      source,
      '#include "net.h"\n#include "net.h"\nint use(signed char *x) { return net_infer(x, nullptr) == NET_CLASS_THUMB_UP; }\n',
    );
    const outcome = run(host!.command, ["-x", "c++", "-std=c++11", "-fsyntax-only", ...strict, source])!;
    expect(outcome.stderr).toBe("");
    expect(outcome.status).toBe(0);
  });
});
