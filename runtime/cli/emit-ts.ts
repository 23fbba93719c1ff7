import { join } from "node:path";
import { type Command } from "commander";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { setWords, shellLine } from "../shell.js";
import { loadTemplates } from "../templates.js";
import { trainingProgram } from "../train/program/program.js";
import { version } from "../version.js";
import { portable } from "./emission.js";
import { dataOption, modelOption, setOption } from "./options.js";
import { writeGenerated } from "./outputs.js";
import { networkIn, open, type Overrides, trainingOf, variantName } from "./project.js";
import { style, tell } from "./terminal.js";
import { openDataOf } from "./trained.js";

interface Options {
  readonly set: Overrides;
  readonly model?: string;
  readonly data?: string;
  readonly out?: string;
}

/** `bnmc emit-ts FILE`: the training of a model as one program that can be read, changed and run without bnmc. */
export function addEmitTs(program: Command): void {
  program
    .command("emit-ts")
    .description("write the training of a model as one TypeScript program on tfjs")
    .argument("<file>", "a .bnm file with a train statement")
    .option("--out <dir>", "where the files go (default: build/<model>-training)")
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .action(emitTs);
}

async function emitTs(path: string, { set, model, data: folder, out }: Options): Promise<void> {
  const project = open(path, set);
  const network = networkIn(project, model);
  const { training } = trainingOf(project, network);
  const data = await openDataOf(project, network, folder);
  const command = shellLine(["bnmc", "emit-ts", portable(path), ...setWords(set)]);
  const files = trainingProgram({
    network,
    settings: training.settings as TrainSettings,
    set,
    data,
    templates: loadTemplates(),
    version,
    command,
  });
  const target = out ?? join("build", `${variantName(network, set)}-training`);
  writeGenerated(target, files);
  tell(`wrote ${style("bold", join(target, "train.ts"))} and what it reads; run it with: cd ${target} && npm install && npm start`);
}
