import type { PreparedDataset } from "#compiler/data/dataset.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { buildFirmware, type Firmware } from "../firmware/build.js";
import { demoOf } from "../firmware/demo.js";
import { judge } from "../firmware/measured.js";
import { exitCodes, Failure } from "../failure.js";
import type { Emitted } from "./emission.js";
import { deploymentOf, Rejected, show } from "./project.js";
import { tell } from "./terminal.js";
import type { Trained } from "./trained.js";

const usualSamples = 3;

/**
 * The demo firmware of a trained model, with the samples asked for, else with as many as there is room for. `extra` is what a demo
 * with samples takes of flash beside the image that is linked here.
 */
export function fittingFirmware(
  trained: Trained,
  { plan, emission, templates }: Emitted,
  { test, shape }: PreparedDataset,
  samples?: number,
  extra = 0,
): Firmware {
  const { network, weights } = trained;
  const dataset = trained.project.module.trainings.find((training) => training.network === network.name)!.dataset;
  const build = (count: number): Firmware =>
    buildFirmware({ plan, emission, templates, demo: demoOf(network, weights, test, { dataset, shape, count }) });
  const wanted = samples ?? usualSamples;
  const firmware = build(wanted);
  const room = wanted === 0 ? 0 : roomFor(firmware, wanted, test.size, extra);
  if (room >= wanted) return firmware;
  if (samples !== undefined && room > 0) {
    throw new Failure(
      `${wanted} samples do not fit into the flash of ${plan.target.name} beside the model`,
      `--samples ${room} fits`,
      exitCodes.usage,
    );
  }
  if (room > 0) tell(`there is room for ${room} built-in ${room === 1 ? "sample" : "samples"} of ${test.size} bytes`);
  return build(Math.max(0, room));
}

/** How many of the samples of an image the flash has room for; negative when it is too small without any. */
function roomFor({ chip, footprint }: Firmware, samples: number, bytes: number, extra: number): number {
  // Each has its label, its answer and its checksum beside it.
  const excess = footprint.flash + extra - chip.flash.bytes;
  return excess <= 0 ? samples : samples - Math.ceil(excess / (bytes + 6));
}

/** Holds a firmware against what its deployment requires and what the chip has; shows what it exceeds and stops. */
export function requireFit(firmware: Firmware, { project, network }: Trained): void {
  const diagnostics = judge(firmware, deploymentOf(project, network, firmware.plan.target.name));
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
}
