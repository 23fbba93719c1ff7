import { expect, test } from "vitest";
import { seededInputs, seededWeights, provenance } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { emit } from "#compiler/emit/emit.js";
import { plan } from "#compiler/plan/plan.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "../verify/on-chip.js";
import { buildFirmware } from "./build.js";
import { demoOf } from "./demo.js";

const target = loadTarget("ch32v003");
const templates = loadTemplates();

test.skipIf(findCompiler(target) === undefined)(
  "steps whose code is the same are functions of their own: each has a stack and cycles",
  () => {
    const network = networkFrom(
      "weights: pow2 input i8[13, 1] -> conv1d(4, kernel: 1, padding: same, norm: none) as s0 -> add(s0) -> relu -> conv1d(6, kernel: 1, padding: same, norm: layer) as s1 -> add(s1) -> conv1d(1, kernel: 1, norm: none) -> relu -> maxpool(2) -> flatten -> dense(33, weights: 8bit)",
    );
    const weights = seededWeights(network);
    const value = plan(network, target, undefined, { levels: quantizeWeights(network, weights) }).value!;
    const [inputs, count] = [seededInputs(network, 4), 4];
    const demo = demoOf(
      network,
      weights,
      { count, size: 13, values: inputs, labels: new Uint8Array(count) },
      { dataset: "noise", shape: [13, 1], count: 0 },
    );
    const emission = emit(value, weights, templates, provenance);
    const firmware = buildFirmware({ plan: value, emission, templates, demo });
    const { first, simulation } = verifyOnChip({ plan: value, weights, emission, templates, inputs, count }, firmware);
    expect(first).toEqual([]);
    expect(simulation.stack).toBeLessThanOrEqual(firmware.stack.model.bytes);
  },
);
