import { expect } from "vitest";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import { buildFirmware } from "../../firmware/build.js";
import { demoOf } from "../../firmware/demo.js";
import { loadTemplates } from "../../templates.js";
import { verifyOnChip } from "../on-chip.js";
import { type Case, samples } from "./agreement.js";

const templates = loadTemplates();

/** Holds the firmware of a case, on the simulated chip, against the reference, bit for bit, and its stack against what the build foretells. */
export function expectAgreementOnChip({ plan, weights, inputs }: Case): void {
  const emission = emit(plan, weights, templates, provenance);
  const { network } = plan;
  const test = { count: samples, size: inputs.length / samples, values: inputs, labels: new Uint8Array(samples) };
  const demo = demoOf(network, weights, test, { dataset: "noise", shape: network.layers[0]!.type.shape, count: 0 });
  const firmware = buildFirmware({ plan, emission, templates, demo });
  const { first, simulation } = verifyOnChip({ plan, weights, emission, templates, inputs, count: samples }, firmware);
  expect(first).toEqual([]);
  expect(simulation.stack).toBeLessThanOrEqual(firmware.stack.model.bytes);
}
