import { buildFirmware, type Firmware } from "../firmware/build.js";
import { demoOf } from "../firmware/demo.js";
import { exitCodes, Failure } from "../failure.js";
import { emitTrained } from "./emission.js";
import { trainingOf } from "./project.js";
import { tell } from "./terminal.js";
import { openData, type Trained, type TrainedOptions } from "./trained.js";

export interface FirmwareOptions extends TrainedOptions {
  readonly target: string;
  readonly data?: string;
  readonly samples?: number;
}

const usualSamples = 3;

/** The demo firmware of a trained model, with the samples asked for, else with as many as there is room for. */
export async function fittingFirmware(path: string, trained: Trained, { target, set, data, samples }: FirmwareOptions): Promise<Firmware> {
  const { project, network, weights } = trained;
  const { plan, emission, templates } = emitTrained(path, trained, target, set, "measured");
  const { dataset } = trainingOf(project, network);
  const { test } = await openData(project, dataset, data);
  const build = (count: number): Firmware =>
    buildFirmware({ plan, emission, templates, demo: demoOf(network, weights, test, dataset.name, count) });
  const wanted = samples ?? usualSamples;
  const firmware = build(wanted);
  const room = roomFor(firmware, wanted, test.size);
  if (room >= wanted) return firmware;
  if (samples !== undefined && room > 0) throw new Failure(`${wanted} samples do not fit into the flash of ${target} beside the model`, `--samples ${room} fits`, exitCodes.usage);
  if (room > 0) tell(`there is room for ${room} built-in ${room === 1 ? "sample" : "samples"} of ${test.size} bytes`);
  return build(Math.max(0, room));
}

/** How many of the samples of an image the flash has room for; negative when it is too small without any. */
function roomFor({ chip, footprint }: Firmware, samples: number, bytes: number): number {
  // Each has its label, its answer and its checksum beside it.
  const excess = footprint.flash - chip.flash.bytes;
  return excess <= 0 ? samples : samples - Math.ceil(excess / (bytes + 6));
}
