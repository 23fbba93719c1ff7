import { expect } from "vitest";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { buildFirmware } from "../../firmware/build.js";
import { demoOf } from "../../firmware/demo.js";
import { powerUp } from "../../firmware/simulate.js";
import type { Interruptions } from "../../simulator/index.js";
import { loadTemplates } from "../../templates.js";
import type { Case } from "./host-program.js";
import { handlerFrame, pointersOf } from "./pointers.js";

const templates = loadTemplates();

/** Instructions from one interrupt to the next, 1 to so many. */
const gapsUpTo = (most: number, ...key: readonly string[]): (() => number) => {
  const draw = random("interrupts", ...key);
  return () => 1 + draw.below(most);
};

/**
 * Holds the firmware of a case on the simulated chip against the reference on its first inputs, with interrupts whose handlers push below
 * sp and reach their variables through gp: before every instruction of the first inference, now and then in the others. How many came.
 */
export function expectAgreementInterrupted({ plan, weights, inputs }: Case, samples: number, count: number): number {
  const { network } = plan;
  const size = inputs.length / samples;
  const test = { count: samples, size, values: inputs, labels: new Uint8Array(samples) };
  const demo = demoOf(network, weights, test, { dataset: "noise", shape: network.layers[0]!.type.shape, count: 0 });
  const firmware = buildFirmware({ plan, emission: emit(plan, weights, templates, provenance), templates, demo });
  const { machine, infer } = powerUp(firmware);
  const pointers = pointersOf(machine, plan);
  const reference = interpreter(network, quantizeWeights(network, weights));
  for (let sample = 0; sample < count; sample++) {
    const input = inputs.subarray(sample * size, (sample + 1) * size);
    const interruptions: Interruptions = {
      frame: handlerFrame,
      pointers,
      gap: sample === 0 ? () => 1 : gapsUpTo(50, network.name, String(sample)),
    };
    expect([...infer(input, interruptions).logits], `${network.name}, input ${sample}`).toEqual([...reference(input)]);
  }
  return machine.interrupts();
}
