import { basename } from "node:path";
import { type Command } from "commander";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Network } from "#compiler/ir/network.js";
import { fileExists } from "../host.js";
import { type FloatWeights, withRanges } from "../interop/calibrate.js";
import { importWeights } from "../interop/import.js";
import { type LoadedWeights, saveWeights } from "../weights/weights.js";
import { dataOption, modelOption, setOption } from "./options.js";
import { checkOutput, keepReplaced } from "./outputs.js";
import { defaultWeights, networkIn, open, type Overrides, type Project } from "./project.js";
import { openDataOf } from "./trained.js";
import { style, tell } from "./terminal.js";

interface Options {
  readonly set: Overrides;
  readonly model?: string;
  readonly from: string;
  readonly out?: string;
  readonly data?: string;
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
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .action(importModel);
}

async function importModel(path: string, { set, model, from, out: given, data }: Options): Promise<void> {
  const project = open(path, set);
  const network = networkIn(project, model);
  const rule = project.module.trainings.find((training) => training.network === network.name);
  const { remarks, ...found } = importWeights(network, from, (rule?.settings as TrainSettings | undefined)?.clip);
  const out = given ?? defaultWeights(project, network, set);
  checkOutput(out);
  const { weights, provenance } = found.calibrates
    ? await calibrated(project, network, found, from, data)
    : { weights: found.weights, provenance: {} };
  if (fileExists(out)) keepReplaced(out, `${out}.replaced`);
  saveWeights(network, { weights, provenance: { ...provenance, importedFrom: basename(from) } }, out);
  for (const remark of remarks) tell(remark);
  tell(`wrote ${style("bold", out)}; measure it with \`bnmc eval ${path}\``);
}

/** Fixed ranges are found on the training samples of the model's dataset. */
async function calibrated(
  project: Project,
  network: Network,
  found: FloatWeights,
  from: string,
  dataDirectory?: string,
): Promise<LoadedWeights> {
  const data = await openDataOf(project, network, dataDirectory);
  const { origin, classes, preparation, steps } = data;
  return { weights: withRanges(network, found, data, from), provenance: { dataset: origin, classes, preparation, steps } };
}
