import { join } from "node:path";
import { type Command } from "commander";
import { flashOf, ramOf } from "#compiler/ir/plan.js";
import { showCount } from "#compiler/ir/show.js";
import { emitTrained, sized } from "./emission.js";
import { modelOption, setOption, targetOption, weightsOption } from "./options.js";
import { writeGenerated } from "./outputs.js";
import { showBytes, style, tell } from "./terminal.js";
import { openTrained, type TrainedOptions } from "./trained.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly out?: string;
}

/** `bnmc emit-c FILE --target T`: the C of a trained model. */
export function addEmitC(program: Command): void {
  program
    .command("emit-c")
    .description("write the C of a trained model for one target")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(weightsOption())
    .option("--out <dir>", "where the files go (default: build/<target>)")
    .addOption(setOption())
    .addOption(modelOption())
    .action(emitC);
}

function emitC(path: string, options: Options): void {
  const trained = openTrained(path, options);
  const { plan, target, emission, provenance } = sized(emitTrained(path, trained, options.target, options.set), trained.weights);
  const folder = options.out ?? join("build", target.name);
  writeGenerated(folder, emission);
  for (const [name] of emission) tell(`wrote ${style("bold", join(folder, name))}`);
  const { cost, measured } = plan;
  const about = provenance.sizedBy !== undefined ? "" : "about ";
  const estimated = `a third to twice that: an estimate${target.chip?.timing ? ", which `bnmc sim` replaces" : ""}`;
  const time = `${showCount(Math.round(cost.cycles / 1000))}k cycles an inference, ${measured ? "as `bnmc tune` measured" : estimated}`;
  tell(
    `${target.name}: flash ${about}${showBytes(flashOf(cost))} (${showBytes(cost.flash.weights)} of weights), ` +
      `RAM ${about}${showBytes(ramOf(cost))} (input, buffers and stack), ${measured ? "" : "about "}${time}`,
  );
}
