import { join } from "node:path";
import { type Command } from "commander";
import { exportOnnx, notExportable } from "#compiler/onnx/export.js";
import { exitCodes, Failure } from "../failure.js";
import { writeFile } from "../host.js";
import { provenanceOf } from "./emission.js";
import { modelOption, setOption, weightsOption } from "./options.js";
import { checkOutput } from "./outputs.js";
import { variantName } from "./project.js";
import { showBytes, style, tell } from "./terminal.js";
import { openTrained, type TrainedOptions } from "./trained.js";

interface Options extends TrainedOptions {
  readonly onnx: true;
  readonly out?: string;
}

/** `bnmc export FILE --onnx`: a trained model for other programs. */
export function addExport(program: Command): void {
  program
    .command("export")
    .description("write a trained model for other programs: ONNX, with exactly the sums of the chip")
    .argument("<file>", "a .bnm file")
    .requiredOption("--onnx", "as ONNX, in integers that any runtime computes alike")
    .addOption(weightsOption())
    .option("--out <file>", "where it goes (default: build/<model>.onnx)")
    .addOption(setOption())
    .addOption(modelOption())
    .action(exportModel);
}

function exportModel(path: string, options: Options): void {
  const trained = openTrained(path, options);
  const { network, weights } = trained;
  const [unfit] = notExportable(network);
  if (unfit !== undefined)
    throw new Failure(
      `${unfit.id} cannot be exported: ONNX has no exact form of \`${unfit.op}\` yet`,
      "emit C of it: bnmc emit-c",
      exitCodes.rejected,
    );
  const out = options.out ?? join("build", `${variantName(network, options.set)}.onnx`);
  checkOutput(out);
  const file = exportOnnx(network, weights, provenanceOf(path, trained, options.set, "export", ["--onnx"]));
  writeFile(out, file);
  tell(`wrote ${style("bold", out)}, ${showBytes(file.length)}: int8 samples in, the sums of ${network.result} and the class out`);
}
