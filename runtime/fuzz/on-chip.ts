import type { Plan } from "#compiler/ir/plan.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Random } from "#compiler/random.js";
import { buildFirmware } from "../firmware/build.js";
import { powerUp } from "../firmware/simulate.js";
import type { Interruptions } from "../simulator/index.js";
import { loadTemplates } from "../templates.js";
import { emissionOf } from "../verify/testing/host-program.js";
import { handlerFrame, pointersOf } from "../verify/testing/pointers.js";
import type { Subject } from "./subject.js";

const templates = loadTemplates();

/** Instructions between interrupts at most, where they come at all. */
const gaps = [1, 7, 60];

/** What the simulated chip gives for some inputs, by their number: logits. */
export interface ChipRun {
  readonly logits: ReadonlyMap<number, readonly number[]>;
  readonly interrupts: number;
  readonly stack: { readonly used: number; readonly foretold: number };
}

/**
 * Runs a plan on the simulated chip; with interrupts where the plan lets them come. Throws a `Fault` when it does what the chip
 * cannot do.
 */
export function runOnChip({ weights, inputs, network, recipe }: Subject, plan: Plan, samples: readonly number[], draw: Random): ChipRun {
  const emission = emissionOf({ plan, weights, inputs });
  const firmware = buildFirmware({ plan, emission, templates, demo: { dataset: "none", width: 16, samples: [] } });
  const { machine, infer } = powerUp(firmware);
  const size = sizeOf(network.layers[0]!.type.shape);
  const pointers = pointersOf(machine, plan);
  const most = gaps[draw.below(gaps.length)]!;
  const interruptions: Interruptions | undefined =
    recipe.interrupts === "disabled" ? undefined : { frame: handlerFrame, pointers, gap: () => 1 + draw.below(most) };
  const inputOf = (sample: number): Int8Array => inputs.subarray(sample * size, (sample + 1) * size);
  const logits = new Map(samples.map((sample) => [sample, [...infer(inputOf(sample), interruptions).logits]]));
  return { logits, interrupts: machine.interrupts(), stack: { used: machine.stackUsed(), foretold: firmware.stack.model.bytes } };
}
