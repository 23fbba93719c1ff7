import { basename } from "node:path";
import { type Command } from "commander";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { fileExists } from "../host.js";
import { importWeights } from "../interop/import.js";
import { saveWeights } from "../weights/weights.js";
import { modelOption, setOption } from "./options.js";
import { checkOutput, keepReplaced } from "./outputs.js";
import { defaultWeights, networkIn, open, type Overrides } from "./project.js";
import { style, tell } from "./terminal.js";

interface Options {
  readonly set: Overrides;
  readonly model?: string;
  readonly from: string;
  readonly out?: string;
}

/** `bnmc import FILE --from F`: weights that another program trained, as ours. */
export function addImport(program: Command): void {
  program
    .command("import")
    .description("read the weights of another program for a model")
    .argument("<file>", "a .bnm file with the same layers")
    .requiredOption(
      "--from <file>",
      "a PyTorch checkpoint (.pth), a .safetensors file, or a header of packed integers that BitNetMCU exported (.h)",
    )
    .option("--out <file>", "where the weights go (default: <model>.safetensors beside the model)")
    .addOption(setOption())
    .addOption(modelOption())
    .action(importModel);
}

function importModel(path: string, { set, model, from, out: given }: Options): void {
  const project = open(path, set);
  const network = networkIn(project, model);
  const rule = project.module.trainings.find((training) => training.network === network.name);
  const { weights, remarks } = importWeights(network, from, (rule?.settings as TrainSettings | undefined)?.clip);
  const out = given ?? defaultWeights(project, network, set);
  checkOutput(out);
  if (fileExists(out)) keepReplaced(out, `${out}.replaced`);
  saveWeights(network, { weights, provenance: { importedFrom: basename(from) } }, out);
  for (const remark of remarks) tell(remark);
  tell(`wrote ${style("bold", out)}; measure it with \`bnmc eval ${path}\``);
}
