#!/usr/bin/env node
import { CommanderError } from "commander";
import { DataError } from "#compiler/catalog/data-error.js";
import { exitCodes, Failure } from "../failure.js";
import { reason } from "../host.js";
import { memoryFailure } from "../memory.js";
import { Fault } from "../simulator/index.js";
import { program } from "./program.js";
import { Rejected } from "./project.js";
import { style, tell } from "./terminal.js";

/** The exit code for whatever ended a command; says what the user has to know. */
function conclude(error: unknown): number {
  if (error instanceof Rejected) return error.exitCode;
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (error instanceof Failure || error instanceof DataError) {
    tell(
      `${style("red", "error:")} ${error instanceof Fault ? error.report() : error.message}\n   ${style("blue", "=")} help: ${error.remedy.replaceAll("\n", "\n     ")}`,
    );
    return error instanceof Failure ? error.exitCode : exitCodes.environment;
  }
  const lacking = memoryFailure(error);
  if (lacking !== undefined) return conclude(lacking);
  tell(`${style("red", "bnmc has a bug:")} please report this with the model and the command.\n${(error as Error).stack ?? String(error)}`);
  return 70;
}

// A reader such as `head` may close the pipe early: that is not an error. Data that cannot be written is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.success);
  process.exit(conclude(new Failure(`cannot write to standard output: ${reason(error)}`, "free some space, or write somewhere else")));
});
// Talk that nobody hears any more, of a closed terminal or pipe, stops no work: what it would say is in the run folder.
process.stderr.on("error", () => undefined);

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = conclude(error);
}
