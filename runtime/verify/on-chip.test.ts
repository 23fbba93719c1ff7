import { expect, test } from "vitest";
import { provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { layerOf } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { plan } from "#compiler/plan/plan.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { buildFirmware } from "../firmware/build.js";
import { demoOf } from "../firmware/demo.js";
import { allTargets } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "./on-chip.js";
import { drawNetwork } from "./testing/random-maps.js";

/** One core of each kind: with a multiplier and without. */
const simulated = allTargets().filter(({ chip }) => chip?.timing !== undefined);
const chips = [true, false].flatMap((multiplies) => simulated.find((target) => target.multiplies === multiplies) ?? []);
const formats = Object.keys(catalog.quantizers);
const cases = chips.flatMap((target) => formats.map((format) => ({ chip: target.name, format, target })));
const templates = loadTemplates();
const count = 3;

test.skipIf(chips.some((target) => findCompiler(target) === undefined)).each(cases)(
  "a random convolutional net with $format weights gives the sums of the reference on a simulated $chip",
  ({ chip, format, target }) => {
    // Any size of chip runs what this test draws.
    const roomy = {
      ...target,
      memory: { flash: 2 ** 16, ram: 2 ** 15 },
      chip: { ...target.chip!, flash: { ...target.chip!.flash, bytes: 2 ** 16 }, ram: { ...target.chip!.ram, bytes: 2 ** 15 } },
    };
    const network = drawNetwork(random("on-chip", chip, format), roomy, format, "net");
    const weights = seededWeights(network);
    const { value } = plan(network, roomy, undefined, { levels: quantizeWeights(network, weights) });
    const emission = emit(value!, weights, templates, provenance);
    const inputs = seededInputs(network, count);
    const { shape } = network.layers[0]!.type;
    const classes = sizeOf(layerOf(network, network.result).type.shape);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
    const demo = demoOf(network, weights, { count, size: sizeOf(shape), values: inputs, labels }, { dataset: "noise", shape, count: 1 });
    const firmware = buildFirmware({ plan: value!, emission, templates, demo });
    const { first, samples } = verifyOnChip({ plan: value!, weights, emission, templates, inputs, count }, firmware);
    expect(samples).toBe(count);
    expect(first).toEqual([]);
  },
);
