import { Command } from "commander";
import { exitCodes, Failure } from "../failure.js";
import { version } from "../version.js";
import { addBuild } from "./build.js";
import { addCheck } from "./check.js";
import { addCompletion } from "./completion.js";
import { addEmitC } from "./emit-c.js";
import { addEmitTs } from "./emit-ts.js";
import { addEval } from "./eval.js";
import { addExplain } from "./explain.js";
import { addExport } from "./export.js";
import { addFmt } from "./fmt.js";
import { addFormats } from "./formats.js";
import { addImport } from "./import.js";
import { addQuickstart } from "./quickstart.js";
import { addSim } from "./sim.js";
import { addSweep } from "./sweep.js";
import { addTargets } from "./targets.js";
import { addTrain } from "./train.js";
import { addTune } from "./tune.js";
import { addVerify } from "./verify.js";

const help = `
Start with \`bnmc quickstart\`, or:
  bnmc train model.bnm                      train, and write model.safetensors
  bnmc emit-c model.bnm --target ch32v003   write the C
  bnmc verify model.bnm --target ch32v003   compare every logit with the reference, on the simulated chip, too
  bnmc build model.bnm --target ch32v003    link a firmware and measure flash and RAM
  bnmc sim model.bnm --target ch32v003      count its cycles on the simulated chip

Exit codes: 0 success; 1 the model is wrong, its training diverged, an expectation failed or a mismatch was
found; 2 wrong use; 3 something outside is missing (file, data, tool); 130 interrupted, work saved; 70 bnmc has a bug.`;

/** The command line: all commands with their options. It is made anew for every line that is run. */
export function program(): Command {
  const bnmc = new Command("bnmc")
    .description("Compiles neural networks to bit-exact C for ten-cent microcontrollers.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .addHelpText("after", help)
    .exitOverride();
  for (const add of [
    addTrain,
    addSweep,
    addEmitC,
    addBuild,
    addEval,
    addVerify,
    addSim,
    addTune,
    addCheck,
    addFmt,
    addTargets,
    addFormats,
    addImport,
    addExport,
    addEmitTs,
    addExplain,
    addCompletion,
  ])
    add(bnmc);
  addQuickstart(bnmc, async (line) => void (await program().parseAsync(line, { from: "user" })));
  for (const command of bnmc.commands) command.exitOverride().hook("preAction", (_, called) => refuseEmpty(called));
  return bnmc;
}

/** Refuses words without a letter, as a script writes them whose variable is not set: no file and no folder has that name. */
function refuseEmpty(command: Command): void {
  const empty = Object.entries(command.opts<Record<string, unknown>>()).find(([, value]) => value === "");
  const what =
    empty === undefined
      ? command.processedArgs.flat().includes("") && "an argument"
      : `--${empty[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (what !== false) throw new Failure(`${what} is empty`, "give it a value", exitCodes.usage);
}
