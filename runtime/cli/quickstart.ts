import { join } from "node:path";
import { type Command } from "commander";
import { copyFile, fileExists, packageRoot } from "../host.js";
import { style, tell } from "./terminal.js";

/** Runs one bnmc command line in this process; throws as the command would. */
export type RunCommand = (line: readonly string[]) => Promise<void>;

/** `bnmc quickstart`: trains, emits and verifies a first model with the commands that a user would type. */
export function addQuickstart(program: Command, run: RunCommand): void {
  program
    .command("quickstart")
    .description("train, emit and verify a first model, offline, in about a minute")
    .argument("[folder]", "where to put it", "quickstart")
    .action((folder: string) => quickstart(folder, run));
}

async function quickstart(folder: string, run: RunCommand): Promise<void> {
  const model = join(folder, "digits.bnm");
  if (!fileExists(model)) copyFile(join(packageRoot, "models/digits.bnm"), model);
  const c = join(folder, "c");
  const steps = [
    ["Train: quantization-aware, on digits that bnmc draws itself", ["train", model, "--runs", join(folder, "runs")]],
    ["Emit: C for a chip of ten cents that cannot multiply", ["emit-c", model, "--target", "ch32v003", "--out", c]],
    ["Verify: every logit of the compiled C against the reference", ["verify", model, "--target", "ch32v003"]],
  ] as const;
  for (const [title, line] of steps) {
    tell(`\n${style("bold", title)}\n${style("cyan", `$ bnmc ${line.join(" ")}`)}`);
    await run(line);
  }
  tell(`
${style("bold", "Done.")} The files:
  ${model.padEnd(34)} the model; change it and run the commands again
  ${join(folder, "tiny.safetensors").padEnd(34)} its trained weights
  ${join(c, "tiny.c").padEnd(34)} the C to put into a firmware, with ${join(c, "tiny.h")}

Next, the same with real handwritten digits (MNIST is downloaded once, 11 MB):
  bnmc train models/fc_mnist.bnm
  bnmc emit-c models/fc_mnist.bnm --target ch32v003`);
}
