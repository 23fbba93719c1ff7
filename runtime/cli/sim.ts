import { type Command } from "commander";
import { cycleBound } from "../firmware/bound.js";
import { searchSlowest, usualTries } from "../firmware/slowest.js";
import { decideTiming } from "../firmware/timing.js";
import { timingOf } from "../firmware/machine.js";
import { modelCost } from "../firmware/measured.js";
import { consoleOf } from "../firmware/simulate.js";
import { loadTarget } from "../targets.js";
import { needCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "../verify/on-chip.js";
import { counterOn } from "./counter.js";
import { emitTrained } from "./emission.js";
import { showClaim } from "./eval.js";
import { fittingFirmware, requireFit } from "./firmware.js";
import { memoryData } from "./firmware-report.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { deploymentOf, Rejected } from "./project.js";
import { simulationReport, spreadOf } from "./simulation-report.js";
import { print, printJson, tell } from "./terminal.js";
import { openDataOf, openTrained, type TrainedOptions } from "./trained.js";
import { showMismatch } from "./verify.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly data?: string;
  readonly samples: number;
  readonly tries: number;
  readonly console?: boolean;
  readonly json?: boolean;
}

/** `bnmc sim FILE --target T`: cycles, flash and RAM on the simulated chip, by step and by function. */
export function addSim(program: Command): void {
  program
    .command("sim")
    .description("run the linked firmware on the simulated chip: cycles, flash, RAM")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(weightsOption())
    .option("--samples <n>", "how many test samples", wholeNumber(1), 200)
    .option("--tries <n>", "how many inputs the search for the slowest one tries (0: it is left out)", wholeNumber(0), usualTries)
    .option("--console", "run the demo instead, from reset to its end: what it prints")
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(sim);
}

async function sim(path: string, options: Options): Promise<void> {
  const target = loadTarget(options.target);
  timingOf(target);
  needCompiler(target);
  const trained = openTrained(path, options);
  const { project, network, weights } = trained;
  const emitted = emitTrained(path, trained, options.target, options.set, "measured");
  const data = await openDataOf(project, network, options.data, trained.provenance);
  const firmware = fittingFirmware(trained, emitted, data);
  requireFit(firmware, trained);
  if (options.console) return print(consoleOf(firmware));
  const count = Math.min(options.samples, data.test.count);
  const inputs = data.test.values.subarray(0, count * data.test.size);
  const { simulation, mismatches, first } = verifyOnChip(
    { ...emitted, weights, inputs, count },
    firmware,
    counterOn(process.stderr, "simulating", count),
  );
  const found = searchSlowest(
    firmware,
    { inputs, count },
    simulation.cycles,
    options.tries,
    counterOn(process.stderr, "looking for the slowest input", options.tries),
  );
  const extreme = verifyOnChip({ ...emitted, weights, inputs: found.input, count: 1 }, firmware);
  const bound = cycleBound(firmware, { inputs, count }, simulation.cycles, found.input);
  const cycles = spreadOf(simulation.cycles);
  const seconds = (spent: number): number => spent / (target.clockHz ?? NaN);
  if (options.json) {
    const slowest = {
      cycles: found.cycles,
      milliseconds: milliseconds(seconds(found.cycles)),
      tried: found.tried,
      kind: "found",
      mismatches: extreme.mismatches,
      input: [...found.input],
    };
    const summary = {
      target: target.name,
      samples: count,
      mismatches,
      cycles,
      milliseconds: milliseconds(seconds(cycles.mean)),
      slowest,
      bound: { cycles: bound, milliseconds: milliseconds(seconds(bound)) },
    };
    printJson({ ...summary, ...memoryData(modelCost(firmware)), layers: simulation.steps });
  } else print(simulationReport(firmware, simulation, mismatches, found, bound));
  for (const mismatch of first) tell(showMismatch(mismatch));
  if (extreme.mismatches > 0) tell(`the slowest input has a wrong answer: ${[...found.input].join(" ")}`);
  const claims = decideTiming(deploymentOf(project, network, target.name)?.claims ?? [], {
    mean: seconds(cycles.mean),
    slowest: () => seconds(found.cycles),
    bound: () => seconds(bound),
  });
  for (const claim of claims) tell(showClaim(claim));
  if (mismatches + extreme.mismatches > 0 || claims.some(({ holds }) => !holds)) throw new Rejected();
}

/** Of seconds, to the nanosecond. */
const milliseconds = (seconds: number): number => Math.round(1e9 * seconds) / 1e6;
