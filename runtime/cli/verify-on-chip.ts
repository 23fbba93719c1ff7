import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { ClaimResult } from "../evaluate/claims.js";
import { findEmulator } from "../firmware/emulate.js";
import { cycleBound } from "../firmware/bound.js";
import { searchSlowest, type Slowest, usualTries } from "../firmware/slowest.js";
import { decideTiming } from "../firmware/timing.js";
import { findCompiler } from "../toolchain/cc.js";
import { type ChipVerification, verifyInEmulator, verifyOnChip } from "../verify/on-chip.js";
import { counterOn } from "./counter.js";
import type { Emitted } from "./emission.js";
import { fittingFirmware, requireFit } from "./firmware.js";
import { deploymentOf } from "./project.js";
import { spreadOf } from "./simulation-report.js";
import { style } from "./terminal.js";
import type { Trained } from "./trained.js";

/** What became of a model on its chip. */
export interface ChipResult {
  /** Undefined when it could not be run. */
  readonly verification?: ChipVerification;
  /** Mean of an inference, where cycles are modelled. */
  readonly cycles?: number;
  readonly claims: readonly ClaimResult[];
  /** Where it ran, or why it did not, and how it went. */
  readonly text: string;
}

/**
 * Runs the model on what there is of its chip: the simulator, or the emulator that its target names. Undefined for hosts,
 * and without a compiler.
 */
export function runOnChip(trained: Trained, emitted: Emitted, data: PreparedDataset, count: number): ChipResult | undefined {
  const { target } = emitted;
  if (target.chip === undefined || findCompiler(target) === undefined) return undefined;
  return target.chip.timing === undefined ? inEmulator(trained, emitted, data, count) : inSimulator(trained, emitted, data, count);
}

const notRun = (target: string, remedy: string): ChipResult => ({
  claims: [],
  text: `${style("yellow", "not run")} on ${target}: ${remedy}`,
});

function inSimulator(trained: Trained, emitted: Emitted, data: PreparedDataset, count: number): ChipResult {
  const { target } = emitted;
  const firmware = fittingFirmware(trained, emitted, data);
  requireFit(firmware, trained);
  const subject = subjectOf(trained, emitted, data, count);
  const { simulation, ...verification } = verifyOnChip(subject, firmware, counterOn(process.stderr, "simulating", count));
  const cycles = spreadOf(simulation.cycles).mean;
  const seconds = (spent: number): number => spent / (target.clockHz ?? NaN);
  let found: Slowest | undefined;
  const search = (): Slowest =>
    (found ??= searchSlowest(
      firmware,
      subject,
      simulation.cycles,
      usualTries,
      counterOn(process.stderr, "looking for the slowest input", usualTries),
    ));
  const timed = {
    mean: seconds(cycles),
    slowest: () => seconds(search().cycles),
    bound: () => seconds(cycleBound(firmware, subject, simulation.cycles, search().input)),
  };
  const claims = decideTiming(deploymentOf(trained.project, trained.network, target.name)?.claims ?? [], timed);
  return {
    verification,
    cycles,
    claims,
    text: `${summary(verification)} on the simulated ${target.name}: the linked firmware, ${(1000 * seconds(cycles)).toFixed(2)} ms an inference`,
  };
}

function inEmulator(trained: Trained, emitted: Emitted, data: PreparedDataset, count: number): ChipResult {
  const { target } = emitted;
  const emulator = findEmulator(target);
  if (emulator === undefined)
    return notRun(target.name, target.chip?.emulator?.install ?? "its target.yaml names neither `timing` nor an `emulator`");
  const verification = verifyInEmulator(subjectOf(trained, emitted, data, count), emulator);
  return { verification, claims: [], text: `${summary(verification)} in ${emulator.command}: cycles are not modelled` };
}

const subjectOf = ({ weights }: Trained, emitted: Emitted, { test }: PreparedDataset, count: number) => ({
  ...emitted,
  ...{ weights, count, inputs: test.values.subarray(0, count * test.size) },
});

const summary = ({ mismatches, samples }: ChipVerification): string => `${mismatches} mismatches in ${samples} samples`;
