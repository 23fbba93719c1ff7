#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { DataError } from "#compiler/catalog/data-error.js";
import { exitCodes, Failure } from "../failure.js";
import { version } from "../version.js";
import { addCheck } from "./check.js";
import { addCompletion } from "./completion.js";
import { addEmitC } from "./emit-c.js";
import { addEval } from "./eval.js";
import { addExplain } from "./explain.js";
import { addFmt } from "./fmt.js";
import { addFormats } from "./formats.js";
import { Rejected } from "./project.js";
import { addQuickstart } from "./quickstart.js";
import { addTargets } from "./targets.js";
import { style, tell } from "./terminal.js";
import { addTrain } from "./train.js";
import { addVerify } from "./verify.js";

const help = `
Start with \`bnmc quickstart\`, or:
  bnmc train model.bnm                      train, and write model.safetensors
  bnmc emit-c model.bnm --target ch32v003   write the C
  bnmc verify model.bnm --target ch32v003   compare every logit with the reference

Exit codes: 0 success; 1 the model is wrong, an expectation failed or a mismatch was found;
2 wrong use; 3 something outside is missing (file, data, tool); 130 interrupted, work saved.`;

function program(): Command {
  const bnmc = new Command("bnmc")
    .description("Compiles neural networks to bit-exact C for ten-cent microcontrollers.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .addHelpText("after", help)
    .exitOverride();
  for (const add of [addTrain, addEmitC, addEval, addVerify, addCheck, addFmt, addTargets, addFormats, addExplain, addCompletion]) add(bnmc);
  addQuickstart(bnmc, async (line) => void (await program().parseAsync(line, { from: "user" })));
  for (const command of bnmc.commands) command.exitOverride();
  return bnmc;
}

/** The exit code for whatever ended a command; says what the user has to know. */
function conclude(error: unknown): number {
  if (error instanceof Rejected) return error.exitCode;
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (error instanceof Failure || error instanceof DataError) {
    tell(`${style("red", "error:")} ${error.message}\n   ${style("blue", "=")} help: ${error.remedy}`);
    return error instanceof Failure ? error.exitCode : exitCodes.environment;
  }
  tell(`${style("red", "bnmc has a bug:")} please report this with the model and the command.\n${(error as Error).stack ?? String(error)}`);
  return 70;
}

// A reader such as `head` may close the pipe early: that is not an error.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : exitCodes.environment));

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = conclude(error);
}
